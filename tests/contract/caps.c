/* caps.c - see caps.h. */
#include "caps.h"

#include <stddef.h>
#include <string.h>

#include "alloc/buddy.h"
#include "alloc/cache.h"
#include "alloc/compact.h"
#include "alloc/frame_list.h"
#include "alloc/thin.h"

static uint64_t caps_one(const struct polished_heap *heap,
                         const struct caps_call *call)
{
    (void)heap;
    (void)call;
    return 1;
}

static uint64_t caps_stack(const struct polished_heap *heap,
                           const struct caps_call *call)
{
    (void)heap;
    (void)call;
    return 2;
}

/* Two words on each level of bits; there are as many as control was made for,
   which may be more than data needs. */
static uint64_t caps_pool(const struct polished_heap *heap,
                          const struct caps_call *call)
{
    polished_size words = heap->control_bytes / sizeof(uint64_t);
    uint64_t levels = 1;

    (void)call;
    for (; words > 1; words = words / 64 + (words % 64 != 0))
        levels++;
    return 2 * levels;
}

static uint64_t caps_tlsf(const struct polished_heap *heap,
                          const struct caps_call *call)
{
    (void)heap;
    return call->align_bytes <= 16 ? 14 : 27;
}

static uint64_t caps_half_fit(const struct polished_heap *heap,
                              const struct caps_call *call)
{
    (void)heap;
    return call->align_bytes <= 16 ? 27 : 51;
}

static uint64_t caps_polished(const struct polished_heap *heap,
                              const struct caps_call *call)
{
    return call->align_bytes <= thin_mask(heap) + 1 ? 14 : 34;
}

/* Eight blocks of one bin, or of three; eight words to explain a misuse. */
static uint64_t caps_compact(const struct polished_heap *heap,
                             const struct caps_call *call)
{
    return call->align_bytes >> compact_state(heap)->shift <= 1 ? 12 : 27;
}

/* Two for each order. */
static uint64_t caps_buddy(const struct polished_heap *heap,
                           const struct caps_call *call)
{
    const struct buddy_state *state = buddy_state(heap);

    (void)call;
    return 2 * ((uint64_t)bits_highest(state->count) + 1);
}

/* A search among the ranges, and each of those that the mark passes; a
   reserved range becomes so many frames. */
static uint64_t caps_frame_list(const struct polished_heap *heap,
                                const struct caps_call *call)
{
    const struct virgin *virgin = &frame_list_state(heap)->virgin;

    return 2 + bits_highest(virgin->range_most) + virgin->range_most +
           (call->reserved_bytes >> virgin->grid.log2);
}

/* The bits of a slab are looked at three times at most. */
static uint64_t caps_slab(const struct polished_heap *heap,
                          const struct caps_call *call)
{
    (void)call;
    return 16 + 3 * (uint64_t)cache_state(heap)->word_count;
}

caps_rule *caps_of(const struct polished_ops *ops)
{
    static const struct {
        const char *policy;
        caps_rule *rule;
    } rows[] = {
        {"bump", caps_one},
        {"stack", caps_stack},
        {"pool", caps_pool},
        {"tlsf", caps_tlsf},
        {"half-fit", caps_half_fit},
        {"polished", caps_polished},
        {"buddy", caps_buddy},
        {"frame-list", caps_frame_list},
        {"polished-compact", caps_compact},
        {"slab", caps_slab},
    };

    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
        if (strcmp(rows[row].policy, ops->name) == 0)
            return rows[row].rule;
    return NULL;
}

uint64_t caps_steps(const struct polished_heap *heap,
                    const struct caps_call *call)
{
    caps_rule *rule = caps_of(heap->ops);

    return rule ? rule(heap, call) : 0;
}
