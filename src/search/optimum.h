/*
 * search/optimum.h - how little memory a trace needs if all is known ahead.
 *
 * Dynamic storage allocation: NP-hard, but L, the most that is ever alive, is
 * a lower bound that real traces nearly always reach.  U is the height of the
 * best placement found; if it is L, or every lower one was proved impossible,
 * it is the optimum.
 */
#ifndef SEARCH_OPTIMUM_H
#define SEARCH_OPTIMUM_H

#include "search/blocks.h"

/* When to give up, in operations: the same answer on every machine. */
struct search_effort {
    uint64_t sweep_operations; /* changes of gaps and look-ups */
    uint64_t comparisons;      /* of two blocks, by the local search */
    uint64_t visits;           /* of blocks, by the depth-first search */
};
extern const struct search_effort search_effort_full, search_effort_quick;

struct search_packing {
    uint64_t load_bytes;   /* L */
    uint64_t packed_bytes; /* U */
    bool optimal;          /* no placement is lower */
    uint64_t *offsets;     /* of each block, in a placement of height U */
};

/* false: out of memory.  Free the packing in either case. */
bool search_optimum(struct search_packing *packing,
                    const struct search_blocks *blocks,
                    const struct search_effort *effort);
void search_packing_free(struct search_packing *packing);

#endif
