/*
 * search/gaps.h - sets of address gaps, in which the lowest gap of a size is
 * found in logarithmic time.
 *
 * A set is a treap (Seidel and Aragon, 1996) ordered by address, each node
 * knowing the widest gap below it; many sets share one pool.  A set is the
 * number of its root, 0 the set without any gap.
 */
#ifndef SEARCH_GAPS_H
#define SEARCH_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct search_gap {
    uint64_t lower, upper; /* of the gap */
    uint64_t widest;       /* of the gaps of its subtree */
    uint32_t left, right, priority;
};

struct search_gaps {
    struct search_gap *nodes; /* nodes[0] is nobody's */
    size_t capacity, used;
    uint32_t spare;       /* freed nodes, linked by left */
    uint32_t random;      /* the priorities' state, the same in every run */
    bool short_of_memory; /* then the sets are spoilt */
};

void search_gaps_begin(struct search_gaps *gaps);
void search_gaps_free(struct search_gaps *gaps);

/* One gap from 0 up: nothing is occupied. */
uint32_t search_gaps_all(struct search_gaps *gaps);

/* The lowest address from at on where size_bytes are free; UINT64_MAX: none. */
uint64_t search_gaps_seek(const struct search_gaps *gaps, uint32_t root,
                          uint64_t at, uint64_t size_bytes);

/* Occupy lower to upper, whatever of it is occupied already; the new root. */
uint32_t search_gaps_occupy(struct search_gaps *gaps, uint32_t root,
                            uint64_t lower, uint64_t upper);

/* Free lower to upper, all of it occupied; the new root. */
uint32_t search_gaps_release(struct search_gaps *gaps, uint32_t root,
                             uint64_t lower, uint64_t upper);

/* The gap that holds an address or is the next one above; 0: none. */
uint32_t search_gaps_find(const struct search_gaps *gaps, uint32_t root,
                          uint64_t at);

/*
 * A set may also hold any pairs of numbers, in the order of the first, then
 * the second: add one, remove one, find the first that is no less.
 */
uint32_t search_gaps_add(struct search_gaps *gaps, uint32_t root,
                         uint64_t lower, uint64_t upper);
uint32_t search_gaps_remove(struct search_gaps *gaps, uint32_t root,
                            uint64_t lower, uint64_t upper);
uint32_t search_gaps_from(const struct search_gaps *gaps, uint32_t root,
                          uint64_t lower, uint64_t upper);

#endif
