/*
 * core/front.h - what the files of the front share.
 *
 * What is on the way of every call is here, to be compiled into the calls by
 * offset and those by pointer: what one of them knows is not asked again.
 */
#ifndef CORE_FRONT_H
#define CORE_FRONT_H

#include <stdbool.h>

#include "core/bits.h"
#include "polished/heap.h"

#ifdef __GNUC__
#define FRONT_COLD __attribute__((__cold__))
#else
#define FRONT_COLD
#endif

/*
 * The size of a region with more_bytes behind it, which is not 0; false if it
 * or its last bus address would overflow.
 */
bool front_grow(const struct polished_region *region, polished_size more_bytes,
                polished_size *size_bytes);

/* What is wrong with a request that is not plain, if anything. */
FRONT_COLD enum polished_status
front_explain(const struct polished_heap *heap,
              const struct polished_request *request);

/* Nearly every request is plain; then nothing more is asked. */
static inline enum polished_status
front_judge(const struct polished_heap *heap,
            const struct polished_request *request)
{
    polished_size align_bytes = request->align_bytes;

    if (request->size_bytes - 1 < heap->data.size_bytes &&
        (align_bytes & (align_bytes - 1)) == 0 && align_bytes != 0 &&
        (request->below | request->boundary) == 0)
        return POLISHED_OK;
    return front_explain(heap, request);
}

/* Can a block lie there, and have the size that the caller tells? */
static inline enum polished_status
front_judge_block(const struct polished_heap *heap, polished_size offset,
                  polished_size size_bytes)
{
    if (offset >= heap->data.size_bytes)
        return POLISHED_NOT_OWNED;
    if (size_bytes > heap->data.size_bytes - offset)
        return POLISHED_SIZE_MISMATCH;
    if (size_bytes == 0 && (heap->ops->caps & POLISHED_NEEDS_SIZE))
        return POLISHED_BAD_SIZE;
    return POLISHED_OK;
}

static inline enum polished_status
front_alloc(struct polished_heap *heap, const struct polished_request *request,
            polished_size *offset)
{
    enum polished_status status = front_judge(heap, request);

    *offset = POLISHED_NOWHERE;
    if (status != POLISHED_OK)
        return status;
    return heap->ops->alloc(heap, request, offset);
}

static inline enum polished_status front_free(struct polished_heap *heap,
                                              polished_size offset,
                                              polished_size size_bytes)
{
    enum polished_status status = front_judge_block(heap, offset, size_bytes);

    if (status != POLISHED_OK)
        return status;
    if (!heap->ops->free)
        return POLISHED_UNSUPPORTED;
    return heap->ops->free(heap, offset, size_bytes);
}

#endif
