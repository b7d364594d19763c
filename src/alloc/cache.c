/* cache.c - see cache.h: classes, slabs that come and go. */
#include "alloc/cache_object.h"

#include "core/arith.h"
#include "core/memory.h"

_Static_assert(sizeof(struct cache_state) % _Alignof(uint64_t) == 0,
               "bits are aligned");

/* The next class above a stride: the widest objects of which a slab holds no
   fewer than of the next even part of a doubling, so that no slab has a tail
   for nothing.  0: there is none. */
static uint32_t cache_next_stride(const struct cache_plan *plan,
                                  uint32_t stride)
{
    uint32_t most = plan->granule_bytes / 2;
    uint32_t step, wanted;

    if (stride >= most)
        return 0;
    if (stride < CACHE_ALIGN)
        return 2 * stride;
    step = (1u << bits_highest(stride)) / CACHE_SPLIT;
    if (step < CACHE_ALIGN)
        step = CACHE_ALIGN;
    wanted = (stride / step + 1) * step;
    wanted = plan->granule_bytes / (plan->granule_bytes / wanted);
    return wanted & ~(CACHE_ALIGN - 1);
}

static void cache_add_class(struct cache_state *state, uint32_t least_bytes,
                            uint32_t stride)
{
    struct cache_class *class = &state->classes[state->class_count++];

    POLISHED_ASSERT(state->class_count <= CACHE_CLASSES);
    class->stride = stride;
    class->inverse = UINT32_MAX / stride + 1;
    class->count = state->granule_bytes / stride;
    class->least_bytes = least_bytes;
}

/* All that does not depend on data. */
static void cache_lay_out(struct cache_state *state,
                          const struct cache_plan *plan)
{
    uint32_t words = (plan->granule_bytes / plan->least_bytes + 63) / 64;
    uint32_t least_bytes = 1;

    *state =
        (struct cache_state){.granule_bytes = plan->granule_bytes,
                             .granule_shift = bits_highest(plan->granule_bytes),
                             .word_count = words,
                             .largest_bytes = plan->granule_bytes / 2,
                             .set_count = plan->set_count,
                             .keep_count = plan->keep_count};
    for (uint32_t stride = plan->least_bytes; stride != 0;
         stride = cache_next_stride(plan, stride)) {
        cache_add_class(state, least_bytes, stride);
        least_bytes = stride + 1;
    }
    state->set_bytes =
        (uint32_t)(sizeof(struct cache_set) + state->class_count * 4 + 15) &
        ~15u;
    state->table_at =
        sizeof *state + (polished_size)state->set_count * state->set_bytes;
    state->slots_at = state->table_at + state->largest_bytes / CACHE_UNIT;
}

static polished_size cache_slot_bytes(const struct cache_state *state)
{
    return sizeof(struct cache_slot) + state->word_count * 8;
}

polished_size cache_control_bytes(const struct cache_plan *plan,
                                  polished_size data_bytes)
{
    struct cache_state state;
    polished_size slots = (data_bytes - 1) / plan->granule_bytes + 1;

    if (slots > CACHE_SPAN)
        return 0;
    cache_lay_out(&state, plan);
    return state.slots_at + slots * cache_slot_bytes(&state);
}

/* For each size in units, the smallest class that holds it. */
static void cache_fill_table(const struct polished_heap *heap)
{
    const struct cache_state *state = cache_state(heap);
    uint32_t unit = 0;

    for (uint32_t class = 0; class < state->class_count; class ++)
        while (unit < state->classes[class].stride / CACHE_UNIT)
            cache_table(heap)[unit++] = (uint8_t) class;
}

/* As many slots as fit; the quotient without a division of 64 bits.  Those
   tried first have more bytes than 32 bits can say. */
static uint32_t cache_count_slots(const struct cache_state *state,
                                  polished_size room_bytes)
{
    polished_size slot_bytes = cache_slot_bytes(state);
    uint32_t slots = 0;

    for (uint32_t more = CACHE_SPAN; more != 0; more /= 2)
        if (more * (uint64_t)slot_bytes <= room_bytes) {
            room_bytes -= more * slot_bytes;
            slots += more;
        }
    return slots;
}

void cache_init(struct polished_heap *heap, const struct cache_plan *plan)
{
    struct cache_state *state = cache_state(heap);

    cache_lay_out(state, plan);
    state->slot_count =
        cache_count_slots(state, heap->control_bytes - state->slots_at);
    state->bits_at =
        state->slots_at +
        state->slot_count * (polished_size)sizeof(struct cache_slot);
    cache_fill_table(heap);
    cache_clear(heap);
    heap->own_steps = 0;
}

void cache_clear_set(struct polished_heap *heap, struct cache_set *set)
{
    POLISHED_STEP(heap);
    set->hot =
        (struct cache_hot){.busy = POLISHED_NOWHERE, .place = POLISHED_NOWHERE};
    set->full = CACHE_NONE;
    set->kept = CACHE_NONE;
    set->kept_count = 0;
    set->idle = CACHE_NONE;
    set->held_count = 0;
    for (uint32_t class = 0; class < cache_state(heap)->class_count; class ++)
        set->partial[class] = CACHE_NONE;
}

void cache_clear(struct polished_heap *heap)
{
    const struct cache_state *state = cache_state(heap);

    for (uint32_t owner = 0; owner < state->set_count; owner++)
        cache_clear_set(heap, cache_set(heap, owner));
    for (uint32_t slot = 0; slot < state->slot_count; slot++) {
        POLISHED_STEP(heap);
        cache_slot(heap, slot)->kind = CACHE_EMPTY;
    }
}

bool cache_reaches(const struct polished_heap *heap, polished_size data_bytes)
{
    const struct cache_state *state = cache_state(heap);

    return (data_bytes - 1) >> state->granule_shift < state->slot_count;
}

/* All objects of a slab become free, of a class.  Bits of more than it holds do
   no harm: while one is free its own is the lowest. */
static void cache_format(struct polished_heap *heap, uint32_t slot,
                         uint32_t class)
{
    uint32_t count = cache_state(heap)->classes[class].count;
    struct cache_slot *entry = cache_slot(heap, slot);
    uint64_t *bits = cache_bits(heap, slot);

    for (uint32_t word = 0; 64 * word < count; word++) {
        POLISHED_STEP(heap);
        bits[word] = UINT64_MAX;
    }
    entry->kind = (uint8_t) class;
    entry->used = 0;
    entry->first = 0;
}

uint32_t cache_cut(struct polished_heap *heap, uint32_t owner,
                   polished_size offset, uint32_t class)
{
    const struct cache_state *state = cache_state(heap);
    struct cache_set *set = cache_set(heap, owner);
    uint32_t slot = (uint32_t)(offset >> state->granule_shift);
    struct cache_slot *entry = cache_slot(heap, slot);

    entry->start = (uint16_t)(offset & (state->granule_bytes - 1));
    entry->owner = (uint16_t)owner;
    cache_format(heap, slot, class);
    cache_link(heap, &set->partial[class], slot);
    set->held_count++;
    return slot;
}

/* The slab that was emptied last joins those that are kept, if it is empty. */
static void cache_settle(struct polished_heap *heap, struct cache_set *set)
{
    uint32_t slot = set->idle;

    set->idle = CACHE_NONE;
    if (slot == CACHE_NONE || cache_slot(heap, slot)->used != 0)
        return;
    cache_unlink(heap, &set->partial[cache_slot(heap, slot)->kind], slot);
    cache_link(heap, &set->kept, slot);
    set->kept_count++;
}

/* Let the slab that is to serve first, and there is one, be in kept. */
static uint32_t cache_ready(struct polished_heap *heap, struct cache_set *set)
{
    if (set->kept == CACHE_NONE) {
        bool is_hot = cache_idle(heap, set) == CACHE_NONE ||
                      cache_slot(heap, set->idle)->used != 0;
        enum polished_status status =
            is_hot ? cache_cool(heap, set) : POLISHED_OK;

        POLISHED_ASSERT(status == POLISHED_OK);
        cache_settle(heap, set);
    }
    POLISHED_ASSERT(set->kept != CACHE_NONE);
    return set->kept;
}

uint32_t cache_wake(struct polished_heap *heap, struct cache_set *set,
                    uint32_t class, polished_size align_bytes)
{
    uint32_t slot = cache_spare(heap, set);

    if (slot == CACHE_NONE || !cache_fits(heap, slot, align_bytes))
        return CACHE_NONE;
    slot = cache_ready(heap, set);
    cache_unlink(heap, &set->kept, slot);
    set->kept_count--;
    if (cache_slot(heap, slot)->kind != class)
        cache_format(heap, slot, class);
    cache_link(heap, &set->partial[class], slot);
    return slot;
}

enum polished_status cache_shrink(struct polished_heap *heap,
                                  struct cache_set *set, uint32_t keep_count)
{
    while (cache_spare_count(heap, set) > keep_count) {
        uint32_t slot = cache_ready(heap, set);
        enum polished_status status =
            heap->source->ops->free(heap->source, cache_offset(heap, slot),
                                    cache_state(heap)->granule_bytes);

        if (status != POLISHED_OK)
            return POLISHED_CORRUPT;
        cache_unlink(heap, &set->kept, slot);
        cache_slot(heap, slot)->kind = CACHE_EMPTY;
        set->kept_count--;
        set->held_count--;
    }
    return POLISHED_OK;
}

enum polished_status cache_rest(struct polished_heap *heap,
                                struct cache_set *set, uint32_t slot)
{
    cache_settle(heap, set);
    set->idle = slot;
    return cache_shrink(heap, set, cache_state(heap)->keep_count);
}
