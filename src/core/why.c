/* why.c - conditions put on a request one after the other. */
#include "polished/why.h"

enum polished_why polished_why(const struct polished_heap *heap,
                               const struct polished_request *request)
{
    struct polished_request asked = {request->size_bytes, 1, 0, 0};

    if (!heap->ops->largest)
        return POLISHED_WHY_UNKNOWN;
    if (polished_largest(heap, &asked) < request->size_bytes)
        return POLISHED_WHY_SIZE;
    asked.align_bytes = request->align_bytes;
    if (polished_largest(heap, &asked) < request->size_bytes)
        return POLISHED_WHY_ALIGN;
    asked.below = request->below;
    if (polished_largest(heap, &asked) < request->size_bytes)
        return POLISHED_WHY_BELOW;
    asked.boundary = request->boundary;
    if (polished_largest(heap, &asked) < request->size_bytes)
        return POLISHED_WHY_BOUNDARY;
    return POLISHED_WHY_NOTHING;
}
