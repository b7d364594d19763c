/*
 * core/judged.h - what the front has seen to before a row is called: policies
 * assert it, and never test it again.
 */
#ifndef CORE_JUDGED_H
#define CORE_JUDGED_H

#include <stdbool.h>

#include "core/assert.h"
#include "core/bits.h"
#include "polished/heap.h"

static inline bool judged_request(const struct polished_heap *heap,
                                  const struct polished_request *request)
{
    return request->size_bytes - 1 < heap->data.size_bytes &&
           bits_is_power_of_two(request->align_bytes);
}

static inline bool judged_block(const struct polished_heap *heap,
                                polished_size offset, polished_size size_bytes)
{
    return offset < heap->data.size_bytes &&
           size_bytes <= heap->data.size_bytes - offset;
}

#endif
