/* cli/fault.h - a bad trace as a message and an exit code. */
#ifndef CLI_FAULT_H
#define CLI_FAULT_H

#include "cli/exit.h"
#include "trace/trace.h"

/* Say what is wrong with the trace at path; what to exit with. */
int cli_fault(const char *path, const struct trace_error *error);

#endif
