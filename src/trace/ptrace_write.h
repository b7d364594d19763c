/* trace/ptrace_write.h - the writing side of trace/ptrace.c. */
#ifndef TRACE_PTRACE_WRITE_H
#define TRACE_PTRACE_WRITE_H

#include "trace/format.h"

bool trace_ptrace_create(struct trace_writer *writer,
                         const struct trace_header *header);
bool trace_ptrace_text(struct trace_writer *writer, const char *text);
bool trace_ptrace_write(struct trace_writer *writer,
                        const struct trace_event *events, size_t count);
bool trace_ptrace_finish(struct trace_writer *writer);

#endif
