/* few_frames.h - a heap of 32 frames, for frame-bump and frame-list. */
#ifndef FEW_FRAMES_H
#define FEW_FRAMES_H

#include "alloc/virgin.h"
#include "damage.h"
#include "expect_walk.h"

enum { FRAME = 16, FRAMES = 32, RANGES = 3, TAIL = 8 };

static _Alignas(16) unsigned char control[2048];
static struct polished_heap heap;

/* Frames 0 to 31, and behind them too little for one more. */
static void open_heap(const struct polished_ops *ops)
{
    static const polished_size knobs[POLISHED_KNOBS] = {FRAME, RANGES};
    const struct polished_setup setup = {
        .ops = ops,
        .data = {NULL, FRAMES * FRAME + TAIL, 0},
        .control = control,
        .knobs = knobs};

    memset(control, 0, sizeof control);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

static inline enum polished_status ask(uint64_t frames, uint64_t align,
                                       polished_size *offset)
{
    const struct polished_request request = {frames * FRAME, align * FRAME, 0,
                                             0};

    return polished_alloc(&heap, &request, offset);
}

/* The answer and all else here is in frames. */
static uint64_t take(uint64_t frames, uint64_t align)
{
    polished_size offset;

    assert_int_equal(ask(frames, align, &offset), POLISHED_OK);
    assert_int_equal(offset % FRAME, 0);
    return offset / FRAME;
}

static enum polished_status reserve(uint64_t frame, uint64_t frames)
{
    return polished_reserve(&heap, frame * FRAME, frames * FRAME);
}

static inline enum polished_status drop(uint64_t frame, uint64_t frames)
{
    return polished_free(&heap, frame * FRAME, frames * FRAME);
}

static inline enum polished_status resize(uint64_t frame, uint64_t frames,
                                          uint64_t new_frames)
{
    const struct polished_request request = {new_frames * FRAME, 1, 0, 0};

    return polished_resize(&heap, frame * FRAME, frames * FRAME, &request);
}

/* A block of these frames, as a walk shows it. */
#define FRAMES_OF(first, end, kind)                                            \
    {                                                                          \
        (first) * FRAME, ((end) - (first)) * FRAME, POLISHED_##kind            \
    }
#define TAIL_AND_NO_MORE                                                       \
    {FRAMES * FRAME, TAIL, POLISHED_OWN},                                      \
    {                                                                          \
        0, 0, POLISHED_OWN                                                     \
    }

static inline size_t in_control(const void *place)
{
    return (size_t)((const unsigned char *)place - control);
}

static inline uint64_t largest(uint64_t align)
{
    const struct polished_request request = {1, align * FRAME, 0, 0};

    return polished_largest(&heap, &request) / FRAME;
}

#endif
