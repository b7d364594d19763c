/*
 * search/min_heap.h - how small may the heap be?
 *
 * The safe minimum is the least size from which on every size passes.  Few
 * policies pass in every heap larger than one in which they passed, so
 * bisection alone would find a size that a larger one belies.
 */
#ifndef SEARCH_MIN_HEAP_H
#define SEARCH_MIN_HEAP_H

#include "search/trial.h"
#include "sim/result.h"

/* How many steps may be replayed for one policy, where nothing else is said.
   It is no time, so that the answer is the same on every machine. */
#define SEARCH_MIN_HEAP_STEPS UINT64_C(50000000)

struct search_min_heap {
    enum sim_min_heap status;
    uint64_t bytes; /* the safe minimum; 0: there is none */
    uint64_t smallest_bytes, anomalies;
    char reason[SIM_TEXT_BYTES]; /* none: why */
    /* A policy that broke its contract; event 0: it has not. */
    uint64_t defect_event, defect_bytes; /* in a heap of so many */
    enum polished_status defect_status;
    uint64_t trials; /* replays made, complete or not */
};

/* false: out of memory. */
bool search_min_heap(const struct search_ground *ground, uint64_t most_steps,
                     struct search_min_heap *answer);

#endif
