/* cli/written.h - a trace as the output of a verb. */
#ifndef CLI_WRITTEN_H
#define CLI_WRITTEN_H

#include "cli/options.h"
#include "trace/format.h"

/* What --to and --output say; NULL: nothing. */
struct cli_written {
    const char *program;
    const char *format, *path;
};

/* The rows of these options, their strings at member to.format, to.path. */
#define CLI_WRITTEN_OPTIONS(type, to)                                          \
    {.name = "output",                                                         \
     .letter = 'o',                                                            \
     .kind = CLI_TEXT,                                                         \
     .offset = offsetof(type, to.path),                                        \
     .argument = "FILE",                                                       \
     .help = "where to write (usual: standard output)"},                       \
    {                                                                          \
        .name = "to", .kind = CLI_TEXT, .offset = offsetof(type, to.format),   \
        .argument = "FORMAT",                                                  \
        .help = "the format (usual: by the name of FILE)"                      \
    }

/* The format to write, NULL: all is said. */
const struct trace_format *
cli_written_format(const struct cli_written *written);

/*
 * Write a trace: fill is given the writer, and answers CLI_FINE or what to
 * exit with, nothing being left then.  A writer that has failed says so by
 * itself.
 */
int cli_written(const struct cli_written *written,
                const struct trace_format *format,
                const struct trace_header *header,
                int (*fill)(void *context, struct trace_writer *writer),
                void *context);

#endif
