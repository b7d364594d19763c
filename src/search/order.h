/*
 * search/order.h - placements that follow from an order of the blocks, for
 * traces small enough to compare blocks with each other.
 */
#ifndef SEARCH_ORDER_H
#define SEARCH_ORDER_H

#include "search/incumbent.h"

/*
 * Sort block numbers by the letters of keys, each descending: W lifetime, S
 * size, A area, T the largest load while the block lives; then by birth.
 * false: out of memory.
 */
bool search_order(uint32_t *order, const struct search_blocks *blocks,
                  const char *keys);

/*
 * First fit in several such orders, then a local search over orders: move a
 * block that is too high, or one that is in its way, to an earlier turn.
 * *budget counts down comparisons of two blocks.  false: out of memory.
 */
bool search_orders(struct search_incumbent *best, uint64_t *budget);

#endif
