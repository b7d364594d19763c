/* trace/packing_write.h - the writing side of trace/packing.c. */
#ifndef TRACE_PACKING_WRITE_H
#define TRACE_PACKING_WRITE_H

#include "trace/format.h"

bool trace_packing_create(struct trace_writer *writer,
                          const struct trace_header *header);
bool trace_packing_write(struct trace_writer *writer,
                         const struct trace_event *events, size_t count);
bool trace_packing_finish(struct trace_writer *writer);

#endif
