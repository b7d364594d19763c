/* Memory maps: any order, overlaps, holes, ends at 2^64. */
#include "unit.h"

#include "sim/memory.h"

static void one_piece(void **state)
{
    struct sim_memory memory;
    const struct trace_memory map[] = {{0x100000, 0x40000, 0}};

    (void)state;
    assert_true(sim_memory_map(&memory, map, 1, 0));
    assert_int_equal(memory.bus_base, 0x100000);
    assert_int_equal(memory.span_bytes, 0x40000);
    assert_int_equal(memory.total_bytes, 0x40000);
    assert_int_equal(memory.hole_count, 0);
    sim_memory_free(&memory);
}

static void overlapping_entries_are_one_piece(void **state)
{
    struct sim_memory memory;
    const struct trace_memory map[] = {{0x3000, 0x1000, 0},
                                       {0x1000, 0x1800, 0},
                                       {0x2000, 0x1000, 0},
                                       {0x1000, 0x10, 0},
                                       {0x9000, 0, 0}};

    (void)state;
    assert_true(sim_memory_map(&memory, map, 5, 0));
    assert_int_equal(memory.bus_base, 0x1000);
    assert_int_equal(memory.span_bytes, 0x3000);
    assert_int_equal(memory.hole_count, 0);
    assert_int_equal(memory.largest_bytes, 0x3000);
    sim_memory_free(&memory);
}

static void what_is_reserved_is_a_hole(void **state)
{
    struct sim_memory memory;
    const struct trace_memory map[] = {{0x0, 0x10000, 0},
                                       {0x0, 0x1000, 1},
                                       {0x4000, 0x1000, 1},
                                       {0x4800, 0x1000, 1},
                                       {0x20000, 0x1000, 0}};

    (void)state;
    assert_true(sim_memory_map(&memory, map, 5, 0));
    assert_int_equal(memory.bus_base, 0x1000);
    assert_int_equal(memory.span_bytes, 0x20000);
    assert_int_equal(memory.total_bytes, 0x10000 - 0x1000 - 0x1800 + 0x1000);
    assert_int_equal(memory.hole_count, 2);
    assert_int_equal(memory.holes[0].offset_bytes, 0x3000);
    assert_int_equal(memory.holes[0].size_bytes, 0x1800);
    assert_int_equal(memory.holes[1].offset_bytes, 0xf000);
    assert_int_equal(memory.holes[1].size_bytes, 0x10000);
    assert_int_equal(memory.largest_bytes, 0x10000 - 0x5800);
    sim_memory_free(&memory);
}

static void a_limit_cuts_the_top(void **state)
{
    struct sim_memory memory;
    const struct trace_memory map[] = {
        {0x1000, 0x1000, 0}, {0x4000, 0x1000, 0}, {0x8000, 0x1000, 0}};

    (void)state;
    assert_true(sim_memory_map(&memory, map, 3, 0x1800));
    assert_int_equal(memory.total_bytes, 0x1800);
    assert_int_equal(memory.span_bytes, 0x3800);
    assert_int_equal(memory.hole_count, 1);
    sim_memory_free(&memory);
    assert_true(sim_memory_map(&memory, map, 3, 0x1000));
    assert_int_equal(memory.span_bytes, 0x1000);
    assert_int_equal(memory.hole_count, 0);
    sim_memory_free(&memory);
}

static void the_end_of_all_addresses(void **state)
{
    struct sim_memory memory;
    const struct trace_memory map[] = {{UINT64_MAX - 0xfff, 0x1000, 0}};

    (void)state;
    assert_true(sim_memory_map(&memory, map, 1, 0));
    assert_true(memory.bus_base == UINT64_MAX - 0xfff);
    assert_int_equal(memory.total_bytes, 0x1000);
    sim_memory_free(&memory);
}

static void nothing_left_is_refused(void **state)
{
    struct sim_memory memory;
    const struct trace_memory map[] = {{0x1000, 0x1000, 0}, {0x0, 0x10000, 1}};

    (void)state;
    assert_false(sim_memory_map(&memory, map, 2, 0));
    sim_memory_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_piece),
        cmocka_unit_test(overlapping_entries_are_one_piece),
        cmocka_unit_test(what_is_reserved_is_a_hole),
        cmocka_unit_test(a_limit_cuts_the_top),
        cmocka_unit_test(the_end_of_all_addresses),
        cmocka_unit_test(nothing_left_is_refused),
    };

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
