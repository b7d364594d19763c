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
 * and a range that is reserved, make a run: several blocks in use as one.
 * Whatever is left of a block goes back at once.
 *
 * After Knowlton, "A fast storage allocator" (1965).
 *
 * Time: alloc, free and resize O(orders): at most 2 steps for each order of
 * the region, but 4 to free a run and 6 to cut one short, for its blocks are
 * up to 2 of each order by themselves.  init, reset and check
 * O(grains), walk and reserve O(blocks).
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

/* Free one block and merge it, as long as its buddy is free too. */
BUDDY_INLINE bool buddy_give_block(struct polished_heap *heap, uint32_t block,
                                   unsigned order)
{
    const struct buddy buddy = buddy_open(heap);
    struct buddy_state *state = buddy.state;
    unsigned from_order = order;
    bool is_sound = true;

    state->tag[block] = BUDDY_INSIDE;
    for (; order + 1 < BUDDY_ORDERS; order++) {
        uint32_t other = block ^ UINT32_C(1) << order;

        if (!buddy_is_free(state, other, order))
            break;
        is_sound = buddy_pull(&buddy, other, order) && is_sound;
        state->tag[other] = BUDDY_INSIDE;
        block &= other;
    }
    buddy_push(&buddy, block, order);
    buddy_count(heap, order - from_order + 1);
    return is_sound;
}

/* A block of an order, cut from one of at least another. */
BUDDY_INLINE enum polished_status buddy_alloc_block(struct polished_heap *heap,
                                                    unsigned order,
                                                    unsigned least_order,
                                                    uint32_t *block)
{
    const struct buddy buddy = buddy_open(heap);
    struct buddy_state *state = buddy.state;
    unsigned found;

    if (!buddy_has(state, least_order))
        return POLISHED_NO_MEMORY;
    found = least_order + bits_lowest(state->orders >> least_order);
    buddy_count(heap, found - order + 1);
    if (!buddy_pop(&buddy, found, block))
        return POLISHED_CORRUPT;
    while (found > order) {
        found--;
        buddy_push(&buddy, *block + (UINT32_C(1) << found), found);
    }
    state->tag[*block] = (uint8_t)(BUDDY_USED | order);
    return POLISHED_OK;
}

static enum polished_status buddy_alloc(struct polished_heap *heap,
                                        const struct polished_request *request,
                                        polished_size *offset)
{
    struct buddy_state *state = buddy_state(heap);
    uint64_t grains = buddy_grains(state, request->size_bytes);
    unsigned order = buddy_order(grains);
    struct buddy_align align = buddy_align(heap, request->align_bytes);
    enum polished_status status;
    uint32_t block = 0;

    if (align.gap != 0)
        status = buddy_alloc_run(heap, grains, &align, &block);
    else
        status = buddy_alloc_block(
            heap, order, order < align.order ? align.order : order, &block);
    if (status == POLISHED_OK)
        *offset = buddy_offset(state, block);
    return status;
}

/* Why no block in use starts at the offset. */
static enum polished_status buddy_explain(const struct buddy_state *state,
                                          polished_size offset)
{
    polished_size grain = (offset - state->first_bytes) >> state->grain_shift;

    if (offset < state->first_bytes || grain >= state->count)
        return POLISHED_NOT_OWNED;
    for (unsigned order = 0; order < BUDDY_ORDERS; order++) {
        uint32_t start = (uint32_t)grain >> order << order;

        if (state->tag[start] != BUDDY_INSIDE)
            return buddy_tag_kind(state->tag[start]) == BUDDY_FREE
                       ? POLISHED_DOUBLE_FREE
                       : POLISHED_INTERIOR;
    }
    return POLISHED_CORRUPT;
}

/* The block in use that starts at the offset. */
BUDDY_INLINE enum polished_status buddy_locate(const struct buddy_state *state,
                                               polished_size offset,
                                               polished_size size_bytes,
                                               uint32_t *block)
{
    polished_size distance = offset - state->first_bytes;
    polished_size grain = distance >> state->grain_shift;
    unsigned kind, order;

    *block = (uint32_t)grain;
    if (offset < state->first_bytes || grain >= state->count ||
        grain << state->grain_shift != distance)
        return buddy_explain(state, offset);
    kind = buddy_tag_kind(state->tag[grain]);
    if (kind != BUDDY_USED && kind != BUDDY_RUN)
        return buddy_explain(state, offset);
    if (size_bytes == 0)
        return POLISHED_OK;
    order = buddy_order(buddy_grains(state, size_bytes));
    if (kind == BUDDY_USED)
        return order == buddy_tag_order(state->tag[grain])
                   ? POLISHED_OK
                   : POLISHED_SIZE_MISMATCH;
    return buddy_grains(state, size_bytes) == buddy_end(state, *block) - *block
               ? POLISHED_OK
               : POLISHED_SIZE_MISMATCH;
}

static enum polished_status buddy_free(struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes)
{
    struct buddy_state *state = buddy_state(heap);
    uint32_t block;
    enum polished_status status =
        buddy_locate(state, offset, size_bytes, &block);
    unsigned tag;
    bool is_sound;

    if (status != POLISHED_OK)
        return status;
    tag = state->tag[block];
    if (buddy_tag_kind(tag) == BUDDY_USED)
        is_sound = buddy_give_block(heap, block, buddy_tag_order(tag));
    else
        is_sound = buddy_free_run(heap, block);
    return is_sound ? POLISHED_OK : POLISHED_CORRUPT;
}

/* Are all the buddies to the right free that make it a block of that order? */
static bool buddy_can_grow(struct polished_heap *heap, uint32_t block,
                           unsigned order, unsigned to_order)
{
    const struct buddy_state *state = buddy_state(heap);

    if (to_order >= BUDDY_ORDERS ||
        (block & ((UINT32_C(1) << to_order) - 1)) != 0)
        return false;
    for (; order < to_order; order++) {
        POLISHED_STEP(heap);
        if (!buddy_is_free(state, block + (UINT32_C(1) << order), order))
            return false;
    }
    return true;
}

static enum polished_status buddy_resize_block(struct polished_heap *heap,
                                               uint32_t block,
                                               unsigned to_order)
{
    const struct buddy buddy = buddy_open(heap);
    struct buddy_state *state = buddy.state;
    unsigned order = buddy_tag_order(state->tag[block]);

    if (to_order > order && !buddy_can_grow(heap, block, order, to_order))
        return POLISHED_NO_MEMORY;
    for (; order < to_order; order++) {
        uint32_t other = block + (UINT32_C(1) << order);

        POLISHED_STEP(heap);
        if (!buddy_pull(&buddy, other, order))
            return POLISHED_CORRUPT;
        state->tag[other] = BUDDY_INSIDE;
    }
    while (order > to_order) {
        POLISHED_STEP(heap);
        order--;
        buddy_push(&buddy, block + (UINT32_C(1) << order), order);
    }
    state->tag[block] = (uint8_t)(BUDDY_USED | order);
    return POLISHED_OK;
}

static enum polished_status buddy_resize(struct polished_heap *heap,
                                         polished_size offset,
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

static enum polished_status buddy_usable(const struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size *size_bytes)
{
    const struct buddy_state *state = buddy_state(heap);
    uint32_t block;
    enum polished_status status = buddy_locate(state, offset, 0, &block);

    if (status == POLISHED_OK)
        *size_bytes = (polished_size)(buddy_end(state, block) - block)
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
            POLISHED_EXACT_WALK | POLISHED_SLACK,
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
