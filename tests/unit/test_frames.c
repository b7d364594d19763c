#define _GNU_SOURCE
/* Frames: defects of others that must not be ours, and maps of a terabyte. */
#include "unit.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "polished/polished.h"

#define FRAME       UINT64_C(4096)
#define HUGE_FRAMES (UINT64_C(1) << 28) /* a terabyte */

static const struct polished_ops *const rows[] = {
    &polished_frame_bump, &polished_frame_list, &polished_frame_bitmap,
    &polished_dma};
#define ROWS (sizeof rows / sizeof rows[0])

static struct polished_heap heap;
static unsigned char *control;
static size_t control_bytes;

/* Memory that is not there until it is written: mapped, and never reserved. */
static enum polished_status open_heap(const struct polished_ops *ops,
                                      uint64_t bus_base,
                                      polished_size size_bytes)
{
    polished_size knobs[POLISHED_KNOBS] = {FRAME};
    struct polished_setup setup = {
        .ops = ops, .data = {NULL, size_bytes, bus_base}, .knobs = knobs};

    if (ops == &polished_frame_bump || ops == &polished_frame_list)
        knobs[1] = 64;
    if (control)
        munmap(control, control_bytes);
    control_bytes = (size_t)ops->control_bytes(knobs, size_bytes);
    assert_true(control_bytes != 0);
    control = mmap(NULL, control_bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_true(control != MAP_FAILED);
    setup.control = control;
    return polished_init(&heap, &setup);
}

static enum polished_status
ask(polished_size size_bytes, polished_size align_bytes, polished_size *offset)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};

    return polished_alloc(&heap, &request, offset);
}

static polished_size take(polished_size size_bytes, polished_size align_bytes)
{
    polished_size offset;

    assert_int_equal(ask(size_bytes, align_bytes, &offset), POLISHED_OK);
    return offset;
}

static void drop(polished_size offset)
{
    assert_int_equal(polished_free(&heap, offset, 0), POLISHED_OK);
}

/* Rounding wrapped at the top of all addresses; frame 0 is a frame. */
static void S9_the_top_of_addresses_is_no_trap(void **state)
{
    (void)state;
    for (size_t row = 0; row < ROWS; row++) {
        polished_size offset;

        assert_int_equal(
            open_heap(rows[row], UINT64_MAX - 3 * FRAME + 2, 3 * FRAME - 1),
            POLISHED_OK);
        take(FRAME, 1);
        take(FRAME, FRAME);
        assert_int_equal(ask(FRAME, 1, &offset), POLISHED_NO_MEMORY);
        assert_int_equal(ask(1, 1, &offset), POLISHED_NO_MEMORY);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
        assert_int_equal(open_heap(rows[row], UINT64_MAX - 10, 11),
                         POLISHED_BAD_SIZE);
        assert_int_equal(open_heap(rows[row], 0, 2 * FRAME), POLISHED_OK);
        take(1, 1);
        take(1, 1);
        assert_int_equal(polished_reset(&heap), POLISHED_OK);
        take(1, 1);
    }
}

/* A list of frames lay in a heap, 8 bytes for each, all written at the start;
   and the highest went first. */
static void S10_no_heap_and_nothing_written_before_its_time(void **state)
{
    (void)state;
    assert_int_equal(open_heap(&polished_frame_list, 0, 1000 * FRAME),
                     POLISHED_OK);
    assert_true(control_bytes < 1000 * 33 / 8 + 64 * 16 + 200);
    assert_true(polished_steps(&heap) <= 2);
    for (polished_size frame = 0; frame < 5; frame++)
        assert_true(take(1, 1) == frame * FRAME);
    drop(1 * FRAME);
    drop(3 * FRAME);
    assert_true(take(1, 1) == 3 * FRAME);
    assert_true(take(1, 1) == 1 * FRAME);
    assert_true(take(1, 1) == 5 * FRAME);
}

/* A frame that was freed twice was handed out twice; so were others'. */
static void S11_misuse_is_told_exactly(void **state)
{
    (void)state;
    for (size_t row = 1; row < ROWS; row++) {
        polished_size a, b;

        assert_int_equal(open_heap(rows[row], 0x800, 9 * FRAME), POLISHED_OK);
        a = take(FRAME, 1);
        b = take(FRAME, 1);
        assert_int_equal(polished_free(&heap, a + 1, 0), POLISHED_INTERIOR);
        assert_int_equal(polished_free(&heap, 0x7ff, 0), POLISHED_NOT_OWNED);
        assert_int_equal(polished_free(&heap, 9 * FRAME - 1, 0),
                         POLISHED_NOT_OWNED);
        assert_int_equal(polished_free(&heap, a, 2 * FRAME),
                         POLISHED_SIZE_MISMATCH);
        drop(b);
        drop(a);
        assert_int_equal(polished_free(&heap, a, 0), POLISHED_DOUBLE_FREE);
        assert_int_equal(polished_free(&heap, b, 0), POLISHED_DOUBLE_FREE);
        assert_true(take(1, 1) != take(1, 1));
    }
    open_heap(&polished_frame_list, 0, 9 * FRAME);
    assert_int_equal(polished_free(&heap, 4 * FRAME, 0), POLISHED_NOT_OWNED);
}

/* Theseus: what was reserved was not looked up in the free list, and given
   out twice. */
static void B17_what_is_reserved_is_not_handed_out(void **state)
{
    (void)state;
    for (size_t row = 0; row < ROWS; row++) {
        bool seen[16] = {false};
        polished_size offset;

        assert_int_equal(open_heap(rows[row], 0, 16 * FRAME), POLISHED_OK);
        if (row != 0) {
            /* Frames that are listed: freed before. */
            for (int i = 0; i < 6; i++)
                take(1, 1);
            polished_reset(&heap);
            for (int i = 0; i < 6; i++)
                seen[i] = take(1, 1) != POLISHED_NOWHERE;
            memset(seen, 0, sizeof seen);
            for (polished_size frame = 0; frame < 16; frame++)
                polished_free(&heap, frame * FRAME, 0);
        }
        assert_int_equal(polished_reserve(&heap, 2 * FRAME, FRAME),
                         POLISHED_OK);
        assert_int_equal(polished_reserve(&heap, 4 * FRAME, 5 * FRAME),
                         POLISHED_OK);
        assert_int_equal(polished_reserve(&heap, 8 * FRAME, FRAME),
                         POLISHED_OVERLAP);
        assert_int_equal(polished_reserve(&heap, FRAME, 2 * FRAME),
                         POLISHED_OVERLAP);
        assert_int_equal(polished_reserve(&heap, FRAME + 16, 16),
                         POLISHED_BAD_ALIGN);
        seen[2] = seen[4] = seen[5] = seen[6] = seen[7] = seen[8] = true;
        while (ask(1, 1, &offset) == POLISHED_OK) {
            assert_false(seen[offset / FRAME]);
            seen[offset / FRAME] = true;
        }
        for (int i = 0; i < 16; i++)
            assert_true(seen[i]);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

/* A reserved range is freed as one block, and all of it can be had again. */
static void ranges_come_back(void **state)
{
    (void)state;
    for (size_t row = 1; row < ROWS; row++) {
        polished_size offset;
        unsigned count = 0;

        assert_int_equal(open_heap(rows[row], 0, 300 * FRAME), POLISHED_OK);
        assert_int_equal(polished_reserve(&heap, 3 * FRAME, 200 * FRAME),
                         POLISHED_OK);
        assert_int_equal(polished_reserve(&heap, 203 * FRAME, 5 * FRAME),
                         POLISHED_OK);
        for (int i = 0; i < 4; i++)
            take(1, 1);
        assert_int_equal(polished_free(&heap, 4 * FRAME, 0), POLISHED_INTERIOR);
        drop(203 * FRAME);
        drop(3 * FRAME);
        while (ask(1, 1, &offset) == POLISHED_OK)
            count++;
        assert_int_equal(count, 296);
    }
}

static void runs_and_alignments_of_a_boot(void **state)
{
    (void)state;
    open_heap(&polished_frame_bump, 0x1000, UINT64_C(4) << 30);
    assert_int_equal(polished_reserve(&heap, 0xff000, 0x300000), POLISHED_OK);
    assert_true(take(2 * FRAME, 1) == 0);
    assert_true(take(0x100000, 0x1000) == 0x3ff000);
    assert_true(take(FRAME, 2 << 20) + 0x1000 == 0x600000);
    assert_true(take(FRAME, UINT64_C(1) << 30) + 0x1000 == UINT64_C(1) << 30);
    drop(0);
    assert_true(take(FRAME, 1) == UINT64_C(1) << 30);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* Beyond its ranges a boot allocator refuses, and forgets gaps before that. */
static void ranges_run_out(void **state)
{
    (void)state;
    open_heap(&polished_frame_bump, 0, 4096 * FRAME);
    for (polished_size i = 0; i < 70; i++)
        take(FRAME, 16 * FRAME);
    for (polished_size i = 0; i < 64; i++)
        assert_int_equal(polished_reserve(&heap, (2000 + 2 * i) * FRAME, 1),
                         POLISHED_OK);
    assert_int_equal(polished_reserve(&heap, 3000 * FRAME, 1), POLISHED_LIMIT);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static size_t resident_bytes(void)
{
    size_t pages = (control_bytes + 4095) / 4096, count = 0;
    static unsigned char is_there[1 << 19];

    assert_true(pages <= sizeof is_there);
    assert_int_equal(mincore(control, control_bytes, is_there), 0);
    for (size_t i = 0; i < pages; i++)
        count += is_there[i] & 1;
    return count * 4096;
}

/* Memory is needed for what is used, not for what there is. */
static void a_terabyte_costs_what_is_touched(void **state)
{
    (void)state;
    for (size_t row = 0; row < ROWS; row++) {
        polished_size blocks[1000];

        assert_int_equal(open_heap(rows[row], 0x100000, HUGE_FRAMES * FRAME),
                         POLISHED_OK);
        assert_true(resident_bytes() <= 64 << 10);
        assert_int_equal(polished_reserve(&heap, HUGE_FRAMES / 2 * FRAME,
                                          HUGE_FRAMES / 8 * FRAME),
                         POLISHED_OK);
        for (size_t i = 0; i < 1000; i++)
            blocks[i] = take(FRAME, 1);
        for (size_t i = 0; i < 1000; i += 2)
            drop(blocks[i]);
        assert_true(resident_bytes() <= 160 << 10);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
        assert_int_equal(polished_reset(&heap), POLISHED_OK);
        take(FRAME, 1);
        assert_true(resident_bytes() <= 192 << 10);
    }
}

/* Runs and alignments in it take a bounded number of steps. */
static void a_terabyte_takes_few_steps(void **state)
{
    (void)state;
    for (size_t row = 2; row < ROWS; row++) {
        assert_int_equal(open_heap(rows[row], 0x100000, HUGE_FRAMES * FRAME),
                         POLISHED_OK);
        for (unsigned log2 = 12; log2 <= 38; log2++) {
            uint64_t steps = polished_steps(&heap);
            polished_size offset =
                take((UINT64_C(1) << log2) + 4096,
                     log2 > 30 ? 1 << 30 : UINT64_C(1) << log2);

            drop(offset);
            assert_true(polished_steps(&heap) - steps < 2500);
        }
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

/* Every other frame is free, then one more beside one of them: a pair is found
   at once wherever it is. */
static void a_full_map_is_searched_in_no_time(void **state)
{
    const polished_size frames = 1 << 18;

    (void)state;
    for (size_t row = 2; row < ROWS; row++) {
        uint64_t steps;
        polished_size offset;

        open_heap(rows[row], 0, frames * FRAME);
        for (polished_size i = 0; i < frames; i++)
            take(FRAME, 1);
        for (polished_size i = 0; i < frames; i += 2)
            drop(i * FRAME);
        steps = polished_steps(&heap);
        assert_int_equal(ask(2 * FRAME, 1, &offset), POLISHED_NO_MEMORY);
        drop(123457 * FRAME);
        assert_true(take(2 * FRAME, 1) == (row == 2 ? 123456 : 123457) * FRAME);
        assert_true(polished_steps(&heap) - steps < 400);
    }
}

static void the_next_fit_goes_on(void **state)
{
    static _Alignas(16) unsigned char small[4096];
    const polished_size knobs[POLISHED_KNOBS] = {FRAME, 1};
    const struct polished_setup setup = {.ops = &polished_frame_bitmap,
                                         .data = {NULL, 8 * FRAME, 0},
                                         .control = small,
                                         .knobs = knobs};

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_true(take(3 * FRAME, 1) == 0);
    drop(0);
    assert_true(take(3 * FRAME, 1) == 3 * FRAME);
    assert_true(take(2 * FRAME, 1) == 6 * FRAME);
    assert_true(take(2 * FRAME, 1) == 0);
}

/* A frame of the list costs a constant number of steps, whatever happened. */
static void a_listed_frame_costs_a_step_or_few(void **state)
{
    (void)state;
    open_heap(&polished_frame_list, 0, 5000 * FRAME);
    for (polished_size i = 0; i < 60; i++)
        polished_reserve(&heap, (i * 80 + 7) * FRAME, 3 * FRAME);
    for (int round = 0; round < 3; round++) {
        static polished_size blocks[5000];
        size_t count = 0;

        for (uint64_t steps = polished_steps(&heap);
             ask(1, 1, &blocks[count]) == POLISHED_OK;
             steps = polished_steps(&heap), count++)
            assert_true(polished_steps(&heap) - steps <= 12);
        assert_int_equal(count, 5000 - 180);
        while (count > 0) {
            uint64_t steps = polished_steps(&heap);

            drop(blocks[--count]);
            assert_true(polished_steps(&heap) - steps <= 12);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S9_the_top_of_addresses_is_no_trap),
        cmocka_unit_test(S10_no_heap_and_nothing_written_before_its_time),
        cmocka_unit_test(S11_misuse_is_told_exactly),
        cmocka_unit_test(B17_what_is_reserved_is_not_handed_out),
        cmocka_unit_test(ranges_come_back),
        cmocka_unit_test(runs_and_alignments_of_a_boot),
        cmocka_unit_test(ranges_run_out),
        cmocka_unit_test(a_terabyte_costs_what_is_touched),
        cmocka_unit_test(a_terabyte_takes_few_steps),
        cmocka_unit_test(a_full_map_is_searched_in_no_time),
        cmocka_unit_test(the_next_fit_goes_on),
        cmocka_unit_test(a_listed_frame_costs_a_step_or_few),
    };

    return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
