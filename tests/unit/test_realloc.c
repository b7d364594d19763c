/* realloc keeps the old block unless all has gone well; pointers. */
#include <string.h>

#include "fake.h"
#include "unit.h"

static struct polished_ops row;
static struct polished_heap heap;
static const struct polished_request request = {100, 16, 0, 0};

static int open_heap(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    row = fake_row(POLISHED_ANY_ORDER);
    heap = fake_open(&row);
    fake.offset = 640;
    fake.usable_bytes = 64;
    fake.resize = POLISHED_NO_MEMORY;
    for (int i = 0; i < 64; i++)
        fake_memory[128 + i] = (unsigned char)(i + 1);
    memset(fake_memory + 640, 0, 200);
    return heap.ops == NULL;
}

static void realloc_is_resize_where_that_works(void **state)
{
    polished_size offset = 128;

    (void)state;
    fake.resize = POLISHED_OK;
    assert_int_equal(polished_realloc(&heap, &offset, 0, &request),
                     POLISHED_OK);
    assert_true(offset == 128 && fake.calls == 1);
}

static void realloc_returns_every_refusal_but_shortage(void **state)
{
    polished_size offset = 128;

    (void)state;
    for (int i = 0; i < POLISHED_STATUS_COUNT; i++) {
        if (i == POLISHED_OK || i == POLISHED_NO_MEMORY ||
            i == POLISHED_UNSUPPORTED)
            continue;
        fake.resize = (enum polished_status)i;
        assert_int_equal(polished_realloc(&heap, &offset, 0, &request), i);
    }
    assert_int_equal(fake.calls, POLISHED_STATUS_COUNT - 3);
}

/* Nobody told the calls by pointer a size, so they tell none. */
static void pointers_tell_no_size(void **state)
{
    (void)state;
    fake.freed_bytes = 1;
    assert_ptr_equal(polished_mrealloc(&heap, fake_memory + 128, 100, 16),
                     fake_memory + 640);
    assert_true(fake.freed == 128 && fake.freed_bytes == 0);
    fake.freed_bytes = 1;
    assert_int_equal(polished_mfree(&heap, fake_memory + 64), POLISHED_OK);
    assert_true(fake.freed == 64 && fake.freed_bytes == 0);
}

static void realloc_moves_what_it_must(void **state)
{
    polished_size offset = 128;

    (void)state;
    assert_int_equal(polished_realloc(&heap, &offset, 0, &request),
                     POLISHED_OK);
    assert_true(offset == 640 && fake.freed == 128 && fake.freed_bytes == 0);
    assert_memory_equal(fake_memory + 640, fake_memory + 128, 64);
    assert_int_equal(fake_memory[640 + 64], 0);
}

static void realloc_copies_no_more_than_the_new_size(void **state)
{
    const struct polished_request small = {10, 64, 0, 0};
    polished_size offset = 128;

    (void)state;
    fake.resize = POLISHED_UNSUPPORTED;
    assert_int_equal(polished_realloc(&heap, &offset, 60, &small), POLISHED_OK);
    assert_int_equal(fake_memory[640 + 9], 10);
    assert_int_equal(fake_memory[640 + 10], 0);
    assert_true(fake.freed_bytes == 60);
}

static void realloc_failing_leaves_the_block_alone(void **state)
{
    polished_size offset = 128;

    (void)state;
    fake.alloc = POLISHED_QUOTA;
    assert_int_equal(polished_realloc(&heap, &offset, 0, &request),
                     POLISHED_QUOTA);
    assert_true(offset == 128 && fake.freed == 0);
    fake.usable = POLISHED_NOT_OWNED;
    assert_int_equal(polished_realloc(&heap, &offset, 0, &request),
                     POLISHED_NOT_OWNED);
    assert_true(offset == 128 && fake.freed == 0);
}

/* Damage that only the last of its calls meets is told; it was a trap. */
static void realloc_tells_damage(void **state)
{
    polished_size offset = 128;

    (void)state;
    fake.free = POLISHED_CORRUPT;
    assert_int_equal(polished_realloc(&heap, &offset, 0, &request),
                     POLISHED_CORRUPT);
    assert_int_equal(offset, 128);
    assert_null(polished_mrealloc(&heap, fake_memory + 128, 100, 16));
}

static void realloc_wants_a_size_from_somebody(void **state)
{
    polished_size offset = 128;

    (void)state;
    row.usable = NULL;
    assert_int_equal(polished_realloc(&heap, &offset, 0, &request),
                     POLISHED_UNSUPPORTED);
    assert_int_equal(polished_realloc(&heap, &offset, 8, &request),
                     POLISHED_OK);
    assert_int_equal(fake_memory[640 + 7], 8);
    assert_int_equal(fake_memory[640 + 8], 0);
}

static void realloc_never_moves_without_any_order(void **state)
{
    polished_size offset = 128;

    (void)state;
    row.caps = 0;
    assert_int_equal(polished_realloc(&heap, &offset, 0, &request),
                     POLISHED_NO_MEMORY);
    row.caps = POLISHED_ANY_ORDER;
    row.free = NULL;
    assert_int_equal(polished_realloc(&heap, &offset, 0, &request),
                     POLISHED_NO_MEMORY);
    assert_true(offset == 128);
}

static void realloc_of_unbacked_data_copies_nothing(void **state)
{
    polished_size offset = 128;

    (void)state;
    heap.data.base = NULL;
    assert_int_equal(polished_realloc(&heap, &offset, 0, &request),
                     POLISHED_OK);
    assert_int_equal(fake_memory[640], 0);
}

static void pointers_are_offsets_from_base(void **state)
{
    (void)state;
    assert_ptr_equal(polished_malloc(&heap, 8, 8), fake_memory + 640);
    assert_null(polished_malloc(&heap, 0, 8));
    assert_null(polished_malloc(&heap, 8, 7));
    assert_int_equal(polished_mfree(&heap, fake_memory + 640), POLISHED_OK);
    assert_true(fake.freed == 640);
    assert_int_equal(polished_mfree(&heap, NULL), POLISHED_OK);
    assert_int_equal(polished_mfree(&heap, fake_memory + 4000),
                     POLISHED_NOT_OWNED);
    assert_int_equal(polished_mfree(&heap, &heap), POLISHED_NOT_OWNED);
    assert_ptr_equal(polished_mrealloc(&heap, NULL, 8, 8), fake_memory + 640);
    assert_ptr_equal(polished_mrealloc(&heap, fake_memory + 128, 80, 8),
                     fake_memory + 640);
    assert_null(polished_mrealloc(&heap, fake_memory + 128, 0, 8));
    assert_null(polished_mrealloc(&heap, fake_memory + 4001, 8, 8));
}

static void pointers_need_backed_data(void **state)
{
    (void)state;
    heap.data.base = NULL;
    assert_null(polished_malloc(&heap, 8, 8));
    assert_int_equal(polished_mfree(&heap, fake_memory), POLISHED_UNSUPPORTED);
    assert_int_equal(fake.calls, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(realloc_is_resize_where_that_works, open_heap),
        cmocka_unit_test_setup(realloc_returns_every_refusal_but_shortage,
                               open_heap),
        cmocka_unit_test_setup(pointers_tell_no_size, open_heap),
        cmocka_unit_test_setup(realloc_moves_what_it_must, open_heap),
        cmocka_unit_test_setup(realloc_copies_no_more_than_the_new_size,
                               open_heap),
        cmocka_unit_test_setup(realloc_failing_leaves_the_block_alone,
                               open_heap),
        cmocka_unit_test_setup(realloc_tells_damage, open_heap),
        cmocka_unit_test_setup(realloc_wants_a_size_from_somebody, open_heap),
        cmocka_unit_test_setup(realloc_never_moves_without_any_order,
                               open_heap),
        cmocka_unit_test_setup(realloc_of_unbacked_data_copies_nothing,
                               open_heap),
        cmocka_unit_test_setup(pointers_are_offsets_from_base, open_heap),
        cmocka_unit_test_setup(pointers_need_backed_data, open_heap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
