/* search_sample.h - traces for the tests of search. */
#ifndef SEARCH_SAMPLE_H
#define SEARCH_SAMPLE_H

#include "search/blocks.h"

/* Events in letters: "a3:64 r3:128 f3" allocates, resizes and frees slot 3. */
enum search_build sample_build(struct search_blocks *blocks,
                               uint64_t align_bytes, const char *events);

/* A random trace of so many blocks, at most live of them alive at once, of
   sizes up to most; some are aligned to more than the granule of 1. */
void sample_random(struct search_blocks *blocks, uint64_t seed, unsigned count,
                   unsigned live, unsigned most);

/* Is it a placement of that height, by the independent check? */
void sample_assert_placement(const struct search_blocks *blocks,
                             const uint64_t *offsets, uint64_t height);

uint64_t sample_next(uint64_t *state);

#endif
