/*
 * bench_frames.c - frame-bitmap and dma over a terabyte of frames.
 *
 *     bench_frames [FULL...]     per cent, by default 0 50 99
 *
 * Memory is filled with blocks of 1 to 16 frames, then blocks are freed at
 * random until it is as full as asked.  Then 2000 blocks of each kind are
 * allocated, and freed in random order; what is shown is the best of three
 * rounds, in nanoseconds an operation, and steps.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "polished/polished.h"

#define FRAME  UINT64_C(4096)
#define FRAMES (UINT64_C(1) << 28)
#define BLOCKS 2000
#define ROUNDS 3

struct bench {
    struct polished_heap heap;
    void *control;
    polished_size control_bytes;
    polished_size *blocks; /* of the filling */
    uint64_t block_count;
    uint64_t random;
};

static const struct {
    const char *name;
    struct polished_request request;
} bench_rows[] = {
    {"1 frame", {FRAME, FRAME, 0, 0}},
    {"1 frame below 4 GiB", {FRAME, FRAME, UINT64_C(1) << 32, 0}},
    {"8 frames", {8 * FRAME, FRAME, 0, 0}},
    {"8 frames within 64 KiB", {8 * FRAME, FRAME, 0, 1 << 16}},
    {"64 KiB aligned", {16 * FRAME, 1 << 16, 0, 0}},
    {"2 MiB aligned", {1 << 21, 1 << 21, 0, 0}},
};

static uint64_t bench_draw(struct bench *bench, uint64_t limit)
{
    bench->random ^= bench->random << 13;
    bench->random ^= bench->random >> 7;
    bench->random ^= bench->random << 17;
    return (bench->random >> 11) % limit;
}

static double bench_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void *bench_map(uint64_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED) {
        perror("bench_frames");
        exit(1);
    }
    return memory;
}

static void bench_open(struct bench *bench, const struct polished_ops *ops)
{
    const polished_size knobs[POLISHED_KNOBS] = {FRAME};
    struct polished_setup setup = {
        .ops = ops, .data = {NULL, FRAMES * FRAME, 0}, .knobs = knobs};

    bench->random = 88172645463325252u;
    bench->control_bytes = ops->control_bytes(knobs, FRAMES * FRAME);
    bench->control = setup.control = bench_map(bench->control_bytes);
    bench->blocks = bench_map(FRAMES * sizeof *bench->blocks);
    bench->block_count = 0;
    if (polished_init(&bench->heap, &setup) != POLISHED_OK)
        abort();
}

/* Fill memory, then free blocks at random until it is as full as asked. */
static void bench_fill(struct bench *bench, unsigned full)
{
    uint64_t left = FRAMES / 100 * (100 - full);
    struct polished_request request = {0, FRAME, 0, 0};

    if (full == 0)
        return;
    do
        request.size_bytes = (1 + bench_draw(bench, 16)) * FRAME;
    while (polished_alloc(&bench->heap, &request,
                          &bench->blocks[bench->block_count++]) == POLISHED_OK);
    bench->block_count--;
    while (left > 16) {
        uint64_t which = bench_draw(bench, bench->block_count);
        polished_size bytes;

        polished_usable(&bench->heap, bench->blocks[which], &bytes);
        if (polished_free(&bench->heap, bench->blocks[which], 0) != POLISHED_OK)
            abort();
        bench->blocks[which] = bench->blocks[--bench->block_count];
        left -= bytes / FRAME;
    }
}

static void bench_shuffle(struct bench *bench, polished_size *blocks,
                          unsigned count)
{
    while (count > 1) {
        unsigned which = (unsigned)bench_draw(bench, count--);
        polished_size other = blocks[which];

        blocks[which] = blocks[count];
        blocks[count] = other;
    }
}

static void bench_row(struct bench *bench, size_t row)
{
    static polished_size blocks[BLOCKS];
    double alloc_ns = 1e18, free_ns = 1e18;
    uint64_t alloc_steps = 0, free_steps = 0;
    unsigned served = 0;

    for (int round = 0; round < ROUNDS; round++) {
        uint64_t steps = polished_steps(&bench->heap);
        double start = bench_now(), ns;

        served = 0;
        for (unsigned i = 0; i < BLOCKS; i++)
            served += polished_alloc(&bench->heap, &bench_rows[row].request,
                                     &blocks[served]) == POLISHED_OK;
        ns = bench_now() - start;
        alloc_ns = ns < alloc_ns ? ns : alloc_ns;
        alloc_steps = polished_steps(&bench->heap) - steps;
        bench_shuffle(bench, blocks, served);
        start = bench_now();
        for (unsigned i = 0; i < served; i++)
            if (polished_free(&bench->heap, blocks[i], 0) != POLISHED_OK)
                abort();
        ns = bench_now() - start;
        free_ns = ns < free_ns ? ns : free_ns;
        free_steps = polished_steps(&bench->heap) - steps - alloc_steps;
    }
    printf("  %-24s %5u served   alloc %6.0f ns %5.0f steps   ",
           bench_rows[row].name, served, alloc_ns / BLOCKS,
           (double)alloc_steps / BLOCKS);
    if (served != 0)
        printf("free %6.0f ns %4.0f steps", free_ns / served,
               (double)free_steps / served);
    printf("\n");
}

static void bench_run(const struct polished_ops *ops, unsigned full)
{
    struct bench bench;

    bench_open(&bench, ops);
    bench_fill(&bench, full);
    printf("%s, %u %% of 2^28 frames used, control %" PRIu64 " bytes\n",
           ops->name, full, (uint64_t)bench.control_bytes);
    for (size_t row = 0; row < sizeof bench_rows / sizeof bench_rows[0]; row++)
        bench_row(&bench, row);
    munmap(bench.control, (size_t)bench.control_bytes);
    munmap(bench.blocks, FRAMES * sizeof *bench.blocks);
}

int main(int count, char **args)
{
    static char *usual[] = {"", "0", "50", "99"};

    if (count < 2) {
        args = usual;
        count = 4;
    }
    for (int i = 1; i < count; i++) {
        bench_run(&polished_frame_bitmap, (unsigned)atoi(args[i]));
        bench_run(&polished_dma, (unsigned)atoi(args[i]));
    }
    return 0;
}
