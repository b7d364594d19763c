/* cli/record_convert.c - raw recordings become traces. */
#include "config.h"

#include "cli/record.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/fault.h"
#include "cli/output.h"
#include "trace/live.h"
#include "trace/recording.h"
#include "trace/trace.h"

#define CONVERT_BATCH 1024

/* One recording on its way to its trace. */
struct convert {
    const struct record_job *job;
    const char *raw;
    const char *output;
    struct trace_live *live;
    struct record_sum sum;
};

static void convert_count(struct convert *convert,
                          const struct trace_event *event)
{
    struct trace_event copy = *event;
    struct trace_error ignored;
    trace_live_apply(convert->live, &copy, &ignored);
    uint64_t bytes = trace_live_bytes(convert->live);
    if (convert->sum.peak_bytes < bytes)
        convert->sum.peak_bytes = bytes;
    uint64_t blocks = trace_live_count(convert->live);
    if (convert->sum.peak_blocks < blocks)
        convert->sum.peak_blocks = blocks;
    convert->sum.events++;
}

static bool convert_events(struct convert *convert, struct trace_reader *reader,
                           struct trace_writer *writer)
{
    struct trace_event events[CONVERT_BATCH];
    size_t count;
    while ((count = trace_read(reader, events, CONVERT_BATCH)) > 0) {
        for (size_t i = 0; i < count; i++)
            convert_count(convert, &events[i]);
        if (!trace_write(writer, events, count))
            return false;
    }
    return true;
}

/* Write all to an open output: an exit code, and all is said. */
static int convert_to(struct convert *convert, struct trace_reader *reader,
                      FILE *out)
{
    struct trace_error error;
    struct trace_writer *writer = trace_create(out, convert->job->format,
                                               trace_header_of(reader), &error);
    if (writer == NULL)
        return cli_fault(convert->output, &error);
    convert_events(convert, reader, writer);
    if (!trace_finish(writer, &error))
        return cli_fault(convert->output, &error);
    if (trace_failed(reader) != NULL)
        return cli_fault(convert->raw, trace_failed(reader));
    return CLI_FINE;
}

static int convert_file(struct convert *convert, struct trace_reader *reader)
{
    struct cli_output output;
    struct stat status;
    int code = CLI_IO, failed = cli_output_open(&output, convert->output);
    if (failed == 0) {
        code = convert_to(convert, reader, output.file);
        failed = cli_output_close(&output, code == CLI_FINE);
    }
    if (failed != 0)
        cli_message(RECORD_PROGRAM, "%s: %s", convert->output,
                    strerror(failed));
    if (failed == 0 && stat(convert->output, &status) == 0)
        convert->sum.file_bytes = (uint64_t)status.st_size;
    return failed != 0 ? CLI_IO : code;
}

int record_convert_one(const struct record_job *job, const char *raw,
                       const char *output)
{
    struct trace_error error;
    struct recording_facts facts;
    struct convert convert = {.job = job, .raw = raw, .output = output};
    struct trace_reader *reader = trace_open(raw, 0, &error);
    if (reader == NULL)
        return cli_fault(raw, &error);
    convert.live = trace_live_new(false);
    int code =
        convert.live != NULL ? convert_file(&convert, reader) : CLI_INTERNAL;
    trace_live_free(convert.live);
    recording_facts_of(reader, &facts);
    trace_close(reader);
    record_advise(job, raw == job->raw, &facts, &convert.sum,
                  code == CLI_FINE ? output : NULL);
    if (code != CLI_FINE)
        cli_message(RECORD_PROGRAM, "the recording itself is kept: %s", raw);
    else if (!job->keep_raw)
        unlink(raw);
    return code;
}

int record_convert(struct record_job *job)
{
    int code = record_convert_one(job, job->raw, job->output);
    int children = job->children ? record_convert_children(job) : CLI_FINE;
    return code != CLI_FINE ? code : children;
}
