/*
 * convert.c - read, judge, write.
 *
 * A format that has no word for rewind, destroy or reset is given the frees
 * that they stand for.
 */
#include "config.h"

#include "cli/convert.h"

#include <stdio.h>

#include "cli/message.h"
#include "trace/live.h"
#include "trace/rules.h"

enum {
    CONVERT_EVENTS = 512,
    CONVERT_ENDS = 1 << TRACE_DESTROY | 1 << TRACE_REWIND | 1 << TRACE_RESET,
    CONVERT_OURS = TRACE_IS_IMPLIED | TRACE_IS_STALE /* never written */
};

/* A conversion on its way. */
struct convert {
    const struct trace_format *format;
    struct trace_reader *reader;
    struct trace_live *live; /* judges the order of events */
    struct trace_writer *writer;
    uint32_t texts; /* strings written so far */
    uint64_t event;
    unsigned met, met_ops; /* members and operations in the trace */
    struct trace_event in[CONVERT_EVENTS], out[CONVERT_EVENTS];
    size_t in_count, out_count;
    bool failed; /* the writer did, and says why when it is finished */
};

/* Strings are written before the events that name them. */
static void convert_texts(struct convert *work)
{
    uint32_t count = trace_text_count(work->reader);

    for (; work->texts < count && !work->failed; work->texts++)
        work->failed = !trace_write_text(work->writer,
                                         trace_text(work->reader, work->texts));
}

static void convert_flush(struct convert *work)
{
    convert_texts(work);
    if (!work->failed)
        work->failed = !trace_write(work->writer, work->out, work->out_count);
    work->out_count = 0;
}

static void convert_put(struct convert *work, const struct trace_event *event)
{
    if (work->out_count == CONVERT_EVENTS)
        convert_flush(work);
    work->out[work->out_count] = *event;
    work->out[work->out_count++].has &= (uint16_t)~CONVERT_OURS;
}

/* The frees that the last event stands for, by the ids of their blocks. */
static void convert_implied(struct convert *work)
{
    struct trace_event event;

    while (trace_live_implied(work->live, &event)) {
        if (!(work->format->lacks_ops & CONVERT_ENDS))
            continue;
        event.id = trace_live_id(work->live, event.id);
        convert_put(work, &event);
    }
}

/* Judge an event, and write it with its own id. */
static bool convert_event(struct convert *work, size_t index,
                          struct trace_error *error)
{
    struct trace_event judged = work->in[index];

    work->event++;
    if (!trace_live_apply(work->live, &judged, error)) {
        error->event = work->event;
        trace_where(work->reader, index, &error->line, &error->column);
        return false;
    }
    work->met |= judged.has;
    work->met_ops |= 1u << judged.op;
    convert_put(work, &work->in[index]);
    convert_implied(work);
    return true;
}

static bool convert_copy(struct convert *work, struct trace_error *error)
{
    while (!work->failed && (work->in_count = trace_read(work->reader, work->in,
                                                         CONVERT_EVENTS)) > 0) {
        for (size_t i = 0; i < work->in_count; i++)
            /* The frees of a dense trace are implied here once more. */
            if (!(work->in[i].has & TRACE_IS_IMPLIED) &&
                !convert_event(work, i, error))
                return false;
        convert_flush(work);
    }
    if (trace_failed(work->reader) == NULL)
        return true;
    *error = *trace_failed(work->reader);
    return false;
}

/* What a header says, where the format has none. */
static void convert_warn_header(const struct convert *work)
{
    const struct trace_header *header = trace_header_of(work->reader);
    const struct {
        const char *name;
        bool said;
    } members[] = {
        {"name", header->name != NULL},
        {"source", header->source != NULL},
        {"spec", header->spec != NULL},
        {"align", header->align_bytes != 0},
        {"memory", header->memory_count != 0},
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].said)
            cli_message("polished-trace convert",
                        "%s has no header: %s left out", work->format->name,
                        members[i].name);
}

/* Say what was lost. */
static void convert_warn(const struct convert *work)
{
    static const struct {
        unsigned has;
        const char *name;
    } members[] = {
        {TRACE_HAS_ALIGN, "alignments"}, {TRACE_HAS_ZERO, "zero"},
        {TRACE_HAS_BELOW, "below"},      {TRACE_HAS_BOUNDARY, "boundaries"},
        {TRACE_HAS_HEAP, "heaps"},       {TRACE_HAS_THREAD, "threads"},
        {TRACE_HAS_TIME, "times"},       {TRACE_HAS_SITE, "sites"},
    };
    unsigned lost = work->met & work->format->lacks;
    unsigned lost_ops = work->met_ops & work->format->lacks_ops;

    if (work->format->lacks_header)
        convert_warn_header(work);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (lost & members[i].has)
            cli_message("polished-trace convert",
                        "%s has no word for %s: left out", work->format->name,
                        members[i].name);
    for (unsigned op = 0; op < TRACE_OP_COUNT; op++)
        if (lost_ops & 1u << op)
            cli_message("polished-trace convert", "%s has no word for %s: %s",
                        work->format->name, trace_op_name(op),
                        CONVERT_ENDS & 1u << op
                            ? "the frees that it stands for written instead"
                            : "left out");
}

static bool convert_run(struct convert *work, FILE *out,
                        struct trace_error *read, struct trace_error *wrote)
{
    struct trace_header header = *trace_header_of(work->reader);

    header.dense = (work->format->lacks_ops & CONVERT_ENDS) != 0;
    work->writer = trace_create(out, work->format->name, &header, wrote);
    if (work->writer == NULL)
        return true;
    bool fine = convert_copy(work, read);
    if (trace_finish(work->writer, wrote) && fine)
        convert_warn(work);
    return fine;
}

bool cli_convert(const char *path, FILE *out, const struct trace_format *format,
                 bool misuse, struct trace_error *read,
                 struct trace_error *wrote)
{
    static struct convert work;
    bool fine;

    work = (struct convert){.format = format};
    work.reader = trace_open(path, misuse ? TRACE_MISUSE : 0, read);
    if (work.reader == NULL)
        return false;
    work.live = trace_live_new(misuse);
    if (work.live != NULL) {
        trace_live_name(work.live, work.reader);
        fine = convert_run(&work, out, read, wrote);
    } else {
        *read = (struct trace_error){.kind = TRACE_INTERNAL,
                                     .what = "out of memory"};
        fine = false;
    }
    trace_live_free(work.live);
    trace_close(work.reader);
    return fine;
}
