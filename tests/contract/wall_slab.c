/*
 * wall_slab.c - objects of one size, cut from slabs of 16 that are drawn from
 * another heap.  Each slab belongs to one owner.  State lies in control alone.
 */
#include "core/count.h"
#include "walls.h"

#include <stdbool.h>

#define SLAB_OBJECTS 16u
#define SLAB_COUNT   32u

struct slab {
    polished_size offset;
    uint32_t owner;
    uint32_t used; /* a bit per object; 0: no slab */
};

struct slab_state {
    polished_size object_bytes;
    struct slab slabs[SLAB_COUNT];
};

static struct slab_state *slab_state(const struct polished_heap *heap)
{
    return heap->control;
}

static polished_size slab_control_bytes(const polished_size *knobs,
                                        polished_size data_bytes)
{
    (void)knobs;
    (void)data_bytes;
    return sizeof(struct slab_state);
}

static enum polished_status slab_init(struct polished_heap *heap,
                                      const polished_size *knobs)
{
    struct slab_state *state = slab_state(heap);

    *state = (struct slab_state){.object_bytes = knobs[0]};
    return POLISHED_OK;
}

/* A slab of this owner with room; else an empty place; else NULL. */
static struct slab *slab_choose(struct polished_heap *heap)
{
    struct slab *place = NULL;

    for (unsigned i = 0; i < SLAB_COUNT; i++) {
        struct slab *slab = &slab_state(heap)->slabs[i];

        POLISHED_STEP(heap);
        if (slab->used == 0)
            place = place ? place : slab;
        else if (slab->owner == heap->owner &&
                 slab->used != (1u << SLAB_OBJECTS) - 1)
            return slab;
    }
    return place;
}

static enum polished_status slab_alloc(struct polished_heap *heap,
                                       const struct polished_request *request,
                                       polished_size *offset)
{
    const polished_size object_bytes = slab_state(heap)->object_bytes;
    struct slab *slab = slab_choose(heap);
    unsigned object = 0;

    if (!slab || request->size_bytes > object_bytes ||
        request->align_bytes > object_bytes)
        return POLISHED_NO_MEMORY;
    if (slab->used == 0) {
        const struct polished_request page = {object_bytes * SLAB_OBJECTS,
                                              object_bytes, 0, 0};
        polished_size fresh;
        enum polished_status status =
            polished_alloc(heap->source, &page, &fresh);

        if (status != POLISHED_OK)
            return status;
        slab->offset = fresh;
        slab->owner = heap->owner;
    }
    while (slab->used >> object & 1)
        object++;
    slab->used |= 1u << object;
    *offset = slab->offset + object * object_bytes;
    return POLISHED_OK;
}

/* The slab and the number of the object that starts there. */
static enum polished_status slab_find(const struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes,
                                      struct slab **found, unsigned *object)
{
    struct slab_state *state = slab_state(heap);

    for (unsigned i = 0; i < SLAB_COUNT; i++) {
        struct slab *slab = &state->slabs[i];
        polished_size distance = offset - slab->offset;

        if (slab->used == 0 || offset < slab->offset ||
            distance >= state->object_bytes * SLAB_OBJECTS)
            continue;
        if (slab->owner != heap->owner)
            return POLISHED_NOT_OWNED;
        if (distance % state->object_bytes != 0)
            return POLISHED_INTERIOR;
        *object = (unsigned)(distance / state->object_bytes);
        if (!(slab->used >> *object & 1))
            return POLISHED_DOUBLE_FREE;
        *found = slab;
        return size_bytes > state->object_bytes ? POLISHED_SIZE_MISMATCH
                                                : POLISHED_OK;
    }
    return POLISHED_NOT_OWNED;
}

static enum polished_status slab_free(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    struct slab *slab;
    unsigned object;
    enum polished_status status =
        slab_find(heap, offset, size_bytes, &slab, &object);

    POLISHED_STEP(heap);
    if (status != POLISHED_OK)
        return status;
    if (slab->used == 1u << object) {
        status = polished_free(heap->source, slab->offset, 0);
        if (status != POLISHED_OK)
            return status;
    }
    slab->used &= ~(1u << object);
    return POLISHED_OK;
}

static enum polished_status slab_resize(struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size size_bytes,
                                        const struct polished_request *request)
{
    polished_size object_bytes = slab_state(heap)->object_bytes;
    struct slab *slab;
    unsigned object;
    enum polished_status status =
        slab_find(heap, offset, size_bytes, &slab, &object);

    if (status != POLISHED_OK)
        return status;
    return request->size_bytes <= object_bytes &&
                   request->align_bytes <= object_bytes
               ? POLISHED_OK
               : POLISHED_NO_MEMORY;
}

static enum polished_status slab_usable(const struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size *size_bytes)
{
    struct slab *slab;
    unsigned object;
    enum polished_status status = slab_find(heap, offset, 0, &slab, &object);

    if (status == POLISHED_OK)
        *size_bytes = slab_state(heap)->object_bytes;
    return status;
}

static enum polished_status slab_destroy(struct polished_heap *heap,
                                         uint32_t owner)
{
    for (unsigned i = 0; i < SLAB_COUNT; i++) {
        struct slab *slab = &slab_state(heap)->slabs[i];
        enum polished_status status;

        POLISHED_STEP(heap);
        if (slab->used == 0 || slab->owner != owner)
            continue;
        status = polished_free(heap->source, slab->offset, 0);
        if (status != POLISHED_OK)
            return status;
        slab->used = 0;
    }
    return POLISHED_OK;
}

static enum polished_status slab_reset(struct polished_heap *heap)
{
    enum polished_status status = polished_reset(heap->source);

    if (status != POLISHED_OK)
        return status;
    for (unsigned i = 0; i < SLAB_COUNT; i++)
        slab_state(heap)->slabs[i].used = 0;
    return POLISHED_OK;
}

static enum polished_status slab_extend(struct polished_heap *heap,
                                        polished_size more_bytes)
{
    return polished_extend(heap->source, more_bytes);
}

/* The source's walk, its used blocks taken apart. */
struct slab_walk {
    const struct polished_heap *heap;
    polished_visit *visit;
    void *context;
};

static int slab_take_apart(const struct slab_walk *walk,
                           const struct slab *slab,
                           const struct polished_block *block)
{
    polished_size object_bytes = slab_state(walk->heap)->object_bytes;
    polished_size end = block->offset_bytes + block->size_bytes;
    struct polished_block tail = {slab->offset + object_bytes * SLAB_OBJECTS, 0,
                                  POLISHED_OWN};

    for (unsigned i = 0; i < SLAB_OBJECTS; i++) {
        const struct polished_block object = {
            slab->offset + i * object_bytes, object_bytes,
            slab->used >> i & 1 ? POLISHED_USED : POLISHED_FREE};

        if (walk->visit(walk->context, &object) != 0)
            return 1;
    }
    tail.size_bytes = end - tail.offset_bytes;
    return tail.size_bytes != 0 && walk->visit(walk->context, &tail) != 0;
}

static int slab_visit(void *context, const struct polished_block *block)
{
    const struct slab_walk *walk = context;

    for (unsigned i = 0; i < SLAB_COUNT; i++) {
        const struct slab *slab = &slab_state(walk->heap)->slabs[i];

        if (slab->used != 0 && slab->offset == block->offset_bytes &&
            block->kind == POLISHED_USED)
            return slab_take_apart(walk, slab, block);
    }
    return walk->visit(walk->context, block);
}

static enum polished_status slab_walk(const struct polished_heap *heap,
                                      polished_visit *visit, void *context)
{
    struct slab_walk walk = {heap, visit, context};

    return polished_walk(heap->source, slab_visit, &walk);
}

static polished_size slab_largest(const struct polished_heap *heap,
                                  const struct polished_request *request)
{
    struct polished_heap reader = *heap;
    const struct slab *slab = slab_choose(&reader);
    polished_size object_bytes = slab_state(heap)->object_bytes;
    const struct polished_request page = {1, object_bytes, 0, 0};

    if (!slab || request->align_bytes > object_bytes ||
        (slab->used == 0 &&
         polished_largest(heap->source, &page) < object_bytes * SLAB_OBJECTS))
        return 0;
    return object_bytes;
}

static const struct polished_knob slab_knobs[] = {
    {"object_bytes", "the size of every block", 16, 1024, 32,
     POLISHED_POWER_OF_TWO},
    {"pages", "where slabs come from", 0, 0, 0, POLISHED_POLICY},
    {0}};

const struct polished_ops wall_slab = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_OWNERS |
            POLISHED_SOURCE | POLISHED_ONE_SIZE | POLISHED_EXACT_MISUSE |
            POLISHED_EXACT_WALK,
    .name = "wall-slab",
    .summary = "objects of one size from another heap, for tests",
    .knobs = slab_knobs,
    .control_bytes = slab_control_bytes,
    .init = slab_init,
    .alloc = slab_alloc,
    .free = slab_free,
    .resize = slab_resize,
    .usable = slab_usable,
    .extend = slab_extend,
    .destroy = slab_destroy,
    .reset = slab_reset,
    .walk = slab_walk,
    .largest = slab_largest,
};
