/* cli/record_convert.c - raw recordings become traces. */
#include <config.h>

#include "cli/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Write all to out; false: the message has been printed. */
static bool convert_to(struct convert *convert, struct trace_reader *reader,
                       FILE *out)
{
    struct trace_error error;
    struct trace_writer *writer = trace_create(out, convert->job->format,
                                               trace_header_of(reader), &error);
    bool done = writer != NULL;
    if (done) {
        convert_events(convert, reader, writer);
        done = trace_finish(writer, &error);
    }
    if (!done)
        trace_report(stderr, convert->output, &error);
    else if (trace_failed(reader) != NULL)
        trace_report(stderr, convert->raw, trace_failed(reader));
    return done && trace_failed(reader) == NULL;
}

/* A new file gets the permissions that open would have given it. */
static bool convert_close(struct convert *convert, FILE *out)
{
    struct stat status;
    mode_t mask = umask(0);
    umask(mask);
    bool done = fflush(out) == 0 && fchmod(fileno(out), 0666 & ~mask) == 0 &&
                fstat(fileno(out), &status) == 0;
    if (done)
        convert->sum.file_bytes = (uint64_t)status.st_size;
    return fclose(out) == 0 && done;
}

static bool convert_file(struct convert *convert, struct trace_reader *reader)
{
    char path[RECORD_PATH_BYTES + 16];
    snprintf(path, sizeof path, "%s.XXXXXX", convert->output);
    int fd = mkostemp(path, O_CLOEXEC);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool done = out != NULL && convert_to(convert, reader, out);
    bool closed = out != NULL && convert_close(convert, out);
    if (done && closed && rename(path, convert->output) == 0)
        return true;
    if (out == NULL || done)
        record_say("%s: %s", convert->output, strerror(errno));
    if (fd >= 0)
        unlink(path);
    return false;
}

int record_convert_one(const struct record_job *job, const char *raw,
                       const char *output)
{
    struct trace_error error;
    struct recording_facts facts;
    struct convert convert = {.job = job, .raw = raw, .output = output};
    struct trace_reader *reader = trace_open(raw, 0, &error);
    if (reader == NULL) {
        trace_report(stderr, raw, &error);
        return RECORD_IO;
    }
    convert.live = trace_live_new(false);
    bool done = convert.live != NULL && convert_file(&convert, reader);
    trace_live_free(convert.live);
    recording_facts_of(reader, &facts);
    trace_close(reader);
    record_advise(job, raw == job->raw, &facts, &convert.sum,
                  done ? output : NULL);
    if (!done)
        record_say("the recording itself is kept: %s", raw);
    else if (!job->keep_raw)
        unlink(raw);
    return done ? RECORD_FINE : RECORD_IO;
}

int record_convert(struct record_job *job)
{
    int code = record_convert_one(job, job->raw, job->output);
    int children = job->children ? record_convert_children(job) : RECORD_FINE;
    return code != RECORD_FINE ? code : children;
}
