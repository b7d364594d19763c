/* polished: what a heap asks for, what it is when it is opened, and how far it
   can be extended. */
#include "thin_heap.h"

static void control_grows_with_the_region(void **state)
{
    const struct polished_ops *ops = &polished_polished;
    const polished_size knobs[] = {16};

    (void)state;
    assert_true(ops->control_bytes(knobs, 8192) == 204);
    /* A head, and all of it rounded up: 14, 16 and 18 granules. */
    assert_true(ops->control_bytes(knobs, 100) == 92);
    assert_true(ops->control_bytes(knobs, 108) == 92);
    assert_true(ops->control_bytes(knobs, 109) == 100);
    assert_true(ops->control_bytes(knobs, 124) == 100);
    assert_true(ops->control_bytes(knobs, 125) == 108);
    assert_true(ops->control_bytes(knobs, 1 << 20) == 240);
    assert_true(ops->control_bytes(knobs, (polished_size)1 << 31) <= 288);
    assert_true(ops->control_bytes(knobs, POLISHED_SIZE_MAX) == 0);
}

#ifndef POLISHED_SIZE_32
/* A size has thirty bits: eight GiB are refused, not wrapped. */
static void too_large_a_region_is_refused(void **state)
{
    const polished_size knobs[] = {8};
    const struct polished_setup setup = {
        .ops = &polished_polished,
        .data = {memory, (polished_size)1 << 33, (uintptr_t)memory},
        .knobs = knobs};

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_LIMIT);
    assert_true(polished_polished.control_bytes(
                    knobs, ((polished_size)1 << 33) - 64) == 288);
}
#endif

/* As many lists as there is room for, of the 64 that there are bits for, are
   empty; what is behind them is somebody else's. */
static void all_lists_are_empty(void **state)
{
    enum { LISTS = (sizeof control - sizeof(struct bins)) / 4 };

    (void)state;
    for (size_t count = 48; count < LISTS; count++) {
        const bins_word *lists = bins_heads((struct bins *)(void *)control);

        memset(control, 0xaa, sizeof control);
        open_at(memory, 8, sizeof(struct bins) + 4 * count);
        for (size_t i = 0; i < LISTS; i++)
            assert_int_equal(lists[i], i < count && i < 64 ? 0 : 0xaaaaaaaa);
    }
}

/* Four granules are the least data: a block, its head and a pad. */
static void the_least_data_is_a_block(void **state)
{
    const polished_size knobs[] = {8};
    struct polished_setup setup = {.ops = &polished_polished,
                                   .data = polished_memory(memory, 31),
                                   .control = control,
                                   .control_bytes = sizeof control,
                                   .knobs = knobs};

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_BAD_SIZE);
    setup.data = polished_memory(memory, 32);
    assert_int_equal(polished_init(&heap, &setup), OK);
#ifndef POLISHED_NO_COUNTS
    assert_true(heap.slack_bytes == 0);
#endif
    assert_true(get(12) == 16);
    open_at(memory + 4, 16, sizeof control); /* as little pad as can be */
    assert_true(get(12) == 12);
}

/* A heap that was given no more lists than it needs cannot grow past them. */
static void extend_needs_lists(void **state)
{
    static _Alignas(16) unsigned char wide[1024 + 8192];
    const polished_size knobs[] = {8};
    struct polished_setup setup = {.ops = &polished_polished,
                                   .data = polished_memory(wide, 1024),
                                   .control = control,
                                   .knobs = knobs};
    const struct polished_request request = {1, 8, 0, 0};

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, 8192), POLISHED_LIMIT);
    setup.control_bytes = polished_polished.control_bytes(knobs, 16384);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, 8192), POLISHED_OK);
    assert_true(polished_largest(&heap, &request) == 1024 + 8192 - 16 - 4);
    setup.control_bytes = polished_polished.control_bytes(knobs, 9216);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, 8192), POLISHED_OK);
    setup.control_bytes -= 4;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, 8192), POLISHED_LIMIT);
}

static void it_promises_all_it_can(void **state)
{
    (void)state;
    assert_int_equal(polished_polished.caps,
                     POLISHED_RECLAIMS | POLISHED_ANY_ORDER |
                         POLISHED_EXACT_WALK | POLISHED_SLACK);
    assert_int_equal(polished_polished.knobs[0].least, 8);
    assert_int_equal(polished_polished.knobs[0].most, 16);
}

/* Each size is in the last bin whose least size it is not below. */
static void bins_follow_one_another(void **state)
{
    (void)state;
    for (unsigned number = 3; number < 64; number++) {
        uint32_t least = (uint32_t)bins_floor(number);

        assert_int_equal(bins_number(least), number);
        assert_int_equal(bins_number(least - 1), number - 1);
    }
    assert_true(bins_floor(63) == 1u << 29);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_grows_with_the_region),
#ifndef POLISHED_SIZE_32
        cmocka_unit_test(too_large_a_region_is_refused),
#endif
        cmocka_unit_test(all_lists_are_empty),
        cmocka_unit_test(the_least_data_is_a_block),
        cmocka_unit_test(extend_needs_lists),
        cmocka_unit_test(it_promises_all_it_can),
        cmocka_unit_test(bins_follow_one_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
