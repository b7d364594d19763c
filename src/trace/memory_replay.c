/*
 * trace/memory_replay.c - the text that Android's malloc debugging records
 * and its memory_replay replays (AOSP, system/extras/memory_replay).
 *
 *     7: malloc 0xb4827400 48            address, size
 *     7: calloc 0xb4827800 4 16          address, count, size of each
 *     9: realloc 0xb4827c00 0xb4827400 96    new address, old address, size
 *     9: memalign 0xb4828000 64 100      address, alignment, size
 *     7: free 0xb4827800
 *     9: thread_done 0x0
 *
 * The number in front is the thread; two numbers behind are when the call
 * began and ended, in ns.  An address names its block until it is freed, so
 * each becomes a small number that is used again.  A call that gave no block
 * (address 0x0) and a free of 0x0 are left out; a realloc of 0x0 allocates.
 */
#include "trace/format.h"

#include <stdlib.h>
#include <string.h>

#include "trace/line.h"
#include "trace/memory_replay_write.h"
#include "trace/recording_blocks.h"

enum { REPLAY_MOST = 2 /* events of one line */ };

struct replay_state {
    struct trace_line line;
    struct recording_blocks blocks;
    struct trace_event pending; /* the second event of a line */
    bool is_pending;
};

/* A call: its numbers in the order of the line. */
struct replay_call {
    const struct replay_word *word;
    uint64_t address, first, second;
    const unsigned char *address_at, *first_at;
};

/* How many events came of the call, -1: an error. */
typedef int replay_act(struct trace_line *line, const struct replay_call *call,
                       struct trace_event *events);

/* What stands behind an address: nothing, numbers, an address and a number. */
enum replay_form { REPLAY_NONE, REPLAY_ONE, REPLAY_TWO, REPLAY_OLD };

static replay_act replay_malloc, replay_calloc, replay_realloc, replay_memalign,
    replay_free, replay_done;

static const struct replay_word {
    const char *name;
    enum replay_form form;
    replay_act *act;
} replay_words[] = {
    {"malloc", REPLAY_ONE, replay_malloc},
    {"free", REPLAY_NONE, replay_free},
    {"calloc", REPLAY_TWO, replay_calloc},
    {"realloc", REPLAY_OLD, replay_realloc},
    {"memalign", REPLAY_TWO, replay_memalign},
    {"thread_done", REPLAY_NONE, replay_done},
};
enum { REPLAY_WORDS = sizeof replay_words / sizeof *replay_words };

/* A number, a colon and a word begin no other format. */
static int memory_replay_bid(const unsigned char *first, size_t count)
{
    const unsigned char *at = first, *end = first + count;

    while (at < end && (trace_line_is_blank(*at) || *at == '\n'))
        at++;
    first = at;
    while (at < end && trace_is_digit(*at))
        at++;
    if (at == first || at == end || *at++ != ':')
        return 0;
    while (at < end && trace_line_is_blank(*at))
        at++;
    return at == end || *at == '\n' || (*at >= 'a' && *at <= 'z') ? 60 : 0;
}

static bool memory_replay_open(struct trace_reader *reader)
{
    struct replay_state *state = calloc(1, sizeof *state);

    reader->state = state;
    if (!state)
        return trace_no_memory(&reader->error);
    state->line.reader = reader;
    return true;
}

static void memory_replay_close(struct trace_reader *reader)
{
    struct replay_state *state = reader->state;

    if (state)
        recording_blocks_close(&state->blocks);
    free(state);
}

static int replay_hex(unsigned char c)
{
    if (trace_is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool replay_address(struct trace_line *line, uint64_t *address)
{
    const unsigned char *start;

    trace_line_more(line);
    start = line->at;
    if (line->end - start < 3 || start[0] != '0' || (start[1] | 0x20) != 'x')
        return trace_line_bad(line, start, "expected an address, 0x...");
    *address = 0;
    for (line->at += 2; line->at < line->end; line->at++) {
        int digit = replay_hex(*line->at);

        if (digit < 0)
            break;
        if (*address >> 60)
            return trace_line_bad(line, start, "an address above 2^64 - 1");
        *address = *address << 4 | (unsigned)digit;
    }
    return line->at > start + 2 &&
                   (line->at == line->end || trace_line_is_blank(*line->at))
               ? true
               : trace_line_bad(line, line->at, "expected a digit from 0 to f");
}

static bool replay_word(struct trace_line *line, struct replay_call *call)
{
    const unsigned char *start;
    size_t length;

    trace_line_more(line);
    start = line->at;
    while (line->at < line->end && !trace_line_is_blank(*line->at))
        line->at++;
    length = (size_t)(line->at - start);
    for (size_t i = 0; i < REPLAY_WORDS; i++)
        if (strlen(replay_words[i].name) == length &&
            memcmp(replay_words[i].name, start, length) == 0) {
            call->word = &replay_words[i];
            return true;
        }
    return trace_line_bad(line, start,
                          "expected malloc, calloc, realloc, memalign, free or "
                          "thread_done");
}

static bool replay_arguments(struct trace_line *line, struct replay_call *call)
{
    enum replay_form form = call->word->form;

    trace_line_more(line);
    call->address_at = line->at;
    if (!replay_address(line, &call->address))
        return false;
    trace_line_more(line);
    call->first_at = line->at;
    if (form == REPLAY_OLD && !replay_address(line, &call->first))
        return false;
    if (form == REPLAY_TWO &&
        !trace_line_number(line, "expected a number", ' ', &call->first))
        return false;
    return form == REPLAY_NONE ||
           trace_line_number(line, "expected a size", ' ', &call->second);
}

/* When it began and ended; of a thread's end, when that was. */
static bool replay_times(struct trace_line *line, bool one_will_do,
                         struct trace_event *event)
{
    uint64_t end;

    if (!trace_line_more(line))
        return true;
    event->has |= TRACE_HAS_TIME;
    if (!trace_line_number(line, "expected a time", ' ', &event->time_ns))
        return false;
    if (!trace_line_more(line) && one_will_do)
        return true;
    if (!trace_line_number(line, "expected the time of its end", ' ', &end))
        return false;
    return !trace_line_more(line) ||
           trace_line_bad(line, line->at, "expected the end of the line");
}

static struct recording_blocks *replay_blocks(const struct trace_line *line)
{
    struct replay_state *state = line->reader->state;

    return &state->blocks;
}

static int replay_bad(const struct trace_line *line, const unsigned char *at,
                      const char *what)
{
    trace_line_bad(line, at, what);
    return -1;
}

/* A block begins at the call's address, under an id that it has, or a new
   one for 0. */
static int replay_begin(struct trace_line *line, const struct replay_call *call,
                        uint64_t id, struct trace_event *event)
{
    struct recording_blocks *blocks = replay_blocks(line);

    if (recording_blocks_find(blocks, call->address))
        return replay_bad(line, call->address_at,
                          "a block at this address is alive");
    event->op = id != 0 ? TRACE_REALLOC : TRACE_ALLOC;
    if (id == 0)
        id = recording_blocks_take_id(blocks);
    event->id = id;
    event->size_bytes = call->second;
    if (id != 0 && recording_blocks_add(blocks, call->address, id))
        return 1;
    return trace_no_memory(&line->reader->error) - 1;
}

/* A call that was given 0x0 has failed, or freed; nothing begins. */
static int replay_malloc(struct trace_line *line,
                         const struct replay_call *call,
                         struct trace_event *events)
{
    return call->address == 0 ? 0 : replay_begin(line, call, 0, events);
}

static int replay_calloc(struct trace_line *line,
                         const struct replay_call *call,
                         struct trace_event *events)
{
    struct replay_call whole = *call;

    if (call->address == 0)
        return 0;
    if (call->first != 0 && call->second > UINT64_MAX / call->first)
        return replay_bad(line, call->first_at,
                          "count times size is above 2^64 - 1");
    whole.second = call->first * call->second;
    events->has |= TRACE_HAS_ZERO;
    return replay_begin(line, &whole, 0, events);
}

/* As Android's libc: what is no power of two is rounded up to one. */
static int replay_memalign(struct trace_line *line,
                           const struct replay_call *call,
                           struct trace_event *events)
{
    uint64_t align = 1;

    if (call->address == 0)
        return 0;
    while (align < call->first && align <= UINT64_MAX / 2)
        align *= 2;
    if (align < call->first)
        return replay_bad(line, call->first_at, "no power of two is as large");
    events->has |= TRACE_HAS_ALIGN;
    events->align_bytes = align;
    return replay_begin(line, call, 0, events);
}

static int replay_end(struct trace_line *line, uint64_t address,
                      const unsigned char *at, struct trace_event *event)
{
    struct recording_blocks *blocks = replay_blocks(line);
    struct recording_block *block = recording_blocks_find(blocks, address);

    if (!block)
        return replay_bad(line, at, "no block at this address is alive");
    event->op = TRACE_FREE;
    event->id = block->id;
    recording_blocks_give_id(blocks, block->id);
    recording_blocks_remove(blocks, block);
    return 1;
}

static int replay_free(struct trace_line *line, const struct replay_call *call,
                       struct trace_event *events)
{
    return call->address == 0
               ? 0
               : replay_end(line, call->address, call->address_at, events);
}

/* To 0 bytes it frees, and may give a block of none. */
static int replay_realloc(struct trace_line *line,
                          const struct replay_call *call,
                          struct trace_event *events)
{
    struct recording_blocks *blocks = replay_blocks(line);
    struct recording_block *block;
    uint64_t id;

    if (call->first == 0)
        return replay_malloc(line, call, events);
    if (call->second == 0) {
        int ended = replay_end(line, call->first, call->first_at, events);
        int begun = ended < 0 ? -1 : replay_malloc(line, call, &events[1]);

        return begun < 0 ? -1 : ended + begun;
    }
    if (call->address == 0)
        return 0;
    block = recording_blocks_find(blocks, call->first);
    if (!block)
        return replay_bad(line, call->first_at,
                          "no block at this address is alive");
    id = block->id;
    recording_blocks_remove(blocks, block);
    return replay_begin(line, call, id, events);
}

static int replay_done(struct trace_line *line, const struct replay_call *call,
                       struct trace_event *events)
{
    (void)line;
    (void)call;
    (void)events;
    return 0;
}

/* A whole line; up to REPLAY_MOST events, -1: an error. */
static int replay_line(struct trace_line *line, struct trace_event *events)
{
    struct replay_call call = {0};

    if (!trace_line_more(line))
        return 0;
    memset(events, 0, REPLAY_MOST * sizeof *events);
    events[0].has = TRACE_HAS_THREAD;
    if (!trace_line_number(line, "expected a thread", ':', &events[0].thread))
        return -1;
    if (!trace_line_more(line) || *line->at != ':')
        return replay_bad(line, line->at, "expected a colon");
    line->at++;
    if (!replay_word(line, &call) || !replay_arguments(line, &call) ||
        !replay_times(line, call.word->act == replay_done, &events[0]))
        return -1;
    events[1] = events[0];
    return call.word->act(line, &call, events);
}

static size_t memory_replay_read(struct trace_reader *reader,
                                 struct trace_event *events, size_t capacity)
{
    struct replay_state *state = reader->state;
    struct trace_event found[REPLAY_MOST];
    size_t count = 0;

    while (count < capacity) {
        struct trace_place place = {state->line.number, 1};
        int got;

        if (state->is_pending) {
            state->is_pending = false;
            reader->places[count] = place;
            events[count++] = state->pending;
            continue;
        }
        if (!trace_line_next(&state->line))
            break;
        got = replay_line(&state->line, found);
        if (got < 0) {
            reader->error.event = reader->event_count + count + 1;
            break;
        }
        if (got == 0)
            continue;
        state->is_pending = got == REPLAY_MOST;
        state->pending = found[1];
        reader->places[count] = (struct trace_place){state->line.number, 1};
        events[count++] = found[0];
    }
    return count;
}

const struct trace_format trace_format_memory_replay = {
    .name = "memory-replay",
    .summary = "the text of Android's memory_replay",
    .suffixes = "",
    .lacks =
        TRACE_HAS_BELOW | TRACE_HAS_BOUNDARY | TRACE_HAS_HEAP | TRACE_HAS_SITE,
    .lacks_ops = TRACE_MANY_OPS,
    .lacks_header = true,
    .bid = memory_replay_bid,
    .open = memory_replay_open,
    .read = memory_replay_read,
    .close = memory_replay_close,
    .create = trace_memory_replay_create,
    .write = trace_memory_replay_write,
    .finish = trace_memory_replay_finish,
};
