/* evil_block.c - gives blocks that it must not give. */
#include <string.h>

#include "evil.h"

enum { OVERLAP, MISALIGN, OUTSIDE, NOWHERE, TOO_SMALL, SCRIBBLE, REFUSE, BACK };

static const struct polished_knob evil_knobs[] = {
    EVIL_KNOB("overlap", "memory of a live block"),
    EVIL_KNOB("misalign", "a block at an odd address"),
    EVIL_KNOB("outside", "a block behind the end of memory"),
    EVIL_KNOB("nowhere", "success without a block"),
    EVIL_KNOB("small", "fewer bytes than asked for"),
    EVIL_KNOB("scribble", "write to the first block"),
    EVIL_KNOB("refuse", "refuse to free"),
    EVIL_KNOB("back", "undo the count of steps"),
    {0}};

static enum polished_status block_alloc(struct polished_heap *heap,
                                        const struct polished_request *request,
                                        polished_size *offset)
{
    enum polished_status status = evil_alloc(heap, request, offset);

    heap->own_steps += 5;
    if (status != POLISHED_OK)
        return status;
    if (evil_does(heap, OVERLAP))
        *offset = 16;
    if (evil_does(heap, MISALIGN))
        *offset += 1;
    if (evil_does(heap, OUTSIDE))
        *offset = heap->data.size_bytes - 16;
    if (evil_does(heap, NOWHERE))
        *offset = POLISHED_NOWHERE;
    if (evil_does(heap, SCRIBBLE))
        memset(heap->data.base, 0xee, 8);
    if (evil_does(heap, BACK))
        heap->own_steps -= 10;
    return POLISHED_OK;
}

static enum polished_status block_free(struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes)
{
    return evil_does(heap, REFUSE) ? POLISHED_DOUBLE_FREE
                                   : evil_free(heap, offset, size_bytes);
}

static enum polished_status block_usable(const struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size *size_bytes)
{
    (void)offset;
    if (!evil_does(heap, TOO_SMALL))
        return POLISHED_UNSUPPORTED;
    *size_bytes = 8;
    return POLISHED_OK;
}

const struct polished_ops polished_plugin = {
    EVIL_ROW,           .init = evil_init,      .alloc = block_alloc,
    .free = block_free, .usable = block_usable, .walk = evil_walk,
};
