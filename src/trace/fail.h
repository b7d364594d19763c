/* trace/fail.h - filling in a struct trace_error. */
#ifndef TRACE_FAIL_H
#define TRACE_FAIL_H

#include <stdarg.h>
#include <stdbool.h>

#include "trace/event.h"

/* Each answers false, so that a caller can return its answer. */
bool trace_fail(struct trace_error *error, enum trace_fault kind,
                const char *format, ...) __attribute__((format(printf, 3, 4)));
bool trace_fail_list(struct trace_error *error, enum trace_fault kind,
                     const char *format, va_list list);
bool trace_no_memory(struct trace_error *error);

/* errno, with what was being done: "cannot read: Is a directory". */
bool trace_fail_errno(struct trace_error *error, const char *doing);

/* The name nearest to `wrong`, NULL if none is near: fewer than half of its
   letters, and at most two, would have to change. */
const char *trace_nearest(const char *wrong, size_t length,
                          const char *(*name)(size_t index));

#endif
