/*
 * alloc/cache_object.h - objects of slabs, given and taken back one by one.
 *
 * What has been allocated last is often freed first.  That object is the hot
 * one of its set: to free it and to give it again touches nothing but the
 * note of it (struct cache_hot).
 */
#ifndef ALLOC_CACHE_OBJECT_H
#define ALLOC_CACHE_OBJECT_H

#include "alloc/cache.h"

/* What a caller that is in a hurry wants to be part of it, and what not. */
#ifdef __GNUC__
#define CACHE_HOT  static inline __attribute__((__always_inline__))
#define CACHE_COOL static __attribute__((__noinline__))
#else
#define CACHE_HOT  static inline
#define CACHE_COOL static
#endif

/* Lists: every slot but empty ones and bodies is in one. */
static inline void cache_link(struct polished_heap *heap, uint32_t *list,
                              uint32_t slot)
{
    struct cache_slot *entry = cache_slot(heap, slot);

    POLISHED_STEP(heap);
    entry->next = *list;
    entry->prev = CACHE_NONE;
    if (*list != CACHE_NONE)
        cache_slot(heap, *list)->prev = slot;
    *list = slot;
}

static inline void cache_unlink(struct polished_heap *heap, uint32_t *list,
                                uint32_t slot)
{
    const struct cache_slot *entry = cache_slot(heap, slot);

    POLISHED_STEP(heap);
    if (entry->prev == CACHE_NONE)
        *list = entry->next;
    else
        cache_slot(heap, entry->prev)->next = entry->next;
    if (entry->next != CACHE_NONE)
        cache_slot(heap, entry->next)->prev = entry->prev;
}

/* Which object of a slab an offset in it means, if that is in use. */
static inline enum polished_status
cache_judge(const struct polished_heap *heap, uint32_t slot,
            polished_size offset, polished_size size_bytes, uint32_t *index)
{
    const struct cache_slot *entry = cache_slot(heap, slot);
    const struct cache_class *class = &cache_state(heap)->classes[entry->kind];
    const struct cache_hot *hot = &cache_set(heap, entry->owner)->hot;
    uint32_t behind = (uint32_t)(offset - cache_offset(heap, slot));
    uint32_t found = (uint32_t)((uint64_t)behind * class->inverse >> 32);
    bool is_start = found * class->stride == behind;

    if (found >= class->count)
        return POLISHED_NOT_OWNED;
    if ((cache_bits(heap, slot)[found / 64] >> found % 64 & 1) ||
        (cache_is_resting(hot) && hot->slot == slot && hot->index == found))
        return is_start ? POLISHED_DOUBLE_FREE : POLISHED_NOT_OWNED;
    if (!is_start)
        return POLISHED_INTERIOR;
    if (size_bytes > class->stride)
        return POLISHED_SIZE_MISMATCH;
    *index = found;
    return POLISHED_OK;
}

/* Take an object back that is in use for its bit and count. */
static inline enum polished_status cache_put(struct polished_heap *heap,
                                             struct cache_set *set,
                                             uint32_t slot, uint32_t index)
{
    struct cache_slot *entry = cache_slot(heap, slot);
    uint32_t used = entry->used;

    POLISHED_STEP(heap);
    cache_bits(heap, slot)[index / 64] |= UINT64_C(1) << index % 64;
    if (entry->first > index / 64)
        entry->first = (uint8_t)(index / 64);
    entry->used = (uint16_t)(used - 1);
    if (used == cache_count(heap, slot)) {
        cache_unlink(heap, &set->full, slot);
        cache_link(heap, &set->partial[entry->kind], slot);
    }
    if (used == 1 && set->idle != slot)
        return cache_rest(heap, set, slot);
    return POLISHED_OK;
}

/* If the hot object is free, let bits and counts tell. */
static inline enum polished_status cache_cool(struct polished_heap *heap,
                                              struct cache_set *set)
{
    if (!cache_is_resting(&set->hot))
        return POLISHED_OK;
    set->hot.span = 0;
    return cache_put(heap, set, set->hot.slot, set->hot.index);
}

/* An object has been given: it is the hot one. */
static inline enum polished_status cache_warm(struct polished_heap *heap,
                                              struct cache_set *set,
                                              uint32_t slot, uint32_t index,
                                              polished_size place)
{
    uint32_t kind = cache_slot(heap, slot)->kind;
    const struct cache_class *class = &cache_state(heap)->classes[kind];
    enum polished_status status = cache_cool(heap, set);

    set->hot.busy = place;
    set->hot.place = place;
    set->hot.least_bytes = class->least_bytes;
    set->hot.most_bytes = class->stride;
    set->hot.span = class->stride + 1 - class->least_bytes;
    set->hot.slot = slot;
    set->hot.index = index;
    return status;
}

/* Take the lowest free object of a slab in partial[]: the hot one from now. */
static inline enum polished_status cache_take(struct polished_heap *heap,
                                              struct cache_set *set,
                                              uint32_t slot,
                                              polished_size *offset)
{
    struct cache_slot *entry = cache_slot(heap, slot);
    uint64_t *bits = cache_bits(heap, slot);
    uint32_t kind = entry->kind;
    const struct cache_class *class = &cache_state(heap)->classes[kind];
    uint32_t word = entry->first;
    uint32_t used = entry->used + 1u;
    uint32_t index;

    POLISHED_STEP(heap);
    while (bits[word] == 0) {
        POLISHED_STEP(heap);
        word++;
    }
    index = word * 64 + bits_lowest(bits[word]);
    *offset = cache_offset(heap, slot) + index * class->stride;
    entry->first = (uint8_t)word;
    entry->used = (uint16_t)used;
    bits[word] &= bits[word] - 1;
    if (used == class->count) {
        cache_unlink(heap, &set->partial[kind], slot);
        cache_link(heap, &set->full, slot);
    }
    return cache_state(heap)->keep_count == 0
               ? POLISHED_OK
               : cache_warm(heap, set, slot, index, *offset);
}

/* Take the hot object, if it is free, large enough and aligned as asked. */
static inline bool cache_take_hot(struct polished_heap *heap,
                                  struct cache_set *set,
                                  const struct polished_request *request,
                                  polished_size *offset)
{
    struct cache_hot *hot = &set->hot;

    if (request->size_bytes - hot->least_bytes >= hot->span ||
        hot->busy != POLISHED_NOWHERE ||
        ((heap->data.bus_base + hot->place) & (request->align_bytes - 1)) != 0)
        return false;
    hot->busy = hot->place;
    *offset = hot->place;
    return true;
}

/* Take the hot object back, if it is in use and this is it. */
static inline bool cache_give_hot(struct cache_set *set, polished_size offset,
                                  polished_size size_bytes)
{
    struct cache_hot *hot = &set->hot;

    if (offset != hot->busy || size_bytes > hot->most_bytes)
        return false;
    hot->busy = POLISHED_NOWHERE;
    return true;
}

#endif
