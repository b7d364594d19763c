/* trace/json_event.h - one event as a JSON object. */
#ifndef TRACE_JSON_EVENT_H
#define TRACE_JSON_EVENT_H

#include "trace/json_scan.h"
#include "trace/json_shape.h"
#include "trace/json_words.h"
#include "trace/strings.h"

struct json_events {
    struct json_words keys, ops;
    struct json_shapes shapes;
    /* Of the event in work: its numbers, as far as a shape can have them. */
    struct json_number numbers[JSON_SHAPE_NUMBERS];
    unsigned number_count;
    struct trace_strings *strings;
    unsigned needs[TRACE_OP_COUNT], refuses[TRACE_OP_COUNT];
};

/* With misuse delta, claim, extend and extra are accepted. */
void trace_json_events_make(struct json_events *events,
                            struct trace_strings *strings, bool misuse);

/* The object that begins at `at`. */
const unsigned char *trace_json_event(struct json_events *events,
                                      struct json_scan *scan,
                                      const unsigned char *at,
                                      struct trace_event *event);

#endif
