/*
 * search/canon.h - depth-first search over canonical placements, after
 * minimalloc (Moffitt, 2023): exact, for traces of some hundred blocks.
 *
 * A placement may be pushed down until each block lies on another or on the
 * ground; sorted by offset, each block then has the lowest offset that those
 * before it leave.  So the search places blocks by offsets that never fall.
 */
#ifndef SEARCH_CANON_H
#define SEARCH_CANON_H

#include "search/incumbent.h"

enum search_answer {
    SEARCH_FITS,
    SEARCH_FITS_NOT, /* proved */
    SEARCH_SPENT,    /* the budget did not suffice to tell */
    SEARCH_FAILED    /* out of memory */
};

struct search_canon;

struct search_canon *search_canon_new(const struct search_blocks *blocks);
void search_canon_free(struct search_canon *canon);

/* Orders in which equal offsets are tried: so many are worth it. */
enum { SEARCH_PREORDERS = 5 };

/*
 * Look for a placement of at most capacity_bytes and leave it in offsets.
 * *budget counts down visits of blocks.
 */
enum search_answer search_canon_run(struct search_canon *canon,
                                    uint64_t *offsets, unsigned preorder,
                                    uint64_t capacity_bytes, uint64_t *budget);

/* All preorders in turns, the turns doubling in length. */
enum search_answer search_canon_solve(struct search_canon *canon,
                                      uint64_t *offsets,
                                      uint64_t capacity_bytes,
                                      uint64_t *budget);

#endif
