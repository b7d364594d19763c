/*
 * explorer/explorer.h - every sequence of calls, of any length, on a heap in
 * a tiny region: each state that can be reached, each call in each state,
 * breadth first, until there is no new one.
 */
#ifndef EXPLORER_EXPLORER_H
#define EXPLORER_EXPLORER_H

#include "contract/oracle.h"

#define EXPLORER_NAME  120
#define EXPLORER_STORY 4096

struct explorer_plan {
    char name[EXPLORER_NAME];
    const struct polished_ops *ops, *source_ops;
    polished_size knobs[POLISHED_KNOBS], source_knobs[POLISHED_KNOBS];
    polished_size size_bytes, more_bytes, step;
    uint64_t bus_base;
    uint32_t owner_count;
    bool is_coarse;    /* no sizes between steps */
    size_t state_most; /* to give up at; 0: never */
};

struct explorer_result {
    size_t state_count, depth;
    uint64_t transition_count;
    bool is_closed;             /* no new state is left */
    char story[EXPLORER_STORY]; /* how a promise was broken; "": none was */
};

/* False: the policy refuses to make such a heap. */
bool explorer_run(const struct explorer_plan *plan,
                  struct explorer_result *result);

#endif
