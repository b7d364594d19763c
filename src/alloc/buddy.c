/*
 * buddy.c - blocks of 2^k grains, cut in halves and merged from halves.
 *
 *     order 3  |               0               |     a region of 11 grains
 *           2  |       0       |       4       |     is cut into 8 + 2 + 1
 *           1  |   0   |   2   |   4   |   6   |   8   |
 *           0  | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |10 |
 *
 *     tag      U0  F0  F1  -   F2  -   -   -   F1  -   F0
 *              used    free, order 1, grains 2 and 3
 *
 * The buddy of block b of order k is b ^ 2^k: the other half of what they were
 * cut from.  A tag for each grain, outside the blocks, says what starts there;
 * so one comparison tells whether the buddy is free and whole.  A word has a
 * bit for each order that has a free block.
 *
 * Grain 0 lies where data begins, rounded up to a grain: the largest block
 * does not depend on where that is.  An alignment that grain 0 does not have,
 * and a range that is reserved, make a run: grains in use as one, no block of
 * 2^k.  Whatever is left of a block goes back at once.
 *
 * After Knowlton, "A fast storage allocator" (1965).
 *
 * Time: alloc, free and resize O(orders): at most 2 steps for each order of
 * the region.  init, reset and check O(grains), extend O(grains that are new),
 * walk O(blocks), reserve O(orders).
 * Fails: when no free block is as large as the request, rounded up to a power
 * of two; and two neighbours that are not buddies never merge.
 * Keeps: 152 bytes and 1 for each grain in control; nothing in a block in use,
 * so every misuse is told whatever the caller wrote.  The links of free blocks
 * lie in these; one that was written over is known by the tag it leads to.
 *
 * Worst case, for at most M live bytes in blocks of up to 2^r grains, powers
 * of two: (r + 1) M (Knuth 2.5, exercise 41); twice that for any sizes.
 */
#include "alloc/buddy.h"

#include "polished/policies.h"

/* Is the buddy of a block free too, and do they make one? */
BUDDY_INLINE bool buddy_merges(const struct buddy *buddy, uint32_t block,
                               unsigned order)
{
    return order + 1 < BUDDY_ORDERS &&
           buddy_is_free(buddy, block ^ UINT32_C(1) << order, order);
}

/* Free a block and merge it, as long as its buddy is free too. */
BUDDY_COOL static enum polished_status
buddy_merge(struct polished_heap *heap, uint32_t block, unsigned order)
{
    struct buddy buddy = buddy_open(heap);

    bool is_sound = true;

    buddy.steps = 1 - order;
    while (buddy_merges(&buddy, block, order)) {
        uint32_t other = block ^ UINT32_C(1) << order;

        is_sound = buddy_pull(&buddy, other, order) && is_sound;
        buddy.state->tag[block | other] = BUDDY_INSIDE;
        block &= other;
        order++;
    }
    buddy.steps += order;
    buddy_push(&buddy, block, order);
    buddy_close(&buddy, heap);
    return is_sound ? POLISHED_OK : POLISHED_CORRUPT;
}

/* Use the first block of an order that has one, or what it is to be cut to. */
BUDDY_INLINE bool buddy_take(struct buddy *buddy, unsigned order,
                             unsigned used_order, uint32_t *block,
                             polished_size *offset)
{
    if (!buddy_pop(buddy, order, block))
        return false;
    buddy->state->tag[*block] = (uint8_t)(BUDDY_USED | used_order);
    *offset = buddy_offset(buddy->state, *block);
    return true;
}

/* A block of an order, cut from one of at least another: there is none of an
   order between that and the one it is cut from. */
BUDDY_COOL static enum polished_status buddy_split(struct polished_heap *heap,
                                                   unsigned order,
                                                   unsigned least_order,
                                                   polished_size *offset)
{
    struct buddy buddy = buddy_open(heap);
    uint32_t orders = buddy_orders_from(&buddy, least_order);
    uint32_t block;
    unsigned found;

    if (orders == 0)
        return POLISHED_NO_MEMORY;
    found = bits_lowest(orders);
    buddy.steps = found - order + 1;
    if (!buddy_take(&buddy, found, order, &block, offset))
        return POLISHED_CORRUPT;
    while (found > least_order) {
        found--;
        buddy_start(&buddy, block + (UINT32_C(1) << found), found);
    }
    while (found > order) {
        found--;
        buddy_push(&buddy, block + (UINT32_C(1) << found), found);
    }
    buddy_close(&buddy, heap);
    return POLISHED_OK;
}

/* A block that is aligned more than a grain. */
BUDDY_COOL static enum polished_status
buddy_alloc_aligned(struct polished_heap *heap,
                    const struct polished_request *request,
                    polished_size *offset)
{
    struct buddy_state *state = buddy_state(heap);
    uint64_t grains = buddy_grains(state, request->size_bytes);
    unsigned order = buddy_order(grains);
    struct buddy_align align = buddy_align(heap, request->align_bytes);

    if (align.gap != 0)
        return buddy_alloc_run(heap, grains, &align, offset);
    return buddy_split(heap, order, order < align.order ? align.order : order,
                       offset);
}

/* Most calls find a block of the order: so far they need no call of ours. */
BUDDY_INLINE enum polished_status
buddy_alloc(struct polished_heap *heap, const struct polished_request *request,
            polished_size *offset)
{
    struct buddy buddy = buddy_open(heap);
    unsigned order =
        buddy_order(buddy_grains(buddy.state, request->size_bytes));
    uint32_t block;

    if (request->align_bytes >> buddy.shift > 1)
        return buddy_alloc_aligned(heap, request, offset);
    if (((uint64_t)buddy.orders >> order & 1) == 0)
        return buddy_split(heap, order, order, offset);
    if (!buddy_take(&buddy, order, order, &block, offset))
        return POLISHED_CORRUPT;
    buddy.steps = 1;
    buddy_close(&buddy, heap);
    return POLISHED_OK;
}

/* Why no block in use starts at the offset; one before grain 0 leads to a grain
   far behind the last. */
static enum polished_status buddy_explain(const struct buddy_state *state,
                                          polished_size offset)
{
    polished_size grain = (offset - state->first_bytes) >> state->grain_shift;
    uint32_t block;
    unsigned tag;

    if (grain >= state->count)
        return POLISHED_NOT_OWNED;
    block = buddy_around(state, (uint32_t)grain);
    tag = state->tag[block];
    return buddy_tag_kind(tag) == BUDDY_FREE &&
                   (grain - block) >> buddy_tag_order(tag) == 0
               ? POLISHED_DOUBLE_FREE
               : POLISHED_INTERIOR;
}

/* The grain at an offset; bytes behind its start turn it into one that there
   is not. */
static inline polished_size buddy_grain(const struct buddy_state *state,
                                        polished_size offset)
{
    return arith_rotate(offset - state->first_bytes, state->grain_shift);
}

/* The block in use that starts at the offset. */
static enum polished_status buddy_locate(const struct buddy_state *state,
                                         polished_size offset,
                                         polished_size size_bytes,
                                         uint32_t *block)
{
    polished_size grain = buddy_grain(state, offset);
    unsigned kind;
    uint64_t grains;

    *block = (uint32_t)grain;
    if (grain >= state->count)
        return buddy_explain(state, offset);
    kind = buddy_tag_kind(state->tag[grain]);
    if (kind != BUDDY_USED && kind != BUDDY_RUN)
        return buddy_explain(state, offset);
    if (size_bytes == 0)
        return POLISHED_OK;
    grains = buddy_grains(state, size_bytes);
    if (kind == BUDDY_USED
            ? buddy_order(grains) == buddy_tag_order(state->tag[grain])
            : grains == buddy_length(state, *block))
        return POLISHED_OK;
    return POLISHED_SIZE_MISMATCH;
}

/* Free a run, or say why there is nothing to free. */
BUDDY_COOL static enum polished_status
buddy_free_other(struct polished_heap *heap, polished_size offset,
                 polished_size size_bytes)
{
    uint32_t block;
    enum polished_status status =
        buddy_locate(buddy_state(heap), offset, size_bytes, &block);

    if (status != POLISHED_OK)
        return status;
    return buddy_free_run(heap, block) ? POLISHED_OK : POLISHED_CORRUPT;
}

BUDDY_INLINE enum polished_status buddy_free(struct polished_heap *heap,
                                             polished_size offset,
                                             polished_size size_bytes)
{
    struct buddy buddy = buddy_open(heap);
    polished_size grain = buddy_grain(buddy.state, offset);
    unsigned order;

    if (grain >= buddy.count)
        return buddy_free_other(heap, offset, size_bytes);
    order = buddy.state->tag[grain] ^ BUDDY_USED;
    if (order > BUDDY_ORDER ||
        (size_bytes != 0 &&
         order != buddy_order(buddy_grains(buddy.state, size_bytes))))
        return buddy_free_other(heap, offset, size_bytes);
    if (buddy_merges(&buddy, (uint32_t)grain, order))
        return buddy_merge(heap, (uint32_t)grain, order);
    buddy.steps = 1;
    buddy_push(&buddy, (uint32_t)grain, order);
    buddy_close(&buddy, heap);
    return POLISHED_OK;
}

/* Are all the buddies to the right free that make it a block of that order? */
static bool buddy_can_grow(struct polished_heap *heap, uint32_t block,
                           unsigned order, unsigned to_order)
{
    const struct buddy buddy = buddy_open(heap);

    if (to_order >= BUDDY_ORDERS ||
        (block & ((UINT32_C(1) << to_order) - 1)) != 0)
        return false;
    for (; order < to_order; order++) {
        POLISHED_STEP(heap);
        if (!buddy_is_free(&buddy, block + (UINT32_C(1) << order), order))
            return false;
    }
    return true;
}

static enum polished_status buddy_resize_block(struct polished_heap *heap,
                                               uint32_t block,
                                               unsigned to_order)
{
    struct buddy buddy = buddy_open(heap);
    struct buddy_state *state = buddy.state;
    unsigned order = buddy_tag_order(state->tag[block]);
    bool is_sound = true;

    if (!buddy_can_grow(heap, block, order, to_order))
        return POLISHED_NO_MEMORY;
    for (; order < to_order && is_sound; order++) {
        uint32_t other = block + (UINT32_C(1) << order);

        is_sound = buddy_pull(&buddy, other, order);
        state->tag[other] = BUDDY_INSIDE;
        buddy.steps++;
    }
    while (order > to_order) {
        order--;
        buddy_push(&buddy, block + (UINT32_C(1) << order), order);
        buddy.steps++;
    }
    state->tag[block] = (uint8_t)(BUDDY_USED | order);
    buddy_close(&buddy, heap);
    return is_sound ? POLISHED_OK : POLISHED_CORRUPT;
}

BUDDY_COOL static enum polished_status
buddy_resize_other(struct polished_heap *heap, polished_size offset,
                   polished_size size_bytes,
                   const struct polished_request *request)
{
    struct buddy_state *state = buddy_state(heap);
    uint64_t grains = buddy_grains(state, request->size_bytes);
    uint32_t block;
    enum polished_status status =
        buddy_locate(state, offset, size_bytes, &block);

    POLISHED_STEP(heap);
    if (status != POLISHED_OK)
        return status;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    if (buddy_tag_kind(state->tag[block]) == BUDDY_RUN)
        return buddy_resize_run(heap, block, grains);
    return buddy_resize_block(heap, block, buddy_order(grains));
}

/* Many a size is of the order of the one before. */
static enum polished_status buddy_resize(struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size size_bytes,
                                         const struct polished_request *request)
{
    const struct buddy_state *state = buddy_state(heap);
    polished_size grain = buddy_grain(state, offset);
    unsigned order = buddy_order(buddy_grains(state, request->size_bytes));

    if (grain >= state->count || state->tag[grain] != (BUDDY_USED | order) ||
        (size_bytes != 0 &&
         order != buddy_order(buddy_grains(state, size_bytes))) ||
        arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return buddy_resize_other(heap, offset, size_bytes, request);
    POLISHED_STEP(heap);
    return POLISHED_OK;
}

static enum polished_status buddy_usable(const struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size *size_bytes)
{
    const struct buddy_state *state = buddy_state(heap);
    uint32_t block;
    enum polished_status status = buddy_locate(state, offset, 0, &block);

    if (status == POLISHED_OK)
        *size_bytes = (polished_size)buddy_length(state, block)
                      << state->grain_shift;
    return status;
}

static const struct polished_knob buddy_knobs[] = {
    {"grain_bytes", "size of the smallest block", 16, UINT32_C(1) << 30, 16,
     POLISHED_POWER_OF_TWO},
    {0}};

const struct polished_ops polished_buddy = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_EXACT_MISUSE |
            POLISHED_EXACT_WALK | COUNT_CAPS(POLISHED_SLACK),
    .name = "buddy",
    .summary = "powers of two, cut in halves and merged from halves",
    .knobs = buddy_knobs,
    .control_bytes = buddy_control_bytes,
    .init = buddy_init,
    .alloc = buddy_alloc,
    .free = buddy_free,
    .resize = buddy_resize,
    .usable = buddy_usable,
    .extend = buddy_extend,
    .reserve = buddy_reserve,
    .reset = buddy_reset,
    .walk = buddy_walk,
    .largest = buddy_largest,
    .check = buddy_check,
};
