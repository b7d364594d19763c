/* frame-bitmap and dma: where a request may lie, and how long that is sought.
 */
#include "few_units.h"

static const struct polished_ops *const rows[] = {&polished_frame_bitmap,
                                                  &polished_dma};

static uint64_t steps_of(enum polished_status expect,
                         struct polished_request request, uint64_t unit)
{
    uint64_t before = polished_steps(&heap);
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), expect);
    if (expect == POLISHED_OK)
        assert_int_equal(offset, unit * UNIT);
    return polished_steps(&heap) - before;
}

/* Four units at unit 64 of the bus, and half a unit. */
enum { BUS = 64 * UNIT };

struct limit_row {
    polished_size size_bytes, align_bytes;
    uint64_t below, boundary;
    enum polished_status expect;
    bool is_full; /* the heap */
};

static const struct limit_row limits[] = {
    {1, 1, UNIT, 0, POLISHED_CONSTRAINT, false},
    {1, 1, BUS, 0, POLISHED_CONSTRAINT, false},
    {UNIT, 1, BUS + UNIT - 1, 0, POLISHED_CONSTRAINT, false},
    {UNIT - 1, 1, BUS + UNIT - 1, 0, POLISHED_OK, false},
    {UNIT, 1, BUS + UNIT, 0, POLISHED_OK, false},
    {UNIT, 1, BUS + UNIT, 0, POLISHED_NO_MEMORY, true},
    {UNIT, 1, 0, UNIT, POLISHED_OK, false},
    {UNIT, 1, 0, UNIT, POLISHED_NO_MEMORY, true},
    {4 * UNIT, 1, 0, 4 * UNIT, POLISHED_OK, false},
    {4 * UNIT, 1, 0, 4 * UNIT, POLISHED_NO_MEMORY, true},
    {4 * UNIT, 1, BUS + 4 * UNIT - 1, 0, POLISHED_CONSTRAINT, false},
    {4 * UNIT + 1, 1, 0, 0, POLISHED_NO_MEMORY, false},
    {4 * UNIT + 1, 1, BUS, 0, POLISHED_NO_MEMORY, false},
    {1, BUS, BUS + UNIT, 0, POLISHED_OK, false},
    {1, 2 * BUS, 0, 0, POLISHED_NO_MEMORY, false},
    {1, 2 * BUS, BUS + UNIT, 0, POLISHED_NO_MEMORY, false},
    {UNIT, 1, 0, 0, POLISHED_NO_MEMORY, true},
};

static void limits_are_kept_to_the_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * (sizeof limits / sizeof limits[0]); i++) {
        const struct limit_row *row = &limits[i / 2];
        const struct polished_request request = {
            row->size_bytes, row->align_bytes, row->below, row->boundary};
        enum polished_status status;
        polished_size offset;

        open_bytes(rows[i % 2], 4 * UNIT + UNIT / 2, BUS, 0);
        if (row->is_full)
            assert_int_equal(take(4), 0);
        status = polished_alloc(&heap, &request, &offset);
        if (status != row->expect)
            fail_msg("row %zu: %s, expected %s", i / 2,
                     polished_status_name(status),
                     polished_status_name(row->expect));
    }
}

/* A limit where the units end is as none. */
static void a_limit_at_the_end_is_none(void **state)
{
    const struct polished_request free = {4 * UNIT + 1, 1, 0, 0};
    const struct polished_request limited = {4 * UNIT + 1, 1, BUS + 4 * UNIT,
                                             0};

    (void)state;
    for (size_t row = 0; row < 2; row++) {
        open_bytes(rows[row], 4 * UNIT + UNIT / 2, BUS, 0);
        assert_int_equal(steps_of(POLISHED_NO_MEMORY, limited, 0),
                         steps_of(POLISHED_NO_MEMORY, free, 0));
    }
}

/* So many runs of 5 units that hold no place, then one that holds one, then one
   that holds one as aligned as it is long: each in 8 units of its own.
   frame-bitmap meets them from the bottom, dma from the top. */
struct tries_row {
    unsigned cut_count;
    uint64_t cut_at, plain_at, tame_at; /* in their 8 units */
    uint64_t need, align, boundary;     /* are asked for */
    bool is_tame;                       /* is the aligned one taken? */
};

static const struct tries_row tries[] = {
    {AREA_TRIES - 1, 6, 1, 0, 5, 1, 8, false},
    {AREA_TRIES, 6, 1, 0, 5, 1, 8, true},
    {AREA_TRIES + 1, 6, 1, 0, 5, 1, 8, true},
    {AREA_TRIES, 6, 1, 4, 4, 1, 8, true},
    {0, 6, 1, 0, 5, 1, 8, false},
    {AREA_TRIES, 1, 2, 0, 5, 2, 0, false},
    {AREA_TRIES + 1, 1, 2, 0, 5, 2, 0, false},
};

static void leave(uint64_t *done, uint64_t first, uint64_t count)
{
    hold(*done, first);
    *done = first + count;
}

static void after_some_tries_an_aligned_place_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * (sizeof tries / sizeof tries[0]); i++) {
        const struct tries_row *row = &tries[i / 2];
        const uint64_t cuts = 8 * row->cut_count, units = cuts + 56;
        uint64_t done = 0, plain, tame;

        open_heap(rows[i % 2], units, 0);
        if (i % 2 == 0) {
            for (uint64_t at = 0; at < cuts; at += 8)
                leave(&done, at + row->cut_at, 5);
            leave(&done, plain = cuts + 8 + row->plain_at, 5);
            leave(&done, tame = cuts + 24 + row->tame_at, 8 - row->tame_at);
        } else {
            leave(&done, tame = 8 + row->tame_at, 8 - row->tame_at);
            leave(&done, plain = 24 + row->plain_at, 5);
            for (uint64_t at = 40; at < 40 + cuts; at += 8)
                leave(&done, at + row->cut_at, 5);
        }
        hold(done, units);
        assert_int_equal(take_limited(row->need, row->align, 0, row->boundary),
                         row->is_tame ? tame : plain);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

/* If there is none that is aligned to its size, this is found out once. */
static void no_run_is_looked_at_three_times(void **state)
{
    const struct polished_request request = {5 * UNIT, 1, 0, 8 * UNIT};
    const uint64_t units = 8 * LEAF - 8;

    (void)state;
    for (size_t row = 0; row < 2; row++) {
        uint64_t done = 0;

        open_heap(rows[row], units, 0);
        for (uint64_t at = 0; at + 11 < units; at += 8)
            leave(&done, at + 6, 5);
        hold(done, units);
        assert_in_range(steps_of(POLISHED_NO_MEMORY, request, 0), units,
                        5 * units / 2);
    }
}

/* Leaves of runs that are as long as asked for and not as aligned, and one, the
   last or for dma the first, of 8 units: where they begin. */
static uint64_t open_askew(size_t row, uint64_t length)
{
    const uint64_t units = 64 * LEAF, end = units - LEAF;
    uint64_t done = 0;

    open_heap(rows[row], units, 0);
    if (row == 1)
        leave(&done, LEAF - 8, 8);
    for (uint64_t at = LEAF + 8; at < end; at += 8)
        if (at % LEAF != 0)
            leave(&done, at - (length + 1) / 2, length);
    if (row == 0)
        leave(&done, end, 8);
    hold(done, units);
    return row == 0 ? end : LEAF - 8;
}

/* Where none of its runs can hold a place, a leaf is not looked into. */
static void runs_that_are_not_wide_are_passed_over(void **state)
{
    const struct polished_request pair = {2 * UNIT, 2 * UNIT, 0, 0};
    const struct polished_request cut = {5 * UNIT, 1, 0, 8 * UNIT};

    (void)state;
    for (size_t row = 0; row < 2; row++) {
        uint64_t at = open_askew(row, 2);

        assert_in_range(steps_of(POLISHED_OK, pair, row ? at + 6 : at), 1, 60);
        at = open_askew(row, 5);
        assert_in_range(steps_of(POLISHED_OK, cut, at), 1, 150);
    }
}

/* The tree knows alignments from AREA_ROUND units on: then unit 0 is aligned,
   and there is room in control for the units before data. */
static void large_regions_are_counted_from_an_aligned_unit(void **state)
{
    const polished_size knobs[POLISHED_KNOBS] = {UNIT};
    const uint64_t bus_base = (LEAF + 5) * UNIT;

    (void)state;
    for (uint64_t units = AREA_ROUND - 1; units <= AREA_ROUND; units++) {
        bool is_round = units == AREA_ROUND;
        uint64_t room = units + 1 + (is_round ? LEAF : 0);

        open_heap(&polished_dma, units, bus_base);
        assert_int_equal(area_state(&heap)->grid.first, is_round ? 5 : 0);
        assert_int_equal(polished_dma.control_bytes(knobs, units * UNIT),
                         sizeof(struct area_state) + runs_bytes(room));
        assert_int_equal(take_limited(units, 1, 0, 0), 0);
    }
}

/* Of a unit that is not all in data nobody has anything. */
static void only_whole_units_are_had(void **state)
{
    static const polished_size knobs[POLISHED_KNOBS] = {UNIT};
    struct polished_setup setup = {.ops = &polished_dma,
                                   .data = {NULL, UNIT, UNIT / 2},
                                   .control = control,
                                   .knobs = knobs};
    const struct polished_request request = {1, 1, 0, 0};
    polished_size offset;

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_BAD_SIZE);
    setup.data.size_bytes = 2 * UNIT - UNIT / 2 - 1;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_BAD_SIZE);
    setup.data.size_bytes++;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    for (uint64_t gap = 0; gap < UNIT; gap++) {
        open_bytes(&polished_dma, UNIT + gap, 4 * UNIT - gap, 0);
        assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
        assert_int_equal(offset, gap);
        assert_int_equal(largest(1, 0, 0), 0);
    }
}

static void the_next_fit_begins_anew_after_a_reset(void **state)
{
    (void)state;
    open_bytes(&polished_frame_bitmap, 8 * UNIT, 0, 1);
    assert_int_equal(take(3), 0);
    assert_int_equal(drop(0), POLISHED_OK);
    assert_int_equal(take(3), 3);
    assert_int_equal(take(3), 0);
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    assert_int_equal(take(1), 0);
    assert_int_equal(drop(0), POLISHED_OK);
    assert_int_equal(take(2), 1);
    assert_int_equal(take(2), 3);
}

/* Who does not ask for it has the first fit; it is asked for by 1. */
static void the_next_fit_is_asked_for(void **state)
{
    static const polished_size knobs[POLISHED_KNOBS] = {UNIT, 2};
    struct polished_setup setup = {.ops = &polished_frame_bitmap,
                                   .data = {NULL, 4 * FRAME_USUAL, 0},
                                   .control = control};
    const struct polished_request request = {FRAME_USUAL, 1, 0, 0};
    polished_size offset;

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
        assert_int_equal(offset, 0);
        assert_int_equal(polished_free(&heap, 0, 0), POLISHED_OK);
    }
    setup.knobs = knobs;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_BAD_KNOB);
}

/* Of what is asked for the size does not matter. */
struct largest_row {
    uint64_t align_bytes, below, boundary, most_bytes;
};

static void what_is_largest_keeps_every_limit(void **state)
{
    static const struct largest_row asked[] = {
        {1, 0, 0, 13 * UNIT},
        {2 * UNIT, 0, 0, 12 * UNIT},
        {8 * UNIT, 0, 0, 6 * UNIT},
        {16 * UNIT, 0, 0, 0},
        {2 * UNIT, 7 * UNIT, 0, 5 * UNIT},
        {2 * UNIT, 2 * UNIT, 0, 0},
        {1, UNIT + 1, 0, 1},
        {1, 1, 0, 0},
        {1, 0, 8 * UNIT, 7 * UNIT},
        {1, 10 * UNIT, 4 * UNIT, 4 * UNIT},
        {1, 10 * UNIT, 16 * UNIT, 9 * UNIT},
        {1, 0, 1, 1},
        {1, 0, UNIT / 2, UNIT / 2},
        {1, 8 * UNIT - 1, 8 * UNIT, 7 * UNIT - 1},
        {1, 8 * UNIT - 1, 4 * UNIT, 4 * UNIT - 1},
    };

    (void)state;
    for (size_t i = 0; i < 2 * (sizeof asked / sizeof asked[0]); i++) {
        const struct largest_row *row = &asked[i / 2];
        const struct polished_request request = {1, row->align_bytes,
                                                 row->below, row->boundary};

        open_heap(rows[i % 2], 14, 0);
        hold(0, 1);
        assert_int_equal(polished_largest(&heap, &request), row->most_bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_kept_to_the_byte),
        cmocka_unit_test(a_limit_at_the_end_is_none),
        cmocka_unit_test(after_some_tries_an_aligned_place_is_taken),
        cmocka_unit_test(no_run_is_looked_at_three_times),
        cmocka_unit_test(runs_that_are_not_wide_are_passed_over),
        cmocka_unit_test(large_regions_are_counted_from_an_aligned_unit),
        cmocka_unit_test(only_whole_units_are_had),
        cmocka_unit_test(the_next_fit_begins_anew_after_a_reset),
        cmocka_unit_test(the_next_fit_is_asked_for),
        cmocka_unit_test(what_is_largest_keeps_every_limit),
    };

    return cmocka_run_group_tests_name("area", tests, NULL, NULL);
}
