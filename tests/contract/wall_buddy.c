/*
 * wall_buddy.c - a buddy system, as small as it can be: one tag per grain, no
 * lists.  At a block's first grain the tag is its order, plus one, plus USED.
 */
#include "core/arith.h"
#include "core/count.h"
#include "core/memory.h"
#include "core/walk.h"
#include "walls.h"

#define BUDDY_USED 0x80u

struct buddy_state {
    polished_size grain_bytes;
    polished_size shift_bytes; /* before the first grain */
    polished_size grains;
    unsigned char tags[];
};

static struct buddy_state *buddy_state(const struct polished_heap *heap)
{
    return heap->control;
}

static polished_size buddy_control_bytes(const polished_size *knobs,
                                         polished_size data_bytes)
{
    return sizeof(struct buddy_state) + data_bytes / knobs[0];
}

static unsigned buddy_order(const struct buddy_state *state,
                            polished_size grain)
{
    return (state->tags[grain] & ~BUDDY_USED) - 1u;
}

static bool buddy_is_free(const struct buddy_state *state, polished_size grain)
{
    return !(state->tags[grain] & BUDDY_USED);
}

static polished_size buddy_bytes(const struct buddy_state *state,
                                 unsigned order)
{
    return state->grain_bytes << order;
}

static polished_size buddy_offset(const struct buddy_state *state,
                                  polished_size grain)
{
    return state->shift_bytes + grain * state->grain_bytes;
}

/* The number of a grain on the bus: blocks are aligned there. */
static uint64_t buddy_number(const struct polished_heap *heap,
                             polished_size grain)
{
    const struct buddy_state *state = buddy_state(heap);

    return (heap->data.bus_base + state->shift_bytes) / state->grain_bytes +
           grain;
}

/* Cut what there is into the largest aligned blocks. */
static enum polished_status buddy_reset(struct polished_heap *heap)
{
    struct buddy_state *state = buddy_state(heap);

    memset(state->tags, 0, (size_t)state->grains);
    for (polished_size grain = 0; grain < state->grains;) {
        unsigned order = 0;

        while (order < 60 && (buddy_number(heap, grain) >> order & 1) == 0 &&
               state->grains - grain >= (polished_size)2 << order)
            order++;
        POLISHED_STEP(heap);
        state->tags[grain] = (unsigned char)(order + 1);
        grain += (polished_size)1 << order;
    }
    return POLISHED_OK;
}

static enum polished_status buddy_init(struct polished_heap *heap,
                                       const polished_size *knobs)
{
    struct buddy_state *state = buddy_state(heap);
    polished_size shift_bytes = arith_gap(heap->data.bus_base, knobs[0]);

    if (shift_bytes > heap->data.size_bytes ||
        heap->data.size_bytes - shift_bytes < knobs[0])
        return POLISHED_BAD_SIZE;
    state->grain_bytes = knobs[0];
    state->shift_bytes = shift_bytes;
    state->grains = (heap->data.size_bytes - shift_bytes) / knobs[0];
    return buddy_reset(heap);
}

/* The order that serves this size and alignment; past all orders: none. */
static unsigned buddy_wanted(const struct buddy_state *state,
                             polished_size size_bytes,
                             polished_size align_bytes)
{
    unsigned order = 0;

    while (order < 60 && (buddy_bytes(state, order) < size_bytes ||
                          buddy_bytes(state, order) < align_bytes))
        order++;
    return order;
}

static enum polished_status buddy_alloc(struct polished_heap *heap,
                                        const struct polished_request *request,
                                        polished_size *offset)
{
    struct buddy_state *state = buddy_state(heap);
    unsigned wanted =
        buddy_wanted(state, request->size_bytes, request->align_bytes);
    polished_size found = state->grains;
    unsigned order = 0;

    for (polished_size grain = 0; grain < state->grains;
         grain += (polished_size)1 << buddy_order(state, grain)) {
        POLISHED_STEP(heap);
        if (!buddy_is_free(state, grain) ||
            buddy_order(state, grain) < wanted ||
            (found != state->grains && buddy_order(state, grain) >= order))
            continue;
        found = grain;
        order = buddy_order(state, grain);
    }
    if (found == state->grains)
        return POLISHED_NO_MEMORY;
    while (order > wanted) {
        order--;
        state->tags[found + ((polished_size)1 << order)] =
            (unsigned char)(order + 1);
    }
    state->tags[found] = (unsigned char)((order + 1) | BUDDY_USED);
    *offset = buddy_offset(state, found);
    return POLISHED_OK;
}

/* Which used block starts there? */
static enum polished_status buddy_find(const struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes,
                                       polished_size *grain)
{
    const struct buddy_state *state = buddy_state(heap);

    if (offset < state->shift_bytes ||
        (offset - state->shift_bytes) / state->grain_bytes >= state->grains)
        return POLISHED_NOT_OWNED;
    *grain = (offset - state->shift_bytes) / state->grain_bytes;
    if (buddy_offset(state, *grain) != offset || state->tags[*grain] == 0)
        return POLISHED_INTERIOR;
    if (buddy_is_free(state, *grain))
        return POLISHED_DOUBLE_FREE;
    if (size_bytes > buddy_bytes(state, buddy_order(state, *grain)))
        return POLISHED_SIZE_MISMATCH;
    return POLISHED_OK;
}

static enum polished_status buddy_free(struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes)
{
    struct buddy_state *state = buddy_state(heap);
    polished_size grain;
    enum polished_status status = buddy_find(heap, offset, size_bytes, &grain);
    unsigned order;

    if (status != POLISHED_OK)
        return status;
    for (order = buddy_order(state, grain);; order++) {
        uint64_t bit = buddy_number(heap, grain) >> order & 1;
        polished_size length = (polished_size)1 << order;
        polished_size other = bit ? grain - length : grain + length;

        POLISHED_STEP(heap);
        if ((bit && grain < length) || other >= state->grains ||
            state->tags[other] != order + 1)
            break;
        state->tags[bit ? grain : other] = 0;
        grain = bit ? other : grain;
    }
    state->tags[grain] = (unsigned char)(order + 1);
    return POLISHED_OK;
}

static enum polished_status buddy_resize(struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size size_bytes,
                                         const struct polished_request *request)
{
    const struct buddy_state *state = buddy_state(heap);
    polished_size grain;
    enum polished_status status = buddy_find(heap, offset, size_bytes, &grain);

    if (status != POLISHED_OK)
        return status;
    return buddy_wanted(state, request->size_bytes, request->align_bytes) >
                   buddy_order(state, grain)
               ? POLISHED_NO_MEMORY
               : POLISHED_OK;
}

static enum polished_status buddy_usable(const struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size *size_bytes)
{
    const struct buddy_state *state = buddy_state(heap);
    polished_size grain;
    enum polished_status status = buddy_find(heap, offset, 0, &grain);

    if (status == POLISHED_OK)
        *size_bytes = buddy_bytes(state, buddy_order(state, grain));
    return status;
}

static enum polished_status buddy_walk(const struct polished_heap *heap,
                                       polished_visit *visit, void *context)
{
    const struct buddy_state *state = buddy_state(heap);
    struct walk walk = {.visit = visit, .context = context};

    walk_to(&walk, state->shift_bytes, POLISHED_OWN);
    for (polished_size grain = 0; grain < state->grains;) {
        enum polished_kind kind =
            buddy_is_free(state, grain) ? POLISHED_FREE : POLISHED_USED;

        grain += (polished_size)1 << buddy_order(state, grain);
        walk_to(&walk, buddy_offset(state, grain), kind);
    }
    walk_to(&walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
}

static polished_size buddy_largest(const struct polished_heap *heap,
                                   const struct polished_request *request)
{
    const struct buddy_state *state = buddy_state(heap);
    unsigned wanted = buddy_wanted(state, 1, request->align_bytes);
    polished_size largest_bytes = 0;

    for (polished_size grain = 0; grain < state->grains;
         grain += (polished_size)1 << buddy_order(state, grain)) {
        unsigned order = buddy_order(state, grain);

        if (buddy_is_free(state, grain) && order >= wanted &&
            buddy_bytes(state, order) > largest_bytes)
            largest_bytes = buddy_bytes(state, order);
    }
    return largest_bytes;
}

static const struct polished_knob buddy_knobs[] = {
    {"grain_bytes", "the smallest block", 16, 4096, 16, POLISHED_POWER_OF_TWO},
    {0}};

const struct polished_ops wall_buddy = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NO_TOUCH |
            POLISHED_EXACT_MISUSE | POLISHED_EXACT_WALK,
    .name = "wall-buddy",
    .summary = "a buddy system, for tests",
    .knobs = buddy_knobs,
    .control_bytes = buddy_control_bytes,
    .init = buddy_init,
    .alloc = buddy_alloc,
    .free = buddy_free,
    .resize = buddy_resize,
    .usable = buddy_usable,
    .reset = buddy_reset,
    .walk = buddy_walk,
    .largest = buddy_largest,
};
