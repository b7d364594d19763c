/*
 * fake.h - a policy that does what a test tells it, and remembers how it was
 * called: for tests of the front alone.
 */
#ifndef FAKE_H
#define FAKE_H

#include "polished/polished.h"

static struct {
    enum polished_status alloc, free, resize, usable, extend, reserve;
    polished_size offset;       /* what alloc answers */
    polished_size usable_bytes; /* what usable answers */
    polished_size control_bytes;
    unsigned calls; /* of the row */
    polished_size freed, freed_bytes;
    const struct polished_request *request;
    polished_size knobs[POLISHED_KNOBS];
} fake;

static polished_size fake_control_bytes(const polished_size *knobs,
                                        polished_size data_bytes)
{
    (void)knobs;
    (void)data_bytes;
    return fake.control_bytes;
}

static enum polished_status fake_init(struct polished_heap *heap,
                                      const polished_size *knobs)
{
    (void)heap;
    fake.knobs[0] = knobs[0];
    fake.knobs[1] = knobs[1];
    return POLISHED_OK;
}

static enum polished_status fake_alloc(struct polished_heap *heap,
                                       const struct polished_request *request,
                                       polished_size *offset)
{
    (void)heap;
    fake.calls++;
    fake.request = request;
    if (fake.alloc == POLISHED_OK)
        *offset = fake.offset;
    return fake.alloc;
}

static enum polished_status fake_free(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    (void)heap;
    fake.calls++;
    fake.freed = offset;
    fake.freed_bytes = size_bytes;
    return fake.free;
}

static enum polished_status fake_resize(struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size size_bytes,
                                        const struct polished_request *request)
{
    (void)heap;
    (void)offset;
    (void)size_bytes;
    fake.calls++;
    fake.request = request;
    return fake.resize;
}

static enum polished_status fake_usable(const struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size *size_bytes)
{
    (void)heap;
    (void)offset;
    if (fake.usable == POLISHED_OK)
        *size_bytes = fake.usable_bytes;
    return fake.usable;
}

static enum polished_status fake_extend(struct polished_heap *heap,
                                        polished_size more_bytes)
{
    (void)heap;
    (void)more_bytes;
    fake.calls++;
    return fake.extend;
}

static enum polished_status fake_reserve(struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size size_bytes)
{
    (void)heap;
    (void)offset;
    (void)size_bytes;
    fake.calls++;
    return fake.reserve;
}

static enum polished_status fake_reset(struct polished_heap *heap)
{
    (void)heap;
    return POLISHED_OK;
}

static enum polished_status fake_walk(const struct polished_heap *heap,
                                      polished_visit *visit, void *context)
{
    const struct polished_block block = {0, heap->data.size_bytes,
                                         POLISHED_FREE};

    visit(context, &block);
    return POLISHED_OK;
}

static polished_size fake_largest(const struct polished_heap *heap,
                                  const struct polished_request *request)
{
    (void)request;
    return heap->data.size_bytes;
}

static enum polished_status fake_swap(struct polished_heap *heap,
                                      polished_size *a, polished_size *b)
{
    polished_size c = *a;

    (void)heap;
    *a = *b;
    *b = c;
    return POLISHED_OK;
}

static const struct polished_extra fake_extras[] = {
    {"swap", "exchange a and b", fake_swap}, {0}};

static const struct polished_knob fake_knobs[] = {
    {"width_bytes", "any number", 2, 9, 5, POLISHED_ANY},
    {"grain_bytes", "a power of two", 8, 64, 16, POLISHED_POWER_OF_TWO},
    {0}};

/* A row with everything, and these caps. */
static struct polished_ops fake_row(uint32_t caps)
{
    const struct polished_ops row = {
        .abi = POLISHED_ABI,
        .caps = caps,
        .name = "fake",
        .summary = "does what it is told",
        .knobs = fake_knobs,
        .extras = fake_extras,
        .control_bytes = fake_control_bytes,
        .init = fake_init,
        .alloc = fake_alloc,
        .free = fake_free,
        .resize = fake_resize,
        .usable = fake_usable,
        .extend = fake_extend,
        .reserve = fake_reserve,
        .reset = fake_reset,
        .walk = fake_walk,
        .largest = fake_largest,
    };

    return row;
}

static _Alignas(64) unsigned char fake_memory[4096];

/* A heap of 4000 bytes with 16 of control, over memory. */
static inline struct polished_heap fake_open(const struct polished_ops *row)
{
    struct polished_heap heap;
    const struct polished_setup setup = {
        .ops = row,
        .data = polished_memory(fake_memory, 4000),
        .control = fake_memory + 4064,
    };

    fake.control_bytes = 16;
    if (polished_init(&heap, &setup) != POLISHED_OK)
        heap.ops = NULL;
    fake.calls = 0;
    return heap;
}

#endif
