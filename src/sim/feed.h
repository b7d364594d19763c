/*
 * sim/feed.h - a trace as a replay wants it: ids are slots, and every block
 * that a destroy, rewind or reset ends follows it as an implied free.
 *
 * A trace is resolved once, in the parent, and spooled; a child then reads
 * the spool as it is.  Or the child resolves it itself, on the fly.
 */
#ifndef SIM_FEED_H
#define SIM_FEED_H

#include <stdbool.h>

#include "measure/census.h"
#include "sim/owners.h"
#include "trace/live.h"
#include "trace/trace.h"

enum { SIM_FEED_EVENTS = 64 };

struct sim_feed {
    struct trace_reader *reader; /* NULL: from a pipe */
    int pipe;
    uint32_t piped; /* events to come before the next count in the pipe */
    struct trace_live *live;      /* NULL: the trace is resolved already */
    struct measure_census census; /* up to here; only if resolving */
    struct sim_owners owners;     /* the same: as a replay will number them */
    struct trace_error error;     /* kind TRACE_FINE: none */
    bool spells;                  /* some event stood for others */
    uint64_t event;               /* number of the last one delivered, from 1 */
    bool implying; /* the last one stands for others, which come next */
    /* What was read behind it; the first of these was event raw_place of the
       last trace_read. */
    struct trace_event raw[SIM_FEED_EVENTS];
    size_t raw_count, raw_next, raw_place;
};

/* resolve: the ids are not slots yet.  The feed owns the reader. */
bool sim_feed_open(struct sim_feed *feed, struct trace_reader *reader,
                   bool resolve, bool misuse, uint64_t align_bytes);

/*
 * Events that another process reads: a process whose malloc is measured has no
 * reader of its own.  sim_feed_pour writes all of feed, then that it ended;
 * one pipe may carry one feed after the other.  false: nobody reads it, or the
 * feed has an error: its end is not written.
 * sim_feed_piped is sim_feed_read at the pipe's other end.
 */
void sim_feed_join(struct sim_feed *feed, int pipe);
bool sim_feed_pour(struct sim_feed *feed, int pipe);
size_t sim_feed_piped(struct sim_feed *feed, struct trace_event *events,
                      size_t capacity);

/* All of so many bytes, through a pipe.  false: its other end is gone. */
bool sim_feed_put(int pipe, const void *from, size_t bytes);
bool sim_feed_get(int pipe, void *into, size_t bytes);

/* A string of the trace; there is none in a pipe. */
const char *sim_feed_text(const struct sim_feed *feed, trace_string number);

/* The next events, at most capacity; 0 at the end and after an error. */
size_t sim_feed_read(struct sim_feed *feed, struct trace_event *events,
                     size_t capacity);
void sim_feed_close(struct sim_feed *feed);

/* Could the trace, so far, have been read as one that is resolved? */
bool sim_feed_as_written(const struct sim_feed *feed);

#endif
