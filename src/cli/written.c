/* written.c - put in its place as a whole, or not at all. */
#include "config.h"

#include "cli/written.h"

#include <errno.h>
#include <string.h>

#include "cli/fault.h"
#include "cli/output.h"

const struct trace_format *cli_written_format(const struct cli_written *written)
{
    const char *name = written->format;

    if (name == NULL && written->path == NULL)
        return trace_formats[0];
    if (name == NULL)
        name = trace_format_for(written->path);
    const struct trace_format *format =
        name != NULL ? trace_format_named(name) : NULL;
    if (format != NULL && format->create != NULL)
        return format;
    if (written->format != NULL)
        cli_usage(written->program, "--to: no format \"%s\" is written", name);
    else
        cli_usage(written->program,
                  "the name %s tells no format; say --to FORMAT",
                  written->path);
    return NULL;
}

/* Fill an output that is open; the exit code. */
static int written_fill(struct cli_output *output,
                        const struct trace_format *format,
                        const struct trace_header *header,
                        int (*fill)(void *context, struct trace_writer *writer),
                        void *context)
{
    struct trace_error error;
    struct trace_writer *writer =
        trace_create(output->file, format->name, header, &error);

    if (writer == NULL)
        return cli_fault(output->path, &error);
    int code = fill(context, writer);
    if (!trace_finish(writer, &error))
        return output->error == EPIPE ? CLI_FINE
                                      : cli_fault(output->path, &error);
    return code;
}

int cli_written(const struct cli_written *written,
                const struct trace_format *format,
                const struct trace_header *header,
                int (*fill)(void *context, struct trace_writer *writer),
                void *context)
{
    static struct cli_output output;
    const char *path = written->path != NULL ? written->path : "-";
    int failed = cli_output_open(&output, path), code = CLI_IO;

    if (failed == 0) {
        code = written_fill(&output, format, header, fill, context);
        failed = cli_output_close(&output, code == CLI_FINE);
        if (code != CLI_FINE || failed == 0)
            return code;
    } else {
        cli_output_close(&output, false);
    }
    cli_message(written->program, "%s: %s", path, strerror(failed));
    return CLI_IO;
}
