/*
 * fit_choose.c - the four rules: which free block serves a request.
 *
 * Each takes O(log n) steps for n free blocks, and as much again for each
 * block that is large enough but, once aligned, is not.  The lowest address
 * wins among equals.
 */
#include "alloc/fit.h"
#include "alloc/tree.h"
#include "core/arith.h"
#include "core/count.h"

polished_size fit_gap(const struct polished_heap *heap, polished_size block,
                      polished_size align_bytes)
{
    uint64_t payload = heap->data.bus_base + block + BLOCK_HEAD;
    polished_size gap_bytes = arith_gap(payload, align_bytes);

    /* Too little for a block: go on to the next aligned place. */
    if (gap_bytes != 0 && gap_bytes < BLOCK_LEAST)
        gap_bytes += align_bytes;
    return gap_bytes;
}

/* Has the block room for such a request, where alignment lets it start? */
static bool fit_has_room(const struct polished_heap *heap, polished_size block,
                         polished_size need_bytes, polished_size align_bytes)
{
    polished_size size_bytes = block_size(heap, block);
    polished_size gap_bytes = fit_gap(heap, block, align_bytes);

    return gap_bytes <= size_bytes && need_bytes <= size_bytes - gap_bytes;
}

/* The first block in the tree's order, from key on, that has room. */
static polished_size fit_from(struct polished_heap *heap, struct tree_key key,
                              polished_size need_bytes,
                              polished_size align_bytes)
{
    polished_size block = tree_find(heap, key, need_bytes);

    while (block != BLOCK_NONE &&
           !fit_has_room(heap, block, need_bytes, align_bytes)) {
        key.size_bytes = block_size(heap, block);
        key.block = block + 1;
        block = tree_find(heap, key, need_bytes);
    }
    return block;
}

static polished_size fit_next(struct polished_heap *heap,
                              polished_size need_bytes,
                              polished_size align_bytes)
{
    struct tree_key key = {0, block_state(heap)->rover};
    polished_size block = fit_from(heap, key, need_bytes, align_bytes);

    if (block != BLOCK_NONE)
        return block;
    key.block = 0;
    return fit_from(heap, key, need_bytes, align_bytes);
}

/*
 * The last free block is the one that a smaller region would have smaller:
 * passed over for being too large, it must stay so.
 */
static polished_size fit_best(struct polished_heap *heap,
                              polished_size need_bytes,
                              polished_size align_bytes)
{
    struct tree_key key = {need_bytes, 0};
    polished_size block = fit_from(heap, key, need_bytes, align_bytes);
    polished_size last = fit_last_free(heap);

    if (block != BLOCK_NONE && last != BLOCK_NONE && block != last &&
        block_size(heap, last) >= block_size(heap, block))
        POLISHED_LOWER_SLACK(heap,
                             block_size(heap, last) - block_size(heap, block));
    return block;
}

/* The lowest block of just this size that has room. */
static polished_size fit_of_size(struct polished_heap *heap,
                                 polished_size size_bytes,
                                 polished_size need_bytes,
                                 polished_size align_bytes)
{
    struct tree_key key = {size_bytes, 0};

    for (;;) {
        polished_size block = tree_find(heap, key, size_bytes);

        if (block == BLOCK_NONE || block_size(heap, block) != size_bytes)
            return BLOCK_NONE;
        if (fit_has_room(heap, block, need_bytes, align_bytes))
            return block;
        key.block = block + 1;
    }
}

/* Chosen for being the largest, the last free block must stay larger than
   the next one. */
static void fit_note_worst(struct polished_heap *heap, polished_size block)
{
    struct tree_key key = {block_size(heap, block), block};
    polished_size second = tree_before(heap, key);
    polished_size margin_bytes;

    if (block != fit_last_free(heap) || second == BLOCK_NONE)
        return;
    margin_bytes = block_size(heap, block) - block_size(heap, second);
    POLISHED_LOWER_SLACK(
        heap, margin_bytes < BLOCK_GRAIN ? 0 : margin_bytes - BLOCK_GRAIN);
}

static polished_size fit_worst(struct polished_heap *heap,
                               polished_size need_bytes,
                               polished_size align_bytes)
{
    struct tree_key key = {BLOCK_SPAN, 0};
    polished_size block = BLOCK_NONE;

    while (block == BLOCK_NONE) {
        polished_size larger = tree_before(heap, key);

        if (larger == BLOCK_NONE || block_size(heap, larger) < need_bytes)
            return BLOCK_NONE;
        key.size_bytes = block_size(heap, larger);
        block = fit_of_size(heap, key.size_bytes, need_bytes, align_bytes);
    }
    fit_note_worst(heap, block);
    return block;
}

polished_size fit_choose(struct polished_heap *heap, polished_size need_bytes,
                         polished_size align_bytes)
{
    const struct tree_key lowest = {0, 0};

    switch ((enum fit)block_state(heap)->fit) {
    case FIT_NEXT:
        return fit_next(heap, need_bytes, align_bytes);
    case FIT_BEST:
        return fit_best(heap, need_bytes, align_bytes);
    case FIT_WORST:
        return fit_worst(heap, need_bytes, align_bytes);
    case FIT_FIRST:
    default:
        return fit_from(heap, lowest, need_bytes, align_bytes);
    }
}
