/* search/min_heaps.h - the min heap of every policy of a run. */
#ifndef SEARCH_MIN_HEAPS_H
#define SEARCH_MIN_HEAPS_H

#include "search/min_heap.h"
#include "sim/simulate.h"

/*
 * Find them, each in a process of its own, as many at once as the run's
 * options allow; a policy that breaks down there is marked as one that did in
 * the replay.  most_steps may be replayed for each (search/min_heap.h).  Then
 * the policies are put in order again.
 * For sim_options.ask.  false: *error says why.
 */
bool search_min_heaps(struct sim_run *run, const struct sim_ground *ground,
                      uint64_t most_steps, struct trace_error *error);

#endif
