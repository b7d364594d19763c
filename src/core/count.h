/*
 * core/count.h - the two counters of a heap, one macro each.
 *
 * A kernel that has no use for them defines POLISHED_NO_COUNTS.
 */
#ifndef CORE_COUNT_H
#define CORE_COUNT_H

#include "polished/heap.h"

/* A block, list node, table slot or bitmap word was visited. */
#define POLISHED_STEP(heap) POLISHED_STEPS(heap, 1)

#ifdef POLISHED_NO_COUNTS
#define POLISHED_STEPS(heap, count)          ((void)(heap), (void)(count))
#define POLISHED_LOWER_SLACK(heap, to_bytes) ((void)(heap), (void)(to_bytes))
#define COUNT_CAPS(caps)                     0
#else
/* So many of them were. */
#define POLISHED_STEPS(heap, count) ((void)((heap)->own_steps += (count)))

/* With data shorter by more than to_bytes this decision might differ. */
#define POLISHED_LOWER_SLACK(heap, to_bytes) count_lower(heap, to_bytes)

static inline void count_lower(struct polished_heap *heap,
                               polished_size to_bytes)
{
    if (to_bytes < heap->slack_bytes)
        heap->slack_bytes = to_bytes;
}

/* What a policy can do because it counts. */
#define COUNT_CAPS(caps) (caps)
#endif

#endif
