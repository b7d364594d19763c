/*
 * narrow_sizes.c - what narrow.t compiles for 32 bits, sizes too, with the
 * library's sources alone, and runs: a heap of caches.  As narrow.c.
 */
#include "polished/polished.h"

static _Alignas(16) unsigned char data[8192], control[4096],
    source_control[1024];

#define EXPECT(number, truth)                                                  \
    do {                                                                       \
        if (!(truth))                                                          \
            return number;                                                     \
    } while (0)

/* It counted its slots by a product of more than 32 bits. */
static int narrow_slab(void)
{
    static const polished_size knobs[POLISHED_KNOBS] = {0, 256, 16, 1};
    const struct polished_region region = polished_memory(data, sizeof data);
    struct polished_heap source, heap;
    struct polished_setup setup = {
        .ops = &polished_tlsf, .data = region, .control = source_control};
    const struct polished_request request = {16, 16, 0, 0};
    polished_size offset;

    EXPECT(1, sizeof(void *) == 4 && sizeof(polished_size) == 4);
    EXPECT(2, polished_init(&source, &setup) == POLISHED_OK);
    setup.ops = &polished_slab;
    setup.control = control;
    setup.knobs = knobs;
    setup.source = &source;
    EXPECT(3, polished_init(&heap, &setup) == POLISHED_OK);
    EXPECT(4, polished_check(&heap) == POLISHED_OK);
    EXPECT(5, polished_alloc(&heap, &request, &offset) == POLISHED_OK);
    EXPECT(6, polished_check(&heap) == POLISHED_OK);
    return 0;
}

int main(void)
{
    return narrow_slab();
}
