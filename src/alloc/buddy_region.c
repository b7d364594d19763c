/* buddy_region.c - buddy: the region as a whole, seen block by block. */
#include "alloc/buddy.h"
#include "core/walk.h"

polished_size buddy_control_bytes(const polished_size *knobs,
                                  polished_size data_bytes)
{
    polished_size grains = data_bytes / knobs[0];

    if (grains >= BUDDY_NONE)
        return 0;
    return sizeof(struct buddy_state) + grains;
}

/* Free the grains from one on, which were in no block. */
static bool buddy_begin(struct polished_heap *heap, uint32_t from)
{
    struct buddy_state *state = buddy_state(heap);

    memset(state->tag + from, BUDDY_INSIDE, state->count - from);
    return buddy_give(heap, from, state->count);
}

/* Free all grains. */
static void buddy_begin_all(struct polished_heap *heap)
{
    struct buddy_state *state = buddy_state(heap);

    state->orders = 0;
    for (unsigned order = 0; order < BUDDY_ORDERS; order++)
        state->head[order] = BUDDY_NONE;
    buddy_begin(heap, 0);
}

/* How many grains a region has; what is left behind them may be missing. */
static polished_size buddy_measure(struct polished_heap *heap,
                                   polished_size data_bytes)
{
    const struct buddy_state *state = buddy_state(heap);
    polished_size bytes = data_bytes - state->first_bytes;
    polished_size count = bytes >> state->grain_shift;

    POLISHED_LOWER_SLACK(heap, bytes - (count << state->grain_shift));
    return count;
}

enum polished_status buddy_init(struct polished_heap *heap,
                                const polished_size *knobs)
{
    struct buddy_state *state = buddy_state(heap);
    polished_size first_bytes = arith_gap(heap->data.bus_base, knobs[0]);
    polished_size room = heap->control_bytes - sizeof *state;

    if (heap->data.size_bytes < first_bytes + knobs[0])
        return POLISHED_BAD_SIZE;
    state->first_bytes = first_bytes;
    state->grain_shift = bits_highest(knobs[0]);
    state->room = room < BUDDY_NONE ? (uint32_t)room : BUDDY_NONE - 1;
    state->count = (uint32_t)buddy_measure(heap, heap->data.size_bytes);
    buddy_begin_all(heap);
    return POLISHED_OK;
}

enum polished_status buddy_extend(struct polished_heap *heap,
                                  polished_size more_bytes)
{
    struct buddy_state *state = buddy_state(heap);
    polished_size size_bytes = heap->data.size_bytes + more_bytes;
    uint32_t from = state->count;

    if ((size_bytes - state->first_bytes) >> state->grain_shift > state->room)
        return POLISHED_LIMIT;
    state->count = (uint32_t)buddy_measure(heap, size_bytes);
    return buddy_begin(heap, from) ? POLISHED_OK : POLISHED_CORRUPT;
}

/* Where the free blocks that begin there end, or go beyond `to`. */
static uint32_t buddy_free_end(struct polished_heap *heap, uint32_t block,
                               uint32_t to)
{
    const struct buddy_state *state = buddy_state(heap);

    while (block < to && buddy_tag_kind(state->tag[block]) == BUDDY_FREE) {
        POLISHED_STEP(heap);
        block += UINT32_C(1) << buddy_tag_order(state->tag[block]);
    }
    return block;
}

/* Take the free blocks of [from, to) out of their lists. */
static bool buddy_pull_all(struct polished_heap *heap, uint32_t from,
                           uint32_t to)
{
    struct buddy buddy = buddy_open(heap);
    uint8_t *tag = buddy.state->tag;
    bool is_sound = true;

    while (from != to && is_sound) {
        unsigned order = buddy_tag_order(tag[from]);

        is_sound = buddy_pull(&buddy, from, order);
        tag[from] = BUDDY_INSIDE;
        from += UINT32_C(1) << order;
        buddy.steps++;
    }
    buddy_close(&buddy, heap);
    return is_sound;
}

enum polished_status buddy_reserve(struct polished_heap *heap,
                                   polished_size offset,
                                   polished_size size_bytes)
{
    const struct buddy_state *state = buddy_state(heap);
    polished_size distance = offset - state->first_bytes;
    polished_size grain = distance >> state->grain_shift;
    uint64_t grains = buddy_grains(state, size_bytes);
    uint32_t from = (uint32_t)grain, to, start, end;

    if (grain >= state->count)
        return POLISHED_OVERLAP;
    if (grain << state->grain_shift != distance)
        return POLISHED_BAD_ALIGN;
    if (grains > state->count - from)
        return POLISHED_OVERLAP;
    POLISHED_STEP(heap);
    to = from + (uint32_t)grains;
    start = buddy_around(state, from);
    end = buddy_free_end(heap, start, to);
    if (end < to)
        return POLISHED_OVERLAP;
    if (!buddy_pull_all(heap, start, end))
        return POLISHED_CORRUPT;
    buddy_mark(heap, from, to);
    buddy_give(heap, start, from); /* which merges with nothing before it */
    return buddy_give(heap, to, end) ? POLISHED_OK : POLISHED_CORRUPT;
}

enum polished_status buddy_reset(struct polished_heap *heap)
{
    POLISHED_STEP(heap);
    buddy_begin_all(heap);
    return POLISHED_OK;
}

/* Is there a block or a run as long as its tags say? */
static bool buddy_is_block(const struct buddy_state *state, uint32_t block)
{
    unsigned tag = state->tag[block];
    uint32_t length = buddy_length(state, block);

    if (length == 0 || length > state->count - block)
        return false;
    switch (buddy_tag_kind(tag)) {
    case BUDDY_FREE:
    case BUDDY_USED:
        return buddy_tag_order(tag) < BUDDY_ORDERS && block % length == 0;
    case BUDDY_RUN:
        return true;
    default:
        return false;
    }
}

enum polished_status buddy_walk(const struct polished_heap *heap,
                                polished_visit *visit, void *context)
{
    const struct buddy_state *state = buddy_state(heap);
    struct walk walk = {.visit = visit, .context = context};
    uint32_t block = 0;

    walk_to(&walk, state->first_bytes, POLISHED_OWN);
    while (block < state->count && !walk.is_over) {
        unsigned kind = buddy_tag_kind(state->tag[block]);

        if (!buddy_is_block(state, block))
            return POLISHED_CORRUPT;
        block += buddy_length(state, block);
        walk_to(&walk, buddy_offset(state, block),
                kind == BUDDY_FREE ? POLISHED_FREE : POLISHED_USED);
    }
    walk_to(&walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
}

polished_size buddy_largest(const struct polished_heap *heap,
                            const struct polished_request *request)
{
    const struct buddy_state *state = buddy_state(heap);
    struct buddy_align align = buddy_align(heap, request->align_bytes);
    unsigned order;

    if (state->orders == 0)
        return 0;
    order = bits_highest(state->orders);
    if (order < align.order)
        return 0;
    return (polished_size)((UINT64_C(1) << order) - align.gap)
           << state->grain_shift;
}

/* Do the tags inside tell the length of a run, and nothing in a block? */
static bool buddy_inside_is_sound(const struct buddy_state *state,
                                  uint32_t block)
{
    uint32_t length = buddy_length(state, block);
    bool is_run = buddy_tag_kind(state->tag[block]) == BUDDY_RUN;
    uint32_t digits = length;

    for (uint32_t grain = 1; grain < length; grain++) {
        digits >>= BUDDY_DIGIT_BITS;
        if (state->tag[block + grain] != (is_run ? digits & BUDDY_DIGIT : 0))
            return false;
    }
    return true;
}

/* Are all tags sound?  Counts the free blocks; none is one half of two that
   are free. */
static bool buddy_tags_are_sound(const struct buddy_state *state,
                                 uint32_t *free_count)
{
    for (uint32_t block = 0; block < state->count;
         block += buddy_length(state, block)) {
        unsigned order = buddy_tag_order(state->tag[block]);
        uint32_t buddy = block ^ UINT32_C(1) << order;

        if (!buddy_inside_is_sound(state, block))
            return false;
        if (buddy_tag_kind(state->tag[block]) != BUDDY_FREE)
            continue;
        ++*free_count;
        if (order + 1 < BUDDY_ORDERS && buddy < state->count &&
            state->tag[buddy] == state->tag[block])
            return false;
    }
    return true;
}

/* Is a list one of free blocks of its order?  Takes them off the count. */
static bool buddy_list_is_sound(const struct polished_heap *heap,
                                unsigned order, uint32_t *count)
{
    const struct buddy buddy = buddy_open(heap);
    uint32_t block = buddy.state->head[order], previous = BUDDY_NONE;

    while (block != BUDDY_NONE) {
        if (*count == 0 || !buddy_is_free(&buddy, block, order) ||
            (previous != BUDDY_NONE &&
             buddy_links(&buddy, block)[1] != previous))
            return false;
        --*count;
        previous = block;
        block = buddy_links(&buddy, block)[0];
    }
    return true;
}

enum polished_status buddy_check(const struct polished_heap *heap)
{
    const struct buddy_state *state = buddy_state(heap);
    uint32_t count = 0;

    if (state->count > state->room || !buddy_tags_are_sound(state, &count))
        return POLISHED_CORRUPT;
    for (unsigned order = 0; order < BUDDY_ORDERS; order++)
        if ((state->orders >> order & 1) !=
                (state->head[order] != BUDDY_NONE) ||
            !buddy_list_is_sound(heap, order, &count))
            return POLISHED_CORRUPT;
    return count == 0 ? POLISHED_OK : POLISHED_CORRUPT;
}
