/* fit_region.c - the four fits: the region as a whole, seen block by block. */
#include "alloc/fit.h"
#include "alloc/tree.h"
#include "core/arith.h"
#include "core/count.h"
#include "core/judged.h"
#include "core/walk.h"

polished_size fit_last_free(const struct polished_heap *heap)
{
    polished_size end = block_state(heap)->end;

    return block_left_is_used(heap, end) ? BLOCK_NONE : block_left(heap, end);
}

polished_size fit_control_bytes(const polished_size *knobs,
                                polished_size data_bytes)
{
    (void)knobs;
    return data_bytes > BLOCK_SPAN ? 0 : sizeof(struct block_state);
}

/* Data holds one free block and nothing else. */
static bool fit_make_empty(struct polished_heap *heap)
{
    struct block_state *state = block_state(heap);

    state->root = BLOCK_NONE;
    state->rover = state->first;
    block_set_used(heap, state->end, 0, false);
    return fit_add_free(heap, state->first, state->end - state->first);
}

enum polished_status fit_init(struct polished_heap *heap, enum fit fit)
{
    struct block_state *state = block_state(heap);
    polished_size size_bytes = heap->data.size_bytes;
    polished_size first =
        arith_gap(heap->data.bus_base + BLOCK_HEAD, BLOCK_GRAIN);
    polished_size room_bytes;

    if (size_bytes < first + BLOCK_LEAST + BLOCK_HEAD)
        return POLISHED_BAD_SIZE;
    room_bytes = arith_round_down(size_bytes - first - BLOCK_HEAD, BLOCK_GRAIN);
    state->first = first;
    state->end = first + room_bytes;
    state->fit = fit;
    POLISHED_LOWER_SLACK(heap, room_bytes - BLOCK_LEAST);
    fit_make_empty(heap);
    return POLISHED_OK;
}

/*
 * What is new becomes part of the last block if that is free, else a block of
 * its own once there is enough of it.
 */
enum polished_status fit_extend(struct polished_heap *heap,
                                polished_size more_bytes)
{
    struct block_state *state = block_state(heap);
    polished_size size_bytes = heap->data.size_bytes + more_bytes;
    polished_size last = fit_last_free(heap);
    polished_size start = last == BLOCK_NONE ? state->end : last;
    polished_size end =
        state->first +
        arith_round_down(size_bytes - BLOCK_HEAD - state->first, BLOCK_GRAIN);

    POLISHED_STEP(heap);
    if (size_bytes > BLOCK_SPAN)
        return POLISHED_LIMIT;
    /* In a shorter region, too, the last block must be there to be grown. */
    POLISHED_LOWER_SLACK(
        heap, last == BLOCK_NONE ? 0 : state->end - start - BLOCK_LEAST);
    if (end - start < BLOCK_LEAST || end == state->end)
        return POLISHED_OK;
    if (last != BLOCK_NONE && !tree_remove(heap, last))
        return POLISHED_CORRUPT;
    state->end = end;
    block_set_used(heap, end, 0, false);
    return fit_add_free(heap, start, end - start) ? POLISHED_OK
                                                  : POLISHED_CORRUPT;
}

/* The block in which a byte between first and end lies, and its head. */
static polished_size fit_around(struct polished_heap *heap,
                                polished_size offset)
{
    polished_size block = block_state(heap)->first;

    for (;;) {
        polished_size size_bytes = block_size(heap, block);

        POLISHED_STEP(heap);
        if (!block_fits_in(heap, block, size_bytes))
            return BLOCK_NONE;
        if (offset < block + size_bytes)
            return block;
        block += size_bytes;
    }
}

/* Why there is no used block whose payload starts at the offset. */
static enum polished_status fit_explain(struct polished_heap *heap,
                                        polished_size offset)
{
    const struct block_state *state = block_state(heap);
    polished_size block;

    if (offset < state->first || offset >= state->end)
        return POLISHED_NOT_OWNED;
    block = fit_around(heap, offset);
    if (block == BLOCK_NONE)
        return POLISHED_CORRUPT;
    if (!block_is_used(heap, block))
        return POLISHED_DOUBLE_FREE;
    if (!block_is_sealed(heap, block))
        return POLISHED_CORRUPT;
    if (offset < block + BLOCK_HEAD)
        return POLISHED_NOT_OWNED;
    return offset == block + BLOCK_HEAD ? POLISHED_CORRUPT : POLISHED_INTERIOR;
}

/* Are head and neighbours those of a used block? */
static bool fit_is_block(const struct polished_heap *heap, polished_size block)
{
    polished_size size_bytes;

    if ((block - block_state(heap)->first) % BLOCK_GRAIN != 0 ||
        !block_is_sealed(heap, block))
        return false;
    size_bytes = block_size(heap, block);
    return block_fits_in(heap, block, size_bytes) &&
           block_left_is_used(heap, block + size_bytes);
}

enum polished_status fit_find(struct polished_heap *heap, polished_size offset,
                              polished_size size_bytes, polished_size *block)
{
    polished_size found = offset - BLOCK_HEAD;
    polished_size need_bytes = fit_need(size_bytes);

    POLISHED_ASSERT(judged_block(heap, offset, size_bytes));
    POLISHED_STEP(heap);
    if (offset < BLOCK_HEAD || !fit_is_block(heap, found))
        return fit_explain(heap, offset);
    /* A block is larger than needed by less than what could be cut off; a
       need beyond its size wraps round to more than that. */
    if (size_bytes != 0 && block_size(heap, found) - need_bytes >= BLOCK_LEAST)
        return POLISHED_SIZE_MISMATCH;
    *block = found;
    return POLISHED_OK;
}

enum polished_status fit_reserve(struct polished_heap *heap,
                                 polished_size offset, polished_size size_bytes)
{
    const struct block_state *state = block_state(heap);
    polished_size need_bytes = fit_need(size_bytes);
    polished_size used = offset - BLOCK_HEAD;
    polished_size block, gap_bytes;

    POLISHED_ASSERT(judged_block(heap, offset, size_bytes));
    if (offset < state->first + BLOCK_HEAD || offset >= state->end)
        return POLISHED_OVERLAP;
    if ((used - state->first) % BLOCK_GRAIN != 0)
        return POLISHED_BAD_ALIGN;
    block = fit_around(heap, used);
    if (block == BLOCK_NONE)
        return POLISHED_CORRUPT;
    gap_bytes = used - block;
    if (block_is_used(heap, block) ||
        need_bytes > block_size(heap, block) - gap_bytes)
        return POLISHED_OVERLAP;
    if (gap_bytes != 0 && gap_bytes < BLOCK_LEAST)
        return POLISHED_NO_MEMORY;
    if (!block_is_free(heap, block) ||
        !fit_cut(heap, block, block, block_size(heap, block), gap_bytes,
                 need_bytes))
        return POLISHED_CORRUPT;
    return POLISHED_OK;
}

/* Heads that stay behind would make stale pointers look good. */
enum polished_status fit_reset(struct polished_heap *heap)
{
    const struct block_state *state = block_state(heap);
    polished_size block = state->first;

    if (fit_walk(heap, NULL, NULL) != POLISHED_OK)
        return POLISHED_CORRUPT;
    while (block != state->end) {
        polished_size size_bytes = block_size(heap, block);

        POLISHED_STEP(heap);
        block_clear(heap, block);
        block += size_bytes;
    }
    fit_make_empty(heap);
    return POLISHED_OK;
}

/* Show one block; false if there is none. */
static bool fit_show(const struct polished_heap *heap, struct walk *walk,
                     polished_size block)
{
    polished_size size_bytes = block_size(heap, block);
    bool is_used = block_is_used(heap, block);

    if (!block_fits_in(heap, block, size_bytes) ||
        !(is_used ? block_is_sealed(heap, block) : block_is_free(heap, block)))
        return false;
    walk_to(walk, block + BLOCK_HEAD, POLISHED_OWN);
    walk_to(walk, block + size_bytes, is_used ? POLISHED_USED : POLISHED_FREE);
    return true;
}

enum polished_status fit_walk(const struct polished_heap *heap,
                              polished_visit *visit, void *context)
{
    const struct block_state *state = block_state(heap);
    struct walk walk = {.visit = visit, .context = context, .is_over = !visit};
    polished_size block = state->first;
    bool is_left_used = true;

    while (block != state->end && (!visit || !walk.is_over)) {
        if (block_left_is_used(heap, block) != is_left_used ||
            !fit_show(heap, &walk, block))
            return POLISHED_CORRUPT;
        is_left_used = block_is_used(heap, block);
        block += block_size(heap, block);
    }
    walk_to(&walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
}

polished_size fit_largest(const struct polished_heap *heap,
                          const struct polished_request *request)
{
    const struct block_state *state = block_state(heap);
    polished_size block = state->first;
    polished_size largest_bytes = 0;

    while (block != state->end) {
        polished_size size_bytes = block_size(heap, block);
        polished_size gap_bytes = fit_gap(heap, block, request->align_bytes);

        if (!block_fits_in(heap, block, size_bytes))
            return 0;
        if (!block_is_used(heap, block) && gap_bytes < size_bytes &&
            size_bytes - gap_bytes >= BLOCK_LEAST &&
            largest_bytes < size_bytes - gap_bytes - BLOCK_HEAD)
            largest_bytes = size_bytes - gap_bytes - BLOCK_HEAD;
        block += size_bytes;
    }
    return largest_bytes;
}

enum polished_status fit_check(const struct polished_heap *heap)
{
    const struct block_state *state = block_state(heap);

    if (!block_is_sealed(heap, state->end) || state->rover < state->first ||
        state->rover > state->end)
        return POLISHED_CORRUPT;
    return tree_is_sound(heap) ? POLISHED_OK : POLISHED_CORRUPT;
}
