/*
 * alloc/cache.h - caches of equal objects, cut from slabs of another heap.
 *
 *     data     | slab: object object object .. tail |   run   | slab ...
 *     control  | state | sets | class of each size | slots | bits |
 *
 *     slab  a block of the source, one granule long, for objects of one class
 *     run   a block of the source for one large object
 *     slot  one per granule of data: what begins in it.  A slab fills a
 *           granule and a run at least one, so nothing else begins there; an
 *           offset leads to its slab through its own slot or the one before
 *     bits  one per object that a granule may hold; 1: free
 *     set   the slabs and runs of one owner, each in exactly one list
 *
 * All of it lies in control, where no owner of a block can write.  How slabs
 * come and go is in cache.c, what they hold in cache_view.c, and how single
 * objects are given and taken back in cache_object.h.
 */
#ifndef ALLOC_CACHE_H
#define ALLOC_CACHE_H

#include <stdbool.h>

#include "core/bits.h"
#include "core/count.h"
#include "polished/heap.h"

/* So many classes for each doubling of the size. */
#ifndef CACHE_SPLIT
#define CACHE_SPLIT 4
#endif

#define CACHE_CLASSES 48         /* the most of them in all */
#define CACHE_NONE    UINT32_MAX /* no slot, no class, no limit */
#define CACHE_ALIGN   16u        /* of every slab */
#define CACHE_UNIT    8u         /* sizes are looked up in steps of this */
#define CACHE_SPAN    (UINT64_C(1) << 30) /* the most granules */

/* What begins in a granule, where it is not a slab's class. */
#define CACHE_RUN   253u
#define CACHE_BODY  254u /* nothing: a run that began before goes on */
#define CACHE_EMPTY 255u

struct cache_slot {
    uint32_t next, prev; /* in its list; CACHE_BODY: next is the run's slot */
    uint16_t start;      /* bytes behind the start of the granule */
    uint16_t used;       /* objects in use */
    uint16_t owner;
    uint8_t kind;  /* a class or one of the above */
    uint8_t first; /* the words of bits before this one are 0 */
};

struct cache_class {
    uint32_t stride;      /* bytes from object to object */
    uint32_t inverse;     /* 2^32 / stride, rounded up */
    uint32_t count;       /* objects in a slab */
    uint32_t least_bytes; /* of a request that it serves */
};

struct cache_state {
    uint32_t granule_bytes, granule_shift;
    uint32_t word_count; /* of bits for a slab */
    uint32_t class_count;
    uint32_t largest_bytes;         /* of a class; a power of two */
    uint32_t set_count, keep_count; /* a set keeps so many empty slabs */
    uint32_t slot_count;
    uint32_t set_bytes;
    polished_size table_at, slots_at, bits_at; /* counted from control */
    struct cache_class classes[CACHE_CLASSES];
};

/*
 * The object that was given or taken back last.  When it is freed that is
 * noted here alone, so that to give it again costs next to nothing; bits and
 * counts tell of it when another one takes its place here.
 */
struct cache_hot {
    polished_size busy;  /* its place, while it is in use; or NOWHERE */
    polished_size place; /* the same in any case */
    polished_size least_bytes, most_bytes; /* the sizes its class serves */
    polished_size span; /* how many these are; 0: there is no such object */
    uint32_t slot, index;
};

struct cache_set {
    struct cache_hot hot;
    uint32_t full; /* slabs without a free object, and runs */
    uint32_t kept; /* slabs without an object in use */
    uint32_t kept_count;
    uint32_t idle; /* in partial[]: the slab that was emptied last; while it
                      is empty it counts as kept */
    uint32_t held_count;  /* granules had from the source, kept ones too */
    uint32_t limit_count; /* so many it may hold; CACHE_NONE: any number */
    uint32_t partial[];   /* for each class: slabs with both */
};

static inline struct cache_state *cache_state(const struct polished_heap *heap)
{
    return heap->control;
}

/* Sets lie behind the state: so the first is found without a look at it. */
static inline struct cache_set *cache_set(const struct polished_heap *heap,
                                          uint32_t owner)
{
    const struct cache_state *state = cache_state(heap);

    return (void *)((unsigned char *)(cache_state(heap) + 1) +
                    (polished_size)owner * state->set_bytes);
}

/* The class of each size, in units. */
static inline uint8_t *cache_table(const struct polished_heap *heap)
{
    return (unsigned char *)heap->control + cache_state(heap)->table_at;
}

static inline struct cache_slot *cache_slot(const struct polished_heap *heap,
                                            uint32_t slot)
{
    struct cache_slot *slots =
        (void *)((unsigned char *)heap->control + cache_state(heap)->slots_at);

    return &slots[slot];
}

static inline uint64_t *cache_bits(const struct polished_heap *heap,
                                   uint32_t slot)
{
    const struct cache_state *state = cache_state(heap);
    uint64_t *bits = (void *)((unsigned char *)heap->control + state->bits_at);

    return bits + (polished_size)slot * state->word_count;
}

static inline bool cache_is_slab(const struct cache_slot *slot)
{
    return slot->kind < CACHE_CLASSES;
}

/* Does a slab or a run begin there? */
static inline bool cache_is_start(const struct cache_slot *slot)
{
    return slot->kind <= CACHE_RUN;
}

/* The bytes of each object of a slab. */
static inline uint32_t cache_stride(const struct polished_heap *heap,
                                    uint32_t slot)
{
    return cache_state(heap)->classes[cache_slot(heap, slot)->kind].stride;
}

/* How many of them there are. */
static inline uint32_t cache_count(const struct polished_heap *heap,
                                   uint32_t slot)
{
    return cache_state(heap)->classes[cache_slot(heap, slot)->kind].count;
}

/* Where a slab or a run begins. */
static inline polished_size cache_offset(const struct polished_heap *heap,
                                         uint32_t slot)
{
    return ((polished_size)slot << cache_state(heap)->granule_shift) +
           cache_slot(heap, slot)->start;
}

/* The class for a size at an alignment; CACHE_NONE: too large for all. */
static inline uint32_t cache_class(const struct polished_heap *heap,
                                   polished_size size_bytes,
                                   polished_size align_bytes)
{
    const struct cache_state *state = cache_state(heap);
    uint32_t class;

    if (size_bytes < align_bytes)
        size_bytes = align_bytes;
    if (size_bytes > state->largest_bytes)
        return CACHE_NONE;
    class = cache_table(heap)[(size_bytes - 1) / CACHE_UNIT];
    if ((state->classes[class].stride & (align_bytes - 1)) == 0)
        return class;
    /* Powers of two are classes, and multiples of every alignment below. */
    size_bytes = (polished_size)2 << bits_highest(size_bytes);
    return cache_table(heap)[size_bytes / CACHE_UNIT - 1];
}

/* Is a slab's first object aligned as asked, and so are all? */
static inline bool cache_fits(const struct polished_heap *heap, uint32_t slot,
                              polished_size align_bytes)
{
    return ((heap->data.bus_base + cache_offset(heap, slot)) &
            (align_bytes - 1)) == 0;
}

/* Is the hot object free, though its bit is not set? */
static inline bool cache_is_resting(const struct cache_hot *hot)
{
    return hot->span != 0 && hot->busy == POLISHED_NOWHERE;
}

/* The slab or run in which an offset lies; CACHE_NONE: in neither. */
static inline uint32_t cache_find(const struct polished_heap *heap,
                                  polished_size offset)
{
    const struct cache_state *state = cache_state(heap);
    uint32_t slot = (uint32_t)(offset >> state->granule_shift);
    const struct cache_slot *entry = cache_slot(heap, slot);
    uint32_t behind = (uint32_t)offset & (state->granule_bytes - 1);

    if (cache_is_start(entry) && behind >= entry->start)
        return slot;
    if (entry->kind == CACHE_BODY)
        return entry->next;
    if (slot == 0)
        return CACHE_NONE;
    entry--;
    if (entry->kind == CACHE_BODY)
        return behind < cache_slot(heap, entry->next)->start ? entry->next
                                                             : CACHE_NONE;
    return cache_is_start(entry) && behind < entry->start ? slot - 1
                                                          : CACHE_NONE;
}

/* How a heap's control is laid out. */
struct cache_plan {
    uint32_t granule_bytes, least_bytes; /* powers of two */
    uint32_t set_count, keep_count;
};
polished_size cache_control_bytes(const struct cache_plan *plan,
                                  polished_size data_bytes);
void cache_init(struct polished_heap *heap, const struct cache_plan *plan);

/* A set without anything; all sets and slots so, each a step. */
void cache_clear_set(struct polished_heap *heap, struct cache_set *set);
void cache_clear(struct polished_heap *heap);

/* Has control room for data of that size? */
bool cache_reaches(const struct polished_heap *heap, polished_size data_bytes);

/* Cut what the source gave at this offset into free objects of a class. */
uint32_t cache_cut(struct polished_heap *heap, uint32_t owner,
                   polished_size offset, uint32_t class);

/* Ready an empty slab for a class; CACHE_NONE: there is none that fits. */
uint32_t cache_wake(struct polished_heap *heap, struct cache_set *set,
                    uint32_t class, polished_size align_bytes);

/* Is this slab empty, but for the hot object that is free? */
static inline bool cache_is_spent(const struct polished_heap *heap,
                                  const struct cache_set *set, uint32_t slot)
{
    uint32_t used = cache_slot(heap, slot)->used;

    return used == 0 ||
           (used == 1 && cache_is_resting(&set->hot) && set->hot.slot == slot);
}

/* Besides those in kept, two slabs may be spare: the one that was emptied
   last, and that of the hot object.  CACHE_NONE: it is not. */
static inline uint32_t cache_idle(const struct polished_heap *heap,
                                  const struct cache_set *set)
{
    return set->idle != CACHE_NONE && cache_is_spent(heap, set, set->idle)
               ? set->idle
               : CACHE_NONE;
}

static inline uint32_t cache_hot_spare(const struct polished_heap *heap,
                                       const struct cache_set *set)
{
    return cache_is_resting(&set->hot) && set->hot.slot != set->idle &&
                   cache_is_spent(heap, set, set->hot.slot)
               ? set->hot.slot
               : CACHE_NONE;
}

/* How many slabs are without an object in use; and the first to serve. */
static inline uint32_t cache_spare_count(const struct polished_heap *heap,
                                         const struct cache_set *set)
{
    return set->kept_count + (cache_idle(heap, set) != CACHE_NONE) +
           (cache_hot_spare(heap, set) != CACHE_NONE);
}

static inline uint32_t cache_spare(const struct polished_heap *heap,
                                   const struct cache_set *set)
{
    if (set->kept != CACHE_NONE)
        return set->kept;
    if (cache_idle(heap, set) != CACHE_NONE)
        return set->idle;
    return cache_hot_spare(heap, set);
}

/* Keep a slab that has been emptied, or give one back to the source. */
enum polished_status cache_rest(struct polished_heap *heap,
                                struct cache_set *set, uint32_t slot);

/* Give empty slabs back to the source until at most so many are left. */
enum polished_status cache_shrink(struct polished_heap *heap,
                                  struct cache_set *set, uint32_t keep_count);

/* The source's walk with slabs shown object by object; what the source has
   given to nobody here is of the kind `stranger`. */
enum polished_status cache_walk(const struct polished_heap *heap,
                                polished_visit *visit, void *context,
                                enum polished_kind stranger);

/* The largest object that lies ready in slabs of a set. */
polished_size cache_largest(const struct polished_heap *heap,
                            const struct cache_set *set,
                            polished_size align_bytes);

enum polished_status cache_check(const struct polished_heap *heap);

#endif
