/* search/min_heaps.h - the min heap of every policy of a run. */
#ifndef SEARCH_MIN_HEAPS_H
#define SEARCH_MIN_HEAPS_H

#include "search/min_heap.h"
#include "sim/simulate.h"

/* What is asked of a run. */
struct search_asked {
    uint64_t most_steps; /* may be replayed for each policy */
    bool blame;          /* who fragments, too (search/blame.h) */
};

/*
 * Find them, each in a process of its own, as many at once as the run's
 * options allow; a policy that breaks down there is marked as one that did in
 * the replay.  Then the policies are put in order again.
 * For sim_options.ask.  false: *error says why.
 */
bool search_min_heaps(struct sim_run *run, const struct sim_ground *ground,
                      const struct search_asked *asked,
                      struct trace_error *error);

#endif
