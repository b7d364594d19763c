/* bump and stack by name: what they promise beyond the contract. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "polished/polished.h"

static _Alignas(64) unsigned char memory[8192];
static struct polished_heap heap;

static void open_heap(const struct polished_ops *ops)
{
    assert_int_equal(
        polished_open(&heap, ops, polished_memory(memory, sizeof memory), NULL),
        POLISHED_OK);
}

static struct polished_mark mark(void)
{
    struct polished_mark now = {0, 0};

    assert_int_equal(polished_mark(&heap, &now), POLISHED_OK);
    return now;
}

static void bump_resizes_the_last_block_in_place(void **state)
{
    unsigned char *first, *last;

    (void)state;
    open_heap(&polished_bump);
    first = polished_malloc(&heap, 10, 1);
    last = polished_malloc(&heap, 10, 1);
    assert_ptr_equal(polished_mrealloc(&heap, last, 500, 1), last);
    assert_ptr_equal(polished_mrealloc(&heap, last, 5, 1), last);
    assert_ptr_equal(polished_malloc(&heap, 1, 1), last + 5);
    /* A block whose size nobody knows cannot be moved. */
    assert_null(polished_mrealloc(&heap, first, 20, 1));
}

/* A wild growth of a tiny last block once spoilt the top. */
static void bump_growth_beyond_the_end_is_refused(void **state)
{
    unsigned char *last;

    (void)state;
    open_heap(&polished_bump);
    polished_malloc(&heap, 100, 1);
    last = polished_malloc(&heap, 1, 1);
    assert_null(polished_mrealloc(&heap, last, sizeof memory, 1));
    assert_null(polished_mrealloc(&heap, last, SIZE_MAX, 1));
    assert_ptr_equal(polished_malloc(&heap, 1, 1), last + 1);
}

/* A block that shrinks takes the ground from a mark at its end. */
static void bump_marks_go_stale_when_a_block_shrinks(void **state)
{
    struct polished_mark end;
    unsigned char *block;

    (void)state;
    open_heap(&polished_bump);
    block = polished_malloc(&heap, 100, 1);
    end = mark();
    assert_ptr_equal(polished_mrealloc(&heap, block, 50, 1), block);
    assert_non_null(polished_malloc(&heap, 100, 1));
    assert_int_equal(polished_rewind(&heap, end), POLISHED_BAD_ORDER);
}

/* More rewinds at ever greater heights than can be told apart. */
static void bump_never_takes_a_stale_mark(void **state)
{
    struct polished_mark stale[40], bottom;

    (void)state;
    open_heap(&polished_bump);
    bottom = mark();
    for (int i = 0; i < 40; i++) {
        struct polished_mark now;

        polished_malloc(&heap, 20, 1);
        now = mark();
        polished_malloc(&heap, 10, 1);
        stale[i] = mark();
        assert_int_equal(polished_rewind(&heap, now), POLISHED_OK);
        assert_non_null(polished_malloc(&heap, 100, 1));
        for (int j = 0; j <= i; j++)
            assert_int_equal(polished_rewind(&heap, stale[j]),
                             POLISHED_BAD_ORDER);
    }
    assert_int_equal(polished_rewind(&heap, bottom), POLISHED_OK);
    assert_ptr_equal(polished_malloc(&heap, 1, 1), memory);
}

static void stack_gives_back_heads_and_gaps(void **state)
{
    unsigned char *first, *second;

    (void)state;
    open_heap(&polished_stack);
    first = polished_malloc(&heap, 24, 8);
    second = polished_malloc(&heap, 24, 1024);
    assert_true((uintptr_t)second % 1024 == (uintptr_t)0);
    assert_int_equal(polished_mfree(&heap, second), POLISHED_OK);
    assert_ptr_equal(polished_malloc(&heap, 8, 8), first + 24 + 8);
}

static void stack_tells_every_misuse_apart(void **state)
{
    unsigned char *blocks[3];

    (void)state;
    open_heap(&polished_stack);
    for (int i = 0; i < 3; i++)
        blocks[i] = polished_malloc(&heap, 32, 8);
    assert_int_equal(polished_mfree(&heap, blocks[0]), POLISHED_BAD_ORDER);
    assert_int_equal(polished_mfree(&heap, blocks[2] + 8), POLISHED_INTERIOR);
    assert_int_equal(polished_mfree(&heap, blocks[1] + 8), POLISHED_NOT_OWNED);
    assert_int_equal(polished_mfree(&heap, blocks[1] - 8), POLISHED_NOT_OWNED);
    assert_int_equal(polished_mfree(&heap, blocks[2]), POLISHED_OK);
    assert_int_equal(polished_mfree(&heap, blocks[2]), POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_mfree(&heap, blocks[2] + 200),
                     POLISHED_NOT_OWNED);
    assert_null(polished_mrealloc(&heap, blocks[0], 8, 8));
    assert_int_equal(polished_free(&heap, 48, 40), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 48, 32), POLISHED_OK);
}

/* A deep stack answers a misuse below its top as fast as a shallow one. */
static void stack_never_searches(void **state)
{
    unsigned char *blocks[100];
    uint64_t steps;

    (void)state;
    open_heap(&polished_stack);
    for (int i = 0; i < 100; i++)
        blocks[i] = polished_malloc(&heap, 8, 8);
    steps = polished_steps(&heap);
    assert_int_equal(polished_mfree(&heap, blocks[0]), POLISHED_BAD_ORDER);
    assert_true(polished_steps(&heap) - steps <= 2);
}

static void stack_resizes_its_top_in_place(void **state)
{
    unsigned char *first, *top;

    (void)state;
    open_heap(&polished_stack);
    first = polished_malloc(&heap, 32, 8);
    top = polished_malloc(&heap, 32, 8);
    assert_ptr_equal(polished_mrealloc(&heap, top, 3000, 8), top);
    assert_ptr_equal(polished_mrealloc(&heap, top, 8, 8), top);
    assert_null(polished_mrealloc(&heap, top, sizeof memory, 8));
    assert_int_equal(polished_mfree(&heap, top), POLISHED_OK);
    assert_ptr_equal(polished_mrealloc(&heap, first, 8000, 8), first);
}

/* An overflow into the head of the next block is found when that is freed. */
static void stack_tells_damage(void **state)
{
    unsigned char *first, *top;

    (void)state;
    open_heap(&polished_stack);
    first = polished_malloc(&heap, 32, 8);
    top = polished_malloc(&heap, 32, 8);
    for (int i = 0; i < 8; i++)
        first[32 + i] = 0xff;
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
    assert_int_equal(polished_mfree(&heap, top), POLISHED_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bump_resizes_the_last_block_in_place),
        cmocka_unit_test(bump_growth_beyond_the_end_is_refused),
        cmocka_unit_test(bump_marks_go_stale_when_a_block_shrinks),
        cmocka_unit_test(bump_never_takes_a_stale_mark),
        cmocka_unit_test(stack_gives_back_heads_and_gaps),
        cmocka_unit_test(stack_tells_every_misuse_apart),
        cmocka_unit_test(stack_never_searches),
        cmocka_unit_test(stack_resizes_its_top_in_place),
        cmocka_unit_test(stack_tells_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
