/*
 * sim/replay.h - one heap, one trace: every event in turn.
 */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include <stdbool.h>

#include "sim/arena.h"
#include "sim/atlas.h"
#include "sim/feed.h"
#include "sim/ledger.h"
#include "sim/marks.h"
#include "sim/owners.h"
#include "sim/places.h"
#include "sim/simulate.h"

struct sim_replay {
    struct sim_arena arena;
    struct polished_heap *heap;  /* the arena's */
    const struct sim_feed *feed; /* for the texts of events */
    const struct sim_options *options;
    uint64_t align_bytes;
    struct sim_policy *out;
    volatile uint64_t *event; /* the one in work, for whoever watches */

    struct sim_ledger ledger;
    struct sim_owners owners;
    struct sim_places places;
    struct sim_atlas atlas;
    bool unbounded; /* the heap is all addresses */
    bool judged;    /* blocks have to be inside, and aligned */
    bool placed;    /* places are kept */
    bool spread;    /* an atlas is kept */
    bool content;   /* blocks carry a pattern */
    bool watched;   /* any of these */
    bool counted;   /* the event in work is measured */
    bool strays;    /* blocks may be in use that the ledger does not know */
    bool swept;     /* reset or rewind has freed what is implied */

    uint64_t live_bytes, live_blocks, reserved_bytes, extent_bytes;
    uint64_t steps;               /* before the operation in work */
    uint64_t next_turn;           /* the event: then it is asked what of it is
                                     measured and explained */
    uint64_t next_sample;         /* the event */
    uint64_t next_footprint;      /* live bytes: then a malloc is asked again */
    struct measure_layout layout; /* of the last walk, if still true */
    bool layout_fresh;

    struct sim_marks marks;

    /* Of --explain: */
    bool explain_done;                     /* the heap has been looked at */
    uint64_t explain_slot;                 /* of the event's block */
    uint64_t explain_holders[SIM_HOLDERS]; /* 1 + slot; 0: not there any more */
};

/*
 * Make the heap; options, align_bytes, out and event are set, the rest is
 * zero.  census: NULL if the trace has not been read yet.
 * false: out->outcome and its reason or defect are set.
 */
bool sim_replay_begin(struct sim_replay *replay, const struct sim_spec *spec,
                      const struct sim_memory *memory,
                      const struct measure_census *census);

/* Apply events; false when a defect has ended the replay. */
bool sim_replay_events(struct sim_replay *replay,
                       const struct trace_event *events, size_t count);

/* After the last event: what leaked, the last sample, the outcome. */
void sim_replay_end(struct sim_replay *replay);

/* For the files of the replay: ------------------------------------------ */

/* Write down a defect; returns false. */
bool sim_replay_defect(struct sim_replay *replay, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline bool sim_replay_owns(const struct sim_replay *replay)
{
    return (replay->heap->ops->caps & POLISHED_OWNERS) != 0;
}

/* For whom a request is made. */
static inline void sim_replay_owner(struct sim_replay *replay,
                                    const struct trace_event *event)
{
    if (sim_replay_owns(replay))
        replay->heap->owner = sim_owner(
            &replay->owners, event->has & TRACE_HAS_HEAP ? event->heap : 0);
}

/* verify.c: judge a block that the policy has just given, resized or is
   about to take back; truth.c: its walk.  Each false after a defect. */
bool sim_verify_inside(struct sim_replay *replay,
                       const struct sim_block *block);
bool sim_verify_given(struct sim_replay *replay, const struct sim_block *block);
bool sim_verify_kept(struct sim_replay *replay, const struct sim_block *block,
                     uint64_t kept_bytes);
void sim_verify_taken(struct sim_replay *replay, const struct sim_block *block);
bool sim_verify_heap(struct sim_replay *replay);

/* The block alive, but for this one, that lies in a range, at least partly; the
   last of them.  It takes a look at every slot. */
const struct sim_block *sim_verify_in(const struct sim_replay *replay,
                                      uint64_t offset_bytes,
                                      uint64_t size_bytes,
                                      const struct sim_block *but);

/* account.c: look at the whole heap; what is kept between is in account.h. */
bool sim_account_sample(struct sim_replay *replay);

/* fail.c: write down a refused request and why. */
bool sim_fail(struct sim_replay *replay, const struct polished_request *request,
              uint64_t replaced_bytes, enum polished_status status);

/* Walk the heap unless nothing has changed since. */
void sim_replay_walk(struct sim_replay *replay);

#endif
