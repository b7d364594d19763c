/*
 * trace/recording_log.h - the records of a raw log (trace/wire.h), of all
 * its threads, in the order of their time.
 */
#ifndef TRACE_RECORDING_LOG_H
#define TRACE_RECORDING_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/wire.h"

struct recording_stream;

struct recording_log {
    const uint8_t *bytes;
    size_t count;
    struct recording_stream *streams; /* one for each thread's unit */
    size_t stream_count;
    const struct wire_unit **units; /* of all streams, in order */
    struct recording_stream **heap; /* the stream with the least time first */
    size_t heap_count;
};

struct recording_record {
    enum wire_op op; /* CONTROL: a realloc that ended without a block */
    bool freed;      /* that realloc freed its block */
    size_t stream;   /* a realloc begins and ends in the same stream */
    uint64_t thread, ticks;
    uint64_t size_bytes, align_bytes;
    uint64_t address;
};

/* The bytes stay the caller's.  false: out of memory. */
bool recording_log_open(struct recording_log *log, const uint8_t *bytes,
                        size_t count);

/* false at the end.  Whatever bytes stand there, records are made of them or
   left out: the tail of a log whose program was killed is no error. */
bool recording_log_next(struct recording_log *log,
                        struct recording_record *record);

void recording_log_close(struct recording_log *log);

#endif
