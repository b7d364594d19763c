/*
 * plugin_policy.c - a policy of one's own, beside all others in the table.
 *
 *     cc -shared -fPIC -o plugin_policy.so plugin_policy.c
 *     polished-sim -a ./plugin_policy.so:slot_bytes=128 -a best-fit x.json
 *
 * The policy, as small as an honest one can be: memory is cut into slots of
 * one size, a byte of control for each says whether it is taken, and the first
 * free slot wins.  Larger requests fail.
 *
 *     data     | slot 0 | slot 1 | slot 2 | slot 3 | rest |
 *     control    1        0        1        0
 *
 * Time: alloc O(slots), all else O(1).  Fails: for want of a slot, and for all
 * that is larger than one.  Keeps: a byte a slot.
 */
#include <string.h>

#include "polished/heap.h"

/* All state lies in control, so that two heaps never meet. */
struct slots {
    polished_size slot_bytes, slot_count;
    unsigned char taken[];
};

static struct slots *slots_of(const struct polished_heap *heap)
{
    return heap->control;
}

/* Called before the heap is there: how much control will it need? */
static polished_size slots_control_bytes(const polished_size *knobs,
                                         polished_size data_bytes)
{
    return sizeof(struct slots) + data_bytes / knobs[0];
}

static enum polished_status slots_reset(struct polished_heap *heap)
{
    memset(slots_of(heap)->taken, 0, slots_of(heap)->slot_count);
    return POLISHED_OK;
}

static enum polished_status slots_init(struct polished_heap *heap,
                                       const polished_size *knobs)
{
    slots_of(heap)->slot_bytes = knobs[0];
    slots_of(heap)->slot_count = heap->data.size_bytes / knobs[0];
    return slots_reset(heap);
}

static enum polished_status slots_alloc(struct polished_heap *heap,
                                        const struct polished_request *request,
                                        polished_size *offset)
{
    struct slots *slots = slots_of(heap);

    if (request->size_bytes > slots->slot_bytes)
        return POLISHED_NO_MEMORY;
    for (polished_size i = 0; i < slots->slot_count; i++) {
        uint64_t address = heap->data.bus_base + i * slots->slot_bytes;

        heap->own_steps++; /* a visit to a slot is a step */
        if (slots->taken[i] || address % request->align_bytes != 0)
            continue;
        slots->taken[i] = 1;
        *offset = i * slots->slot_bytes;
        return POLISHED_OK;
    }
    return POLISHED_NO_MEMORY;
}

/* Whoever is asked about a block tells misuse first: nothing has changed. */
static enum polished_status slots_judge(const struct polished_heap *heap,
                                        polished_size offset)
{
    const struct slots *slots = slots_of(heap);
    polished_size slot = offset / slots->slot_bytes;

    if (slot >= slots->slot_count)
        return POLISHED_NOT_OWNED;
    if (offset % slots->slot_bytes != 0)
        return POLISHED_INTERIOR;
    return slots->taken[slot] ? POLISHED_OK : POLISHED_DOUBLE_FREE;
}

static enum polished_status slots_free(struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes)
{
    enum polished_status status = slots_judge(heap, offset);

    if (status != POLISHED_OK)
        return status;
    if (size_bytes > slots_of(heap)->slot_bytes)
        return POLISHED_SIZE_MISMATCH;
    heap->own_steps++;
    slots_of(heap)->taken[offset / slots_of(heap)->slot_bytes] = 0;
    return POLISHED_OK;
}

static enum polished_status slots_resize(struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size size_bytes,
                                         const struct polished_request *request)
{
    enum polished_status status = slots_judge(heap, offset);

    (void)size_bytes;
    if (status != POLISHED_OK)
        return status;
    return request->size_bytes <= slots_of(heap)->slot_bytes
               ? POLISHED_OK
               : POLISHED_NO_MEMORY;
}

static enum polished_status slots_usable(const struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size *size_bytes)
{
    *size_bytes = slots_of(heap)->slot_bytes;
    return slots_judge(heap, offset);
}

/* Every byte of data, in order, is in exactly one block. */
static enum polished_status slots_walk(const struct polished_heap *heap,
                                       polished_visit *visit, void *context)
{
    const struct slots *slots = slots_of(heap);
    struct polished_block block = {0, slots->slot_bytes, POLISHED_FREE};

    for (polished_size i = 0; i < slots->slot_count; i++) {
        block.offset_bytes = i * slots->slot_bytes;
        block.kind = slots->taken[i] ? POLISHED_USED : POLISHED_FREE;
        if (visit(context, &block) != 0)
            return POLISHED_OK;
    }
    block.offset_bytes = slots->slot_count * slots->slot_bytes;
    block.size_bytes = heap->data.size_bytes - block.offset_bytes;
    block.kind = POLISHED_OWN; /* less than a slot: nobody can have it */
    if (block.size_bytes != 0)
        visit(context, &block);
    return POLISHED_OK;
}

static const struct polished_knob slots_knobs[] = {
    {"slot_bytes", "the size of every slot", 16, 1 << 20, 256,
     POLISHED_POWER_OF_TWO},
    {0}};

const struct polished_ops polished_plugin = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NO_TOUCH |
            POLISHED_EXACT_MISUSE | POLISHED_EXACT_WALK,
    .name = "slots",
    .summary = "equal slots, the first free one",
    .knobs = slots_knobs,
    .control_bytes = slots_control_bytes,
    .init = slots_init,
    .alloc = slots_alloc,
    .free = slots_free,
    .resize = slots_resize,
    .usable = slots_usable,
    .reset = slots_reset,
    .walk = slots_walk,
};
