/*
 * sim/relay.h - a trace is read by one thread and replayed by another.
 *
 *     reader   | lot 0 | lot 1 | lot 2 | lot 3 | ...
 *     replay           | lot 0 | lot 1 | lot 2 | ...
 *
 * Lots go round in a ring; each is used by one of the two at a time.  Who has
 * to wait is woken when there is work for half a round: waking costs more than
 * a lot.  What a lot says does not depend on who was faster.
 */
#ifndef SIM_RELAY_H
#define SIM_RELAY_H

#include <pthread.h>

#include "sim/feed.h"

enum { SIM_LOT_EVENTS = 512, SIM_LOTS = 8 };

struct sim_lot {
    struct trace_event events[SIM_LOT_EVENTS];
    size_t count;                 /* 0: the feed has ended, or has an error */
    struct measure_census census; /* up to here */
};

struct sim_relay {
    struct sim_feed *feed; /* the reader's until it is stopped */
    pthread_t reader;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    uint64_t filled, used; /* lots, since the start */
    bool ended;            /* the last one is filled */
    struct sim_lot lots[SIM_LOTS];
};

/* Begin to read.  false: there is no thread to be had, and nothing is read. */
bool sim_relay_start(struct sim_relay *relay, struct sim_feed *feed);

/* The next lot, until it is given back; one of no events is not. */
const struct sim_lot *sim_relay_take(struct sim_relay *relay);
void sim_relay_give(struct sim_relay *relay);

/* Read no further; the feed is the caller's again. */
void sim_relay_stop(struct sim_relay *relay);

#endif
