/*
 * trace/recording_log.c - the records of a raw log in the order of time.
 *
 * Every unit that a thread wrote to is a stream: the copies that were made of
 * it when it was full, by turn, and then the unit itself.  Within a stream
 * time does not run backwards; a heap of streams merges them.  Records from
 * before the clocks were started have time 0: there was one thread then.
 */
#include "trace/recording_log.h"

#include <stdlib.h>
#include <string.h>

struct recording_stream {
    const struct wire_unit **unit; /* the current one */
    size_t units_left;             /* with the current one */
    const uint8_t *at, *end;       /* within the current one */
    uint64_t thread, ticks, granule, low;
    bool stamped;
    struct recording_record next;
};

static const struct wire_unit *log_unit(const struct recording_log *log,
                                        uint64_t number)
{
    size_t offset_bytes = (size_t)number * WIRE_UNIT_BYTES;
    if (number == 0 || number >= log->count / WIRE_UNIT_BYTES)
        return NULL;
    const void *at = log->bytes + offset_bytes;
    const struct wire_unit *unit = at;
    return unit->magic == WIRE_UNIT_MAGIC ? unit : NULL;
}

static uint64_t log_turn(const struct wire_unit *unit)
{
    return unit->state >> WIRE_STATE_TURN;
}

/* The unit behind this number, if it belongs to a stream: it is a thread's
   own, or a copy that was finished before the thread's unit was emptied. */
static const struct wire_unit *log_good_unit(const struct recording_log *log,
                                             uint64_t number)
{
    const struct wire_unit *unit = log_unit(log, number);
    if (unit == NULL || unit->home == number)
        return unit;
    const struct wire_unit *home = log_unit(log, unit->home);
    bool is_good = home != NULL && home->home == unit->home &&
                   log_turn(unit) < log_turn(home);
    return is_good ? unit : NULL;
}

static int log_compare(const void *left, const void *right)
{
    const struct wire_unit *a = *(const struct wire_unit *const *)left;
    const struct wire_unit *b = *(const struct wire_unit *const *)right;
    if (a->home != b->home)
        return a->home < b->home ? -1 : 1;
    return (log_turn(a) > log_turn(b)) - (log_turn(a) < log_turn(b));
}

static void log_enter(struct recording_stream *stream)
{
    const struct wire_unit *unit = *stream->unit;
    uint32_t used = (uint32_t)unit->state;
    if (used > WIRE_PAYLOAD_BYTES)
        used = WIRE_PAYLOAD_BYTES;
    stream->at = unit->bytes;
    stream->end = unit->bytes + used;
    stream->granule = stream->low = 0;
    stream->stamped = false;
}

static bool log_has(const struct recording_stream *stream, size_t count)
{
    return (size_t)(stream->end - stream->at) >= count;
}

static uint64_t log_take(struct recording_stream *stream, unsigned count)
{
    uint64_t value = wire_get(stream->at, count);
    stream->at += count;
    return value;
}

/* Time never runs backwards, whatever the clocks of two processors say. */
static void log_set_ticks(struct recording_stream *stream, uint64_t ticks)
{
    if (stream->ticks < ticks)
        stream->ticks = ticks;
}

/* true: this CONTROL is a record of its own. */
static bool log_control(struct recording_stream *stream, unsigned kind,
                        uint64_t value)
{
    switch (kind) {
    case WIRE_THREAD:
        stream->thread = value;
        return false;
    case WIRE_CLOCK:
        log_set_ticks(stream, value);
        stream->stamped = true;
        return false;
    case WIRE_LOW:
        stream->low = value;
        return false;
    default:
        stream->next.freed = value != 0;
        return true;
    }
}

static bool log_stamp(struct recording_stream *stream)
{
    if (!stream->stamped)
        return true;
    unsigned length = log_has(stream, 1) && (*stream->at & 1) ? 2 : 1;
    if (!log_has(stream, length))
        return false;
    log_set_ticks(stream, stream->ticks + (log_take(stream, length) >> 1));
    return true;
}

/*
 * Decode one record.  -1: there is none, as the unit ends here or has been
 * damaged; 0: it only told something about those that follow; 1: a record.
 */
static int log_decode(struct recording_stream *stream)
{
    struct recording_record *next = &stream->next;
    if (!log_has(stream, 1))
        return -1;
    unsigned head = *stream->at++;
    unsigned op = head & 7, code = head >> 3 & 3, length = head >> 5;
    unsigned sized = WIRE_SIZED >> op & 1, aligned = op == WIRE_ALIGNED;
    length = length != 0 ? length : 8;
    if (op > WIRE_CONTROL ||
        !log_has(stream, (sized ? 1u << code : 0) + aligned + length))
        return -1;
    next->op = (enum wire_op)op;
    next->size_bytes = sized ? log_take(stream, 1u << code) : 0;
    next->align_bytes = aligned ? (uint64_t)1 << (log_take(stream, 1) & 63) : 0;
    uint64_t value = log_take(stream, length);
    if (op == WIRE_CONTROL)
        return log_control(stream, code, value);
    stream->granule += wire_unzigzag(value);
    next->address = (stream->granule << WIRE_GRANULE_BITS) + stream->low;
    stream->low = 0;
    return log_stamp(stream) ? 1 : -1;
}

/* Have the next record decoded in stream->next; false at the end. */
static bool log_advance(struct recording_stream *stream)
{
    for (;;) {
        int decoded = log_decode(stream);
        if (decoded > 0)
            break;
        if (decoded == 0)
            continue;
        if (--stream->units_left == 0)
            return false;
        stream->unit++;
        log_enter(stream);
    }
    stream->next.thread = stream->thread;
    stream->next.ticks = stream->ticks;
    return true;
}

/* Of two streams of one time the first goes first. */
static bool log_is_before(const struct recording_stream *a,
                          const struct recording_stream *b)
{
    if (a->next.ticks != b->next.ticks)
        return a->next.ticks < b->next.ticks;
    return a->next.stream < b->next.stream;
}

static void log_sift_down(struct recording_log *log, size_t at)
{
    struct recording_stream *stream = log->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= log->heap_count)
            break;
        if (child + 1 < log->heap_count &&
            log_is_before(log->heap[child + 1], log->heap[child]))
            child++;
        if (!log_is_before(log->heap[child], stream))
            break;
        log->heap[at] = log->heap[child];
        at = child;
    }
    log->heap[at] = stream;
}

static void log_begin_streams(struct recording_log *log, size_t unit_count)
{
    for (size_t i = 0; i < unit_count; i++) {
        struct recording_stream *stream = &log->streams[log->stream_count];
        if (i > 0 && log->units[i]->home == log->units[i - 1]->home) {
            stream[-1].units_left++;
            continue;
        }
        stream->unit = &log->units[i];
        stream->units_left = 1;
        stream->next.stream = log->stream_count++;
    }
    for (size_t i = 0; i < log->stream_count; i++) {
        log_enter(&log->streams[i]);
        if (log_advance(&log->streams[i]))
            log->heap[log->heap_count++] = &log->streams[i];
    }
    for (size_t i = log->heap_count; i-- > 0;)
        log_sift_down(log, i);
}

bool recording_log_open(struct recording_log *log, const uint8_t *bytes,
                        size_t count)
{
    memset(log, 0, sizeof *log);
    log->bytes = bytes;
    log->count = count;
    size_t room = count / WIRE_UNIT_BYTES + 1, unit_count = 0;
    log->units = calloc(room, sizeof log->units[0]);
    log->streams = calloc(room, sizeof log->streams[0]);
    log->heap = calloc(room, sizeof log->heap[0]);
    if (log->units == NULL || log->streams == NULL || log->heap == NULL)
        return false;
    for (uint64_t number = 1; number < room; number++) {
        log->units[unit_count] = log_good_unit(log, number);
        unit_count += log->units[unit_count] != NULL;
    }
    qsort(log->units, unit_count, sizeof log->units[0], log_compare);
    log_begin_streams(log, unit_count);
    return true;
}

bool recording_log_next(struct recording_log *log,
                        struct recording_record *record)
{
    if (log->heap_count == 0)
        return false;
    struct recording_stream *stream = log->heap[0];
    *record = stream->next;
    if (!log_advance(stream))
        log->heap[0] = log->heap[--log->heap_count];
    if (log->heap_count > 0)
        log_sift_down(log, 0);
    return true;
}

void recording_log_close(struct recording_log *log)
{
    free(log->units);
    free(log->streams);
    free(log->heap);
    memset(log, 0, sizeof *log);
}
