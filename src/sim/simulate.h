/*
 * sim/simulate.h - replay traces against policies: the room's front door.
 */
#ifndef SIM_SIMULATE_H
#define SIM_SIMULATE_H

#include <stdbool.h>

#include "sim/result.h"
#include "trace/trace.h"

enum sim_verify { SIM_VERIFY_NONE, SIM_VERIFY_LAYOUT, SIM_VERIFY_FULL };

struct sim_ground;
struct sim_spool;

struct sim_progress {
    uint64_t done, total; /* in events; total 0: not known */
    const char *what;     /* the policy or the trace in work */
};

/* What to replay, and how. */
struct sim_options {
    const char *const *specs; /* NULL: every policy of the default set */
    size_t spec_count;
    uint64_t memory_bytes; /* 0: the trace's map, or twice its peak */
    uint64_t align_bytes;  /* 0: the trace's, or 16 */
    enum sim_verify verify;
    bool misuse;
    bool time;
    uint64_t from_event, to_event; /* measured; 0: from the first, the last */
    uint64_t explain_event;        /* 0: none */
    unsigned jobs;                 /* at once; 0: as many as processors */
    unsigned timeout_seconds;      /* without any progress; 0: none */
    /* Called now and then while children work; may be NULL. */
    void (*progress)(void *context, const struct sim_progress *progress);
    void *context;
    /* Questions put once all is replayed, while the trace is still at hand;
       may be NULL.  A trace that is not read beforehand is so only if it
       must be asked about.  false: *error says why. */
    bool (*ask)(void *asker, struct sim_run *run,
                const struct sim_ground *ground, struct trace_error *error);
    void *asker;
    bool must_ask;
};

/* What a run's replays stand on. */
struct sim_ground {
    const struct sim_options *options;
    const struct sim_spool *spool;
    const struct trace_memory *map; /* of the header; NULL: none */
    size_t map_count;
};

/*
 * Judge a spec, NAME[:KNOB=VALUE,...] or PATH[:KNOB=VALUE,...].  true: fine,
 * as far as can be said before it is replayed; else message says what is wrong
 * with it, with the nearest right name.  A plug-in is loaded for it, in a
 * process of its own.
 */
bool sim_spec_check(const char *spec, char *message, size_t message_bytes);

/* The policy that this one draws from where a spec names none. */
const struct polished_ops *sim_usual_source(const struct polished_ops *ops);

/* Does a spec that passed name a file that cannot be read?  Then message
   says which and why. */
bool sim_spec_missing(const char *spec, char *message, size_t message_bytes);

/*
 * Replay one trace against all policies of options into *run, sorted best
 * first; what its strings point to lives as long as the run.
 * false: *error says why, and nothing is to be freed.
 */
bool sim_run_trace(struct sim_run *run, const char *path,
                   const struct sim_options *options,
                   struct trace_error *error);
void sim_run_free(struct sim_run *run);

/* The rows that --list shows: policies in order, host's included. */
struct sim_row {
    const struct polished_ops *ops;
    bool usual; /* part of the default set */
};
extern const struct sim_row sim_rows[]; /* ended by a NULL ops */

#endif
