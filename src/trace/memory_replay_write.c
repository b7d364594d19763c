/*
 * trace/memory_replay_write.c - events as Android's memory_replay text.
 *
 * The addresses are no addresses: a block's is 16 times the number of its
 * slot, from 1, and the replayer there asks no more of them.
 */
#include "trace/memory_replay_write.h"

#include <inttypes.h>
#include <stdio.h>

#include "trace/live.h"

/* The longest has a thread, two addresses or an alignment, and two times. */
enum { REPLAY_LONGEST_LINE = 160 };

bool trace_memory_replay_create(struct trace_writer *writer,
                                const struct trace_header *header)
{
    (void)header;
    writer->state = trace_live_new(false);
    return writer->state || trace_no_memory(&writer->error);
}

static int replay_print(char *to, const struct trace_event *event,
                        uint64_t address)
{
    size_t room = REPLAY_LONGEST_LINE;
    uint64_t size = event->size_bytes;

    if (event->op == TRACE_FREE)
        return snprintf(to, room, "free 0x%" PRIx64, address);
    if (event->op == TRACE_REALLOC)
        return snprintf(to, room,
                        "realloc 0x%" PRIx64 " 0x%" PRIx64 " %" PRIu64, address,
                        address, size);
    if (event->has & TRACE_HAS_ALIGN)
        return snprintf(to, room, "memalign 0x%" PRIx64 " %" PRIu64 " %" PRIu64,
                        address, event->align_bytes, size);
    if (event->has & TRACE_HAS_ZERO)
        return snprintf(to, room, "calloc 0x%" PRIx64 " 1 %" PRIu64, address,
                        size);
    return snprintf(to, room, "malloc 0x%" PRIx64 " %" PRIu64, address, size);
}

static bool replay_write_event(struct trace_writer *writer,
                               const struct trace_event *event)
{
    struct trace_event judged = *event;
    uint64_t thread = event->has & TRACE_HAS_THREAD ? event->thread : 0;
    char *to, *end;

    if (!trace_writer_says(writer, event))
        return writer->error.kind == TRACE_FINE;
    judged.has = 0;
    if (!trace_live_apply(writer->state, &judged, &writer->error))
        return false;
    to = (char *)trace_writer_room(writer, REPLAY_LONGEST_LINE);
    if (!to)
        return false;
    end = to + sprintf(to, "%" PRIu64 ": ", thread);
    end += replay_print(end, event, (judged.id + 1) * 16);
    if (event->has & TRACE_HAS_TIME)
        end += sprintf(end, " %" PRIu64 " %" PRIu64, event->time_ns,
                       event->time_ns);
    *end++ = '\n';
    writer->used_bytes += (size_t)(end - to);
    return true;
}

bool trace_memory_replay_write(struct trace_writer *writer,
                               const struct trace_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!replay_write_event(writer, &events[i]))
            return false;
    return true;
}

bool trace_memory_replay_finish(struct trace_writer *writer)
{
    trace_live_free(writer->state);
    return writer->error.kind == TRACE_FINE;
}
