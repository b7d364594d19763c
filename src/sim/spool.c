#include "config.h"

#include "sim/spool.h"

#include <string.h>

#include "sim/feed.h"

/* A spool that is being written; writer NULL: nothing is. */
struct spool_pen {
    struct trace_reader *reader;
    struct trace_writer *writer;
    uint32_t texts;
};

static bool spool_write(struct spool_pen *pen, const struct trace_event *events,
                        size_t count)
{
    uint32_t texts = trace_text_count(pen->reader);

    if (pen->writer == NULL)
        return true;
    while (pen->texts < texts)
        if (!trace_write_text(pen->writer,
                              trace_text(pen->reader, pen->texts++)))
            return false;
    return trace_write(pen->writer, events, count);
}

/* Judge the whole trace, writing what pen writes. */
static bool spool_pass(struct sim_feed *feed, struct spool_pen *pen,
                       struct trace_error *error)
{
    struct trace_event events[SIM_FEED_EVENTS];
    size_t count;
    bool written = true;

    while (written &&
           (count = sim_feed_read(feed, events, SIM_FEED_EVENTS)) > 0)
        written = spool_write(pen, events, count);
    if (feed->error.kind != TRACE_FINE)
        *error = feed->error;
    return written && feed->error.kind == TRACE_FINE;
}

static bool spool_fail_as(struct trace_error *error, enum trace_fault kind,
                          const char *what)
{
    *error = (struct trace_error){.kind = kind};
    snprintf(error->what, sizeof error->what, "%s", what);
    return false;
}

static bool spool_fail(struct trace_error *error, const char *what)
{
    return spool_fail_as(error, TRACE_IO, what);
}

/* Read with a pen: finish the writer whatever happened. */
static bool spool_copy(struct sim_spool *spool, struct sim_feed *feed,
                       struct trace_error *error)
{
    struct spool_pen pen = {.reader = feed->reader};
    struct trace_error pen_error = {.kind = TRACE_FINE};
    struct trace_header header = *trace_header_of(feed->reader);
    bool fine;

    header.dense = 1;
    spool->file = tmpfile();
    if (spool->file == NULL)
        return spool_fail(error, "cannot make a temporary file");
    pen.writer = trace_create(spool->file, "ptrace", &header, &pen_error);
    fine = pen.writer != NULL && spool_pass(feed, &pen, error);
    if (pen.writer != NULL)
        fine = trace_finish(pen.writer, &pen_error) && fine;
    if (!fine && error->kind == TRACE_FINE)
        *error = pen_error;
    snprintf(spool->own_path, sizeof spool->own_path, "/proc/self/fd/%d",
             fileno(spool->file));
    spool->path = spool->own_path;
    return fine && fflush(spool->file) == 0;
}

static bool spool_reopen(struct sim_feed *feed, const char *path,
                         unsigned flags, uint64_t align_bytes,
                         struct trace_error *error)
{
    struct trace_reader *reader = trace_open(path, flags, error);

    return reader != NULL &&
           (sim_feed_open(feed, reader, true, (flags & TRACE_MISUSE) != 0,
                          align_bytes) ||
            spool_fail(error, "out of memory"));
}

bool sim_spool_fill(struct sim_spool *spool, struct trace_reader *reader,
                    const char *path, const struct sim_options *options,
                    uint64_t align_bytes, struct trace_error *error)
{
    static struct sim_feed feed;
    unsigned flags = options->misuse ? TRACE_MISUSE : 0;
    struct spool_pen none = {.reader = reader};
    bool again = strcmp(trace_format_name(reader), "ptrace") == 0 &&
                 strcmp(path, "-") != 0;
    bool fine;

    *spool = (struct sim_spool){.path = path};
    error->kind = TRACE_FINE;
    if (!sim_feed_open(&feed, reader, true, options->misuse, align_bytes))
        return spool_fail(error, "out of memory");
    fine = again ? spool_pass(&feed, &none, error)
                 : spool_copy(spool, &feed, error);
    if (fine && again && !sim_feed_as_written(&feed)) {
        sim_feed_close(&feed);
        fine = spool_reopen(&feed, path, flags, align_bytes, error) &&
               spool_copy(spool, &feed, error);
    }
    spool->census = feed.census;
    sim_feed_close(&feed);
    return fine;
}

bool sim_spool_each(const struct sim_spool *spool, sim_spool_visit *visit,
                    void *context, struct trace_error *error)
{
    struct trace_event events[SIM_FEED_EVENTS];
    struct trace_reader *reader = trace_open(spool->path, TRACE_MISUSE, error);
    bool fine = reader != NULL;
    size_t count;

    while (fine && (count = trace_read(reader, events, SIM_FEED_EVENTS)) > 0)
        fine = visit(context, events, count);
    if (reader == NULL)
        return false;
    if (trace_failed(reader) != NULL)
        *error = *trace_failed(reader);
    else if (!fine)
        spool_fail_as(error, TRACE_INTERNAL, "out of memory");
    fine = fine && trace_failed(reader) == NULL;
    trace_close(reader);
    return fine;
}

/* Strings come with the events that are the first to use them. */
bool sim_spool_text(const struct sim_spool *spool, trace_string number,
                    char *label, struct trace_error *error)
{
    struct trace_event events[SIM_FEED_EVENTS];
    struct trace_reader *reader = trace_open(spool->path, TRACE_MISUSE, error);
    size_t letters;

    if (reader == NULL)
        return false;
    while (trace_text_count(reader) <= number &&
           trace_read(reader, events, SIM_FEED_EVENTS) > 0)
        ;
    if (trace_text_count(reader) > number) {
        const char *text = trace_text(reader, number);

        letters = strlen(text);
        if (letters >= SIM_LABEL_BYTES)
            text += letters - (SIM_LABEL_BYTES - 1);
        snprintf(label, SIM_LABEL_BYTES, "%s", text);
    }
    trace_close(reader);
    return true;
}

void sim_spool_free(struct sim_spool *spool)
{
    if (spool->file != NULL)
        fclose(spool->file);
}
