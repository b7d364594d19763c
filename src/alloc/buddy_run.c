/*
 * buddy_run.c - buddy: ranges that are no block of 2^k grains.
 *
 *     grain  12  13  14  15  16  17  18  19
 *          | F0| R0| M1    | M1    | M0| F0|       a run of 6 grains
 *
 * A range is cut into the fewest blocks: from either end the orders grow.  So
 * it has at most two of each order, and to free it takes at most two steps for
 * each, whatever is merged on the way.
 */
#include "alloc/buddy.h"

/* A free block becomes part of a larger one. */
static bool buddy_swallow(struct buddy *buddy, uint32_t block, unsigned order)
{
    bool is_sound = buddy_pull(buddy, block, order);

    buddy->state->tag[block] = BUDDY_INSIDE;
    return is_sound;
}

/* Does [from, to) have an end in the middle of two blocks of this order?  Then
   it takes in the one beyond, if that is free, or leaves the one inside as a
   block.  False in a damaged heap. */
static bool buddy_give_left(struct buddy *buddy, uint32_t *from, unsigned order)
{
    uint32_t size = UINT32_C(1) << order, beyond = *from - size;

    if ((*from & size) == 0)
        return true;
    buddy->steps++;
    if (!buddy_is_free(buddy, beyond, order)) {
        buddy_push(buddy, *from, order);
        *from += size;
        return true;
    }
    *from = beyond;
    return buddy_swallow(buddy, beyond, order);
}

static bool buddy_give_right(struct buddy *buddy, uint32_t *to, unsigned order)
{
    uint32_t size = UINT32_C(1) << order, beyond = *to;

    if ((*to & size) == 0)
        return true;
    buddy->steps++;
    if (!buddy_is_free(buddy, beyond, order)) {
        *to -= size;
        buddy_push(buddy, *to, order);
        return true;
    }
    *to += size;
    return buddy_swallow(buddy, beyond, order);
}

bool buddy_give(struct polished_heap *heap, uint32_t from, uint32_t to)
{
    struct buddy buddy = buddy_open(heap);
    const unsigned top = BUDDY_ORDERS - 1;
    bool is_sound = true;

    for (unsigned order = 0; order < top && from != to; order++) {
        is_sound = buddy_give_left(&buddy, &from, order) && is_sound;
        is_sound = buddy_give_right(&buddy, &to, order) && is_sound;
    }
    for (; from != to; from += UINT32_C(1) << top) {
        buddy_push(&buddy, from, top);
        buddy.steps++;
    }
    buddy_close(&buddy, heap);
    return is_sound;
}

/* The order of the largest block that starts there and ends in time. */
static unsigned buddy_first_order(uint32_t from, uint32_t to)
{
    unsigned order = bits_highest(to - from);

    if (from != 0 && bits_lowest(from) < order)
        order = bits_lowest(from);
    return order < BUDDY_ORDERS ? order : BUDDY_ORDERS - 1;
}

void buddy_mark(struct polished_heap *heap, uint32_t from, uint32_t to)
{
    uint8_t *tag = buddy_state(heap)->tag;
    unsigned order = buddy_first_order(from, to);
    unsigned kind = to - from == UINT32_C(1) << order ? BUDDY_USED : BUDDY_RUN;

    while (from != to) {
        POLISHED_STEP(heap);
        order = buddy_first_order(from, to);
        tag[from] = (uint8_t)(kind | order);
        from += UINT32_C(1) << order;
        kind = BUDDY_MORE;
    }
}

uint32_t buddy_end(const struct buddy_state *state, uint32_t block)
{
    uint32_t end = block + (UINT32_C(1) << buddy_tag_order(state->tag[block]));

    if (buddy_tag_kind(state->tag[block]) == BUDDY_RUN)
        while (end < state->count &&
               buddy_tag_kind(state->tag[end]) == BUDDY_MORE)
            end += UINT32_C(1) << buddy_tag_order(state->tag[end]);
    return end;
}

/*
 * A block that is aligned more than grain 0 is.  The gap from grain 0 to the
 * next aligned place is the same from the start of every large enough block.
 */
enum polished_status buddy_alloc_run(struct polished_heap *heap,
                                     uint64_t grains,
                                     const struct buddy_align *align,
                                     polished_size *offset)
{
    struct buddy buddy = buddy_open(heap);
    unsigned order = buddy_order(align->gap + grains);
    uint32_t start, block, end;

    POLISHED_STEP(heap);
    if (order < align->order)
        order = align->order;
    if (buddy_orders_from(&buddy, order) == 0)
        return POLISHED_NO_MEMORY;
    order = bits_lowest(buddy_orders_from(&buddy, order));
    if (!buddy_pop(&buddy, order, &start))
        return POLISHED_CORRUPT;
    buddy.state->tag[start] = BUDDY_INSIDE;
    buddy_close(&buddy, heap);
    block = start + (uint32_t)align->gap;
    end = block + (uint32_t)grains;
    *offset = buddy_offset(buddy.state, block);
    buddy_mark(heap, block, end);
    return buddy_give(heap, start, block) &&
                   buddy_give(heap, end, start + (UINT32_C(1) << order))
               ? POLISHED_OK
               : POLISHED_CORRUPT;
}

/* Forget the blocks of a run; the answer is where it ends. */
static uint32_t buddy_unmark(struct polished_heap *heap, uint32_t block)
{
    struct buddy_state *state = buddy_state(heap);

    do {
        unsigned order = buddy_tag_order(state->tag[block]);

        POLISHED_STEP(heap);
        state->tag[block] = BUDDY_INSIDE;
        block += UINT32_C(1) << order;
    } while (block < state->count &&
             buddy_tag_kind(state->tag[block]) == BUDDY_MORE);
    return block;
}

bool buddy_free_run(struct polished_heap *heap, uint32_t block)
{
    return buddy_give(heap, block, buddy_unmark(heap, block));
}

/* A run can be cut short, but not grow. */
enum polished_status buddy_resize_run(struct polished_heap *heap,
                                      uint32_t block, uint64_t grains)
{
    uint32_t end = buddy_end(buddy_state(heap), block);

    if (grains > end - block)
        return POLISHED_NO_MEMORY;
    buddy_unmark(heap, block);
    buddy_mark(heap, block, block + (uint32_t)grains);
    return buddy_give(heap, block + (uint32_t)grains, end) ? POLISHED_OK
                                                           : POLISHED_CORRUPT;
}
