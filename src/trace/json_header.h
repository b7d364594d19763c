/* trace/json_header.h - what stands before the events, as JSON. */
#ifndef TRACE_JSON_HEADER_H
#define TRACE_JSON_HEADER_H

#include "trace/json_scan.h"

/*
 * Members are collected one by one as text, checked by the scanner, and then
 * read as a whole by cJSON, which keeps their structure; a mark for each
 * value, in the same order, keeps where it stands, and its exact digits.
 */
struct json_header {
    struct json_visitor visitor;
    char *text;
    size_t used_bytes, capacity_bytes;
    struct json_mark *marks;
    size_t mark_count, mark_capacity;
    const unsigned char *member; /* being collected */
    unsigned seen;               /* members taken, by their row */
    bool has_op;                 /* a member "op": this is an event */
};

/* All zero, then this. */
void trace_json_header_make(struct json_header *head);
void trace_json_header_close(struct json_header *head);

/* "key": value. */
const unsigned char *trace_json_header_member(struct json_header *head,
                                              struct json_scan *scan,
                                              const unsigned char *at);

/* Forget the members collected so far. */
void trace_json_header_clear(struct json_header *head);

/* Is there a member "format" among those taken? */
bool trace_json_header_is_ours(const struct json_header *head);

/* Put the members collected into header, and forget them.  late: they stand
   behind the events, where not all of them can be honoured. */
bool trace_json_header_take(struct json_header *head,
                            struct trace_header *header, bool late,
                            struct trace_error *error);

/* A whole header as an object of text. */
const unsigned char *trace_json_header_object(struct json_header *head,
                                              struct json_scan *scan,
                                              const unsigned char *at);

/* The header as one line of JSON; NULL when out of memory, else to be freed
   with cJSON_free. */
char *trace_json_header_print(const struct trace_header *header);

#endif
