/*
 * fit.c - blocks of any size, freed in any order, merged at once: one engine
 * for first, next, best and worst fit.
 *
 *     | H used      | H free  < > F | H used   | H free   < > F | end |
 *                   ^
 *     alloc: a free block is cut    | H used   | H free < > F |
 *     free:  it merges with free neighbours, found by head and foot
 *
 * The rules differ in one thing: which of the free blocks that are large
 * enough is cut (fit_choose.c).  First and next fit keep them in a tree by
 * address, best and worst fit by size (tree.h); blocks are in block.h.
 *
 * Time: O(log n) for n free blocks in alloc, free and resize (alloc with an
 * alignment above 16 may pass over blocks).  A refused free looks for the
 * reason in O(blocks); so do reserve, reset, walk, largest and check.
 * Fails: when no free block is large enough, though all together may be.
 * Keeps: five words in control; in data 8 bytes per block, whose size is a
 * multiple of 16 and at least 32.
 *
 * Worst case, for at most M live bytes and blocks of 1 ... n: first fit needs
 * M(log2 n + 0.83) (Robson 1977), best fit up to about M n (Robson 1977).
 */
#include "alloc/fit.h"

#include "alloc/tree.h"
#include "core/arith.h"
#include "core/count.h"
#include "core/judged.h"
#include "polished/policies.h"

bool fit_add_free(struct polished_heap *heap, polished_size block,
                  polished_size size_bytes)
{
    block_set_free(heap, block, size_bytes);
    return tree_insert(heap, block);
}

/* No shorter region could hold a block that ends there. */
static void fit_note_end(struct polished_heap *heap, polished_size end)
{
    POLISHED_ASSERT(end <= block_state(heap)->end);
    POLISHED_LOWER_SLACK(heap, block_state(heap)->end - end);
}

/* A hole becomes this free block, or none (0 bytes); or the block is new. */
static bool fit_refill(struct polished_heap *heap, polished_size hole,
                       polished_size block, polished_size size_bytes)
{
    if (hole != BLOCK_NONE && size_bytes != 0 &&
        !fit_is_by_size(block_state(heap)))
        return tree_move(heap, hole, block, size_bytes);
    return (hole == BLOCK_NONE || tree_remove(heap, hole)) &&
           (size_bytes == 0 || fit_add_free(heap, block, size_bytes));
}

bool fit_cut(struct polished_heap *heap, polished_size hole,
             polished_size block, polished_size size_bytes,
             polished_size gap_bytes, polished_size need_bytes)
{
    polished_size used = block + gap_bytes;
    polished_size rest_bytes = size_bytes - gap_bytes - need_bytes;
    polished_size end = block + size_bytes;
    bool left_is_used = gap_bytes == 0 && block_left_is_used(heap, block);

    POLISHED_ASSERT(gap_bytes + need_bytes <= size_bytes);
    POLISHED_ASSERT(gap_bytes == 0 || gap_bytes >= BLOCK_LEAST);
    fit_note_end(heap, used + need_bytes);
    if (rest_bytes < BLOCK_LEAST) {
        need_bytes += rest_bytes;
        rest_bytes = 0;
    }
    if (gap_bytes != 0) {
        if (!fit_refill(heap, hole, block, gap_bytes))
            return false;
        hole = BLOCK_NONE;
    }
    if (!fit_refill(heap, hole, used + need_bytes, rest_bytes))
        return false;
    block_set_used(heap, used, need_bytes, left_is_used);
    if (block_left_is_used(heap, end) != (rest_bytes == 0))
        block_tell_left(heap, end, rest_bytes == 0);
    return true;
}

static enum polished_status fit_alloc(struct polished_heap *heap,
                                      const struct polished_request *request,
                                      polished_size *offset)
{
    polished_size need_bytes = fit_need(request->size_bytes);
    polished_size block = fit_choose(heap, need_bytes, request->align_bytes);
    polished_size gap_bytes;

    POLISHED_ASSERT(judged_request(heap, request));
    if (block == BLOCK_NONE)
        return POLISHED_NO_MEMORY;
    gap_bytes = fit_gap(heap, block, request->align_bytes);
    if (!block_is_free(heap, block) ||
        !fit_cut(heap, block, block, block_size(heap, block), gap_bytes,
                 need_bytes))
        return POLISHED_CORRUPT;
    block_state(heap)->rover = block + gap_bytes + need_bytes;
    *offset = block + gap_bytes + BLOCK_HEAD;
    return POLISHED_OK;
}

/*
 * Merge what was a used block, from its start to its end, with its free
 * neighbours.
 */
static bool fit_release(struct polished_heap *heap, polished_size start,
                        polished_size end)
{
    struct block_state *state = block_state(heap);
    polished_size left = BLOCK_NONE;
    polished_size hole = BLOCK_NONE; /* that becomes the merged one */

    POLISHED_STEP(heap);
    if (!block_left_is_used(heap, start)) {
        left = block_left(heap, start);
        if (left == BLOCK_NONE || !block_is_free(heap, left))
            return false;
    }
    if (!block_is_used(heap, end)) {
        hole = end;
        if (!block_is_free(heap, hole) ||
            (left != BLOCK_NONE && !tree_remove(heap, hole)))
            return false;
        end += block_size(heap, hole);
    } else {
        block_tell_left(heap, end, false);
    }
    if (left != BLOCK_NONE) {
        block_clear(heap, start);
        hole = start = left;
    }
    if (start <= state->rover && state->rover <= end)
        state->rover = start;
    return fit_refill(heap, hole, start, end - start);
}

static enum polished_status fit_free(struct polished_heap *heap,
                                     polished_size offset,
                                     polished_size size_bytes)
{
    polished_size block;
    enum polished_status status = fit_find(heap, offset, size_bytes, &block);

    if (status != POLISHED_OK)
        return status;
    return fit_release(heap, block, block + block_size(heap, block))
               ? POLISHED_OK
               : POLISHED_CORRUPT;
}

/*
 * Let the block end elsewhere.  The room it can have is its own and that of
 * a free right neighbour, which is cut again behind it.
 */
static enum polished_status fit_move_end(struct polished_heap *heap,
                                         polished_size block,
                                         polished_size need_bytes)
{
    polished_size size_bytes = block_size(heap, block);
    polished_size right = block + size_bytes;
    polished_size hole = BLOCK_NONE;
    polished_size room_bytes = size_bytes;

    POLISHED_STEP(heap);
    if (need_bytes == size_bytes) {
        fit_note_end(heap, right);
        return POLISHED_OK;
    }
    if (!block_is_used(heap, right)) {
        if (!block_is_free(heap, right))
            return POLISHED_CORRUPT;
        hole = right;
        room_bytes += block_size(heap, hole);
    }
    if (need_bytes > room_bytes)
        return POLISHED_NO_MEMORY;
    return fit_cut(heap, hole, block, room_bytes, 0, need_bytes)
               ? POLISHED_OK
               : POLISHED_CORRUPT;
}

static enum polished_status fit_resize(struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes,
                                       const struct polished_request *request)
{
    polished_size block;
    enum polished_status status = fit_find(heap, offset, size_bytes, &block);

    if (status != POLISHED_OK)
        return status;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    return fit_move_end(heap, block, fit_need(request->size_bytes));
}

static enum polished_status fit_usable(const struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size *size_bytes)
{
    struct polished_heap reader = *heap; /* whose steps do not count */
    polished_size block;
    enum polished_status status = fit_find(&reader, offset, 0, &block);

    if (status == POLISHED_OK)
        *size_bytes = block_size(heap, block) - BLOCK_HEAD;
    return status;
}

static enum polished_status fit_init_first(struct polished_heap *heap,
                                           const polished_size *knobs)
{
    (void)knobs;
    return fit_init(heap, FIT_FIRST);
}

static enum polished_status fit_init_next(struct polished_heap *heap,
                                          const polished_size *knobs)
{
    (void)knobs;
    return fit_init(heap, FIT_NEXT);
}

static enum polished_status fit_init_best(struct polished_heap *heap,
                                          const polished_size *knobs)
{
    (void)knobs;
    return fit_init(heap, FIT_BEST);
}

static enum polished_status fit_init_worst(struct polished_heap *heap,
                                           const polished_size *knobs)
{
    (void)knobs;
    return fit_init(heap, FIT_WORST);
}

/* The rows are alike but for their name and rule. */
#define FIT_ROW(row_name, row_summary, row_init)                               \
    {                                                                          \
        .abi = POLISHED_ABI,                                                   \
        .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_EXACT_WALK | \
                COUNT_CAPS(POLISHED_SLACK | POLISHED_GROWS),                   \
        .name = row_name, .summary = row_summary,                              \
        .control_bytes = fit_control_bytes, .init = row_init,                  \
        .alloc = fit_alloc, .free = fit_free, .resize = fit_resize,            \
        .usable = fit_usable, .extend = fit_extend, .reserve = fit_reserve,    \
        .reset = fit_reset, .walk = fit_walk, .largest = fit_largest,          \
        .check = fit_check                                                     \
    }

const struct polished_ops polished_first_fit = FIT_ROW(
    "first-fit", "the lowest hole that is large enough", fit_init_first);
const struct polished_ops polished_next_fit =
    FIT_ROW("next-fit", "the next large enough hole behind the last block made",
            fit_init_next);
const struct polished_ops polished_best_fit = FIT_ROW(
    "best-fit", "the smallest hole that is large enough", fit_init_best);
const struct polished_ops polished_worst_fit =
    FIT_ROW("worst-fit", "the largest hole", fit_init_worst);
