/* search/emit.h - events that are made, on their way to a writer. */
#ifndef SEARCH_EMIT_H
#define SEARCH_EMIT_H

#include "trace/trace.h"

enum { SEARCH_EMIT_EVENTS = 512 };

/* writer, or take, is given, the rest is zero. */
struct search_emit {
    struct trace_writer *writer;
    /* Instead of a writer; false: it has failed. */
    bool (*take)(void *context, const struct trace_event *events, size_t count);
    void *context;
    bool failed; /* the writer did: it says why when it is finished */
    uint64_t thread;
    bool has_thread;                   /* events state the thread */
    struct trace_error error;          /* of the generator itself */
    uint64_t next_id;                  /* of search/pool.h */
    uint64_t extent_bytes, live_bytes; /* what an adversary has forced */
    struct trace_event events[SEARCH_EMIT_EVENTS];
    size_t count;
};

/* Each answers whether it is worth going on. */
bool search_emit_alloc(struct search_emit *out, uint64_t id,
                       uint64_t size_bytes);
bool search_emit_free(struct search_emit *out, uint64_t id);
bool search_emit_flush(struct search_emit *out);

#endif
