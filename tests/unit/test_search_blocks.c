/* From events to lifetimes. */
#include "search_sample.h"
#include "unit.h"

static void births_share_a_section_until_one_dies(void **state)
{
    struct search_blocks blocks;

    (void)state;
    assert_int_equal(
        sample_build(&blocks, 16, "a0:10 a1:20 f0 f1 a0:30 a1:1 f0 a2:5"),
        SEARCH_BUILT);
    assert_int_equal(blocks.count, 5);
    assert_int_equal(blocks.sections, 3);
    assert_int_equal(blocks.blocks[0].death, 0);
    assert_int_equal(blocks.blocks[2].birth, 1);
    assert_int_equal(blocks.blocks[3].death, 2);
    assert_int_equal(blocks.blocks[4].birth, 2);
    /* 10 and 20 round to 16 and 32, which is as much as 32 and 16 */
    assert_int_equal(blocks.load_bytes, 48);
    assert_int_equal(blocks.blocks[0].lower, 1);
    assert_int_equal(blocks.blocks[0].upper, 3);
    search_blocks_free(&blocks);
}

static void a_realloc_is_a_free_and_an_alloc(void **state)
{
    struct search_blocks blocks;

    (void)state;
    assert_int_equal(sample_build(&blocks, 8, "a0:8@32 r0:16 r0:24 f0"),
                     SEARCH_BUILT);
    assert_int_equal(blocks.count, 3);
    assert_int_equal(blocks.load_bytes, 24);
    assert_int_equal(blocks.blocks[0].upper, blocks.blocks[1].lower);
    assert_true(blocks.blocks[0].death < blocks.blocks[1].birth);
    assert_int_equal(blocks.blocks[2].align_bytes, 32);
    search_blocks_free(&blocks);
}

static void the_granule_is_the_smallest_alignment(void **state)
{
    struct search_blocks blocks;

    (void)state;
    assert_int_equal(sample_build(&blocks, 16, "a0:5@4 a1:17"), SEARCH_BUILT);
    assert_int_equal(blocks.granule_bytes, 4);
    assert_int_equal(blocks.blocks[0].size_bytes, 8);
    assert_int_equal(blocks.blocks[1].size_bytes, 20);
    search_blocks_free(&blocks);
}

static void nothing_takes_no_room(void **state)
{
    struct search_blocks blocks;

    (void)state;
    assert_int_equal(sample_build(&blocks, 16, "a0:0 a1:1 f0 r1:0 r1:7 f1"),
                     SEARCH_BUILT);
    assert_int_equal(blocks.count, 2);
    assert_int_equal(blocks.load_bytes, 16);
    search_blocks_free(&blocks);
    assert_int_equal(sample_build(&blocks, 16, ""), SEARCH_BUILT);
    assert_int_equal(blocks.count, 0);
    assert_int_equal(blocks.load_bytes, 0);
    search_blocks_free(&blocks);
}

static void what_leaks_lives_to_the_end(void **state)
{
    struct search_blocks blocks;

    (void)state;
    assert_int_equal(sample_build(&blocks, 1, "a0:1 a1:1 f1 a1:1 f1"),
                     SEARCH_BUILT);
    assert_int_equal(blocks.blocks[0].death, blocks.sections - 1);
    assert_int_equal(blocks.blocks[0].upper, 6);
    search_blocks_free(&blocks);
}

static void sizes_beyond_all_measure_are_refused(void **state)
{
    struct search_blocks blocks;

    (void)state;
    assert_int_equal(sample_build(&blocks, 16, "a0:18446744073709551615"),
                     SEARCH_TOO_LARGE);
    assert_null(blocks.blocks);
    assert_int_equal(sample_build(&blocks, 16,
                                  "a0:4000000000000000000 "
                                  "a1:4000000000000000000"),
                     SEARCH_TOO_LARGE);
}

static void limits_are_refused(void **state)
{
    const struct trace_event limited = {
        .op = TRACE_ALLOC, .size_bytes = 1, .has = TRACE_HAS_BELOW};
    struct search_builder builder;
    struct search_blocks blocks;

    (void)state;
    search_build_begin(&builder, 16);
    search_build_add(&builder, &limited);
    assert_int_equal(search_build_end(&builder, &blocks), SEARCH_HAS_LIMITS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(births_share_a_section_until_one_dies),
        cmocka_unit_test(a_realloc_is_a_free_and_an_alloc),
        cmocka_unit_test(the_granule_is_the_smallest_alignment),
        cmocka_unit_test(nothing_takes_no_room),
        cmocka_unit_test(what_leaks_lives_to_the_end),
        cmocka_unit_test(sizes_beyond_all_measure_are_refused),
        cmocka_unit_test(limits_are_refused),
    };

    return cmocka_run_group_tests_name("search blocks", tests, NULL, NULL);
}
