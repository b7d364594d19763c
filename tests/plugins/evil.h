/*
 * evil.h - a bump policy in blocks of 64 bytes, for plug-ins that break their
 * promises.  Each knob is a deed and its value the call of alloc, from 1, with
 * which it is done; 0: never.
 */
#ifndef EVIL_H
#define EVIL_H

#include <stdbool.h>

#include "polished/heap.h"

enum { EVIL_GRAIN = 64 };

struct evil {
    polished_size top_bytes, calls;
    polished_size knobs[POLISHED_KNOBS];
};

static struct evil *evil_of(const struct polished_heap *heap)
{
    return heap->control;
}

/* Is it time for this deed?  Once begun, it goes on. */
static bool evil_does(const struct polished_heap *heap, unsigned deed)
{
    const struct evil *evil = evil_of(heap);

    return evil->knobs[deed] != 0 && evil->calls >= evil->knobs[deed];
}

static polished_size evil_control_bytes(const polished_size *knobs,
                                        polished_size data_bytes)
{
    (void)knobs;
    (void)data_bytes;
    return sizeof(struct evil);
}

static enum polished_status evil_reset(struct polished_heap *heap)
{
    evil_of(heap)->top_bytes = 0;
    return POLISHED_OK;
}

static const struct polished_knob evil_knobs[];

static enum polished_status evil_init(struct polished_heap *heap,
                                      const polished_size *knobs)
{
    evil_of(heap)->calls = 0;
    for (unsigned i = 0; evil_knobs[i].name != NULL; i++)
        evil_of(heap)->knobs[i] = knobs[i];
    return evil_reset(heap);
}

/* An honest block. */
static enum polished_status evil_alloc(struct polished_heap *heap,
                                       const struct polished_request *request,
                                       polished_size *offset)
{
    struct evil *evil = evil_of(heap);
    polished_size end_bytes = evil->top_bytes + request->size_bytes;

    evil->calls++;
    end_bytes = (end_bytes + EVIL_GRAIN - 1) / EVIL_GRAIN * EVIL_GRAIN;
    if (end_bytes > heap->data.size_bytes)
        return POLISHED_NO_MEMORY;
    *offset = evil->top_bytes;
    evil->top_bytes = end_bytes;
    return POLISHED_OK;
}

static enum polished_status evil_free(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    (void)heap;
    (void)offset;
    (void)size_bytes;
    return POLISHED_OK;
}

static enum polished_status evil_walk(const struct polished_heap *heap,
                                      polished_visit *visit, void *context)
{
    polished_size top_bytes = evil_of(heap)->top_bytes;
    struct polished_block used = {0, top_bytes, POLISHED_USED};
    struct polished_block rest = {top_bytes, heap->data.size_bytes - top_bytes,
                                  POLISHED_FREE};

    if (top_bytes == 0 || visit(context, &used) == 0)
        if (rest.size_bytes != 0)
            visit(context, &rest);
    return POLISHED_OK;
}

#define EVIL_KNOB(deed, summary)                                               \
    {                                                                          \
        deed, summary, 0, 1000000, 0, POLISHED_ANY                             \
    }

/* What every evil row has. */
#define EVIL_ROW                                                               \
    .abi = POLISHED_ABI, .name = "evil", .summary = "breaks its promises",     \
    .knobs = evil_knobs, .control_bytes = evil_control_bytes,                  \
    .reset = evil_reset

#endif
