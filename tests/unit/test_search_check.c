/* The check of placements, which everything else here trusts. */
#include "unit.h"
#include "search/check.h"

static struct search_findings check(const struct search_placed *blocks,
                                    size_t count)
{
    struct search_findings found;

    assert_true(search_check(&found, blocks, count));
    return found;
}

static void neighbours_do_not_overlap(void **state)
{
    /* lower, upper, offset, size: touching in time, then in space */
    const struct search_placed blocks[] = {
        {0, 5, 0, 16}, {5, 9, 0, 32}, {5, 9, 32, 8}, {1, 4, 16, 8}};
    struct search_findings found = check(blocks, 4);

    (void)state;
    assert_false(found.overlap);
    assert_int_equal(found.height_bytes, 40);
    assert_int_equal(found.load_bytes, 40);
}

static void one_byte_in_common_is_found(void **state)
{
    const struct search_placed blocks[] = {
        {0, 9, 0, 16}, {1, 9, 64, 16}, {2, 9, 32, 16}, {8, 9, 47, 2}};
    struct search_findings found = check(blocks, 4);

    (void)state;
    assert_true(found.overlap);
    assert_int_equal(found.first, 2);
    assert_int_equal(found.second, 3);
}

static void one_inside_the_other_is_found(void **state)
{
    const struct search_placed inner[] = {{0, 9, 0, 64}, {3, 4, 16, 8}};
    const struct search_placed outer[] = {{0, 9, 16, 8}, {3, 4, 0, 64}};
    const struct search_placed same[] = {{0, 9, 16, 8}, {0, 9, 16, 8}};

    (void)state;
    assert_true(check(inner, 2).overlap);
    assert_true(check(outer, 2).overlap);
    assert_true(check(same, 2).overlap);
}

static void what_has_no_life_or_size_is_no_matter(void **state)
{
    const struct search_placed blocks[] = {
        {0, 9, 0, 64}, {3, 3, 16, 8}, {3, 5, 16, 0}};

    (void)state;
    assert_false(check(blocks, 3).overlap);
    assert_int_equal(check(blocks, 0).height_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_do_not_overlap),
        cmocka_unit_test(one_byte_in_common_is_found),
        cmocka_unit_test(one_inside_the_other_is_found),
        cmocka_unit_test(what_has_no_life_or_size_is_no_matter),
    };

    return cmocka_run_group_tests_name("search check", tests, NULL, NULL);
}
