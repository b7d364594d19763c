/*
 * search/sweep.h - class-sweep first fit: placements of large traces.
 *
 * Each block has a class.  Classes are placed from high to low, the blocks
 * of a class in the order of their births, each at the lowest address that is
 * free all its life.  One sweep over time per class keeps the gaps between
 * the blocks alive; what is born later is looked up in a segment tree over
 * births, which has one set of gaps per node.  O(C n log n) and a few
 * look-ups per block.  With a single class this is first fit as any online
 * allocator does it.
 */
#ifndef SEARCH_SWEEP_H
#define SEARCH_SWEEP_H

#include "search/incumbent.h"

enum search_key {
    SEARCH_BY_BIRTH,         /* a single class */
    SEARCH_BY_SIZE,          /* floor lg size */
    SEARCH_BY_HALF_SIZE,     /* floor 2 lg size */
    SEARCH_BY_LIFE,          /* floor lg lifetime in sections */
    SEARCH_BY_AREA,          /* floor lg (size x lifetime) */
    SEARCH_BY_QUARTER_SIZE,  /* floor 4 lg size */
    SEARCH_BY_SIZE_AND_LIFE, /* floor (lg size + 1/2 lg lifetime) */
    SEARCH_BY_LOAD,          /* in a section with 98 % of L, then lg size */
    SEARCH_KEY_COUNT
};

/*
 * One placement by a key, offered to best; it is given up where it cannot be
 * lower.  *budget counts down changes of gaps and look-ups, and ends the pass
 * at 0 unless there is no placement yet.  false: out of memory.
 */
bool search_sweep(struct search_incumbent *best, enum search_key key,
                  uint64_t *budget);

/*
 * From the classes of a key on, raise what came to lie above L to a class of
 * its own, over all others, and place all anew; again, as long as it helps
 * (squeaky wheel optimization, Joslin and Clements 1999).
 */
bool search_sweep_repair(struct search_incumbent *best, enum search_key key,
                         uint64_t *budget);

/* The class of each block by a key, dense, 0 being placed last; how many
   classes, 0 when out of memory. */
uint32_t search_classes(uint32_t *classes, const struct search_blocks *blocks,
                        enum search_key key);

#endif
