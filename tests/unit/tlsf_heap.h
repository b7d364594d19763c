/* tlsf_heap.h - a heap of tlsf or half-fit, in a region that the test sets. */
#ifndef TLSF_HEAP_H
#define TLSF_HEAP_H

#include "alloc/tlsf.h"
#include "damage.h"
#include "tlsf_both.h"

enum { BYTES = 4096, SPAN = 65536, GUARD = 0xa5 };

static _Alignas(64) unsigned char memory[SPAN + 64];
static _Alignas(16) unsigned char control[8192];
static struct polished_heap heap;

/* With data from that place on, as much of it and as much control. */
static inline enum polished_status try_open(const struct polished_ops *ops,
                                            polished_size start,
                                            polished_size data_bytes,
                                            polished_size control_bytes)
{
    const struct polished_setup setup = {
        .ops = ops,
        .data = {memory + start, data_bytes, start},
        .control = control,
        .control_bytes = control_bytes};

    memset(control, GUARD, sizeof control);
    return polished_init(&heap, &setup);
}

/* With no more control than it needs. */
static inline void open_heap(const struct polished_ops *ops,
                             polished_size start, polished_size data_bytes)
{
    polished_size control_bytes = ops->control_bytes(NULL, data_bytes);

    assert_int_equal(try_open(ops, start, data_bytes, control_bytes),
                     POLISHED_OK);
    assert_int_equal(control[control_bytes], GUARD);
}

static inline polished_size take_aligned(polished_size size_bytes,
                                         polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset;
}

static inline polished_size take(polished_size size_bytes)
{
    return take_aligned(size_bytes, 1);
}

static inline void drop(polished_size offset)
{
    assert_int_equal(polished_free(&heap, offset, 0), POLISHED_OK);
}

static inline polished_size largest(polished_size align_bytes)
{
    const struct polished_request request = {1, align_bytes, 0, 0};

    return polished_largest(&heap, &request);
}

#endif
