/* Sums, products and roundings of sizes tell when they overflow. */
#include "core/arith.h"

#include "unit.h"

#define MOST POLISHED_SIZE_MAX

static void arith_add_tells_overflow(void **state)
{
    polished_size sum = 7;

    (void)state;
    assert_true(arith_add(MOST - 1, 1, &sum));
    assert_true(sum == MOST);
    assert_true(arith_add(0, MOST, &sum));
    sum = 7;
    assert_false(arith_add(MOST, 1, &sum));
    assert_false(arith_add(MOST / 2 + 1, MOST / 2 + 1, &sum));
    assert_true(sum == 7);
}

static void arith_multiply_tells_overflow(void **state)
{
    polished_size product = 7;

    (void)state;
    assert_true(arith_multiply(MOST, 0, &product));
    assert_true(product == 0);
    assert_true(arith_multiply(0, MOST, &product));
    assert_true(arith_multiply(MOST / 3, 3, &product));
    assert_true(product == MOST / 3 * 3);
    product = 7;
    assert_false(arith_multiply(MOST / 2 + 1, 2, &product));
    assert_true(product == 7);
}

static void arith_round_up_tells_overflow(void **state)
{
    polished_size rounded = 7;

    (void)state;
    assert_true(arith_round_up(0, 16, &rounded));
    assert_true(rounded == 0);
    assert_true(arith_round_up(17, 16, &rounded));
    assert_true(rounded == 32);
    assert_true(arith_round_up(MOST, 1, &rounded));
    assert_true(rounded == MOST);
    rounded = 7;
    assert_false(arith_round_up(MOST - 14, 16, &rounded));
    assert_true(rounded == 7);
    assert_true(arith_round_up(MOST - 15, 16, &rounded));
    assert_true(rounded == MOST - 15);
}

static void arith_round_down_leaves_what_is_a_multiple(void **state)
{
    (void)state;
    assert_true(arith_round_down(15, 16) == 0);
    assert_true(arith_round_down(16, 16) == 16);
    assert_true(arith_round_down(31, 16) == 16);
    assert_true(arith_round_down(MOST, 1) == MOST);
    assert_true(arith_round_down(MOST, MOST / 2 + 1) == MOST / 2 + 1);
}

static void arith_gap_leads_to_the_next_multiple(void **state)
{
    (void)state;
    assert_true(arith_gap(0, 1) == 0);
    assert_true(arith_gap(5, 1) == 0);
    assert_true(arith_gap(64, 64) == 0);
    assert_true(arith_gap(65, 64) == 63);
    assert_true(arith_gap(UINT64_MAX, 4096) == 1);
    assert_true(arith_gap(1, UINT64_C(1) << 31) == (UINT64_C(1) << 31) - 1);
}

static void arith_rotate_puts_the_remainder_on_top(void **state)
{
    (void)state;
    assert_true(arith_rotate(48, 4) == 3);
    assert_true(arith_rotate(49, 4) == 3 + (MOST / 16 + 1));
    assert_true(arith_rotate(63, 4) > MOST / 16);
    assert_true(arith_rotate(0 - (polished_size)16, 4) == MOST / 16);
    assert_true(arith_rotate(7, 0) == 7);
    assert_true(arith_rotate(3, 1) == 1 + (MOST / 2 + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arith_add_tells_overflow),
        cmocka_unit_test(arith_multiply_tells_overflow),
        cmocka_unit_test(arith_round_up_tells_overflow),
        cmocka_unit_test(arith_round_down_leaves_what_is_a_multiple),
        cmocka_unit_test(arith_gap_leads_to_the_next_multiple),
        cmocka_unit_test(arith_rotate_puts_the_remainder_on_top),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
