/*
 * polished/dma.h - what dma alone can do: a buffer in several pieces, for a
 * device that takes a list of them.
 *
 *     struct polished_segment list[16];
 *     uint32_t count = 16;
 *     const struct polished_request request = {
 *         1 << 20, 4096, UINT64_C(1) << 32, 1 << 16};
 *     polished_scatter(&heap, &request, 0, list, &count);
 *
 * Each segment is a block of its own, freed like any other.
 */
#ifndef POLISHED_DMA_H
#define POLISHED_DMA_H

#include "polished/heap.h"

/* So many segments are the most of one list. */
#define POLISHED_SEGMENTS 64

struct polished_segment {
    polished_size offset_bytes;
    polished_size size_bytes; /* all together: the size asked for */
};

/*
 * Allocate request->size_bytes in at most *count segments, each of which keeps
 * alignment and limits of the request and has at most segment_bytes (0: no
 * limit).  One segment if there is a place for it, else the largest there are,
 * so that there are few.  *count is how many on return.
 * NO_MEMORY: even *count segments are too few; nothing was allocated.
 * Otherwise as polished_alloc; UNSUPPORTED: the heap is not one of dma.
 *
 * The extra "segment" is one step of it, without limits: a = bytes wanted,
 * b = segments at most; it allocates the first segment if the rest can be had
 * as well, and answers a = its offset, b = its bytes.
 */
enum polished_status polished_scatter(struct polished_heap *heap,
                                      const struct polished_request *request,
                                      polished_size segment_bytes,
                                      struct polished_segment *segments,
                                      uint32_t *count);

#endif
