/* search/incumbent.h - the best placement so far. */
#ifndef SEARCH_INCUMBENT_H
#define SEARCH_INCUMBENT_H

#include "search/blocks.h"

struct search_incumbent {
    const struct search_blocks *blocks;
    uint64_t height;   /* of offsets; UINT64_MAX: there is none yet */
    uint64_t *offsets; /* one per block */
    uint64_t *trial;   /* where a search leaves what it tries */
};

bool search_incumbent_begin(struct search_incumbent *best,
                            const struct search_blocks *blocks);
void search_incumbent_free(struct search_incumbent *best);

/* The trial is complete: keep it if it is lower. */
void search_incumbent_offer(struct search_incumbent *best);

/* Nothing is better than this: the height is L. */
bool search_incumbent_is_load(const struct search_incumbent *best);

#endif
