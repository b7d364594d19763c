/* search/emit.c - events in batches. */
#include "search/emit.h"

bool search_emit_flush(struct search_emit *out)
{
    if (!out->failed)
        out->failed = out->take
                          ? !out->take(out->context, out->events, out->count)
                          : !trace_write(out->writer, out->events, out->count);
    out->count = 0;
    return !out->failed;
}

static bool emit_event(struct search_emit *out, enum trace_op op, uint64_t id,
                       uint64_t size_bytes)
{
    struct trace_event *event = &out->events[out->count++];

    event->op = (uint8_t)op;
    event->has = out->has_thread ? TRACE_HAS_THREAD : 0;
    event->thread = out->thread;
    event->id = id;
    event->size_bytes = size_bytes;
    return out->count < SEARCH_EMIT_EVENTS || search_emit_flush(out);
}

bool search_emit_alloc(struct search_emit *out, uint64_t id,
                       uint64_t size_bytes)
{
    return emit_event(out, TRACE_ALLOC, id, size_bytes);
}

bool search_emit_free(struct search_emit *out, uint64_t id)
{
    return emit_event(out, TRACE_FREE, id, 0);
}
