/* alloc/bump.h - what a bump heap keeps. */
#ifndef ALLOC_BUMP_H
#define ALLOC_BUMP_H

#include "polished/heap.h"

/* So many nested levels of rewinds are told apart exactly. */
#ifndef BUMP_CUTS
#define BUMP_CUTS 8
#endif

/* Once the top was lowered to top_bytes: older marks above are stale. */
struct bump_cut {
    polished_size top_bytes;
    polished_size epoch;
};

struct bump_state {
    polished_size top_bytes;
    polished_size last;        /* POLISHED_NOWHERE: no block that is known */
    polished_size epoch;       /* cuts and resets ever */
    polished_size reset_epoch; /* of the last reset */
    uint32_t cut_count;
    struct bump_cut cuts[BUMP_CUTS]; /* tops and epochs ascend */
};

#endif
