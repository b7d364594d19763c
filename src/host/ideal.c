/*
 * ideal - no allocator, but the bound below which none can go.
 *
 * It counts the bytes that are alive and refuses what would exceed the
 * memory, as if blocks could be moved at will and cost nothing.  A trace that
 * fails here is too large for this memory with any policy.
 *
 *     0          live                          data.size_bytes
 *     [###########|..................................]
 *
 * Time: O(1).  Keeps: one number.  Its blocks have no place: all lie at 0.
 */
#include "config.h"

#include "host/host.h"

struct ideal_control {
    polished_size live_bytes;
};

static struct ideal_control *ideal_control(const struct polished_heap *heap)
{
    return heap->control;
}

static polished_size ideal_control_bytes(const polished_size *knobs,
                                         polished_size data_bytes)
{
    (void)knobs;
    (void)data_bytes;
    return sizeof(struct ideal_control);
}

static enum polished_status ideal_reset(struct polished_heap *heap)
{
    ideal_control(heap)->live_bytes = 0;
    return POLISHED_OK;
}

static enum polished_status ideal_init(struct polished_heap *heap,
                                       const polished_size *knobs)
{
    (void)knobs;
    return ideal_reset(heap);
}

static enum polished_status ideal_alloc(struct polished_heap *heap,
                                        const struct polished_request *request,
                                        polished_size *offset)
{
    struct ideal_control *control = ideal_control(heap);

    if (request->size_bytes > heap->data.size_bytes - control->live_bytes)
        return POLISHED_NO_MEMORY;
    control->live_bytes += request->size_bytes;
    *offset = 0;
    return POLISHED_OK;
}

static enum polished_status ideal_free(struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes)
{
    struct ideal_control *control = ideal_control(heap);

    if (offset != 0 || size_bytes > control->live_bytes)
        return POLISHED_NOT_OWNED;
    control->live_bytes -= size_bytes;
    return POLISHED_OK;
}

static enum polished_status ideal_resize(struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size size_bytes,
                                         const struct polished_request *request)
{
    struct ideal_control *control = ideal_control(heap);
    polished_size others;

    if (offset != 0 || size_bytes > control->live_bytes)
        return POLISHED_NOT_OWNED;
    others = control->live_bytes - size_bytes;
    if (request->size_bytes > heap->data.size_bytes - others)
        return POLISHED_NO_MEMORY;
    control->live_bytes = others + request->size_bytes;
    return POLISHED_OK;
}

static enum polished_status ideal_walk(const struct polished_heap *heap,
                                       polished_visit *visit, void *context)
{
    polished_size live_bytes = ideal_control(heap)->live_bytes;
    struct polished_block used = {0, live_bytes, POLISHED_USED};
    struct polished_block rest = {
        live_bytes, heap->data.size_bytes - live_bytes, POLISHED_FREE};

    if (used.size_bytes != 0 && visit(context, &used) != 0)
        return POLISHED_OK;
    if (rest.size_bytes != 0)
        visit(context, &rest);
    return POLISHED_OK;
}

static polished_size ideal_largest(const struct polished_heap *heap,
                                   const struct polished_request *request)
{
    (void)request;
    return heap->data.size_bytes - ideal_control(heap)->live_bytes;
}

const struct polished_ops host_ideal_ops = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NEEDS_SIZE |
            POLISHED_NO_TOUCH | POLISHED_LIMITS,
    .name = "ideal",
    .summary = "no allocator: live bytes, the bound for all of them",
    .control_bytes = ideal_control_bytes,
    .init = ideal_init,
    .alloc = ideal_alloc,
    .free = ideal_free,
    .resize = ideal_resize,
    .reset = ideal_reset,
    .walk = ideal_walk,
    .largest = ideal_largest,
};

const struct host_row host_ideal = {
    .ops = &host_ideal_ops,
    .placeless = true,
};
