/* measure/layout.h - one walk over a heap, as numbers. */
#ifndef MEASURE_LAYOUT_H
#define MEASURE_LAYOUT_H

#include "polished/block.h"
#include "polished/request.h"

/* A picture of memory in cells, each a share of the whole. */
enum { MEASURE_STRIP_CELLS = 64 };
struct measure_strip {
    polished_size cell_bytes; /* set by the caller, not 0 */
    polished_size used_bytes[MEASURE_STRIP_CELLS]; /* USED in each cell */
    polished_size own_bytes[MEASURE_STRIP_CELLS];  /* OWN and HOLE in it */
};

struct measure_layout {
    polished_size bytes[POLISHED_KIND_COUNT];  /* the sum of each kind */
    polished_size blocks[POLISHED_KIND_COUNT]; /* how many of each */
    polished_size largest_free_bytes;
    polished_size extent_bytes; /* the end of the last USED block */
    polished_size fits;         /* FREE blocks that hold `wanted` as it asks */
    /* What to look for; may be NULL.  bus_base as in struct polished_region. */
    const struct polished_request *wanted;
    uint64_t bus_base;
    struct measure_strip *strip; /* filled too if not NULL */
};

/* A visitor for polished_walk; context is the struct measure_layout, zeroed
   but for wanted, bus_base and strip. */
polished_visit measure_layout_visit;

/* External fragmentation, 1 - largest / sum of FREE; 0 without FREE. */
double measure_external(const struct measure_layout *layout);

/*
 * The fragmentation index of a request that failed, 1 - (1 + free/size)/holes
 * (Gorman): near 0 memory is short, near 1 it is in pieces.
 */
double measure_fragmentation_index(const struct measure_layout *layout,
                                   polished_size size_bytes);

#endif
