/*
 * user_page.c - pages of processes: quotas, slabs and runs from the source.
 *
 * A run's bits tell how many granules it counts for in the quota, and over
 * how many it reaches; so that an offset in it leads to it, every granule but
 * its first is marked as its body.
 */
#include "alloc/user.h"

#include "alloc/cache_object.h"

#include "core/arith.h"
#include "core/memory.h"

static uint32_t user_granules(const struct polished_heap *heap,
                              polished_size size_bytes)
{
    return (uint32_t)((size_bytes - 1) >> cache_state(heap)->granule_shift) + 1;
}

void user_limit(struct polished_heap *heap, uint32_t owner,
                polished_size quota_bytes)
{
    polished_size count = quota_bytes >> cache_state(heap)->granule_shift;

    cache_set(heap, owner)->limit_count =
        quota_bytes == 0 || count > UINT32_MAX ? CACHE_NONE : (uint32_t)count;
}

/* May a set have so many granules more, once it has given back its spares? */
static bool user_may_grow(const struct polished_heap *heap,
                          const struct cache_set *set, uint32_t more_count)
{
    uint32_t busy_count = set->held_count - cache_spare_count(heap, set);

    return (uint64_t)busy_count + more_count <= set->limit_count;
}

/* After growing: give back as many spares as the quota wants. */
static enum polished_status user_settle(struct polished_heap *heap,
                                        struct cache_set *set)
{
    uint32_t busy_count = set->held_count - cache_spare_count(heap, set);

    return cache_shrink(
        heap, set,
        busy_count < set->limit_count ? set->limit_count - busy_count : 0);
}

/* Nothing that another has left behind may be seen. */
static void user_zero(const struct polished_heap *heap, polished_size offset,
                      polished_size size_bytes)
{
    if (heap->data.base)
        memset(polished_pointer(heap, offset), 0, (size_t)size_bytes);
}

enum polished_status user_refill(struct polished_heap *heap, uint32_t class,
                                 uint32_t *slot)
{
    struct cache_set *set = cache_set(heap, heap->owner);
    polished_size page_bytes = cache_state(heap)->granule_bytes;
    const struct polished_request request = {page_bytes, page_bytes, 0, 0};
    polished_size offset;
    enum polished_status status;

    *slot = cache_wake(heap, set, class, page_bytes);
    if (*slot != CACHE_NONE)
        return POLISHED_OK;
    if (!user_may_grow(heap, set, 1))
        return POLISHED_QUOTA;
    status = polished_alloc(heap->source, &request, &offset);
    if (status != POLISHED_OK)
        return status;
    user_zero(heap, offset, page_bytes);
    *slot = cache_cut(heap, heap->owner, offset, class);
    return POLISHED_OK;
}

/* The granules that a run counts for, and those that it reaches over. */
static uint32_t user_run_count(const struct polished_heap *heap, uint32_t slot)
{
    return (uint32_t)*cache_bits(heap, slot);
}

static uint32_t user_run_reach(const struct polished_heap *heap, uint32_t slot)
{
    return (uint32_t)(*cache_bits(heap, slot) >> 32);
}

/* Enter how long a run is now. */
static void user_run_note(struct polished_heap *heap, uint32_t slot,
                          uint32_t old_reach, polished_size size_bytes,
                          polished_size usable_bytes)
{
    uint32_t reach = user_granules(heap, usable_bytes);

    *cache_bits(heap, slot) =
        (uint64_t)reach << 32 | user_granules(heap, size_bytes);
    for (uint32_t i = old_reach; i < reach; i++) {
        POLISHED_STEP(heap);
        cache_slot(heap, slot + i)->kind = CACHE_BODY;
        cache_slot(heap, slot + i)->next = slot;
    }
    for (uint32_t i = reach; i < old_reach; i++) {
        POLISHED_STEP(heap);
        cache_slot(heap, slot + i)->kind = CACHE_EMPTY;
    }
}

enum polished_status user_run_alloc(struct polished_heap *heap,
                                    const struct polished_request *request,
                                    polished_size *offset)
{
    const struct cache_state *state = cache_state(heap);
    struct cache_set *set = cache_set(heap, heap->owner);
    struct polished_request run = *request;
    uint32_t count = user_granules(heap, request->size_bytes);
    polished_size usable_bytes;
    struct cache_slot *entry;
    uint32_t slot;
    enum polished_status status;

    if (run.align_bytes < state->granule_bytes)
        run.align_bytes = state->granule_bytes;
    if (!user_may_grow(heap, set, count))
        return POLISHED_QUOTA;
    status = heap->source->ops->alloc(heap->source, &run, offset);
    if (status != POLISHED_OK)
        return status;
    if (polished_usable(heap->source, *offset, &usable_bytes) != POLISHED_OK)
        return POLISHED_CORRUPT;
    user_zero(heap, *offset, usable_bytes);
    slot = (uint32_t)(*offset >> state->granule_shift);
    entry = cache_slot(heap, slot);
    entry->start = (uint16_t)(*offset & (state->granule_bytes - 1));
    entry->owner = (uint16_t)heap->owner;
    entry->kind = CACHE_RUN;
    cache_link(heap, &set->full, slot);
    user_run_note(heap, slot, 1, request->size_bytes, usable_bytes);
    set->held_count += count;
    return user_settle(heap, set);
}

enum polished_status user_return(struct polished_heap *heap,
                                 struct cache_set *set, uint32_t *list,
                                 uint32_t slot, polished_size size_bytes)
{
    bool is_run = !cache_is_slab(cache_slot(heap, slot));
    enum polished_status status =
        polished_free(heap->source, cache_offset(heap, slot), size_bytes);

    if (status != POLISHED_OK)
        return status;
    cache_unlink(heap, list, slot);
    set->held_count -= is_run ? user_run_count(heap, slot) : 1;
    for (uint32_t i = is_run ? user_run_reach(heap, slot) : 1; i-- > 0;) {
        POLISHED_STEP(heap);
        cache_slot(heap, slot + i)->kind = CACHE_EMPTY;
    }
    return POLISHED_OK;
}

enum polished_status user_run_resize(struct polished_heap *heap, uint32_t slot,
                                     polished_size size_bytes,
                                     const struct polished_request *request)
{
    struct cache_set *set = cache_set(heap, heap->owner);
    polished_size offset = cache_offset(heap, slot);
    uint32_t count = user_granules(heap, request->size_bytes);
    uint32_t old_count = user_run_count(heap, slot);
    polished_size old_bytes, usable_bytes;
    enum polished_status status;

    if (polished_usable(heap->source, offset, &old_bytes) != POLISHED_OK)
        return POLISHED_CORRUPT;
    if (count > old_count && !user_may_grow(heap, set, count - old_count))
        return POLISHED_QUOTA;
    status = polished_resize(heap->source, offset, size_bytes, request);
    if (status != POLISHED_OK)
        return status;
    if (polished_usable(heap->source, offset, &usable_bytes) != POLISHED_OK)
        return POLISHED_CORRUPT;
    if (usable_bytes > old_bytes)
        user_zero(heap, offset + old_bytes, usable_bytes - old_bytes);
    user_run_note(heap, slot, user_run_reach(heap, slot), request->size_bytes,
                  usable_bytes);
    set->held_count = set->held_count - old_count + count;
    return user_settle(heap, set);
}

polished_size user_run_largest(const struct polished_heap *heap,
                               const struct polished_request *request)
{
    const struct cache_state *state = cache_state(heap);
    const struct cache_set *set = cache_set(heap, heap->owner);
    struct polished_request run = *request;
    uint32_t busy_count = set->held_count - cache_spare_count(heap, set);
    polished_size run_bytes, most_bytes;

    if (run.align_bytes < state->granule_bytes)
        run.align_bytes = state->granule_bytes;
    run_bytes = polished_largest(heap->source, &run);
    if (set->limit_count == CACHE_NONE)
        return run_bytes;
    if (busy_count >= set->limit_count)
        return 0;
    most_bytes = (polished_size)(set->limit_count - busy_count)
                 << state->granule_shift;
    return run_bytes < most_bytes ? run_bytes : most_bytes;
}
