/*
 * user.c - a heap of its own for each process, from one stock of pages.
 *
 *     source  | page of 1 | page of 2 | run of 1        | free    | page of 2
 *              ##.##.#...   #...###..   ############       ...      ####....
 *
 *     heap->owner says for which process a call is made.  A process has its
 *     heap from its first request to its destroy.
 *
 *     small requests: objects in pages, caches of each class as in slab
 *     large requests: runs of pages, which begin at a page as well
 *
 * No page holds bytes of two processes, and every page is zeroed when it
 * comes from the source: nothing that one has written ever reaches another.
 * Nobody can free, resize or measure what is another's: NOT_OWNED.
 *
 * Time: constant, plus a step for each page of a run, plus at most two calls
 * to the source; destroy: as many as the process has pages and runs.
 * Fails: when the source does; QUOTA when the process would have more pages
 * than quota_bytes, or the extra "quota", allow it.
 * Keeps: nothing in data; in control 48 bytes for each page of the usual kind,
 * 160 bytes for each process, and 1088 bytes.
 */
#include "alloc/user.h"

#include "alloc/cache_object.h"

#include "core/arith.h"
#include "core/judged.h"
#include "polished/policies.h"

/* The usual length of a page. */
#ifndef USER_PAGE_BYTES
#define USER_PAGE_BYTES 4096
#endif

enum { USER_PAGES, USER_PAGE, USER_LEAST, USER_KEEP, USER_HEAPS, USER_QUOTA };

static const struct polished_knob user_knobs[] = {
    [USER_PAGES] = {"pages", "where pages come from", 0, 0, 0, POLISHED_POLICY},
    [USER_PAGE] = {"page_bytes", "the length of a page", 256, 32768,
                   USER_PAGE_BYTES, POLISHED_POWER_OF_TWO},
    [USER_LEAST] = {"least_bytes", "the smallest object", 8, 64, 16,
                    POLISHED_POWER_OF_TWO},
    [USER_KEEP] = {"keep_pages", "so many empty pages a process keeps", 0,
                   65536, 1, POLISHED_ANY},
    [USER_HEAPS] = {"heaps", "so many processes, the kernel included", 1, 65536,
                    16, POLISHED_ANY},
    [USER_QUOTA] = {"quota_bytes", "pages of a process; 0: any number", 0,
                    POLISHED_SIZE_MAX, 0, POLISHED_ANY},
    {0}};

static struct cache_plan user_plan(const polished_size *knobs)
{
    const struct cache_plan plan = {.granule_bytes = (uint32_t)knobs[USER_PAGE],
                                    .least_bytes = (uint32_t)knobs[USER_LEAST],
                                    .set_count = (uint32_t)knobs[USER_HEAPS],
                                    .keep_count = (uint32_t)knobs[USER_KEEP]};

    return plan;
}

static polished_size user_control_bytes(const polished_size *knobs,
                                        polished_size data_bytes)
{
    const struct cache_plan plan = user_plan(knobs);

    return cache_control_bytes(&plan, data_bytes);
}

static enum polished_status user_init(struct polished_heap *heap,
                                      const polished_size *knobs)
{
    const struct cache_plan plan = user_plan(knobs);

    cache_init(heap, &plan);
    for (uint32_t owner = 0; owner < plan.set_count; owner++)
        user_limit(heap, owner, knobs[USER_QUOTA]);
    return POLISHED_OK;
}

static enum polished_status user_alloc(struct polished_heap *heap,
                                       const struct polished_request *request,
                                       polished_size *offset)
{
    struct cache_set *set;
    uint32_t class, slot;
    enum polished_status status = POLISHED_OK;

    POLISHED_ASSERT(judged_request(heap, request));
    if (heap->owner >= cache_state(heap)->set_count)
        return POLISHED_LIMIT;
    set = cache_set(heap, heap->owner);
    if (cache_take_hot(heap, set, request, offset))
        return POLISHED_OK;
    class = cache_class(heap, request->size_bytes, request->align_bytes);
    if (class == CACHE_NONE)
        return user_run_alloc(heap, request, offset);
    slot = set->partial[class];
    if (slot == CACHE_NONE)
        status = user_refill(heap, class, &slot);
    return status == POLISHED_OK ? cache_take(heap, set, slot, offset) : status;
}

/* What this owner's block at an offset is: a run, or an object of a slab. */
static enum polished_status user_judge(const struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes, uint32_t *slot,
                                       uint32_t *index)
{
    const struct cache_slot *entry;

    POLISHED_ASSERT(judged_block(heap, offset, size_bytes));
    *slot = cache_find(heap, offset);
    if (*slot == CACHE_NONE)
        return POLISHED_NOT_OWNED;
    entry = cache_slot(heap, *slot);
    if (entry->owner != heap->owner)
        return POLISHED_NOT_OWNED;
    if (cache_is_slab(entry))
        return cache_judge(heap, *slot, offset, size_bytes, index);
    return offset == cache_offset(heap, *slot) ? POLISHED_OK
                                               : POLISHED_INTERIOR;
}

static enum polished_status user_free(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    struct cache_set *set;
    uint32_t slot, index;
    enum polished_status status;

    if (heap->owner >= cache_state(heap)->set_count)
        return POLISHED_NOT_OWNED;
    set = cache_set(heap, heap->owner);
    if (cache_give_hot(set, offset, size_bytes))
        return POLISHED_OK;
    POLISHED_STEP(heap);
    status = user_judge(heap, offset, size_bytes, &slot, &index);
    if (status != POLISHED_OK)
        return status;
    if (!cache_is_slab(cache_slot(heap, slot)))
        return user_return(heap, set, &set->full, slot, size_bytes);
    return cache_put(heap, set, slot, index);
}

static enum polished_status user_resize(struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size size_bytes,
                                        const struct polished_request *request)
{
    uint32_t slot, index;
    enum polished_status status =
        user_judge(heap, offset, size_bytes, &slot, &index);

    POLISHED_STEP(heap);
    if (status != POLISHED_OK)
        return status;
    if (!cache_is_slab(cache_slot(heap, slot)))
        return user_run_resize(heap, slot, size_bytes, request);
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0 ||
        request->size_bytes > cache_stride(heap, slot))
        return POLISHED_NO_MEMORY;
    return POLISHED_OK;
}

static enum polished_status user_usable(const struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size *size_bytes)
{
    uint32_t slot, index;
    enum polished_status status = user_judge(heap, offset, 0, &slot, &index);

    if (status != POLISHED_OK)
        return status;
    if (!cache_is_slab(cache_slot(heap, slot)))
        return polished_usable(heap->source, offset, size_bytes);
    *size_bytes = cache_stride(heap, slot);
    return POLISHED_OK;
}

static enum polished_status user_extend(struct polished_heap *heap,
                                        polished_size more_bytes)
{
    POLISHED_STEP(heap);
    if (!cache_reaches(heap, heap->data.size_bytes + more_bytes))
        return POLISHED_LIMIT;
    return polished_extend(heap->source, more_bytes);
}

/* Give back every slab and run of a list. */
static enum polished_status user_drain(struct polished_heap *heap,
                                       struct cache_set *set, uint32_t *list)
{
    while (*list != CACHE_NONE) {
        enum polished_status status = user_return(heap, set, list, *list, 0);

        if (status != POLISHED_OK)
            return status;
    }
    return POLISHED_OK;
}

static enum polished_status user_destroy(struct polished_heap *heap,
                                         uint32_t owner)
{
    const struct cache_state *state = cache_state(heap);
    struct cache_set *set;
    enum polished_status status;

    if (owner >= state->set_count)
        return POLISHED_LIMIT;
    set = cache_set(heap, owner);
    status = user_drain(heap, set, &set->full);
    if (status == POLISHED_OK)
        status = user_drain(heap, set, &set->kept);
    for (uint32_t class = 0;
         class < state->class_count && status == POLISHED_OK; class ++)
        status = user_drain(heap, set, &set->partial[class]);
    if (status == POLISHED_OK)
        cache_clear_set(heap, set);
    return status;
}

static enum polished_status user_reset(struct polished_heap *heap)
{
    enum polished_status status = polished_reset(heap->source);

    if (status == POLISHED_OK)
        cache_clear(heap);
    return status;
}

/* What others draw from the same source is not ours to show. */
static enum polished_status user_walk(const struct polished_heap *heap,
                                      polished_visit *visit, void *context)
{
    return cache_walk(heap, visit, context, POLISHED_OWN);
}

static polished_size user_largest(const struct polished_heap *heap,
                                  const struct polished_request *request)
{
    const struct cache_state *state = cache_state(heap);
    polished_size run_bytes, object_bytes;

    if (heap->owner >= state->set_count)
        return 0;
    run_bytes = user_run_largest(heap, request);
    object_bytes =
        cache_largest(heap, cache_set(heap, heap->owner), request->align_bytes);
    /* A request that is no larger than objects are needs a whole page. */
    if (run_bytes <= state->largest_bytes &&
        request->align_bytes <= state->largest_bytes)
        return object_bytes;
    return object_bytes > run_bytes ? object_bytes : run_bytes;
}

const struct polished_ops polished_user = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_SOURCE |
            POLISHED_OWNERS | POLISHED_EXACT_MISUSE | POLISHED_EXACT_WALK,
    .name = "user",
    .summary = "isolated heaps of processes, from one stock of pages",
    .knobs = user_knobs,
    .extras = user_extras,
    .control_bytes = user_control_bytes,
    .init = user_init,
    .alloc = user_alloc,
    .free = user_free,
    .resize = user_resize,
    .usable = user_usable,
    .extend = user_extend,
    .destroy = user_destroy,
    .reset = user_reset,
    .walk = user_walk,
    .largest = user_largest,
    .check = cache_check,
};
