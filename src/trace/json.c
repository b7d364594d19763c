/*
 * trace/json.c - a trace as one JSON document:
 *
 *     {"name": "two blocks", "events": [ {"op": "alloc", ...}, ... ]}
 *
 * Members of the header stand before the events; those that only say what the
 * trace is may also stand behind them.
 */
#include "trace/format.h"

#include <cJSON.h>
#include <string.h>

#include "trace/json_print.h"
#include "trace/json_stream.h"

static int json_bid(const unsigned char *first, size_t count)
{
    return trace_json_stream_kind(first, count) == JSON_DOCUMENT ? 60 : 0;
}

static const unsigned char *json_open_brace(struct json_stream *stream,
                                            const unsigned char *at)
{
    if (*at != '{')
        return trace_json_expected(&stream->scan, at, "'{'");
    return at + 1;
}

/* "events": [ */
static const unsigned char *json_events_key(struct json_stream *stream,
                                            const unsigned char *at)
{
    const unsigned char *value = at;

    if (!trace_json_key(&stream->scan, &value))
        return NULL;
    if (*value != '[')
        return trace_json_expected(&stream->scan, value, "'['");
    stream->done = true;
    return value + 1;
}

/* A member of the header, or the beginning of the events, which sets done. */
static const unsigned char *json_member(struct json_stream *stream,
                                        const unsigned char *at)
{
    struct json_scan *scan = &stream->scan;
    const char *text;
    size_t length;

    if (*at == '}' && stream->first)
        return trace_json_bad(scan, at, "expected \"events\"");
    if (*at != '"')
        return trace_json_expected(scan, at, "a key");
    if (!trace_json_string(scan, at, &text, &length))
        return NULL;
    if (!stream->late && length == 6 && memcmp(text, "events", 6) == 0)
        return json_events_key(stream, at);
    trace_json_header_clear(&stream->head);
    return trace_json_header_member(&stream->head, scan, at);
}

/* The comma behind a member. */
static const unsigned char *json_comma(struct json_stream *stream,
                                       const unsigned char *at)
{
    if (*at == ',')
        return at + 1;
    if (*at == '}')
        return trace_json_bad(&stream->scan, at, "expected \"events\"");
    return trace_json_expected(&stream->scan, at, "',' or '}'");
}

static bool json_take(struct trace_reader *reader)
{
    struct json_stream *stream = reader->state;

    return trace_json_stream_step(reader, json_member, 0) &&
           trace_json_header_take(&stream->head, &reader->header, stream->late,
                                  &reader->error);
}

static bool json_open(struct trace_reader *reader)
{
    struct json_stream *stream;

    if (!trace_json_stream_open(reader) ||
        !trace_json_stream_step(reader, json_open_brace, 0))
        return false;
    stream = reader->state;
    stream->commas = true;
    while (json_take(reader) && !stream->done) {
        if (!trace_json_stream_step(reader, json_comma, 0))
            return false;
        stream->first = false;
    }
    if (!stream->done)
        return false;
    stream->done = false;
    stream->first = true;
    return true;
}

static const unsigned char *json_next(struct json_stream *stream,
                                      const unsigned char *at)
{
    struct json_scan *scan = &stream->scan;

    at = trace_json_space(scan, at);
    if (*at == ']') {
        stream->done = true;
        return at + 1;
    }
    if (!stream->first) {
        if (*at != ',')
            return trace_json_expected(scan, at, "',' or ']'");
        at = trace_json_space(scan, at + 1);
    }
    stream->place->line = scan->line;
    stream->place->column = trace_json_column(scan, at);
    return trace_json_event(&stream->events, scan, at, stream->event);
}

/* Behind the events: another member, or the closing brace, which sets
   first. */
static const unsigned char *json_behind(struct json_stream *stream,
                                        const unsigned char *at)
{
    stream->first = *at == '}';
    if (*at != '}' && *at != ',')
        return trace_json_expected(&stream->scan, at, "',' or '}'");
    return at + 1;
}

static const unsigned char *json_nothing(struct json_stream *stream,
                                         const unsigned char *at)
{
    if (at < stream->scan.end || !stream->ended)
        return trace_json_expected(&stream->scan, at,
                                   "nothing behind the trace");
    return at;
}

static void json_tail(struct trace_reader *reader)
{
    struct json_stream *stream = reader->state;

    stream->late = true;
    do
        if (!trace_json_stream_step(reader, json_behind, 0))
            return;
    while (!stream->first && json_take(reader));
    if (stream->first)
        trace_json_stream_step(reader, json_nothing, 0);
}

static size_t json_read(struct trace_reader *reader, struct trace_event *events,
                        size_t capacity)
{
    struct json_stream *stream = reader->state;
    size_t count = trace_json_stream_read(reader, json_next, events, capacity);

    if (stream->done && !stream->late)
        json_tail(reader);
    return count;
}

static bool json_create(struct trace_writer *writer,
                        const struct trace_header *header)
{
    char *text = trace_json_header_print(header);
    bool fine;

    if (!text)
        return trace_no_memory(&writer->error);
    fine = trace_writer_put(writer, text, strlen(text) - 1) &&
           trace_writer_put(writer, ",\"events\":[", 11);
    cJSON_free(text);
    return fine;
}

static bool json_write(struct trace_writer *writer,
                       const struct trace_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool first = writer->state == NULL;

        if (events[i].has & TRACE_IS_IMPLIED)
            continue;
        writer->state = writer;
        if (!trace_writer_put(writer, &",\n"[first], 2 - first) ||
            !trace_json_print_event(writer, &events[i]))
            return false;
    }
    return true;
}

static bool json_finish(struct trace_writer *writer)
{
    return writer->error.kind == TRACE_FINE &&
           trace_writer_put(writer, "\n]}\n", 4);
}

const struct trace_format trace_format_json = {
    .name = "json",
    .summary = "one JSON document",
    .suffixes = ".json",
    .bid = json_bid,
    .open = json_open,
    .read = json_read,
    .close = trace_json_stream_close,
    .create = json_create,
    .write = json_write,
    .finish = json_finish,
};
