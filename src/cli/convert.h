/* cli/convert.h - the events of a trace, written in another format. */
#ifndef CLI_CONVERT_H
#define CLI_CONVERT_H

#include "trace/format.h"

/*
 * Write the trace at path to out, its ids as they are.  What the format lacks
 * is told on standard error, once each.
 * false: *read says what is wrong with the trace.  true: the trace is fine,
 * and *wrote says whether writing was.
 */
bool cli_convert(const char *path, FILE *out, const struct trace_format *format,
                 bool misuse, struct trace_error *read,
                 struct trace_error *wrote);

#endif
