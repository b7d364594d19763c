/*
 * search/check.h - is a placement one?  Shares no code with the searches.
 */
#ifndef SEARCH_CHECK_H
#define SEARCH_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A block in time and space: alive from lower to before upper. */
struct search_placed {
    uint64_t lower, upper;
    uint64_t offset, size_bytes;
};

struct search_findings {
    uint64_t load_bytes;   /* the most that is alive at once */
    uint64_t height_bytes; /* the highest end of a block */
    bool overlap;          /* between these two, the first in time */
    size_t first, second;
};

/* A sweep over time, O(n log n).  The ends of blocks are below 2^64.
   false: out of memory. */
bool search_check(struct search_findings *findings,
                  const struct search_placed *blocks, size_t count);

#endif
