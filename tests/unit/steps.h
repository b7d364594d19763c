/* steps.h - the most steps that a single call takes in a long random life. */
#ifndef STEPS_H
#define STEPS_H

#include "polished/polished.h"

enum { STEPS_SLOTS = 64, STEPS_CALLS = 60000 };

struct steps {
    struct polished_heap *heap;
    uint64_t random;
    polished_size offsets[STEPS_SLOTS]; /* POLISHED_NOWHERE: no block */
    polished_size align_most;           /* of every request */
    polished_size size_most;
};

static inline uint64_t steps_draw(struct steps *steps, uint64_t limit)
{
    steps->random ^= steps->random << 13;
    steps->random ^= steps->random >> 7;
    steps->random ^= steps->random << 17;
    return (steps->random >> 11) % limit;
}

/* Small sizes are as frequent as large ones. */
static inline struct polished_request steps_request(struct steps *steps)
{
    struct polished_request request = {1, 1, 0, 0};
    polished_size octave = steps->size_most;

    while (octave > 16 && steps_draw(steps, 4) != 0)
        octave /= 2;
    request.size_bytes += (polished_size)steps_draw(steps, octave);
    request.align_bytes = steps->align_most;
    while (request.align_bytes > 1 && steps_draw(steps, 2) != 0)
        request.align_bytes /= 2;
    return request;
}

/* One call, now and then one that is misuse. */
static inline void steps_call(struct steps *steps)
{
    polished_size *offset = &steps->offsets[steps_draw(steps, STEPS_SLOTS)];
    struct polished_request request = steps_request(steps);

    if (steps_draw(steps, 50) == 0) {
        polished_free(
            steps->heap,
            (polished_size)steps_draw(steps, steps->heap->data.size_bytes) | 1,
            0);
    } else if (*offset == POLISHED_NOWHERE) {
        polished_alloc(steps->heap, &request, offset);
    } else if (steps_draw(steps, 3) == 0) {
        polished_resize(steps->heap, *offset, 0, &request);
    } else {
        polished_free(steps->heap, *offset, 0);
        *offset = POLISHED_NOWHERE;
    }
}

/* The most steps of any alloc, free or resize. */
static inline uint64_t steps_most(struct polished_heap *heap,
                                  polished_size size_most,
                                  polished_size align_most)
{
    struct steps steps = {.heap = heap,
                          .random = 88172645463325252u,
                          .size_most = size_most,
                          .align_most = align_most};
    uint64_t most = 0;

    for (int i = 0; i < STEPS_SLOTS; i++)
        steps.offsets[i] = POLISHED_NOWHERE;
    for (int i = 0; i < STEPS_CALLS; i++) {
        uint64_t before = polished_steps(heap);

        steps_call(&steps);
        if (most < polished_steps(heap) - before)
            most = polished_steps(heap) - before;
    }
    return most;
}

#endif
