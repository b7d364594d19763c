/* user_extra.c - what one can ask of a process, and set for it. */
#include "alloc/user.h"

#include "alloc/cache_object.h"

/* The owner that a names. */
static bool user_is_known(const struct polished_heap *heap, polished_size a)
{
    return a < cache_state(heap)->set_count;
}

/* Blocks in use on a list, and their bytes. */
static enum polished_status user_count(const struct polished_heap *heap,
                                       uint32_t first, polished_size *blocks,
                                       polished_size *bytes)
{
    for (uint32_t slot = first; slot != CACHE_NONE;
         slot = cache_slot(heap, slot)->next) {
        const struct cache_slot *entry = cache_slot(heap, slot);
        polished_size run_bytes;

        if (cache_is_slab(entry)) {
            *blocks += entry->used;
            *bytes += (polished_size)entry->used * cache_stride(heap, slot);
            continue;
        }
        if (polished_usable(heap->source, cache_offset(heap, slot),
                            &run_bytes) != POLISHED_OK)
            return POLISHED_CORRUPT;
        *blocks += 1;
        *bytes += run_bytes;
    }
    return POLISHED_OK;
}

static enum polished_status user_live(struct polished_heap *heap,
                                      polished_size *a, polished_size *b)
{
    const struct cache_set *set;
    polished_size blocks = 0, bytes = 0;
    enum polished_status status;

    if (!user_is_known(heap, *a))
        return POLISHED_LIMIT;
    set = cache_set(heap, (uint32_t)*a);
    status = user_count(heap, set->full, &blocks, &bytes);
    for (uint32_t class = 0;
         class < cache_state(heap)->class_count && status == POLISHED_OK;
         class ++)
        status = user_count(heap, set->partial[class], &blocks, &bytes);
    if (cache_is_resting(&set->hot)) {
        blocks -= 1;
        bytes -= set->hot.most_bytes;
    }
    if (status == POLISHED_OK) {
        *a = blocks;
        *b = bytes;
    }
    return status;
}

static enum polished_status user_held(struct polished_heap *heap,
                                      polished_size *a, polished_size *b)
{
    const struct cache_state *state = cache_state(heap);
    const struct cache_set *set;

    if (!user_is_known(heap, *a))
        return POLISHED_LIMIT;
    set = cache_set(heap, (uint32_t)*a);
    *a = (polished_size)set->held_count << state->granule_shift;
    *b = (polished_size)cache_spare_count(heap, set) << state->granule_shift;
    return POLISHED_OK;
}

static enum polished_status user_quota(struct polished_heap *heap,
                                       polished_size *a, polished_size *b)
{
    if (!user_is_known(heap, *a))
        return POLISHED_LIMIT;
    user_limit(heap, (uint32_t)*a, *b);
    return POLISHED_OK;
}

/* Every process gives back what it keeps. */
static enum polished_status user_shrink(struct polished_heap *heap,
                                        polished_size *a, polished_size *b)
{
    const struct cache_state *state = cache_state(heap);
    polished_size count = 0;

    (void)b;
    for (uint32_t owner = 0; owner < state->set_count; owner++) {
        struct cache_set *set = cache_set(heap, owner);
        uint32_t held_count = set->held_count;

        POLISHED_STEP(heap);
        if (cache_shrink(heap, set, 0) != POLISHED_OK)
            return POLISHED_CORRUPT;
        count += held_count - set->held_count;
    }
    *a = count << state->granule_shift;
    return POLISHED_OK;
}

const struct polished_extra user_extras[] = {
    {"live", "of owner a: a = blocks in use, b = their bytes", user_live},
    {"held", "of owner a: a = bytes of pages, b = of them empty", user_held},
    {"quota", "let owner a have b bytes of pages; 0: any number", user_quota},
    {"shrink", "give all empty pages back: a = bytes", user_shrink},
    {0}};
