/* trace/writer.c - writing a trace, whatever its format. */
#include "config.h"

#include "trace/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/format.h"
#include "trace/rules.h"

enum { WRITER_BUFFER = 1 << 16 };

bool trace_writer_flush(struct trace_writer *writer)
{
    size_t used = writer->used_bytes;

    if (writer->error.kind != TRACE_FINE)
        return false;
    writer->used_bytes = 0;
    if (fwrite(writer->buffer, 1, used, writer->out) != used)
        return trace_fail_errno(&writer->error, "write");
    return true;
}

unsigned char *trace_writer_room(struct trace_writer *writer, size_t count)
{
    if (writer->used_bytes + count > WRITER_BUFFER &&
        !trace_writer_flush(writer))
        return NULL;
    return writer->buffer + writer->used_bytes;
}

bool trace_writer_put(struct trace_writer *writer, const void *bytes,
                      size_t count)
{
    const unsigned char *from = bytes;

    while (count > 0) {
        size_t part = count < TRACE_WRITE_ROOM ? count : TRACE_WRITE_ROOM;
        unsigned char *to = trace_writer_room(writer, part);

        if (!to)
            return false;
        memcpy(to, from, part);
        writer->used_bytes += part;
        from += part;
        count -= part;
    }
    return true;
}

bool trace_writer_says(struct trace_writer *writer,
                       const struct trace_event *event)
{
    const struct trace_format *format = writer->format;
    bool ends = event->op == TRACE_DESTROY || event->op == TRACE_REWIND ||
                event->op == TRACE_RESET;
    unsigned misuse = TRACE_HAS_DELTA | TRACE_HAS_CLAIM | TRACE_IS_STALE;

    if (event->op == TRACE_MARK || (ends && writer->dense))
        return false;
    if (event->op > TRACE_REALLOC)
        trace_fail(&writer->error, TRACE_BAD,
                   "the format \"%s\" has no word for %s", format->name,
                   trace_rules[event->op].name);
    if (event->has & misuse)
        trace_fail(&writer->error, TRACE_BAD,
                   "the format \"%s\" has no word for misuse", format->name);
    return writer->error.kind == TRACE_FINE;
}

static void writer_close(struct trace_writer *writer)
{
    trace_strings_close(&writer->strings);
    free(writer->buffer);
    free(writer);
}

static const struct trace_format *writer_format(const char *name,
                                                struct trace_error *error)
{
    const struct trace_format *format = trace_format_named(name);

    if (!format)
        trace_fail(error, TRACE_BAD, "no trace format is called \"%s\"", name);
    else if (!format->create)
        trace_fail(error, TRACE_BAD,
                   "traces of the format \"%s\" are read, not written", name);
    else
        return format;
    return NULL;
}

struct trace_writer *trace_create(FILE *out, const char *format,
                                  const struct trace_header *header,
                                  struct trace_error *error)
{
    const struct trace_format *row;
    struct trace_writer *writer;

    memset(error, 0, sizeof *error);
    row = writer_format(format, error);
    if (!row)
        return NULL;
    writer = calloc(1, sizeof *writer);
    if (writer)
        writer->buffer = malloc(WRITER_BUFFER);
    if (!writer || !writer->buffer) {
        free(writer);
        trace_no_memory(error);
        return NULL;
    }
    writer->format = row;
    writer->out = out;
    writer->dense = header->dense;
    if (row->create(writer, header))
        return writer;
    row->finish(writer);
    *error = writer->error;
    writer_close(writer);
    return NULL;
}

bool trace_write_text(struct trace_writer *writer, const char *text)
{
    if (writer->error.kind != TRACE_FINE)
        return false;
    if (!trace_strings_add(&writer->strings, text, strlen(text)))
        return trace_no_memory(&writer->error);
    return !writer->format->text || writer->format->text(writer, text);
}

static bool writer_knows(struct trace_writer *writer, trace_string number)
{
    if (number < writer->strings.count)
        return true;
    return trace_fail(&writer->error, TRACE_INTERNAL,
                      "an event names string %lu of %lu", (unsigned long)number,
                      (unsigned long)writer->strings.count);
}

/* A writer looks no string up that it was not given. */
static bool writer_check(struct trace_writer *writer,
                         const struct trace_event *event)
{
    bool labelled = event->op == TRACE_MARK || event->op == TRACE_REWIND ||
                    event->op == TRACE_EXTRA;

    if (event->op >= TRACE_OP_COUNT)
        return trace_fail(&writer->error, TRACE_INTERNAL,
                          "an event has the operation %u", event->op);
    return (!labelled || writer_knows(writer, event->label)) &&
           (!(event->has & TRACE_HAS_SITE) ||
            writer_knows(writer, event->site));
}

bool trace_write(struct trace_writer *writer, const struct trace_event *events,
                 size_t count)
{
    if (writer->error.kind != TRACE_FINE)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!writer_check(writer, &events[i]))
            return false;
    return writer->format->write(writer, events, count);
}

bool trace_finish(struct trace_writer *writer, struct trace_error *error)
{
    bool fine = writer->format->finish(writer) && trace_writer_flush(writer);

    if (fine && fflush(writer->out) != 0)
        fine = trace_fail_errno(&writer->error, "write");
    *error = writer->error;
    writer_close(writer);
    return fine;
}
