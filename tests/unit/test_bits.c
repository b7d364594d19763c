/* Bits are found where they are. */
#include "core/bits.h"

#include "unit.h"

static void bits_of_every_power(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t power = UINT64_C(1) << bit;

        assert_true(bits_is_power_of_two(power));
        assert_true(bits_highest(power) == bit);
        assert_true(bits_lowest(power) == bit);
        assert_true(bits_highest(power | 1) == bit);
        assert_true(bits_highest(power | (power - 1)) == bit);
        assert_true(bits_lowest(UINT64_MAX - (power - 1)) == bit);
    }
}

static void bits_zero_and_sums_are_no_powers(void **state)
{
    (void)state;
    assert_false(bits_is_power_of_two(0));
    assert_false(bits_is_power_of_two(3));
    assert_false(bits_is_power_of_two(UINT64_MAX));
    assert_false(bits_is_power_of_two((UINT64_C(1) << 63) + 1));
}

static void bits_mix_keeps_numbers_apart(void **state)
{
    (void)state;
    for (uint64_t i = 1; i < 64; i++)
        assert_true(bits_mix(i) != bits_mix(i - 1));
    /* As others have it. */
    assert_true(bits_mix(1) == UINT64_C(0xb456bcfc34c2cb2c));
    assert_true(bits_mix(UINT64_MAX) == UINT64_C(0x64b5720b4b825f21));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_of_every_power),
        cmocka_unit_test(bits_zero_and_sums_are_no_powers),
        cmocka_unit_test(bits_mix_keeps_numbers_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
