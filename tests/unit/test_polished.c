/* polished: where blocks lie, what is cut, and how long a call can take. */
#include <stdlib.h>
#include <string.h>

#include "steps.h"
#include "unit.h"

enum { MIB = 1 << 20, HEAD = 4 };

static _Alignas(4096) unsigned char memory[MIB + 4096];
static struct polished_heap heap;

static void open_heap(polished_size align_bytes, size_t size_bytes)
{
    const polished_size knobs[] = {align_bytes};

    assert_int_equal(polished_open(&heap, &polished_polished,
                                   polished_memory(memory, size_bytes), knobs),
                     POLISHED_OK);
}

static unsigned char *get(size_t size_bytes)
{
    unsigned char *block = polished_malloc(&heap, size_bytes, 8);

    assert_non_null(block);
    return block;
}

static void put(void *block)
{
    assert_int_equal(polished_mfree(&heap, block), POLISHED_OK);
}

static polished_size largest(void)
{
    const struct polished_request request = {1, 8, 0, 0};

    return polished_largest(&heap, &request);
}

/* Four bytes of head, and the rest up to the alignment is payload. */
static void a_block_costs_four_bytes(void **state)
{
    static const size_t sizes[] = {1, 12, 13, 20, 21, 100};
    static const size_t steps_8[] = {16, 16, 24, 24, 32, 104};
    static const size_t steps_16[] = {16, 16, 32, 32, 32, 112};

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        open_heap(8, 4096);
        assert_ptr_equal(get(sizes[i]), memory + 16);
        assert_ptr_equal(get(1), memory + 16 + steps_8[i]);
        open_heap(16, 4096);
        assert_ptr_equal(get(sizes[i]), memory + 16);
        assert_ptr_equal(get(1), memory + 16 + steps_16[i]);
    }
}

/* All of an empty heap is one block, but for two heads and a pad. */
static void nothing_else_is_kept_in_data(void **state)
{
    (void)state;
    open_heap(8, MIB);
    assert_true(largest() == heap.data.size_bytes - 16 - HEAD);
    open_heap(16, MIB);
    assert_true(largest() == heap.data.size_bytes - 16 - HEAD);
}

#ifndef POLISHED_NO_COUNTS
/* What is cut low, as small or very large, takes it; what is cut high, all. */
static void slack_is_what_can_be_missed(void **state)
{
    (void)state;
    open_heap(8, MIB);
    assert_true(heap.slack_bytes == largest() + HEAD - 256);
    get(8188);
    assert_true(heap.slack_bytes == largest() + HEAD - 256);
    get(8180);
    assert_true(heap.slack_bytes == 0);
}
#endif

static void small_and_large_have_an_end_each(void **state)
{
    unsigned char *end, *large;

    (void)state;
    open_heap(8, 4096);
    end = memory + heap.data.size_bytes;
    assert_ptr_equal(get(20), memory + 16);
    large = get(124);
    assert_ptr_equal(large + 124, end - HEAD);
    assert_ptr_equal(get(116), memory + 40);
    assert_ptr_equal(get(300) + 300, large - HEAD);
}

/* Blocks of 8 KiB and more lie at the low end, and have room to grow; in a
   hole between others, too. */
static void very_large_ones_lie_low_again(void **state)
{
    unsigned char *hole, *block;

    (void)state;
    open_heap(8, MIB);
    assert_ptr_equal(get(8188), memory + 16);
    assert_ptr_equal(get(8180) + 8180, memory + heap.data.size_bytes - HEAD);
    block = get(8188);
    assert_ptr_equal(block, memory + 16 + 8192);
    assert_ptr_equal(polished_mrealloc(&heap, block, 100000, 8), block);
    get(12);
    hole = get(20000);
    get(12);
    put(hole);
    assert_ptr_equal(get(8188), hole);
    assert_ptr_equal(get(8188), hole + 8192);
}

/* What they leave of a hole is not for the next small one. */
static void very_large_ones_leave_no_victim(void **state)
{
    unsigned char *hole, *small;

    (void)state;
    open_heap(8, MIB);
    small = get(20);
    get(12);
    hole = get(20000);
    get(12);
    put(hole);
    put(small);
    assert_ptr_equal(get(8188), hole);
    assert_ptr_equal(get(12), small);
}

/* What is freed before the victim is cut first again, and what grows there
   takes of it, as it does of the wild block. */
static void the_victim_takes_what_is_before_it(void **state)
{
    unsigned char *hole, *first, *second, *wild;

    (void)state;
    open_heap(8, 4096);
    hole = get(92);
    get(12);
    put(hole);
    first = get(20);
    second = get(20);
    assert_ptr_equal(second, hole + 24);
    put(second);
    put(first);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_ptr_equal(get(12), hole);
    assert_ptr_equal(get(12), hole + 16);
    assert_ptr_equal(polished_mrealloc(&heap, hole + 16, 20, 8), hole + 16);
    assert_ptr_equal(get(12), hole + 40);
    wild = get(92);
    assert_ptr_equal(polished_mrealloc(&heap, wild, 108, 8), wild);
    assert_ptr_equal(get(92), wild + 112);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* The last block that was cut is cut on, though the wild one is as near. */
static void the_victim_is_cut_again(void **state)
{
    unsigned char *hole;

    (void)state;
    open_heap(8, 4096);
    hole = get(92);
    get(12);
    put(hole);
    assert_ptr_equal(get(20), hole);
    assert_ptr_equal(get(12), hole + 24);
    assert_ptr_equal(get(28), hole + 40);
    assert_ptr_equal(get(20), hole + 72);
    assert_true(get(12) > hole + 92);
}

/* A bin of one size serves whom it fits, the newest first, before a victim. */
static void an_exact_block_comes_first(void **state)
{
    unsigned char *first, *second, *hole;

    (void)state;
    open_heap(8, 4096);
    first = get(20);
    get(12);
    second = get(20);
    get(12);
    hole = get(92);
    get(12);
    put(hole);
    assert_ptr_equal(get(28), hole);
    put(first);
    put(second);
    assert_ptr_equal(get(20), second);
    assert_ptr_equal(get(20), first);
    assert_ptr_equal(get(20), hole + 32);
}

/* Make nine free blocks of 33 to 41 granules, all of one bin; the one that is
   best for 33 is the n-th that a search comes to. */
static unsigned char *nine(unsigned place)
{
    unsigned char *blocks[9];

    open_heap(8, MIB);
    for (unsigned i = 0; i < 9; i++) {
        unsigned size = 33 + (i + place) % 9;

        blocks[i] = get(size * 8 - HEAD);
        get(124); /* large enough to lie between them */
    }
    for (unsigned i = 0; i < 9; i++)
        put(blocks[i]);
    return blocks[(9 - place) % 9];
}

/* Newest first: the block that was freed last is the first to be tried. */
static void the_best_of_eight_is_taken(void **state)
{
    (void)state;
    for (unsigned place = 1; place < 9; place++) {
        unsigned char *best = nine(place);
        uint64_t before = polished_steps(&heap);

        assert_ptr_equal(get(33 * 8 - HEAD), best);
        assert_true(polished_steps(&heap) - before == 6 + 8);
    }
    assert_true(nine(0) != get(33 * 8 - HEAD));
}

/* A block whose size is not the best, but twice what is asked, is found. */
static void twice_the_size_is_always_found(void **state)
{
    (void)state;
    for (size_t bytes = 10; bytes < MIB / 8; bytes += bytes / 7 + 1) {
        unsigned char *hole;

        open_heap(8, MIB);
        hole = get(2 * bytes + 8);
        get(12);
        while (largest() > 0)
            get((size_t)largest());
        put(hole);
        assert_true(get(bytes) >= hole);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

/* Sizes at the borders of bins can be had again just after they were freed. */
static void what_was_freed_can_be_had_again(void **state)
{
    static const size_t aligns[] = {8, 16, 64, 1024};

    (void)state;
    for (size_t octave = 16; octave <= 65536; octave *= 2)
        for (size_t bytes = octave - 13; bytes <= octave + 13; bytes++)
            for (size_t i = 0; i < 4; i++) {
                void *block;

                open_heap(8, MIB / 4);
                get(40);
                block = polished_malloc(&heap, bytes, aligns[i]);
                assert_non_null(block);
                get(40);
                while (largest() > 0)
                    get((size_t)largest());
                put(block);
                assert_ptr_equal(polished_malloc(&heap, bytes, aligns[i]),
                                 block);
            }
}

static void calls_take_constant_steps(void **state)
{
    (void)state;
    for (polished_size align = 8; align <= 16; align *= 2)
        for (size_t bytes = 4096; bytes <= MIB; bytes *= 4) {
            open_heap(align, bytes);
            assert_in_range(steps_most(&heap, bytes / 4, align), 6, 14);
            assert_int_equal(polished_check(&heap), POLISHED_OK);
            open_heap(align, bytes);
            assert_in_range(steps_most(&heap, bytes / 4, 1024), 6, 30);
            assert_int_equal(polished_check(&heap), POLISHED_OK);
        }
}

static enum polished_status misuse(const unsigned char *at)
{
    return polished_free(&heap, (polished_size)(at - memory), 0);
}

/* A block freed a second time is told as such, also after it was merged. */
static void a_stale_pointer_is_told(void **state)
{
    unsigned char *blocks[4];

    (void)state;
    open_heap(8, 4096);
    for (int i = 0; i < 4; i++)
        blocks[i] = get(100);
    for (int i = 0; i < 4; i++)
        put(blocks[i == 3 ? 0 : i + 1]);
    for (int i = 0; i < 4; i++)
        assert_int_equal(misuse(blocks[i]), POLISHED_DOUBLE_FREE);
    assert_int_equal(misuse(memory + 4090), POLISHED_NOT_OWNED);
    assert_int_equal(misuse(memory), POLISHED_NOT_OWNED);
    assert_int_equal(misuse(blocks[0] + 1), POLISHED_INTERIOR);
}

/* Small numbers, and text, are no heads. */
static void a_payload_is_no_head(void **state)
{
    unsigned char *block;

    (void)state;
    open_heap(8, 65536);
    block = get(32768);
    for (uint32_t number = 0; number < 8192; number++) {
        memcpy(block + 4 * number, &number, sizeof number);
        if (number % 2 != 0 && number > 1)
            assert_int_equal(misuse(block + 4 * number + 4), POLISHED_INTERIOR);
    }
    memset(block, 'a', 32768);
    assert_int_equal(misuse(block + 800), POLISHED_INTERIOR);
    put(block);
}

/* Who writes into a block after its free is found out. */
static void damage_is_found(void **state)
{
    uint32_t *block, head;
    unsigned char *right;

    (void)state;
    open_heap(8, 4096);
    block = (uint32_t *)(void *)get(60);
    right = get(12);
    put(block);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    block[0] = 10000;
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
    assert_null(polished_malloc(&heap, 60, 8));
    block[0] = 0;
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    head = block[-1];
    block[-1] = head + 4;
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
    assert_null(polished_malloc(&heap, 60, 8));
    assert_int_equal(polished_mfree(&heap, right), POLISHED_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_costs_four_bytes),
        cmocka_unit_test(nothing_else_is_kept_in_data),
#ifndef POLISHED_NO_COUNTS
        cmocka_unit_test(slack_is_what_can_be_missed),
#endif
        cmocka_unit_test(small_and_large_have_an_end_each),
        cmocka_unit_test(very_large_ones_lie_low_again),
        cmocka_unit_test(very_large_ones_leave_no_victim),
        cmocka_unit_test(the_victim_is_cut_again),
        cmocka_unit_test(the_victim_takes_what_is_before_it),
        cmocka_unit_test(an_exact_block_comes_first),
        cmocka_unit_test(the_best_of_eight_is_taken),
        cmocka_unit_test(twice_the_size_is_always_found),
        cmocka_unit_test(what_was_freed_can_be_had_again),
        cmocka_unit_test(calls_take_constant_steps),
        cmocka_unit_test(a_stale_pointer_is_told),
        cmocka_unit_test(a_payload_is_no_head),
        cmocka_unit_test(damage_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
