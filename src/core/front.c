/*
 * front.c - the calls by offset: each argument is judged here, once, and the
 * row of the policy is called.
 *
 * The request goes on as it came: a copy would double the cost of a call.
 */
#include "core/front.h"

#include "core/text.h"
#include "polished/many.h"

/* Do the limits of a request allow for any place at all? */
static enum polished_status
front_judge_limits(const struct polished_heap *heap,
                   const struct polished_request *request)
{
    if ((request->below | request->boundary) == 0)
        return POLISHED_OK;
    if (!(heap->ops->caps & POLISHED_LIMITS))
        return POLISHED_UNSUPPORTED;
    if (request->below != 0 && request->size_bytes > request->below)
        return POLISHED_CONSTRAINT;
    if (request->boundary == 0)
        return POLISHED_OK;
    if (!bits_is_power_of_two(request->boundary) ||
        request->size_bytes > request->boundary)
        return POLISHED_CONSTRAINT;
    return POLISHED_OK;
}

enum polished_status front_explain(const struct polished_heap *heap,
                                   const struct polished_request *request)
{
    enum polished_status status;

    if (request->size_bytes == 0)
        return POLISHED_BAD_SIZE;
    if (!bits_is_power_of_two(request->align_bytes))
        return POLISHED_BAD_ALIGN;
    status = front_judge_limits(heap, request);
    if (status != POLISHED_OK)
        return status;
    return request->size_bytes > heap->data.size_bytes ? POLISHED_NO_MEMORY
                                                       : POLISHED_OK;
}

enum polished_status polished_alloc(struct polished_heap *heap,
                                    const struct polished_request *request,
                                    polished_size *offset)
{
    return front_alloc(heap, request, offset);
}

enum polished_status polished_free(struct polished_heap *heap,
                                   polished_size offset,
                                   polished_size size_bytes)
{
    return front_free(heap, offset, size_bytes);
}

enum polished_status polished_alloc_many(struct polished_heap *heap,
                                         const struct polished_request *request,
                                         polished_size *offsets, size_t *count)
{
    enum polished_status status = front_judge(heap, request);
    size_t done = 0;

    while (status == POLISHED_OK && done < *count) {
        status = heap->ops->alloc(heap, request, &offsets[done]);
        done += status == POLISHED_OK;
    }
    *count = done;
    return status;
}

enum polished_status polished_free_many(struct polished_heap *heap,
                                        const polished_size *offsets,
                                        polished_size size_bytes, size_t *count)
{
    enum polished_status status = POLISHED_OK;

    while (status == POLISHED_OK && *count > 0) {
        status = polished_free(heap, offsets[*count - 1], size_bytes);
        *count -= status == POLISHED_OK;
    }
    return status;
}

enum polished_status polished_resize(struct polished_heap *heap,
                                     polished_size offset,
                                     polished_size size_bytes,
                                     const struct polished_request *request)
{
    enum polished_status status = front_judge_block(heap, offset, size_bytes);

    if (status == POLISHED_OK)
        status = front_judge(heap, request);
    if (status != POLISHED_OK)
        return status;
    if (!heap->ops->resize)
        return POLISHED_UNSUPPORTED;
    return heap->ops->resize(heap, offset, size_bytes, request);
}

enum polished_status polished_usable(const struct polished_heap *heap,
                                     polished_size offset,
                                     polished_size *size_bytes)
{
    if (offset >= heap->data.size_bytes)
        return POLISHED_NOT_OWNED;
    if (!heap->ops->usable)
        return POLISHED_UNSUPPORTED;
    return heap->ops->usable(heap, offset, size_bytes);
}

enum polished_status polished_extend(struct polished_heap *heap,
                                     polished_size more_bytes)
{
    polished_size size_bytes;
    enum polished_status status;

    if (!heap->ops->extend)
        return POLISHED_UNSUPPORTED;
    if (more_bytes == 0)
        return POLISHED_BAD_SIZE;
    if (!front_grow(&heap->data, more_bytes, &size_bytes))
        return POLISHED_LIMIT;
    status = heap->ops->extend(heap, more_bytes);
    if (status == POLISHED_OK)
        heap->data.size_bytes = size_bytes;
    return status;
}

enum polished_status polished_reserve(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    if (!heap->ops->reserve)
        return POLISHED_UNSUPPORTED;
    if (size_bytes == 0)
        return POLISHED_BAD_SIZE;
    if (offset >= heap->data.size_bytes ||
        size_bytes > heap->data.size_bytes - offset)
        return POLISHED_NOT_OWNED;
    return heap->ops->reserve(heap, offset, size_bytes);
}

enum polished_status polished_destroy(struct polished_heap *heap,
                                      uint32_t owner)
{
    return heap->ops->destroy ? heap->ops->destroy(heap, owner)
                              : POLISHED_UNSUPPORTED;
}

enum polished_status polished_reset(struct polished_heap *heap)
{
    return heap->ops->reset(heap);
}

enum polished_status polished_walk(const struct polished_heap *heap,
                                   polished_visit *visit, void *context)
{
    return heap->ops->walk(heap, visit, context);
}

polished_size polished_largest(const struct polished_heap *heap,
                               const struct polished_request *request)
{
    struct polished_request least = *request;

    least.size_bytes = 1;
    if (!heap->ops->largest || front_judge(heap, &least) != POLISHED_OK)
        return 0;
    return heap->ops->largest(heap, request);
}

enum polished_status polished_call(struct polished_heap *heap, const char *name,
                                   polished_size *a, polished_size *b)
{
    const struct polished_extra *extra = heap->ops->extras;

    for (; extra && extra->name; extra++)
        if (text_is_same(extra->name, name))
            return extra->call(heap, a, b);
    return POLISHED_UNSUPPORTED;
}

uint64_t polished_steps(const struct polished_heap *heap)
{
    uint64_t steps = 0;

    for (; heap; heap = heap->source)
        steps += heap->own_steps;
    return steps;
}
