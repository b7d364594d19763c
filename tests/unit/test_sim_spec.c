/* Specs of policies, sizes, and the nearest right name. */
#include "config.h"

#include "unit.h"

#include "sim/simulate.h"
#include "sim/size.h"
#include "sim/spec.h"

static void sizes_are_exact(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {{"0", 0},
                {"64K", 65536},
                {"2M", 2097152},
                {"1G", 1073741824},
                {"3T", UINT64_C(3) << 40},
                {"0x10", 16},
                {"0xffK", 261120},
                {"18446744073709551615", UINT64_MAX}};
    static const char *const bad[] = {"",
                                      "K",
                                      "-1",
                                      "+1",
                                      "1.5",
                                      "1KB",
                                      "0x",
                                      "1 ",
                                      "1e3",
                                      "64k",
                                      "0xg",
                                      "16777216T",
                                      "18446744073709551616"};
    uint64_t bytes;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(sim_size_parse(good[i].text, &bytes));
        assert_true(bytes == good[i].bytes);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(sim_size_parse(bad[i], &bytes));
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(sim_distance("best-fit", "best-fit"), 0);
    assert_int_equal(sim_distance("bset-fit", "best-fit"), 1);
    assert_int_equal(sim_distance("bestfit", "best-fit"), 1);
    assert_int_equal(sim_distance("fit", "first-fit"), SIM_FAR);
    assert_int_equal(sim_distance("", "abc"), 3);
}

static void every_row_is_a_spec(void **state)
{
    char message[SIM_TEXT_BYTES];
    struct sim_spec spec;

    (void)state;
    for (const struct sim_row *row = sim_rows; row->ops != NULL; row++) {
        assert_true(
            sim_spec_parse(row->ops->name, &spec, message, sizeof message));
        assert_ptr_equal(spec.layers[0].ops, row->ops);
    }
}

static void refused(const char *text, const char *words)
{
    char message[SIM_TEXT_BYTES] = "";

    assert_false(sim_spec_check(text, message, sizeof message));
    assert_string_equal(message, words);
}

static void errors_name_the_remedy(void **state)
{
    (void)state;
    refused("best-fti", "there is no policy \"best-fti\"; did you mean"
                        " best-fit?");
    refused("nothing-like-it", "there is no policy \"nothing-like-it\";"
                               " --list shows them");
    refused("", "a name is expected at \"\"");
    refused("bump:", "a name is expected at \"\"");
    refused("bump:grain=1", "bump has no knob \"grain\"");
    refused("bump)", "nothing is expected at \")\"");
}

/* What is not said is filled in, layer by layer. */
static void sources_are_filled_in(void **state)
{
    char message[SIM_TEXT_BYTES];
    struct sim_spec spec;

    (void)state;
    assert_true(sim_spec_parse("slab", &spec, message, sizeof message));
    assert_int_equal(spec.layer_count, 2);
    assert_ptr_equal(spec.layers[1].ops, sim_usual_source());
    assert_true(sim_spec_parse("slab:slab_bytes=1K,pages=(first-fit),"
                               "keep_slabs=7",
                               &spec, message, sizeof message));
    assert_int_equal(spec.layer_count, 2);
    assert_string_equal(spec.layers[1].ops->name, "first-fit");
    assert_true(spec.layers[0].knobs[1] == 1024);
    assert_true(spec.layers[0].knobs[3] == 7);
    refused("slab:pages=bump", "slab cannot draw from bump, but from a policy"
                               " that takes back blocks in any order");
    refused("user:pages=user", "user cannot draw from user, but from a policy"
                               " that takes back blocks in any order");
    refused("user:pages=ideal", "user cannot draw from ideal, but from a"
                                " policy that takes back blocks in any order");
    refused("slab:pages=(best-fit", "a ) is missing");
    refused("slab:pages=(best-fit),pages=best-fit",
            "there are two heaps to draw from");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_exact),
        cmocka_unit_test(distances),
        cmocka_unit_test(every_row_is_a_spec),
        cmocka_unit_test(errors_name_the_remedy),
        cmocka_unit_test(sources_are_filled_in),
    };

    return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
