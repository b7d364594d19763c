/* trace/json_stream.h - what the two JSON formats share: reading events from
   a buffer that may end anywhere. */
#ifndef TRACE_JSON_STREAM_H
#define TRACE_JSON_STREAM_H

#include "trace/format.h"
#include "trace/json_event.h"
#include "trace/json_header.h"

struct json_stream {
    struct json_scan scan;
    struct json_events events;
    struct json_header head;
    struct trace_event *event; /* to be read */
    struct trace_place *place; /* to be noted with it */
    bool ended;                /* nothing comes after scan.end */
    bool first;                /* no event was read yet */
    bool done;                 /* there are no more events */
    bool late;                 /* behind the events */
    bool commas;               /* between events; else new lines alone */
};

/*
 * One step: from `at`, before which white space was skipped, to the place
 * behind what it read.  If it fails at the end of the buffer it is called
 * again with more bytes, and must not have changed anything that matters.
 */
typedef const unsigned char *json_step(struct json_stream *stream,
                                       const unsigned char *at);

bool trace_json_stream_open(struct trace_reader *reader);
void trace_json_stream_close(struct trace_reader *reader);

/* Take one step; event_number is for the error, 0 outside the events. */
bool trace_json_stream_step(struct trace_reader *reader, json_step *step,
                            uint64_t event_number);

/* Take steps, each of which reads stream->event or sets stream->done; events
   of known shapes go without them. */
size_t trace_json_stream_read(struct trace_reader *reader, json_step *step,
                              struct trace_event *events, size_t capacity);

/* What the first object of a text is. */
enum json_kind { JSON_NONE, JSON_DOCUMENT, JSON_LINES };
enum json_kind trace_json_stream_kind(const unsigned char *first, size_t count);

#endif
