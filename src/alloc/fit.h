/* alloc/fit.h - what the files of the four fits share. */
#ifndef ALLOC_FIT_H
#define ALLOC_FIT_H

#include "alloc/block.h"

enum fit { FIT_FIRST, FIT_NEXT, FIT_BEST, FIT_WORST };

static inline bool fit_is_by_size(const struct block_state *state)
{
    return state->fit >= FIT_BEST;
}

/* The size of a block with so much payload, which is at most data's size. */
static inline polished_size fit_need(polished_size payload_bytes)
{
    polished_size need_bytes =
        (payload_bytes + BLOCK_HEAD + BLOCK_GRAIN - 1) & ~(BLOCK_GRAIN - 1ull);

    return need_bytes < BLOCK_LEAST ? BLOCK_LEAST : need_bytes;
}

/*
 * How far behind a free block's start a used one has to start, so that its
 * payload is aligned and what stays before it is a block or nothing.
 */
polished_size fit_gap(const struct polished_heap *heap, polished_size block,
                      polished_size align_bytes);

/*
 * Find the block that serves a request, by this heap's rule; BLOCK_NONE if
 * none does.
 */
polished_size fit_choose(struct polished_heap *heap, polished_size need_bytes,
                         polished_size align_bytes);

/*
 * Make [block, block + size_bytes), whose neighbours are used, into a used
 * block of need_bytes that starts gap_bytes behind; what is left before and
 * behind it becomes free.  hole is the free block in it, which is in the tree;
 * or BLOCK_NONE.  False in a damaged heap.
 */
bool fit_cut(struct polished_heap *heap, polished_size hole,
             polished_size block, polished_size size_bytes,
             polished_size gap_bytes, polished_size need_bytes);

/* Add a free block, whose neighbours are used.  False in a damaged heap. */
bool fit_add_free(struct polished_heap *heap, polished_size block,
                  polished_size size_bytes);

/* The block that payload at this offset belongs to, if it is in use. */
enum polished_status fit_find(struct polished_heap *heap, polished_size offset,
                              polished_size size_bytes, polished_size *block);

/* The last free block if it touches the end mark. */
polished_size fit_last_free(const struct polished_heap *heap);

/* The calls that concern the region as a whole; see fit_region.c. */
polished_size fit_control_bytes(const polished_size *knobs,
                                polished_size data_bytes);
enum polished_status fit_init(struct polished_heap *heap, enum fit fit);
enum polished_status fit_extend(struct polished_heap *heap,
                                polished_size more_bytes);
enum polished_status fit_reserve(struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size size_bytes);
enum polished_status fit_reset(struct polished_heap *heap);
enum polished_status fit_walk(const struct polished_heap *heap,
                              polished_visit *visit, void *context);
polished_size fit_largest(const struct polished_heap *heap,
                          const struct polished_request *request);
enum polished_status fit_check(const struct polished_heap *heap);

#endif
