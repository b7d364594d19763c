/* cache_view.c - what the caches hold, seen object by object. */
#include "alloc/cache.h"
#include "core/walk.h"

/* A walk over the source, and the one that is made of it. */
struct cache_view {
    const struct polished_heap *heap;
    struct walk walk;
    enum polished_kind stranger;
};

/* Is an object's bit set? */
static bool cache_is_marked(const struct polished_heap *heap, uint32_t slot,
                            uint32_t index)
{
    return cache_bits(heap, slot)[index / 64] >> index % 64 & 1;
}

/* Is it the one that is free although its bit is not set? */
static bool cache_is_hot(const struct cache_set *set, uint32_t slot,
                         uint32_t index)
{
    return cache_is_resting(&set->hot) && set->hot.slot == slot &&
           set->hot.index == index;
}

static void cache_show_slab(struct cache_view *view, uint32_t slot)
{
    const struct cache_set *set =
        cache_set(view->heap, cache_slot(view->heap, slot)->owner);
    uint32_t stride = cache_stride(view->heap, slot);

    for (uint32_t index = 0; index < cache_count(view->heap, slot); index++)
        walk_to(&view->walk, view->walk.at_bytes + stride,
                cache_is_marked(view->heap, slot, index) ||
                        cache_is_hot(set, slot, index)
                    ? POLISHED_FREE
                    : POLISHED_USED);
}

/* What begins at this very place; CACHE_NONE: nothing of ours. */
static uint32_t cache_starting(const struct polished_heap *heap,
                               polished_size offset)
{
    uint32_t slot = cache_find(heap, offset);

    return slot != CACHE_NONE && cache_offset(heap, slot) == offset
               ? slot
               : CACHE_NONE;
}

static int cache_see(void *context, const struct polished_block *block)
{
    struct cache_view *view = context;
    polished_size end = block->offset_bytes + block->size_bytes;
    enum polished_kind kind = block->kind;

    if (kind == POLISHED_USED) {
        uint32_t slot = cache_starting(view->heap, block->offset_bytes);

        if (slot == CACHE_NONE) {
            kind = view->stranger;
        } else if (cache_is_slab(cache_slot(view->heap, slot))) {
            cache_show_slab(view, slot);
            kind = POLISHED_OWN;
        }
    }
    walk_to(&view->walk, end, kind);
    return view->walk.is_over;
}

enum polished_status cache_walk(const struct polished_heap *heap,
                                polished_visit *visit, void *context,
                                enum polished_kind stranger)
{
    struct cache_view view = {.heap = heap,
                              .walk = {.visit = visit, .context = context},
                              .stranger = stranger};

    return polished_walk(heap->source, cache_see, &view);
}

/* Can objects of a class serve a request for as much as they hold? */
static bool cache_serves(const struct polished_heap *heap, uint32_t class,
                         uint32_t slot, polished_size align_bytes)
{
    return slot != CACHE_NONE &&
           (cache_state(heap)->classes[class].stride & (align_bytes - 1)) ==
               0 &&
           cache_fits(heap, slot, align_bytes);
}

/* What the hot object could serve. */
static polished_size cache_hot_bytes(const struct polished_heap *heap,
                                     const struct cache_set *set,
                                     polished_size align_bytes)
{
    return cache_is_resting(&set->hot) &&
                   ((heap->data.bus_base + set->hot.place) &
                    (align_bytes - 1)) == 0
               ? set->hot.most_bytes
               : 0;
}

/* The largest free object but the hot one; an empty slab serves any class that
   has no other. */
static polished_size cache_ready_bytes(const struct polished_heap *heap,
                                       const struct cache_set *set,
                                       polished_size align_bytes)
{
    const struct cache_state *state = cache_state(heap);
    uint32_t class = state->class_count;

    if (align_bytes > state->largest_bytes)
        return 0;
    while (class -- > 0) {
        uint32_t slot = set->partial[class];

        if (slot == CACHE_NONE)
            slot = cache_spare(heap, set);
        if (cache_serves(heap, class, slot, align_bytes))
            return state->classes[class].stride;
    }
    return 0;
}

polished_size cache_largest(const struct polished_heap *heap,
                            const struct cache_set *set,
                            polished_size align_bytes)
{
    polished_size hot_bytes = cache_hot_bytes(heap, set, align_bytes);
    polished_size ready_bytes = cache_ready_bytes(heap, set, align_bytes);

    return hot_bytes > ready_bytes ? hot_bytes : ready_bytes;
}

/* The slabs of one list, counted; CACHE_NONE: it is damaged.  One that led back
   into itself would find another prev there. */
static uint32_t cache_check_list(const struct polished_heap *heap,
                                 uint32_t first, uint32_t class, bool is_full)
{
    const struct cache_state *state = cache_state(heap);
    uint32_t prev = CACHE_NONE;
    uint32_t count = 0;

    for (uint32_t slot = first; slot != CACHE_NONE; count++) {
        const struct cache_slot *entry;

        if (slot >= state->slot_count)
            return CACHE_NONE;
        entry = cache_slot(heap, slot);
        if (entry->prev != prev ||
            (class != CACHE_NONE && entry->kind != class) ||
            (!cache_is_slab(entry) && (!is_full || entry->kind != CACHE_RUN)))
            return CACHE_NONE;
        if (cache_is_slab(entry) &&
            (entry->used == state->classes[entry->kind].count) != is_full)
            return CACHE_NONE;
        prev = slot;
        slot = entry->next;
    }
    return count;
}

/* Do count of used objects and bits of a slab agree? */
static bool cache_check_slab(const struct polished_heap *heap, uint32_t slot)
{
    const struct cache_slot *entry = cache_slot(heap, slot);
    uint32_t count = cache_state(heap)->classes[entry->kind].count;
    uint32_t used = 0;

    for (uint32_t index = 0; index < count; index++) {
        if (cache_is_marked(heap, slot, index) && index / 64 < entry->first)
            return false;
        used += !cache_is_marked(heap, slot, index);
    }
    return used == entry->used;
}

/* The slots in the lists of one owner; CACHE_NONE: they are damaged. */
static uint32_t cache_check_set(const struct polished_heap *heap,
                                const struct cache_set *set)
{
    uint32_t class_count = cache_state(heap)->class_count;
    uint32_t kept = cache_check_list(heap, set->kept, CACHE_NONE, false);
    uint32_t sum = cache_check_list(heap, set->full, CACHE_NONE, true);

    if (sum == CACHE_NONE || kept != set->kept_count ||
        (cache_is_resting(&set->hot) &&
         cache_is_marked(heap, set->hot.slot, set->hot.index)))
        return CACHE_NONE;
    sum += kept;
    for (uint32_t class = 0; class < class_count; class ++) {
        uint32_t count =
            cache_check_list(heap, set->partial[class], class, false);

        if (count == CACHE_NONE)
            return CACHE_NONE;
        sum += count;
    }
    return sum;
}

enum polished_status cache_check(const struct polished_heap *heap)
{
    const struct cache_state *state = cache_state(heap);
    uint32_t in_lists = 0;

    for (uint32_t owner = 0; owner < state->set_count; owner++) {
        uint32_t count = cache_check_set(heap, cache_set(heap, owner));

        if (count == CACHE_NONE)
            return POLISHED_CORRUPT;
        in_lists += count;
    }
    for (uint32_t slot = 0; slot < state->slot_count; slot++) {
        const struct cache_slot *entry = cache_slot(heap, slot);

        in_lists -= cache_is_start(entry);
        if (cache_is_slab(entry) && !cache_check_slab(heap, slot))
            return POLISHED_CORRUPT;
    }
    return in_lists == 0 ? polished_check(heap->source) : POLISHED_CORRUPT;
}
