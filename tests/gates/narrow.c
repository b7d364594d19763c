/*
 * narrow.c - what narrow.t compiles for 32 bits, with the library's sources
 * alone, and runs: frames beyond 4 GiB.  The answer is the number of the first
 * thing that is wrong; 0: nothing.
 */
#include "polished/polished.h"

#define GIB (UINT64_C(1) << 30)

static _Alignas(16) unsigned char control[20 << 20]; /* 33 bits a frame */

#define EXPECT(number, truth)                                                  \
    do {                                                                       \
        if (!(truth))                                                          \
            return number;                                                     \
    } while (0)

/* 16 GiB of frames from 3 GiB on: most lie where no pointer reaches. */
static int narrow_use(const struct polished_ops *ops)
{
    const polished_size knobs[POLISHED_KNOBS] = {
        4096,
        ops == &polished_frame_bump || ops == &polished_frame_list ? 64 : 0};
    const struct polished_setup setup = {.ops = ops,
                                         .data = {NULL, 16 * GIB, 3 * GIB},
                                         .control = control,
                                         .control_bytes = sizeof control,
                                         .knobs = knobs};
    const struct polished_request frame = {4096, 4096, 0, 0};
    struct polished_heap heap;
    polished_size low, high;

    EXPECT(1, sizeof(void *) == 4 && sizeof(polished_size) == 8);
    EXPECT(2, polished_init(&heap, &setup) == POLISHED_OK);
    EXPECT(3, polished_reserve(&heap, GIB, 12 * GIB) == POLISHED_OK);
    EXPECT(4, polished_alloc(&heap, &frame, &low) == POLISHED_OK);
    EXPECT(5, polished_reserve(&heap, 14 * GIB, 4096) == POLISHED_OK);
    EXPECT(6, polished_reserve(&heap, 14 * GIB, 4096) == POLISHED_OVERLAP);
    EXPECT(7, polished_free(&heap, 14 * GIB + 1, 0) == POLISHED_INTERIOR);
    EXPECT(8, polished_free(&heap, 14 * GIB, 8192) == POLISHED_SIZE_MISMATCH);
    if (!(ops->caps & POLISHED_RECLAIMS))
        return 0;
    EXPECT(9, polished_free(&heap, 14 * GIB, 4096) == POLISHED_OK);
    /* What a list has not passed yet, it does not know. */
    EXPECT(10, polished_free(&heap, 14 * GIB, 4096) ==
                   (ops->caps & POLISHED_ONE_SIZE ? POLISHED_NOT_OWNED
                                                  : POLISHED_DOUBLE_FREE));
    if (ops->caps & POLISHED_ONE_SIZE)
        return 0;
    EXPECT(11,
           polished_alloc(&heap, &(struct polished_request){2 * GIB, GIB, 0, 0},
                          &high) == POLISHED_OK);
    EXPECT(12, high >= 13 * GIB && (high + 3 * GIB) % GIB == 0);
    EXPECT(13, polished_check(&heap) == POLISHED_OK);
    return 0;
}

int main(void)
{
    static const struct polished_ops *const rows[] = {
        &polished_frame_bump, &polished_frame_list, &polished_frame_bitmap,
        &polished_dma};

    for (int row = 0; row < 4; row++) {
        int wrong = narrow_use(rows[row]);

        if (wrong != 0)
            return 32 * row + wrong;
    }
    return 0;
}
