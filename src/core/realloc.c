/*
 * realloc.c - a new size for a block, at its place if the policy can, else
 * elsewhere; and the calls by pointer.
 */
#include "core/front.h"
#include "core/memory.h"

/* How many bytes of a block are to be kept: all that its owner may write. */
static enum polished_status realloc_measure(const struct polished_heap *heap,
                                            polished_size offset,
                                            polished_size told_bytes,
                                            polished_size *size_bytes)
{
    enum polished_status status = polished_usable(heap, offset, size_bytes);

    if (status != POLISHED_UNSUPPORTED)
        return status;
    *size_bytes = told_bytes;
    return told_bytes != 0 ? POLISHED_OK : POLISHED_UNSUPPORTED;
}

/* Allocate, copy, free: the first that fails is the first that writes. */
static enum polished_status realloc_move(struct polished_heap *heap,
                                         polished_size *offset,
                                         polished_size told_bytes,
                                         const struct polished_request *request)
{
    polished_size fresh, kept_bytes;
    enum polished_status status =
        realloc_measure(heap, *offset, told_bytes, &kept_bytes);

    if (status == POLISHED_OK)
        status = polished_alloc(heap, request, &fresh);
    if (status != POLISHED_OK)
        return status;
    if (kept_bytes > request->size_bytes)
        kept_bytes = request->size_bytes;
    if (heap->data.base)
        memcpy(polished_pointer(heap, fresh), polished_pointer(heap, *offset),
               (size_t)kept_bytes);
    status = polished_free(heap, *offset, told_bytes);
    if (status == POLISHED_OK) /* it is, but in a damaged heap */
        *offset = fresh;
    return status;
}

enum polished_status polished_realloc(struct polished_heap *heap,
                                      polished_size *offset,
                                      polished_size size_bytes,
                                      const struct polished_request *request)
{
    enum polished_status status =
        polished_resize(heap, *offset, size_bytes, request);

    if (status != POLISHED_NO_MEMORY && status != POLISHED_UNSUPPORTED)
        return status;
    /* The new block would lie on top of the old one, and bar its freeing. */
    if (!heap->ops->free || !(heap->ops->caps & POLISHED_ANY_ORDER))
        return status;
    return realloc_move(heap, offset, size_bytes, request);
}

/* The offset of a pointer into backed data. */
static enum polished_status realloc_locate(const struct polished_heap *heap,
                                           const void *pointer,
                                           polished_size *offset)
{
    uintptr_t distance = (uintptr_t)pointer - (uintptr_t)heap->data.base;

    if (!heap->data.base)
        return POLISHED_UNSUPPORTED;
    if (distance >= heap->data.size_bytes)
        return POLISHED_NOT_OWNED;
    *offset = distance;
    return POLISHED_OK;
}

/* On a host whose size_t is the wider type a size may not fit. */
static bool realloc_fits(size_t value)
{
    return (size_t)(polished_size)value == value;
}

void *polished_malloc(struct polished_heap *heap, size_t size_bytes,
                      size_t align_bytes)
{
    const struct polished_request request = {
        .size_bytes = (polished_size)size_bytes,
        .align_bytes = (polished_size)align_bytes};
    polished_size offset;

    if (!heap->data.base || !realloc_fits(size_bytes) ||
        !realloc_fits(align_bytes) ||
        front_alloc(heap, &request, &offset) != POLISHED_OK)
        return NULL;
    return polished_pointer(heap, offset);
}

void *polished_mrealloc(struct polished_heap *heap, void *pointer,
                        size_t size_bytes, size_t align_bytes)
{
    const struct polished_request request = {
        .size_bytes = (polished_size)size_bytes,
        .align_bytes = (polished_size)align_bytes};
    polished_size offset;

    if (!pointer)
        return polished_malloc(heap, size_bytes, align_bytes);
    if (!realloc_fits(size_bytes) || !realloc_fits(align_bytes) ||
        realloc_locate(heap, pointer, &offset) != POLISHED_OK ||
        polished_realloc(heap, &offset, 0, &request) != POLISHED_OK)
        return NULL;
    return polished_pointer(heap, offset);
}

enum polished_status polished_mfree(struct polished_heap *heap, void *pointer)
{
    polished_size offset;
    enum polished_status status;

    if (!pointer)
        return POLISHED_OK;
    status = realloc_locate(heap, pointer, &offset);
    if (status != POLISHED_OK)
        return status;
    return front_free(heap, offset, 0);
}
