/*
 * trace/rep_write.c - events as .rep.
 *
 * The numbers on top are known at the end only, so the body waits in a
 * temporary file.  What .rep has no words for and a replay can do without
 * (alignment, threads, times, marks) is left out; an operation that it has
 * none for is refused, unless the frees that it stands for follow it.
 */
#include "trace/rep_write.h"

#include <stdlib.h>
#include <string.h>

#include "trace/json_print.h"
#include "trace/live.h"

enum { REP_LONGEST_LINE = 64 };

struct rep_body {
    FILE *file;
    FILE *out; /* where the whole goes */
    struct trace_live *live;
    uint64_t id_count, op_count, peak_bytes;
};

bool trace_rep_create(struct trace_writer *writer,
                      const struct trace_header *header)
{
    struct rep_body *body = calloc(1, sizeof *body);

    (void)header;
    writer->state = body;
    if (body)
        body->live = trace_live_new(false);
    if (!body || !body->live)
        return trace_no_memory(&writer->error);
    body->file = tmpfile();
    if (!body->file)
        return trace_fail_errno(&writer->error, "make a temporary file");
    body->out = writer->out;
    writer->out = body->file;
    return true;
}

static void rep_count(struct trace_writer *writer,
                      const struct trace_event *event)
{
    struct rep_body *body = writer->state;
    struct trace_event copy = *event;

    copy.has = 0;
    body->op_count++;
    if (event->id >= body->id_count)
        body->id_count = event->id + (event->id < UINT64_MAX);
    trace_live_apply(body->live, &copy, &writer->error);
    if (trace_live_bytes(body->live) > body->peak_bytes)
        body->peak_bytes = trace_live_bytes(body->live);
}

static bool rep_write_event(struct trace_writer *writer,
                            const struct trace_event *event)
{
    unsigned char *to;

    if (!trace_writer_says(writer, event))
        return writer->error.kind == TRACE_FINE;
    rep_count(writer, event);
    to = trace_writer_room(writer, REP_LONGEST_LINE);
    if (!to || writer->error.kind != TRACE_FINE)
        return false;
    *to++ = (unsigned char)"afr"[event->op];
    *to++ = ' ';
    to = trace_json_print_decimal(to, event->id);
    if (event->op != TRACE_FREE) {
        *to++ = ' ';
        to = trace_json_print_decimal(to, event->size_bytes);
    }
    *to++ = '\n';
    writer->used_bytes = (size_t)(to - writer->buffer);
    return true;
}

bool trace_rep_write(struct trace_writer *writer,
                     const struct trace_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!rep_write_event(writer, &events[i]))
            return false;
    return true;
}

static unsigned char *rep_put_line(unsigned char *to, uint64_t number)
{
    to = trace_json_print_decimal(to, number);
    *to++ = '\n';
    return to;
}

/* The newest form of the four numbers: weight, ids, operations, and the most
   bytes alive. */
static bool rep_put_header(struct trace_writer *writer)
{
    const struct rep_body *body = writer->state;
    unsigned char *to = trace_writer_room(writer, 4 * REP_LONGEST_LINE);

    to = rep_put_line(to, 1);
    to = rep_put_line(to, body->id_count);
    to = rep_put_line(to, body->op_count);
    to = rep_put_line(to, body->peak_bytes);
    writer->used_bytes = (size_t)(to - writer->buffer);
    return true;
}

static bool rep_put_body(struct trace_writer *writer)
{
    struct rep_body *body = writer->state;
    char chunk[TRACE_WRITE_ROOM];
    size_t got;

    if (!trace_writer_flush(writer))
        return false;
    writer->out = body->out;
    rewind(body->file);
    if (!rep_put_header(writer))
        return false;
    while ((got = fread(chunk, 1, sizeof chunk, body->file)) > 0)
        if (!trace_writer_put(writer, chunk, got))
            return false;
    return !ferror(body->file) ||
           trace_fail_errno(&writer->error, "read a temporary file");
}

bool trace_rep_finish(struct trace_writer *writer)
{
    struct rep_body *body = writer->state;
    bool fine = writer->error.kind == TRACE_FINE && rep_put_body(writer);

    if (!body)
        return false;
    if (body->out)
        writer->out = body->out;
    if (body->file)
        fclose(body->file);
    trace_live_free(body->live);
    free(body);
    return fine;
}
