/* over.c - a policy that draws from another one, and adds nothing. */
#include "polished/heap.h"

static polished_size over_control_bytes(const polished_size *knobs,
                                        polished_size data_bytes)
{
    (void)knobs;
    (void)data_bytes;
    return 16;
}

static enum polished_status over_init(struct polished_heap *heap,
                                      const polished_size *knobs)
{
    (void)heap;
    (void)knobs;
    return POLISHED_OK;
}

static enum polished_status over_alloc(struct polished_heap *heap,
                                       const struct polished_request *request,
                                       polished_size *offset)
{
    return heap->source->ops->alloc(heap->source, request, offset);
}

static enum polished_status over_free(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    return heap->source->ops->free(heap->source, offset, size_bytes);
}

static enum polished_status over_reset(struct polished_heap *heap)
{
    return heap->source->ops->reset(heap->source);
}

static enum polished_status over_walk(const struct polished_heap *heap,
                                      polished_visit *visit, void *context)
{
    return heap->source->ops->walk(heap->source, visit, context);
}

static const struct polished_knob over_knobs[] = {
    {"pages", "where blocks come from", 0, 0, 0, POLISHED_POLICY}, {0}};

const struct polished_ops polished_plugin = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_SOURCE,
    .name = "over",
    .summary = "what its source gives",
    .knobs = over_knobs,
    .control_bytes = over_control_bytes,
    .init = over_init,
    .alloc = over_alloc,
    .free = over_free,
    .reset = over_reset,
    .walk = over_walk,
};
