/*
 * Defects of the crate that this project grew out of, numbered as we found
 * them in it; here each must not be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "polished/polished.h"

static _Alignas(4096) unsigned char memory[16384];
static struct polished_heap heap;

static void open_stack(polished_size size_bytes)
{
    assert_int_equal(polished_open(&heap, &polished_stack,
                                   polished_memory(memory, size_bytes), NULL),
                     POLISHED_OK);
}

static void open_bump(polished_size shift_bytes, polished_size size_bytes)
{
    assert_int_equal(
        polished_open(&heap, &polished_bump,
                      polished_memory(memory + shift_bytes, size_bytes), NULL),
        POLISHED_OK);
}

/* Freeing the top of a stack never gave anything back. */
static void S1_stack_free_reclaims(void **state)
{
    void *first;

    (void)state;
    open_stack(1024);
    first = polished_malloc(&heap, 700, 16);
    assert_non_null(first);
    assert_null(polished_malloc(&heap, 700, 16));
    for (int i = 0; i < 100; i++) {
        assert_int_equal(polished_mfree(&heap, first), POLISHED_OK);
        assert_ptr_equal(polished_malloc(&heap, 700, 16), first);
    }
}

/* The tests for that returned early, and so passed: each step is asserted. */
static void S2_lifo_order_is_seen_to_hold(void **state)
{
    void *blocks[3];

    (void)state;
    open_stack(256);
    for (int i = 0; i < 3; i++) {
        blocks[i] = polished_malloc(&heap, 24, 8);
        assert_non_null(blocks[i]);
    }
    assert_int_equal(polished_mfree(&heap, blocks[0]), POLISHED_BAD_ORDER);
    assert_int_equal(polished_mfree(&heap, blocks[1]), POLISHED_BAD_ORDER);
    for (int i = 2; i >= 0; i--)
        assert_int_equal(polished_mfree(&heap, blocks[i]), POLISHED_OK);
    assert_ptr_equal(polished_malloc(&heap, 24, 8), blocks[0]);
}

/* A block of no bytes started at the heap; freeing it read before it. */
static void S3_no_bytes_are_no_block(void **state)
{
    (void)state;
    open_stack(256);
    assert_null(polished_malloc(&heap, 0, 8));
    assert_int_equal(polished_mfree(&heap, memory), POLISHED_NOT_OWNED);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* A block of one byte cost 32, one of 25 bytes 64. */
static void S4_small_blocks_stay_small(void **state)
{
    unsigned char *a, *b, *c;

    (void)state;
    open_stack(256);
    a = polished_malloc(&heap, 1, 1);
    b = polished_malloc(&heap, 25, 1);
    c = polished_malloc(&heap, 1, 1);
    assert_int_equal(b - a, 16);
    assert_int_equal(c - b, 32 + 8);
}

/* Its locks were none.  We promise none: two heaps share nothing at all. */
static void S5_heaps_share_nothing(void **state)
{
    struct polished_heap other;
    void *mine, *theirs;

    (void)state;
    open_stack(1024);
    assert_int_equal(polished_open(&other, &polished_stack,
                                   polished_memory(memory + 1024, 1024), NULL),
                     POLISHED_OK);
    mine = polished_malloc(&heap, 100, 8);
    theirs = polished_malloc(&other, 100, 8);
    assert_int_equal(polished_mfree(&heap, theirs), POLISHED_NOT_OWNED);
    assert_int_equal(polished_mfree(&other, mine), POLISHED_NOT_OWNED);
    assert_int_equal(polished_mfree(&other, theirs), POLISHED_OK);
    assert_int_equal(polished_mfree(&heap, mine), POLISHED_OK);
}

/* Alignments above that of the base were refused although there was room. */
static void S6_alignment_depends_on_room_alone(void **state)
{
    (void)state;
    for (polished_size shift = 0; shift < 4096; shift += 16)
        for (size_t align_bytes = 1; align_bytes <= 4096; align_bytes *= 2) {
            open_bump(shift, 12288);
            assert_non_null(polished_malloc(&heap, 64, align_bytes));
        }
}

/* The offset was aligned, not the address. */
static void S7_the_address_is_aligned(void **state)
{
    (void)state;
    for (polished_size shift = 0; shift < 4096; shift += 16)
        for (size_t align_bytes = 1; align_bytes <= 4096; align_bytes *= 2) {
            open_bump(shift, 12288);
            polished_malloc(&heap, 1, 1);
            assert_true((uintptr_t)polished_malloc(&heap, 64, align_bytes) %
                            align_bytes ==
                        0);
        }
}

/* Blocks of no bytes lay past the end, or on one another. */
static void S8_no_bytes_are_no_block_in_bump(void **state)
{
    const struct polished_request none = {0, 4096, 0, 0};
    polished_size offset;

    (void)state;
    open_bump(16, 512);
    assert_int_equal(polished_alloc(&heap, &none, &offset), POLISHED_BAD_SIZE);
    assert_true(offset == POLISHED_NOWHERE);
    assert_ptr_equal(polished_malloc(&heap, 1, 1), memory + 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S1_stack_free_reclaims),
        cmocka_unit_test(S2_lifo_order_is_seen_to_hold),
        cmocka_unit_test(S3_no_bytes_are_no_block),
        cmocka_unit_test(S4_small_blocks_stay_small),
        cmocka_unit_test(S5_heaps_share_nothing),
        cmocka_unit_test(S6_alignment_depends_on_room_alone),
        cmocka_unit_test(S7_the_address_is_aligned),
        cmocka_unit_test(S8_no_bytes_are_no_block_in_bump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
