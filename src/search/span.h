/*
 * search/span.h - how far a policy would reach without headers, in a heap
 * without end: what its choice of places alone costs.
 *
 * Blocks come and go as events, sizes are rounded to the granule, a realloc
 * frees and allocates.
 */
#ifndef SEARCH_SPAN_H
#define SEARCH_SPAN_H

#include "search/blocks.h"

struct search_span {
    const char *policy; /* "best-fit" */
    /* The span; UINT64_MAX when out of memory. */
    uint64_t (*measure)(const struct search_blocks *blocks);
};

/* Ended by a NULL policy. */
extern const struct search_span search_spans[];

#endif
