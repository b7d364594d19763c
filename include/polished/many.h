/*
 * polished/many.h - several blocks of one kind in one call, judged once.
 *
 *     polished_size ring[64];
 *     size_t count = 64;
 *     polished_alloc_many(&heap, &request, ring, &count);
 *     ... count of them are there ...
 *     polished_free_many(&heap, ring, request.size_bytes, &count);
 */
#ifndef POLISHED_MANY_H
#define POLISHED_MANY_H

#include "polished/heap.h"

/*
 * Make *count blocks, one after the other, until one is refused; *count is how
 * many there are on return.  What polished_alloc answered last.
 */
enum polished_status polished_alloc_many(struct polished_heap *heap,
                                         const struct polished_request *request,
                                         polished_size *offsets, size_t *count);

/*
 * Free *count blocks of one size (0: not told), the last first, so that any
 * policy takes them, until one is refused; *count is how many are left, and
 * stand first in offsets as before.  What polished_free answered last.
 */
enum polished_status polished_free_many(struct polished_heap *heap,
                                        const polished_size *offsets,
                                        polished_size size_bytes,
                                        size_t *count);

#endif
