/* fault.c - who is to blame decides the exit code. */
#include "config.h"

#include "cli/fault.h"

int cli_fault(const char *path, const struct trace_error *error)
{
    static const int codes[] = {
        [TRACE_FINE] = CLI_FINE,
        [TRACE_BAD] = CLI_BAD,
        [TRACE_IO] = CLI_IO,
        [TRACE_INTERNAL] = CLI_INTERNAL,
    };

    trace_report(stderr, path, error);
    return codes[error->kind];
}
