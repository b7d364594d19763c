/* trace/rep_write.h - the writing side of trace/rep.c. */
#ifndef TRACE_REP_WRITE_H
#define TRACE_REP_WRITE_H

#include "trace/format.h"

bool trace_rep_create(struct trace_writer *writer,
                      const struct trace_header *header);
bool trace_rep_write(struct trace_writer *writer,
                     const struct trace_event *events, size_t count);
bool trace_rep_finish(struct trace_writer *writer);

#endif
