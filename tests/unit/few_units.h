/* few_units.h - heaps of frame-bitmap and dma, counted in units, for tests that
   are run with both libraries: the leaves of the tiny one have 16 units, those
   of the other 512. */
#ifndef FEW_UNITS_H
#define FEW_UNITS_H

#include "alloc/area.h"
#include "damage.h"

enum { UNIT = 16, LEAF = RUNS_LEAF };

static _Alignas(16) unsigned char control[1 << 16];
static struct polished_heap heap;

/* Data of so many bytes, at this address on the bus. */
static inline void open_bytes(const struct polished_ops *ops,
                              polished_size size_bytes, uint64_t bus_base,
                              polished_size from_hint)
{
    const polished_size knobs[POLISHED_KNOBS] = {UNIT, from_hint};
    const struct polished_setup setup = {.ops = ops,
                                         .data = {NULL, size_bytes, bus_base},
                                         .control = control,
                                         .knobs = knobs};

    assert_true(ops->control_bytes(knobs, size_bytes) <= sizeof control);
    memset(control, 0xa5, sizeof control);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

/* A heap of so many units, the first of them at this address on the bus. */
static inline void open_heap(const struct polished_ops *ops, uint64_t units,
                             uint64_t bus_base)
{
    open_bytes(ops, units * UNIT, bus_base, 0);
}

/* The answer and all else here is in units. */
static inline uint64_t take_limited(uint64_t units, uint64_t align,
                                    uint64_t below, uint64_t boundary)
{
    const struct polished_request request = {units * UNIT, align * UNIT,
                                             below * UNIT, boundary * UNIT};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset / UNIT;
}

static inline uint64_t take(uint64_t units)
{
    return take_limited(units, 1, 0, 0);
}

static inline enum polished_status drop(uint64_t unit)
{
    return polished_free(&heap, unit * UNIT, 0);
}

/* Let a block be there; none if it is empty. */
static inline void hold(uint64_t first, uint64_t end)
{
    if (first < end)
        assert_int_equal(
            polished_reserve(&heap, first * UNIT, (end - first) * UNIT),
            POLISHED_OK);
}

static inline enum polished_status resize(uint64_t unit, uint64_t units,
                                          uint64_t align, uint64_t boundary)
{
    const struct polished_request request = {units * UNIT, align * UNIT, 0,
                                             boundary * UNIT};

    return polished_resize(&heap, unit * UNIT, 0, &request);
}

static inline uint64_t largest(uint64_t align, uint64_t below,
                               uint64_t boundary)
{
    const struct polished_request request = {1, align * UNIT, below * UNIT,
                                             boundary * UNIT};

    return polished_largest(&heap, &request) / UNIT;
}

static inline size_t in_control(const void *place)
{
    return (size_t)((const unsigned char *)place - control);
}

#endif
