/* trace/json_shape.c - learning the shape of an event. */
#include "trace/json_shape.h"

/* false: it is too long. */
static bool shape_piece(struct json_piece *piece, const unsigned char *begin,
                        const unsigned char *end, size_t member)
{
    size_t length = (size_t)(end - begin);
    unsigned char mask[sizeof piece->words] = {0};

    if (length > sizeof piece->words)
        return false;
    *piece = (struct json_piece){.length = (uint8_t)length,
                                 .last = (uint8_t)((length - 1) / 8),
                                 .member = (uint8_t)member};
    memcpy(piece->words, begin, length);
    memset(mask, 0xff, length);
    memcpy(&piece->last_mask, mask + 8 * piece->last, 8);
    return true;
}

/* Only what trace_digits_quick takes is a number of a shape: then an event of a
   known shape is never learned again. */
static bool shape_is_plain(const struct json_number *number)
{
    return *number->begin >= '1' && *number->begin <= '9';
}

/* The lines of an event.  false: the last ends before a number. */
static bool shape_lines(struct json_shape *shape, const unsigned char *begin,
                        const unsigned char *last_piece,
                        const unsigned char *end)
{
    for (const unsigned char *at = begin; at < end; at++)
        if (*at == '\n') {
            shape->new_lines++;
            shape->tail_bytes = (unsigned)(end - at - 1);
        }
    return shape->new_lines == 0 || end - shape->tail_bytes > last_piece;
}

void trace_json_shapes_learn(struct json_shapes *shapes,
                             const unsigned char *begin,
                             const unsigned char *end,
                             const struct json_number *numbers,
                             unsigned number_count,
                             const struct trace_event *event)
{
    struct json_shape shape = {.has = event->has, .op = event->op};
    const unsigned char *start = begin;

    if (event->has & TRACE_HAS_ALIGN)
        shape.align_bytes = event->align_bytes;
    if (number_count > JSON_SHAPE_NUMBERS)
        return;
    for (unsigned i = 0; i < number_count; i++) {
        if (!shape_is_plain(&numbers[i]) ||
            !shape_piece(&shape.pieces[i], begin, numbers[i].begin,
                         numbers[i].member))
            return;
        begin = numbers[i].end;
    }
    if (!shape_piece(&shape.pieces[number_count], begin, end, 0) ||
        !shape_lines(&shape, start, begin, end))
        return;
    shapes->shapes[shapes->oldest] = shape;
    shapes->oldest = (shapes->oldest + 1) % JSON_SHAPES;
    shapes->count += shapes->count < JSON_SHAPES;
}
