/*
 * trace/rep.c - .rep, the text of the malloc lab and its descendants.
 *
 *     1           up to four numbers, which we do not trust
 *     3
 *     a 0 40      alloc id size
 *     r 0 48      realloc
 *     f 0         free
 *
 * As its replayers do: a realloc of an id that is not alive allocates it, one
 * to 0 bytes frees it and leaves NULL, and freeing NULL or id -1 is nothing.
 * Some variants put the number of a thread before the letter.
 */
#include "trace/format.h"

#include <stdlib.h>
#include <string.h>

#include "trace/idmap.h"
#include "trace/line.h"
#include "trace/rep_write.h"
#include "trace/rules.h"

enum { REP_MOST_HEADER = 4 };

/* What the replayer's array of pointers would hold. */
enum { REP_UNSEEN, REP_ALIVE, REP_NULL };

struct rep_state {
    struct idmap ids;
    struct trace_line line;
    unsigned header_count;
    bool has_events;
};

static bool rep_is_op(unsigned char c)
{
    return c == 'a' || c == 'f' || c == 'r';
}

/* A number alone, or a letter: anything more the reader will say. */
static int rep_bid(const unsigned char *first, size_t count)
{
    const unsigned char *at = first, *end = first + count;

    while (at < end && (trace_line_is_blank(*at) || *at == '\n'))
        at++;
    if (at < end && rep_is_op(*at))
        return at + 1 == end || trace_line_is_blank(at[1]) ? 30 : 0;
    if (at == end || !trace_is_digit(*at))
        return 0;
    while (at < end && trace_is_digit(*at))
        at++;
    return at == end || trace_line_is_blank(*at) || *at == '\n' ? 30 : 0;
}

static bool rep_open(struct trace_reader *reader)
{
    struct rep_state *state = calloc(1, sizeof *state);

    reader->state = state;
    if (!state)
        return trace_no_memory(&reader->error);
    state->line.reader = reader;
    return true;
}

static void rep_close(struct trace_reader *reader)
{
    struct rep_state *state = reader->state;

    if (state)
        trace_idmap_close(&state->ids);
    free(state);
}

/* What the operation does to the id; false: nothing, the event is none. */
static bool rep_resolve(struct trace_event *event, struct idmap_entry *entry)
{
    uint32_t was = entry->value;

    if (event->op == TRACE_FREE) {
        entry->value = REP_UNSEEN;
        return was != REP_NULL;
    }
    if (event->op == TRACE_REALLOC && was != REP_ALIVE)
        event->op = TRACE_ALLOC;
    entry->value = REP_ALIVE;
    if (event->op == TRACE_REALLOC && event->size_bytes == 0) {
        event->op = TRACE_FREE;
        entry->value = REP_NULL;
    }
    return true;
}

/* What the operation on a known id comes to.  1: an event, 0: nothing happens,
   -1: an error. */
static int rep_settle(struct trace_reader *reader, unsigned char letter,
                      struct trace_event *event)
{
    struct rep_state *state = reader->state;
    struct idmap_entry *entry = trace_idmap_put(&state->ids, event->id);
    bool is_event;

    if (!entry)
        return trace_no_memory(&reader->error) - 1;
    event->op = letter == 'a'   ? TRACE_ALLOC
                : letter == 'r' ? TRACE_REALLOC
                                : TRACE_FREE;
    is_event = rep_resolve(event, entry);
    if (entry->value == REP_UNSEEN)
        trace_idmap_remove(&state->ids, entry);
    return is_event;
}

/* Behind the letter; as rep_settle. */
static int rep_operation(struct trace_line *line, unsigned char letter,
                         struct trace_event *event)
{
    trace_line_more(line);
    if (letter == 'f' && line->end - line->at >= 2 && line->at[0] == '-' &&
        line->at[1] == '1') {
        line->at += 2;
        return 0;
    }
    if (!trace_line_number(line, "expected an id", ' ', &event->id) ||
        (letter != 'f' &&
         !trace_line_number(line, "expected a size", ' ', &event->size_bytes)))
        return -1;
    return rep_settle(line->reader, letter, event);
}

/* A line that holds a number and no letter: of the header, if it may. */
static int rep_header(struct trace_line *line)
{
    struct rep_state *state = line->reader->state;
    uint64_t number;

    for (trace_line_more(line); line->at < line->end; trace_line_more(line)) {
        if (state->has_events || ++state->header_count > REP_MOST_HEADER)
            return trace_line_bad(line, line->at, "expected a, f or r") - 1;
        if (!trace_line_number(line, "expected a number", ' ', &number))
            return -1;
    }
    return 0;
}

/* A whole line, as rep_operation. */
static int rep_event(struct trace_line *line, struct trace_event *event)
{
    struct rep_state *state = line->reader->state;
    const unsigned char *first;
    unsigned char letter;
    int got;

    trace_line_more(line);
    first = line->at;
    if (first == line->end)
        return 0;
    event->has = 0;
    if (trace_is_digit(*first)) {
        if (!trace_line_number(line, "expected a number", ' ', &event->thread))
            return -1;
        event->has = TRACE_HAS_THREAD;
        trace_line_more(line);
        if (line->at == line->end || trace_is_digit(*line->at)) {
            line->at = first;
            return rep_header(line);
        }
    }
    letter = *line->at;
    if (!rep_is_op(letter) ||
        (line->at + 1 < line->end && !trace_line_is_blank(line->at[1])))
        return trace_line_bad(line, line->at, "expected a, f or r") - 1;
    line->at++;
    state->has_events = true;
    got = rep_operation(line, letter, event);
    trace_line_more(line);
    if (got >= 0 && line->at < line->end)
        return trace_line_bad(line, line->at, "expected the end of the line") -
               1;
    return got;
}

/* The numbers of a line as nearly all are, a blank before each and no more;
   behind it.  NULL: it may be anything, or lacks its end. */
static inline const unsigned char *rep_plain(const unsigned char *at,
                                             struct trace_event *event)
{
    unsigned digits = trace_digits_quick(at + 2, &event->id);

    if (!rep_is_op(*at) || at[1] != ' ' || digits == 0)
        return NULL;
    if (*at != 'f') {
        at += 2 + digits;
        digits =
            *at == ' ' ? trace_digits_quick(at + 1, &event->size_bytes) : 0;
        if (digits == 0)
            return NULL;
        at--;
    }
    at += 2 + digits;
    return *at == '\n' ? at + 1 : NULL;
}

/* The plain lines that lie in the buffer as a run; how many events there are
   then. */
static size_t rep_run(struct trace_reader *reader, struct trace_event *events,
                      size_t capacity, size_t count)
{
    struct rep_state *state = reader->state;
    struct trace_input *input = &reader->input;
    const unsigned char *at = input->data + input->begin, *behind;

    while (count < capacity &&
           (behind = rep_plain(at, &events[count])) != NULL) {
        int got = rep_settle(reader, *at, &events[count]);

        if (got < 0)
            break;
        state->has_events = true;
        at = behind;
        events[count].has = 0;
        reader->places[count] = (struct trace_place){++state->line.number, 1};
        count += got > 0;
    }
    input->begin = (size_t)(at - input->data);
    return count;
}

static size_t rep_read(struct trace_reader *reader, struct trace_event *events,
                       size_t capacity)
{
    struct rep_state *state = reader->state;
    size_t count = 0;

    for (;;) {
        int got;

        count = rep_run(reader, events, capacity, count);
        if (count == capacity || reader->error.kind != TRACE_FINE ||
            !trace_line_next(&state->line))
            break;
        got = rep_event(&state->line, &events[count]);
        if (got < 0) {
            reader->error.event =
                state->has_events ? reader->event_count + count + 1 : 0;
            break;
        }
        reader->places[count] = (struct trace_place){state->line.number, 1};
        count += got > 0;
    }
    return count;
}

const struct trace_format trace_format_rep = {
    .name = "rep",
    .summary = "the text of the malloc lab",
    .suffixes = ".rep",
    .lacks = TRACE_HAS_ALIGN | TRACE_HAS_ZERO | TRACE_HAS_BELOW |
             TRACE_HAS_BOUNDARY | TRACE_HAS_HEAP | TRACE_ALWAYS,
    .lacks_ops = TRACE_MANY_OPS,
    .lacks_header = true,
    .bid = rep_bid,
    .open = rep_open,
    .read = rep_read,
    .close = rep_close,
    .create = trace_rep_create,
    .write = trace_rep_write,
    .finish = trace_rep_finish,
};
