#include "sim/rank.h"

#include <stdlib.h>
#include <string.h>

static int rank_compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* A policy without a min heap, or without one that is known, needs most. */
static uint64_t rank_min_heap(const struct sim_policy *policy)
{
    return policy->min_heap_bytes == 0 ? UINT64_MAX : policy->min_heap_bytes;
}

/* Best first: by outcome, by min heap, by failures, by extent, by name. */
static int rank_order(const void *left, const void *right)
{
    const struct sim_policy *a = left, *b = right;
    int order = rank_compare(a->outcome, b->outcome);

    if (order == 0)
        order = rank_compare(rank_min_heap(a), rank_min_heap(b));
    if (order == 0)
        order = rank_compare(a->failures_total, b->failures_total);
    if (order == 0)
        order = rank_compare(a->tally.peak_extent_bytes,
                             b->tally.peak_extent_bytes);
    if (order == 0)
        order = strcmp(a->spec, b->spec);
    return order;
}

void sim_rank(struct sim_policy *policies, size_t count)
{
    qsort(policies, count, sizeof *policies, rank_order);
}
