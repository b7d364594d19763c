/*
 * trace/json_shape.h - events that look like one seen before.
 *
 *     {"op":"alloc","id":  17  ,"size":  4096  }
 *     '------ piece -----' '-' '-piece-' '--'  piece
 *
 * A shape is what stands around the numbers of an event, blanks and new lines
 * too.  Nearly every event of a trace has one of a few, and then nothing is
 * left to parse, nor to judge: its numbers go where those of the first of its
 * kind went.
 */
#ifndef TRACE_JSON_SHAPE_H
#define TRACE_JSON_SHAPE_H

#include "trace/json_scan.h"

enum { JSON_SHAPES = 8, JSON_SHAPE_NUMBERS = 6, JSON_PIECE_WORDS = 8 };

/* What stands before a number, or at the end; cut into words, the last of
   which has zeros beyond the text. */
struct json_piece {
    uint64_t words[JSON_PIECE_WORDS];
    uint64_t last_mask;
    uint8_t last, length;
    uint8_t member; /* of struct trace_event, for the number; 0: the end */
};

struct json_shape {
    struct json_piece pieces[JSON_SHAPE_NUMBERS + 1];
    uint64_t align_bytes; /* no number of a shape, for it has to be judged */
    unsigned new_lines;   /* the last of them is in the last piece, */
    unsigned tail_bytes;  /* with so many bytes behind it */
    uint16_t has;
    uint8_t op;
};

/* A number where it was parsed, and the member that it is for. */
struct json_number {
    const unsigned char *begin, *end;
    size_t member;
};

struct json_shapes {
    unsigned count, oldest;
    struct json_shape shapes[JSON_SHAPES];
};

/* Remember the event in [begin, end), its numbers in order.  What makes no
   shape is let be. */
void trace_json_shapes_learn(struct json_shapes *shapes,
                             const unsigned char *begin,
                             const unsigned char *end,
                             const struct json_number *numbers,
                             unsigned number_count,
                             const struct trace_event *event);

static inline bool trace_json_piece_is(const struct json_piece *piece,
                                       const unsigned char *at)
{
    uint64_t word;

    for (unsigned i = 0; i < piece->last; i++, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        if (word != piece->words[i])
            return false;
    }
    memcpy(&word, at, sizeof word);
    return (word & piece->last_mask) == piece->words[piece->last];
}

/* Behind the event at `at`, if it has this shape; else NULL, and the event may
   hold anything. */
static inline const unsigned char *
trace_json_shape_read(const struct json_shape *shape, const unsigned char *at,
                      struct trace_event *event)
{
    const struct json_piece *piece = shape->pieces;

    while (trace_json_piece_is(piece, at)) {
        unsigned digits;
        uint64_t number;

        at += piece->length;
        if (piece->member == 0) {
            event->op = shape->op;
            event->has = shape->has;
            event->align_bytes = shape->align_bytes;
            return at;
        }
        digits = trace_digits_quick(at, &number);
        if (digits == 0)
            return NULL;
        memcpy((char *)event + piece->member, &number, sizeof number);
        at += digits;
        piece++;
    }
    return NULL;
}

/* The same with any shape that is known.  The scan goes on where the event
   ends. */
static inline const unsigned char *
trace_json_shapes_read(const struct json_shapes *shapes, struct json_scan *scan,
                       const unsigned char *at, struct trace_event *event)
{
    for (unsigned i = 0; i < shapes->count; i++) {
        const struct json_shape *shape = &shapes->shapes[i];
        const unsigned char *behind = trace_json_shape_read(shape, at, event);

        if (behind == NULL)
            continue;
        if (shape->new_lines != 0) {
            scan->line += shape->new_lines;
            scan->line_offset = scan->offset +
                                (uint64_t)(behind - scan->begin) -
                                shape->tail_bytes;
        }
        return behind;
    }
    return NULL;
}

#endif
