/* trace/memory_replay_write.h - the writing side of trace/memory_replay.c. */
#ifndef TRACE_MEMORY_REPLAY_WRITE_H
#define TRACE_MEMORY_REPLAY_WRITE_H

#include "trace/format.h"

bool trace_memory_replay_create(struct trace_writer *writer,
                                const struct trace_header *header);
bool trace_memory_replay_write(struct trace_writer *writer,
                               const struct trace_event *events, size_t count);
bool trace_memory_replay_finish(struct trace_writer *writer);

#endif
