/* dma: which segments make up what no free run is large enough for. */
#include "few_units.h"

enum { UNITS = 32, SEGMENTS = 5 };

#define U(units) ((units)*UNIT)

struct scatter_row {
    const char *what;
    uint64_t bus_units;
    struct runs_run free[4]; /* all else is taken */
    struct polished_request request;
    polished_size segment_bytes;
    uint32_t most;
    uint32_t steps; /* that it takes, with the full library */
    struct polished_segment segments[SEGMENTS];
};

static const struct scatter_row scatter_rows[] = {
    {"the largest come first",
     0,
     {{2, 4}, {10, 14}, {20, 23}},
     {U(8) + 1, 1, 0, 0},
     0,
     3,
     21,
     {{U(10), U(4)}, {U(20), U(3)}, {U(2), U(1) + 1}}},
    {"no more of them than it takes",
     0,
     {{2, 4}, {10, 14}, {20, 23}},
     {U(7), 1, 0, 0},
     0,
     3,
     18,
     {{U(10), U(4)}, {U(20), U(3)}}},
    {"what is smaller than those is not looked at",
     0,
     {{2, 4}, {10, 14}, {20, 23}},
     {U(7), 1, 0, 0},
     0,
     2,
     15,
     {{U(10), U(4)}, {U(20), U(3)}}},
    {"nor what is as large",
     0,
     {{2, 4}, {10, 12}, {20, 24}},
     {U(6), 1, 0, 0},
     0,
     2,
     15,
     {{U(20), U(4)}, {U(10), U(2)}}},
    {"the larger ones push the smaller ones out",
     0,
     {{2, 7}, {10, 14}, {16, 19}, {20, 22}},
     {U(9), 1, 0, 0},
     0,
     2,
     21,
     {{U(2), U(5)}, {U(10), U(4)}}},
    {"too few",
     0,
     {{2, 7}, {10, 14}, {16, 19}, {20, 22}},
     {U(9) + 1, 1, 0, 0},
     0,
     2,
     15,
     {{0}}},
    {"of two that a boundary parts, the first",
     0,
     {{2, 6}, {8, 12}},
     {U(6), 1, 0, U(4)},
     0,
     2,
     15,
     {{U(8), U(4)}, {U(2), U(2)}}},
    {"both, in turn",
     0,
     {{2, 6}, {8, 12}},
     {U(8), 1, 0, U(4)},
     0,
     3,
     18,
     {{U(8), U(4)}, {U(2), U(2)}, {U(4), U(2)}}},
    {"boundaries are of the bus",
     3,
     {{0, 8}},
     {U(8), 1, 0, U(4)},
     0,
     3,
     15,
     {{U(1), U(4)}, {U(5), U(3)}, {U(0), U(1)}}},
    {"each is aligned",
     0,
     {{1, 9}, {12, 13}},
     {U(6), U(4), 0, 0},
     0,
     3,
     18,
     {{U(4), U(5)}, {U(12), U(1)}}},
    {"each is aligned, and of two units at most",
     0,
     {{1, 9}, {12, 13}},
     {U(4), U(4), 0, 0},
     U(2),
     3,
     18,
     {{U(4), U(2)}, {U(12), U(1)}, {U(8), U(1)}}},
    {"none where only its end is aligned",
     0,
     {{1, 4}, {5, 8}},
     {U(4), U(4), 0, 0},
     U(2),
     3,
     6,
     {{0}}},
    {"of half a unit at most",
     0,
     {{10, 14}},
     {U(3) / 2, 1, 0, 0},
     U(1) / 2,
     4,
     15,
     {{U(10), U(1) / 2}, {U(11), U(1) / 2}, {U(12), U(1) / 2}}},
    {"of one byte at most",
     0,
     {{10, 14}},
     {2, 1, 0, 0},
     1,
     2,
     10,
     {{U(10), 1}, {U(11), 1}}},
    {"of whole units at most",
     0,
     {{10, 15}},
     {U(4), 1, 0, 0},
     U(5) / 2,
     2,
     10,
     {{U(10), U(2)}, {U(12), U(2)}}},
    {"of one unit at most, where that is all there is",
     0,
     {{10, 11}, {12, 13}},
     {U(2), 1, 0, 0},
     U(1),
     2,
     12,
     {{U(12), U(1)}, {U(10), U(1)}}},
    {"a limit cuts the last unit short",
     0,
     {{2, 3}, {10, 14}},
     {U(4) - 1, 1, U(13) - 1, 0},
     0,
     2,
     16,
     {{U(10), U(3) - 1}, {U(2), U(1)}}},
    {"of the last unit a byte is left",
     0,
     {{2, 3}, {10, 14}},
     {U(4) + 1, 1, U(13) + 1, 0},
     0,
     2,
     15,
     {{U(10), U(3) + 1}, {U(2), U(1)}}},
    {"of three units at most",
     0,
     {{10, 16}},
     {U(6), 1, 0, 0},
     U(3),
     2,
     10,
     {{U(10), U(3)}, {U(13), U(3)}}},
    {"all there is", 0, {{0, 32}}, {U(32), 1, 0, 0}, 0, 1, 5, {{0, U(32)}}},
    {"one byte more counts",
     0,
     {{2, 4}, {10, 12}, {20, 22}},
     {U(4), 1, U(22) - 1, 0},
     0,
     2,
     17,
     {{U(10), U(2)}, {U(2), U(2)}}},
    {"one place is enough: the highest, not the largest",
     0,
     {{2, 8}, {20, 22}},
     {U(2) - 5, 1, 0, 0},
     0,
     1,
     5,
     {{U(20), U(2) - 5}}},
    {"one place is enough, and just as large as a segment",
     0,
     {{2, 8}, {20, 21}},
     {U(2), 1, 0, 0},
     U(2),
     3,
     5,
     {{U(6), U(2)}}},
    {"of one byte, for the boundary",
     0,
     {{10, 14}},
     {2, 1, 0, 1},
     0,
     2,
     10,
     {{U(10), 1}, {U(11), 1}}},
    {"no segment at all is asked for",
     0,
     {{2, 8}, {20, 22}},
     {U(2), 1, 0, 0},
     0,
     0,
     0,
     {{0}}},
};

static void open_row(const struct scatter_row *row)
{
    uint64_t done = 0;

    open_heap(&polished_dma, UNITS, row->bus_units * UNIT);
    for (size_t i = 0; i < 4 && row->free[i].end != 0; i++) {
        hold(done, row->free[i].first);
        done = row->free[i].end;
    }
    hold(done, UNITS);
}

static void expect_segments(const struct scatter_row *row,
                            const struct polished_segment *segments,
                            uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (segments[i].offset_bytes != row->segments[i].offset_bytes ||
            segments[i].size_bytes != row->segments[i].size_bytes)
            fail_msg("%s: segment %u: %u bytes at %u", row->what, (unsigned)i,
                     (unsigned)segments[i].size_bytes,
                     (unsigned)segments[i].offset_bytes);
}

static void segments_are_the_largest_there_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scatter_rows / sizeof scatter_rows[0]; i++) {
        const struct scatter_row *row = &scatter_rows[i];
        struct polished_segment segments[SEGMENTS];
        uint32_t count = row->most, expect = 0;
        uint64_t before;
        enum polished_status status;

        while (row->segments[expect].size_bytes != 0)
            expect++;
        open_row(row);
        before = polished_steps(&heap);
        status = polished_scatter(&heap, &row->request, row->segment_bytes,
                                  segments, &count);
        if (status != (expect ? POLISHED_OK : POLISHED_NO_MEMORY) ||
            count != (expect ? expect : row->most))
            fail_msg("%s: %s, %u segments", row->what,
                     polished_status_name(status), (unsigned)count);
        expect_segments(row, segments, expect);
        if (RUNS_WORD_BITS == 64 &&
            polished_steps(&heap) - before != row->steps)
            fail_msg("%s: %u steps", row->what,
                     (unsigned)(polished_steps(&heap) - before));
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

/* A larger segment pushes a smaller one out of a list that is as long as any.
 */
static void the_longest_list_is_no_longer(void **state)
{
    const struct polished_request request = {U(POLISHED_SEGMENTS + 1), 1, 0, 0};
    struct polished_segment segments[POLISHED_SEGMENTS];
    uint32_t count = POLISHED_SEGMENTS;

    (void)state;
    open_heap(&polished_dma, 2 * POLISHED_SEGMENTS + 3, 0);
    for (uint64_t unit = 2; unit < 2 * POLISHED_SEGMENTS + 3; unit += 2)
        hold(unit, unit + 1); /* 0 and 1 are free, and 3, 5, 7 ... */
    assert_int_equal(polished_scatter(&heap, &request, 0, segments, &count),
                     POLISHED_OK);
    assert_int_equal(count, POLISHED_SEGMENTS);
    assert_int_equal(segments[0].offset_bytes, 0);
    assert_int_equal(segments[0].size_bytes, U(2));
    for (uint32_t i = 1; i < count; i++)
        assert_int_equal(segments[i].offset_bytes,
                         U(2 * (POLISHED_SEGMENTS - i) + 3));
}

static void the_first_of_some_segments_is_taken(void **state)
{
    polished_size a = U(6), b = 2;

    (void)state;
    open_heap(&polished_dma, UNITS, 0);
    hold(0, 2);
    hold(4, 10);
    hold(12, 20);
    hold(23, UNITS); /* 2 units are free, and 2, and 3 */
    assert_int_equal(polished_call(&heap, "segment", &a, &b),
                     POLISHED_NO_MEMORY);
    assert_int_equal(largest(1, 0, 0), 3);
    b = 3;
    assert_int_equal(polished_call(&heap, "segment", &a, &b), POLISHED_OK);
    assert_true(a == U(20) && b == U(3));
    assert_int_equal(largest(1, 0, 0), 2);
    assert_int_equal(drop(20), POLISHED_OK);
    a = U(6);
    b = (polished_size)UINT32_MAX + 1;
    assert_int_equal(polished_call(&heap, "segment", &a, &b), POLISHED_OK);
    assert_true(a == U(20) && b == U(3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_are_the_largest_there_are),
        cmocka_unit_test(the_longest_list_is_no_longer),
        cmocka_unit_test(the_first_of_some_segments_is_taken),
    };

    return cmocka_run_group_tests_name("scatter", tests, NULL, NULL);
}
