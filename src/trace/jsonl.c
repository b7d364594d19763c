/*
 * trace/jsonl.c - a trace as JSON Lines: an object on each line, first the
 * header, if there is one, then the events.
 */
#include "trace/format.h"

#include <cJSON.h>
#include <string.h>

#include "trace/json_print.h"
#include "trace/json_stream.h"

static int jsonl_bid(const unsigned char *first, size_t count)
{
    return trace_json_stream_kind(first, count) == JSON_LINES ? 60 : 0;
}

/* Behind an object that began on `line`: nothing more on it. */
static const unsigned char *jsonl_line_end(struct json_stream *stream,
                                           const unsigned char *at,
                                           uint64_t line)
{
    struct json_scan *scan = &stream->scan;

    if (scan->line != line)
        return trace_json_bad(scan, at - 1, "expected the object on one line");
    while (*at == ' ' || *at == '\t' || *at == '\r')
        at++;
    if (*at != '\n' && (at < scan->end || !stream->ended))
        return trace_json_expected(scan, at, "the end of the line");
    return at;
}

/* The first line: is it an event? */
static const unsigned char *jsonl_header(struct json_stream *stream,
                                         const unsigned char *at)
{
    struct json_scan *scan = &stream->scan;
    const unsigned char *start = at;
    uint64_t line = scan->line, line_offset = scan->line_offset;

    trace_json_header_clear(&stream->head);
    if (*at != '{')
        return trace_json_expected(scan, at, "'{'");
    at = trace_json_header_object(&stream->head, scan, at);
    if (stream->head.has_op) {
        memset(scan->error, 0, sizeof *scan->error);
        scan->line = line;
        scan->line_offset = line_offset;
        return start;
    }
    return at ? jsonl_line_end(stream, at, line) : NULL;
}

static bool jsonl_open(struct trace_reader *reader)
{
    struct json_stream *stream;

    if (!trace_json_stream_open(reader) ||
        !trace_json_stream_step(reader, jsonl_header, 0))
        return false;
    stream = reader->state;
    if (stream->head.has_op)
        return true;
    if (!trace_json_header_take(&stream->head, &reader->header, false,
                                &reader->error))
        return false;
    if (trace_json_header_is_ours(&stream->head))
        return true;
    reader->error.line = stream->scan.line;
    reader->error.column = 1;
    return trace_fail(&reader->error, TRACE_BAD,
                      "expected an event, or a header with \"format\"");
}

static const unsigned char *jsonl_next(struct json_stream *stream,
                                       const unsigned char *at)
{
    struct json_scan *scan = &stream->scan;
    uint64_t line;

    at = trace_json_space(scan, at);
    if (at >= scan->end) {
        stream->done = stream->ended;
        return stream->ended ? at : trace_json_expected(scan, at, "an event");
    }
    line = stream->place->line = scan->line;
    stream->place->column = trace_json_column(scan, at);
    at = trace_json_event(&stream->events, scan, at, stream->event);
    return at ? jsonl_line_end(stream, at, line) : NULL;
}

static size_t jsonl_read(struct trace_reader *reader,
                         struct trace_event *events, size_t capacity)
{
    return trace_json_stream_read(reader, jsonl_next, events, capacity);
}

static bool jsonl_create(struct trace_writer *writer,
                         const struct trace_header *header)
{
    char *text = trace_json_header_print(header);
    bool fine;

    if (!text)
        return trace_no_memory(&writer->error);
    fine = trace_writer_put(writer, text, strlen(text)) &&
           trace_writer_put(writer, "\n", 1);
    cJSON_free(text);
    return fine;
}

static bool jsonl_write(struct trace_writer *writer,
                        const struct trace_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(events[i].has & TRACE_IS_IMPLIED) &&
            (!trace_json_print_event(writer, &events[i]) ||
             !trace_writer_put(writer, "\n", 1)))
            return false;
    return true;
}

static bool jsonl_finish(struct trace_writer *writer)
{
    return writer->error.kind == TRACE_FINE;
}

const struct trace_format trace_format_jsonl = {
    .name = "jsonl",
    .summary = "JSON Lines, one event a line",
    .suffixes = ".jsonl .ndjson",
    .bid = jsonl_bid,
    .open = jsonl_open,
    .read = jsonl_read,
    .close = trace_json_stream_close,
    .create = jsonl_create,
    .write = jsonl_write,
    .finish = jsonl_finish,
};
