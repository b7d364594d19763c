/*
 * search/lives.h - a trace in memory, to leave parts of it out.
 *
 * What belongs together is a unit: an alloc with its reallocs and its free, a
 * mark with its rewinds; every other event is its own.  Where units are left
 * out the rest is a legal trace, but for an odd rewind.
 */
#ifndef SEARCH_LIVES_H
#define SEARCH_LIVES_H

#include "trace/trace.h"

/* Why an event is left out: any of these. */
enum search_gone {
    SEARCH_GONE_UNIT = 1, /* with its unit */
    SEARCH_GONE_ALONE = 2,
    SEARCH_GONE_LATE = 4 /* it comes after all that matters */
};

struct search_lives {
    struct trace_reader *reader; /* has the strings and the header */
    bool misuse;
    struct trace_event *events; /* id: the unit */
    uint32_t *nexts;            /* of the same unit; 0: none */
    unsigned char *gone;        /* of enum search_gone */
    size_t count, room;
    uint32_t *firsts; /* the first event of a unit */
    size_t units;
};

/* Read all.  The reader is the lives' own from now on; false: *error. */
bool search_lives_read(struct search_lives *lives, struct trace_reader *reader,
                       bool misuse, struct trace_error *error);
void search_lives_free(struct search_lives *lives);

/* Leave a unit out, or take it back. */
void search_lives_drop(struct search_lives *lives, size_t unit, bool gone);

/* The events that are left. */
size_t search_lives_left(const struct search_lives *lives);

/*
 * Show what is left, resolved (trace/live.h): visit sees each event, those
 * implied too, and how many bytes it ended, until it answers false.
 * false: what is left is no legal trace, or memory is short.
 */
bool search_lives_play(const struct search_lives *lives,
                       bool (*visit)(void *context,
                                     const struct trace_event *event,
                                     uint64_t ended_bytes),
                       void *context);

/* Write what is left, with ids from 1; false: the writer failed. */
bool search_lives_write(const struct search_lives *lives,
                        struct trace_writer *writer);

#endif
