/*
 * buddy_run.c - buddy: ranges that are no block of 2^k grains.
 *
 *     grain  12  13  14  15  16  17  18  19
 *          | F0| R6  -   -   -   -   - | F0|       a run of 6 grains
 *
 * A run in use is one thing, whose tags tell its length.  A free range is cut
 * into the fewest blocks: from either end the orders grow.  So it has at most
 * two of each order, and to free it takes at most two steps for each, whatever
 * is merged on the way.
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

void buddy_mark(struct polished_heap *heap, uint32_t from, uint32_t to)
{
    uint8_t *tag = buddy_state(heap)->tag + from;
    uint32_t grains = to - from;
    unsigned order = bits_lowest(from | grains);

    POLISHED_STEP(heap);
    if (order < BUDDY_ORDERS && grains == UINT32_C(1) << order) {
        *tag = (uint8_t)(BUDDY_USED | order);
        return;
    }
    *tag = BUDDY_RUN;
    for (; grains != 0; grains >>= BUDDY_DIGIT_BITS)
        *tag++ |= grains & BUDDY_DIGIT;
}

/* The tags of a run are those of grains inside a block from now. */
static void buddy_unmark(struct polished_heap *heap, uint32_t run,
                         uint32_t grains)
{
    uint8_t *tag = buddy_state(heap)->tag + run;

    POLISHED_STEP(heap);
    for (; grains != 0; grains >>= BUDDY_DIGIT_BITS)
        *tag++ = BUDDY_INSIDE;
}

uint32_t buddy_length(const struct buddy_state *state, uint32_t block)
{
    unsigned tag = state->tag[block];
    uint32_t grains = tag & BUDDY_DIGIT;

    if (buddy_tag_kind(tag) != BUDDY_RUN)
        return UINT32_C(1) << buddy_tag_order(tag);
    for (unsigned shift = BUDDY_DIGIT_BITS; shift < 32;
         shift += BUDDY_DIGIT_BITS) {
        if (++block == state->count ||
            buddy_tag_kind(state->tag[block]) != BUDDY_INSIDE)
            break;
        grains |= (uint32_t)state->tag[block] << shift;
    }
    return grains;
}

/*
 * A block that is aligned more than grain 0 is.  The gap from grain 0 to the
 * next aligned place is the same from the start of every large enough block,
 * and not 0: what is given back begins with the first tag.
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

bool buddy_free_run(struct polished_heap *heap, uint32_t run)
{
    uint32_t grains = buddy_length(buddy_state(heap), run);

    buddy_unmark(heap, run, grains);
    return buddy_give(heap, run, run + grains);
}

/* A run can be cut short, but not grow. */
enum polished_status buddy_resize_run(struct polished_heap *heap, uint32_t run,
                                      uint64_t grains)
{
    uint32_t had = buddy_length(buddy_state(heap), run);
    uint32_t to;

    if (grains > had)
        return POLISHED_NO_MEMORY;
    to = run + (uint32_t)grains;
    buddy_unmark(heap, run, had);
    buddy_mark(heap, run, to);
    return buddy_give(heap, to, run + had) ? POLISHED_OK : POLISHED_CORRUPT;
}
