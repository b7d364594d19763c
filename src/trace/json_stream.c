/* trace/json_stream.c - steps over JSON that does not fit a buffer. */
#include "trace/json_stream.h"

#include <stdlib.h>
#include <string.h>

/* Below this, a step that lacks bytes is tried again with any more; above,
   with half as many more, so that small reads do not make it quadratic. */
enum { STREAM_EAGER = 4096 };

static const unsigned char *stream_skip_mark(const unsigned char *at)
{
    /* The byte order mark of UTF-8, which some editors write. */
    return memcmp(at, "\xef\xbb\xbf", 3) == 0 ? at + 3 : at;
}

static void stream_sync(struct trace_reader *reader)
{
    struct json_stream *stream = reader->state;
    struct trace_input *input = &reader->input;

    stream->scan.begin = input->data;
    stream->scan.end = input->data + input->end;
    stream->scan.offset = input->offset;
    stream->ended = input->ended;
}

bool trace_json_stream_open(struct trace_reader *reader)
{
    struct json_stream *stream = calloc(1, sizeof *stream);
    struct trace_input *input = &reader->input;

    if (!stream)
        return trace_no_memory(&reader->error);
    reader->state = stream;
    stream->scan.error = &reader->error;
    stream->scan.line = 1;
    stream->first = true;
    trace_json_header_make(&stream->head);
    trace_json_events_make(&stream->events, &reader->strings,
                           reader->flags & TRACE_MISUSE);
    stream_sync(reader);
    input->begin = (size_t)(stream_skip_mark(input->data) - input->data);
    return true;
}

void trace_json_stream_close(struct trace_reader *reader)
{
    struct json_stream *stream = reader->state;

    if (!stream)
        return;
    trace_json_header_close(&stream->head);
    free(stream->scan.scratch);
    free(stream);
}

/* Get more bytes for a step that begins at input->begin; true: try again. */
static bool stream_more(struct trace_reader *reader)
{
    struct json_stream *stream = reader->state;
    struct trace_input *input = &reader->input;
    size_t pending = input->end - input->begin;
    size_t more = pending < STREAM_EAGER ? 1 : pending / 2;

    if (pending > TRACE_LONGEST)
        return trace_json_bad(&stream->scan, input->data + input->begin,
                              "longer than %d bytes", TRACE_LONGEST);
    if (pending + more > TRACE_LONGEST)
        more = TRACE_LONGEST + 1 - pending;
    memset(&reader->error, 0, sizeof reader->error);
    trace_input_want(input, pending + more, &reader->error);
    stream_sync(reader);
    return reader->error.kind == TRACE_FINE;
}

static const unsigned char *stream_try(struct json_stream *stream,
                                       json_step *step, const unsigned char *at)
{
    const unsigned char *behind;

    stream->scan.bad = at;
    behind = step(stream, at);
    if (behind && behind - at > TRACE_LONGEST)
        return trace_json_bad(&stream->scan, at, "longer than %d bytes",
                              TRACE_LONGEST);
    return behind;
}

bool trace_json_stream_step(struct trace_reader *reader, json_step *step,
                            uint64_t event_number)
{
    struct json_stream *stream = reader->state;
    struct trace_input *input = &reader->input;
    struct json_scan *scan = &stream->scan;

    for (;;) {
        const unsigned char *at =
            trace_json_space(scan, input->data + input->begin);
        uint64_t line = scan->line, line_offset = scan->line_offset;

        input->begin = (size_t)(at - input->data);
        at = stream_try(stream, step, at);
        if (at) {
            input->begin = (size_t)(at - input->data);
            return true;
        }
        if (scan->bad < scan->end || stream->ended)
            break;
        scan->line = line;
        scan->line_offset = line_offset;
        if (!stream_more(reader))
            break;
    }
    reader->error.event = event_number;
    return false;
}

/* Where the next event begins: behind a comma, a new line or both, and blanks;
   NULL: nowhere. */
static const unsigned char *stream_next(const struct json_stream *stream,
                                        struct json_scan *scan,
                                        const unsigned char *at)
{
    if (stream->commas && *at++ != ',')
        return NULL;
    if (*at == '\n') {
        at++;
        scan->line++;
        scan->line_offset = scan->offset + (uint64_t)(at - scan->begin);
    } else if (!stream->commas) {
        return NULL;
    }
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

/* Behind the next event, if its shape is known; else NULL, and the scan may be
   anywhere. */
static const unsigned char *stream_known(struct json_stream *stream,
                                         const unsigned char *at,
                                         struct trace_event *event,
                                         struct trace_place *place)
{
    struct json_scan *scan = &stream->scan;

    at = stream_next(stream, scan, at);
    if (!at)
        return NULL;
    *place = (struct trace_place){scan->line, trace_json_column(scan, at)};
    at = trace_json_shapes_read(&stream->events.shapes, scan, at, event);
    return at && (stream->commas || *at == '\n') ? at : NULL;
}

/* Events of known shapes that lie in the buffer as a run; how many there are
   then. */
static size_t stream_run(struct trace_reader *reader,
                         struct trace_event *events, size_t capacity,
                         size_t count)
{
    struct json_stream *stream = reader->state;
    struct json_scan *scan = &stream->scan;
    const unsigned char *at = scan->begin + reader->input.begin;

    for (; count < capacity; count++) {
        uint64_t line = scan->line, line_offset = scan->line_offset;
        const unsigned char *behind =
            stream_known(stream, at, &events[count], &reader->places[count]);

        if (!behind) {
            scan->line = line;
            scan->line_offset = line_offset;
            break;
        }
        at = behind;
    }
    reader->input.begin = (size_t)(at - scan->begin);
    return count;
}

size_t trace_json_stream_read(struct trace_reader *reader, json_step *step,
                              struct trace_event *events, size_t capacity)
{
    struct json_stream *stream = reader->state;
    size_t count = 0;

    while (!stream->done) {
        if (!stream->first)
            count = stream_run(reader, events, capacity, count);
        if (count == capacity)
            break;
        stream->event = &events[count];
        stream->place = &reader->places[count];
        if (!trace_json_stream_step(reader, step,
                                    reader->event_count + count + 1))
            break;
        if (stream->done)
            break;
        stream->first = false;
        count++;
    }
    return count;
}

static bool stream_is(const char *text, size_t length, const char *word)
{
    return length == strlen(word) && memcmp(text, word, length) == 0;
}

/* What the keys of an object say about it. */
struct stream_keys {
    bool events, op, format;
};

/* One member; NULL at a fault, when its key has been noted all the same. */
static const unsigned char *stream_note(struct json_scan *scan,
                                        const unsigned char *at,
                                        struct stream_keys *keys)
{
    const char *text = "";
    size_t length = 0;

    if (!trace_json_string(scan, at, &text, &length))
        return NULL;
    keys->events |= stream_is(text, length, "events");
    keys->op |= stream_is(text, length, "op");
    keys->format |= stream_is(text, length, "format");
    if (keys->events || !trace_json_key(scan, &at))
        return NULL;
    return trace_json_value(scan, at, NULL);
}

/* Behind an object; NULL at a fault and at "events". */
static const unsigned char *stream_object(struct json_scan *scan,
                                          const unsigned char *at,
                                          struct stream_keys *keys)
{
    at = trace_json_space(scan, at + 1);
    while (*at == '"') {
        at = stream_note(scan, at, keys);
        if (!at)
            return NULL;
        at = trace_json_space(scan, at);
        if (*at == ',')
            at = trace_json_space(scan, at + 1);
    }
    return *at == '}' ? at + 1 : NULL;
}

enum json_kind trace_json_stream_kind(const unsigned char *first, size_t count)
{
    struct trace_error error = {0};
    struct json_scan scan = {.begin = first, .end = first + count};
    struct stream_keys keys = {false, false, false};
    const unsigned char *at;

    scan.error = &error;
    at = trace_json_space(&scan, stream_skip_mark(first));
    if (*at != '{')
        return *at == '[' ? JSON_DOCUMENT : JSON_NONE;
    at = stream_object(&scan, at, &keys);
    free(scan.scratch);
    if (keys.op && !keys.events)
        return JSON_LINES;
    if (!at)
        return JSON_DOCUMENT;
    /* Neither: a header line, if it says so, or if there are more. */
    return keys.format || *trace_json_space(&scan, at) ? JSON_LINES
                                                       : JSON_DOCUMENT;
}
