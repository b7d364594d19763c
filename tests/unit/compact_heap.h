/*
 * compact_heap.h - a heap of polished-compact, opened anew by each test.
 *
 * Who includes it has said how large memory and control are: MEMORY, CONTROL.
 */
#ifndef COMPACT_HEAP_H
#define COMPACT_HEAP_H

#include <string.h>

#include "alloc/compact.h"
#include "polished/polished.h"
#include "unit.h"

static _Alignas(4096) unsigned char memory[MEMORY];
static _Alignas(16) unsigned char control[CONTROL];
static struct polished_heap heap;

/* A heap that has all of data: control lies elsewhere. */
static inline void open_apart(polished_size size_bytes,
                              polished_size granule_bytes)
{
    const struct polished_setup setup = {
        .ops = &polished_polished_compact,
        .data = polished_memory(memory, size_bytes),
        .control = control,
        .control_bytes = sizeof control,
        .knobs = &granule_bytes};

    memset(control, 0xa5, sizeof control);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

/* What it keeps in control. */
static inline struct compact_state *heap_state(void)
{
    return (void *)control;
}

static inline polished_size granule(void **state)
{
    return (polished_size)(uintptr_t)*state;
}

static inline polished_size alloc(polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, 8, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset;
}

static inline enum polished_status release(polished_size offset)
{
    return polished_free(&heap, offset, 0);
}

static inline enum polished_status resize(polished_size offset,
                                          polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, 1, 0, 0};

    return polished_resize(&heap, offset, 0, &request);
}

static inline void expect_sound(void)
{
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* A test with granules of 8 and of 16 bytes; which, its state tells. */
#define BOTH(name)                                                             \
    {"8." #name, name, NULL, NULL, (void *)8},                                 \
    {                                                                          \
        "16." #name, name, NULL, NULL, (void *)16                              \
    }

#endif
