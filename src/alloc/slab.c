/*
 * slab.c - caches of equal objects for small requests, over a page source
 * that serves the large ones itself.
 *
 *     source   | slab of 96  | large block | slab of 32    | free ...
 *               #.##.#....#    ###########   ##.#####....
 *
 *     alloc: size -> class -> the first slab of the class with a free object
 *     free:  offset -> slot -> object; a slab that becomes empty is kept for
 *            any class, or given back
 *
 * Classes: the powers of two and up to three between two of them, each as
 * wide as the slab allows for its number of objects, up to half a slab.  A
 * request for more, at an alignment that no slab has, or when no slab is to
 * be had, goes to the source as it is.
 *
 * Time: constant, plus at most one call to the source.
 * Fails: when the source does.  keep_slabs empty slabs may be what it lacks:
 * the extra "shrink" gives them back.
 * Keeps: nothing in data; in control 48 bytes for each slab of the usual kind
 * that data could hold, and 1248 bytes.
 *
 * After Bonwick (1994); objects are not coloured (docs/allocators.md).
 */
#include "alloc/cache_object.h"

#include "core/arith.h"
#include "core/judged.h"
#include "polished/policies.h"

/* The usual length of a slab. */
#ifndef SLAB_BYTES
#define SLAB_BYTES 4096
#endif

enum { SLAB_PAGES, SLAB_LENGTH, SLAB_LEAST, SLAB_KEEP };

static const struct polished_knob slab_knobs[] = {
    [SLAB_PAGES] = {"pages", "where slabs and large blocks come from", 0, 0, 0,
                    POLISHED_POLICY},
    [SLAB_LENGTH] = {"slab_bytes", "the length of a slab", 256, 32768,
                     SLAB_BYTES, POLISHED_POWER_OF_TWO},
    [SLAB_LEAST] = {"least_bytes", "the smallest object", 8, 64, 16,
                    POLISHED_POWER_OF_TWO},
    [SLAB_KEEP] = {"keep_slabs", "so many empty slabs are kept", 0, 65536, 1,
                   POLISHED_ANY},
    {0}};

static struct cache_plan slab_plan(const polished_size *knobs)
{
    const struct cache_plan plan = {.granule_bytes =
                                        (uint32_t)knobs[SLAB_LENGTH],
                                    .least_bytes = (uint32_t)knobs[SLAB_LEAST],
                                    .set_count = 1,
                                    .keep_count = (uint32_t)knobs[SLAB_KEEP]};

    return plan;
}

static polished_size slab_control_bytes(const polished_size *knobs,
                                        polished_size data_bytes)
{
    const struct cache_plan plan = slab_plan(knobs);

    return cache_control_bytes(&plan, data_bytes);
}

static enum polished_status slab_init(struct polished_heap *heap,
                                      const polished_size *knobs)
{
    const struct cache_plan plan = slab_plan(knobs);

    cache_init(heap, &plan);
    return POLISHED_OK;
}

/* A slab for a class, kept or new; CACHE_NONE: there is none to be had. */
static uint32_t slab_refill(struct polished_heap *heap, uint32_t class,
                            polished_size align_bytes)
{
    const struct polished_request request = {
        cache_state(heap)->granule_bytes,
        align_bytes > CACHE_ALIGN ? align_bytes : CACHE_ALIGN, 0, 0};
    uint32_t slot = cache_wake(heap, cache_set(heap, 0), class, align_bytes);
    polished_size offset;

    if (slot != CACHE_NONE)
        return slot;
    if (polished_alloc(heap->source, &request, &offset) != POLISHED_OK)
        return CACHE_NONE;
    return cache_cut(heap, 0, offset, class);
}

/* What the hot object cannot serve. */
CACHE_COOL enum polished_status
slab_alloc_cool(struct polished_heap *heap,
                const struct polished_request *request, polished_size *offset)
{
    struct cache_set *set = cache_set(heap, 0);
    uint32_t class =
        cache_class(heap, request->size_bytes, request->align_bytes);

    POLISHED_ASSERT(judged_request(heap, request));
    if (class != CACHE_NONE) {
        uint32_t slot = set->partial[class];

        if (slot == CACHE_NONE)
            slot = slab_refill(heap, class, request->align_bytes);
        if (slot != CACHE_NONE && cache_fits(heap, slot, request->align_bytes))
            return cache_take(heap, set, slot, offset);
    }
    return heap->source->ops->alloc(heap->source, request, offset);
}

CACHE_HOT enum polished_status
slab_alloc(struct polished_heap *heap, const struct polished_request *request,
           polished_size *offset)
{
    if (cache_take_hot(heap, cache_set(heap, 0), request, offset))
        return POLISHED_OK;
    return slab_alloc_cool(heap, request, offset);
}

CACHE_COOL enum polished_status slab_free_cool(struct polished_heap *heap,
                                               polished_size offset,
                                               polished_size size_bytes)
{
    uint32_t slot = cache_find(heap, offset);
    enum polished_status status;
    uint32_t index;

    POLISHED_ASSERT(judged_block(heap, offset, size_bytes));
    POLISHED_STEP(heap);
    if (slot == CACHE_NONE)
        return heap->source->ops->free(heap->source, offset, size_bytes);
    status = cache_judge(heap, slot, offset, size_bytes, &index);
    if (status != POLISHED_OK)
        return status;
    return cache_put(heap, cache_set(heap, 0), slot, index);
}

CACHE_HOT enum polished_status slab_free(struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size size_bytes)
{
    if (cache_give_hot(cache_set(heap, 0), offset, size_bytes))
        return POLISHED_OK;
    return slab_free_cool(heap, offset, size_bytes);
}

static enum polished_status slab_resize(struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size size_bytes,
                                        const struct polished_request *request)
{
    uint32_t slot = cache_find(heap, offset);
    enum polished_status status;
    uint32_t index;

    POLISHED_STEP(heap);
    if (slot == CACHE_NONE)
        return polished_resize(heap->source, offset, size_bytes, request);
    status = cache_judge(heap, slot, offset, size_bytes, &index);
    if (status != POLISHED_OK)
        return status;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0 ||
        request->size_bytes > cache_stride(heap, slot))
        return POLISHED_NO_MEMORY;
    return POLISHED_OK;
}

static enum polished_status slab_usable(const struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size *size_bytes)
{
    uint32_t slot = cache_find(heap, offset);
    enum polished_status status;
    uint32_t index;

    if (slot == CACHE_NONE)
        return polished_usable(heap->source, offset, size_bytes);
    status = cache_judge(heap, slot, offset, 0, &index);
    if (status == POLISHED_OK)
        *size_bytes = cache_stride(heap, slot);
    return status;
}

static enum polished_status slab_extend(struct polished_heap *heap,
                                        polished_size more_bytes)
{
    POLISHED_STEP(heap);
    if (!cache_reaches(heap, heap->data.size_bytes + more_bytes))
        return POLISHED_LIMIT;
    return polished_extend(heap->source, more_bytes);
}

static enum polished_status slab_reset(struct polished_heap *heap)
{
    enum polished_status status = polished_reset(heap->source);

    if (status == POLISHED_OK)
        cache_clear(heap);
    return status;
}

static enum polished_status slab_walk(const struct polished_heap *heap,
                                      polished_visit *visit, void *context)
{
    return cache_walk(heap, visit, context, POLISHED_USED);
}

/* Whatever the source can give, or an object that lies ready. */
static polished_size slab_largest(const struct polished_heap *heap,
                                  const struct polished_request *request)
{
    polished_size object_bytes =
        cache_largest(heap, cache_set(heap, 0), request->align_bytes);
    polished_size block_bytes = polished_largest(heap->source, request);

    return object_bytes > block_bytes ? object_bytes : block_bytes;
}

static enum polished_status slab_shrink(struct polished_heap *heap,
                                        polished_size *a, polished_size *b)
{
    struct cache_set *set = cache_set(heap, 0);
    uint32_t held_count = set->held_count;
    enum polished_status status = cache_shrink(heap, set, 0);

    (void)b;
    if (status == POLISHED_OK)
        *a = (polished_size)(held_count - set->held_count)
             << cache_state(heap)->granule_shift;
    return status;
}

static const struct polished_extra slab_extras[] = {
    {"shrink", "give kept slabs back: a = bytes", slab_shrink}, {0}};

const struct polished_ops polished_slab = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_SOURCE |
            POLISHED_EXACT_WALK,
    .name = "slab",
    .summary = "caches of equal objects, large blocks from another heap",
    .knobs = slab_knobs,
    .extras = slab_extras,
    .control_bytes = slab_control_bytes,
    .init = slab_init,
    .alloc = slab_alloc,
    .free = slab_free,
    .resize = slab_resize,
    .usable = slab_usable,
    .extend = slab_extend,
    .reset = slab_reset,
    .walk = slab_walk,
    .largest = slab_largest,
    .check = cache_check,
};
