/* frame-bump: control that somebody wrote over, and what only a few ranges
   bring to light. */
#include "few_frames.h"

/* The word of a range, and of the last block of frame-bump. */
#define RANGE(state, at, member)                                               \
    AT_CONTROL(sizeof(state) + (at) * sizeof(struct virgin_range) +            \
                   offsetof(struct virgin_range, member),                      \
               8)
struct bump_state {
    struct virgin virgin;
    uint64_t last;
};
#define BUMP(at, member) RANGE(struct bump_state, at, member)

/*
 *     0  used   1-3 gap   4 used, the last   5-7   8-10 held   11-31
 */
static void open_bump(void)
{
    open_heap(&polished_frame_bump);
    assert_int_equal(reserve(8, 3), POLISHED_OK);
    assert_int_equal(take(1, 1), 0);
    assert_int_equal(take(1, 4), 4);
}

static void frame_bump_sees_damage(void **state)
{
    static const struct damage_row rows[] = {
        FINE("as many ranges as there can be",
             {IN_CONTROL(struct virgin, range_count), SET(RANGES)},
             {BUMP(2, first), SET(20)}, {BUMP(2, end), SET(FRAMES)}),
        SEEN("more ranges than there can be",
             {IN_CONTROL(struct virgin, range_most), SET(1)}),
        SEEN("the mark is before the first frame",
             {IN_CONTROL(struct virgin, grid.first), SET(6)},
             {IN_CONTROL(struct virgin, range_count), SET(0)}),
        FINE("the mark is at the end",
             {IN_CONTROL(struct virgin, mark), SET(FRAMES)}),
        SEEN("the mark is behind the end",
             {IN_CONTROL(struct virgin, grid.end), SET(4)},
             {IN_CONTROL(struct virgin, range_count), SET(0)}),
        TOLD(own_check, 0, 0, "the mark is before the first frame: the check",
             {IN_CONTROL(struct virgin, grid.first), SET(6)},
             {IN_CONTROL(struct virgin, range_count), SET(0)}),
        TOLD(own_check, 0, 0, "the mark is behind the end: the check",
             {IN_CONTROL(struct virgin, grid.end), SET(4)},
             {IN_CONTROL(struct virgin, range_count), SET(0)}),
        TOLD(own_check, 0, 0,
             "a range begins before the one below it ends: the check",
             {BUMP(1, first), SET(3)},
             {IN_CONTROL(struct virgin, mark), SET(3)},
             {AT_CONTROL(sizeof(struct virgin), 8), SET(0)}),
        TOLD(own_check, 0, 0, "the first range begins before all frames",
             {IN_CONTROL(struct virgin, grid.first), SET(2)}),
        TOLD(own_check, 0, 0, "gaps overlap", {BUMP(1, first), SET(3)},
             {BUMP(1, end), SET(5)}),
        TOLD(own_check, 0, 0, "the mark is in the first gap",
             {IN_CONTROL(struct virgin, mark), SET(2)},
             {AT_CONTROL(sizeof(struct virgin), 8), SET(0)}),
        TOLD(own_check, 0, 0, "the mark is in a range: the check",
             {IN_CONTROL(struct virgin, mark), SET(9)}),
        SEEN("the mark is in a range",
             {IN_CONTROL(struct virgin, mark), SET(9)}),
        FINE("the mark is where a range begins",
             {IN_CONTROL(struct virgin, mark), SET(8)}),
        FINE("the mark is where a gap ends",
             {IN_CONTROL(struct virgin, mark), SET(4)}),
        FINE("the last block is at the mark: nothing was handed out",
             {AT_CONTROL(sizeof(struct virgin), 8), SET(5)}),
        SEEN("the last block is behind the mark",
             {AT_CONTROL(sizeof(struct virgin), 8), SET(6)}),
        SEEN("a range begins before the one below it ends",
             {BUMP(1, first), SET(3)}),
        SEEN("a range is empty", {BUMP(1, end), SET(8)}),
        FINE("a range ends with the frames", {BUMP(1, end), SET(FRAMES)}),
        SEEN("a range ends behind the frames",
             {IN_CONTROL(struct virgin, grid.end), SET(10)}),
    };

    (void)state;
    open_bump();
    DAMAGE_ALL(&heap, rows);
}

static void frame_bump_tells_what_it_knows(void **state)
{
    polished_size usable_bytes;

    (void)state;
    open_bump();
    assert_int_equal(largest(1), FRAMES - 11);
    assert_int_equal(largest(4), FRAMES - 12);
    assert_int_equal(drop(2, 1), POLISHED_NOT_OWNED);  /* the gap */
    assert_int_equal(drop(9, 1), POLISHED_INTERIOR);   /* what is held */
    assert_int_equal(drop(11, 1), POLISHED_NOT_OWNED); /* nobody's yet */
    assert_int_equal(drop(5, 1), POLISHED_NOT_OWNED);
    assert_int_equal(drop(8, 4), POLISHED_SIZE_MISMATCH);
    assert_int_equal(drop(8, 3), POLISHED_OK);
    assert_int_equal(drop(4, 2), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 4 * FRAME + 1, 0), POLISHED_INTERIOR);
    assert_int_equal(polished_usable(&heap, 0, &usable_bytes),
                     POLISHED_UNSUPPORTED);
    assert_int_equal(polished_usable(&heap, 2 * FRAME, &usable_bytes),
                     POLISHED_NOT_OWNED);
    assert_int_equal(resize(4, 1, 4), POLISHED_OK); /* up to what is held */
    assert_int_equal(resize(4, 4, 5), POLISHED_NO_MEMORY);
    assert_int_equal(drop(5, 1), POLISHED_INTERIOR);
    assert_int_equal(resize(0, 0, 1), POLISHED_UNSUPPORTED);
    assert_int_equal(resize(0, 1, 1), POLISHED_OK);
    assert_int_equal(resize(0, 1, 2), POLISHED_NO_MEMORY);
    assert_int_equal(resize(8, 3, 4), POLISHED_NO_MEMORY);
    assert_int_equal(take(1, 1), 11);
    assert_int_equal(resize(11, 1, FRAMES - 11), POLISHED_OK);
    assert_int_equal(resize(11, 0, FRAMES - 10), POLISHED_NO_MEMORY);
    assert_int_equal(largest(1), 0);
}

static void ranges_that_overlap_or_are_too_many_are_refused(void **state)
{
    (void)state;
    open_bump();
    assert_int_equal(reserve(4, 1), POLISHED_OVERLAP);
    assert_int_equal(reserve(7, 2), POLISHED_OVERLAP);
    assert_int_equal(reserve(10, 1), POLISHED_OVERLAP);
    assert_int_equal(polished_reserve(&heap, 30 * FRAME, 2 * FRAME + 1),
                     POLISHED_OVERLAP);
    assert_int_equal(polished_reserve(&heap, FRAMES * FRAME, 1),
                     POLISHED_OVERLAP);
    assert_int_equal(reserve(30, 2), POLISHED_OK);
    assert_int_equal(reserve(5, 1), POLISHED_OK); /* the gap gave way */
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_int_equal(reserve(20, 1), POLISHED_LIMIT);
    assert_int_equal(drop(2, 1), POLISHED_OK); /* nobody knows of it now */
    /* Frames are handed out around all of them. */
    assert_int_equal(take(2, 1), 6);
    assert_int_equal(largest(1), 19);
    assert_int_equal(take(19, 1), 11);
    assert_int_equal(largest(1), 0);
}

/* A place that is aligned past two ranges at once; and holes that shrink. */
static void ranges_are_passed_over(void **state)
{
    (void)state;
    open_heap(&polished_frame_bump);
    assert_int_equal(reserve(1, 1), POLISHED_OK);
    assert_int_equal(reserve(3, 1), POLISHED_OK);
    assert_int_equal(reserve(20, 1), POLISHED_OK);
    assert_int_equal(largest(1), 16);
    assert_int_equal(largest(8), 12);
    assert_int_equal(largest(32), 1);
    assert_int_equal(take(2, 4), 4);
    assert_int_equal(drop(0, 1), POLISHED_NOT_OWNED);
    assert_int_equal(drop(1, 1), POLISHED_OK);
    assert_int_equal(drop(2, 1), POLISHED_NOT_OWNED);
    assert_int_equal(largest(1), 14);
    assert_int_equal(take(14, 1), 6);
    assert_int_equal(largest(1), 11);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static void walks_show_gaps_and_what_is_held(void **state)
{
    static const struct polished_block blocks[] = {
        FRAMES_OF(0, 1, USED),  FRAMES_OF(1, 4, OWN),
        FRAMES_OF(4, 5, USED),  FRAMES_OF(5, 8, FREE),
        FRAMES_OF(8, 11, USED), FRAMES_OF(11, FRAMES, FREE),
        TAIL_AND_NO_MORE};

    (void)state;
    open_bump();
    expect_walk(&heap, blocks);
}

/* Gaps are remembered while there is room for them, and no longer. */
static void gaps_are_as_many_as_ranges(void **state)
{
    const struct virgin *virgin = (const void *)control;

    (void)state;
    open_heap(&polished_frame_bump);
    assert_int_equal(take(1, 1), 0);
    for (uint64_t frame = 4; frame <= 16; frame += 4)
        assert_int_equal(take(1, 4), frame);
    assert_int_equal(virgin->range_count, RANGES);
    assert_int_equal(drop(10, 1), POLISHED_NOT_OWNED);
    assert_int_equal(drop(14, 1), POLISHED_OK);
    /* What stands behind the ranges that count tells nothing. */
    open_bump();
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    assert_int_equal(take(2, 1), 0);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static void what_is_extended_is_handed_out(void **state)
{
    (void)state;
    open_bump();
    assert_int_equal(polished_extend(&heap, FRAME - TAIL - 1), POLISHED_OK);
    assert_int_equal(largest(1), FRAMES - 11);
    assert_int_equal(polished_extend(&heap, 1 + 2 * FRAME), POLISHED_OK);
    assert_int_equal(largest(1), FRAMES - 11 + 3);
}

/* A region that ends with all addresses, at a frame of an odd number. */
static void frames_are_counted_from_the_first(void **state)
{
    static const polished_size knobs[POLISHED_KNOBS] = {FRAME, RANGES};
    const struct polished_setup setup = {
        .ops = &polished_frame_bump,
        .data = {NULL, 5 * FRAME, (uint64_t)0 - 5 * FRAME},
        .control = control,
        .knobs = knobs};
    const struct virgin *virgin = (const void *)control;

    (void)state;
    assert_int_equal(polished_frame_bump.control_bytes(knobs, 5 * FRAME),
                     sizeof(struct bump_state) +
                         RANGES * sizeof(struct virgin_range));
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_true(virgin->grid.first == 0 && virgin->grid.end == 5);
    assert_int_equal(take(1, 1), 0);
    assert_int_equal(take(2, 2), 1);
    assert_int_equal(take(2, 1), 3);
}

static void slack_is_what_lies_behind_the_last_frame(void **state)
{
    const polished_size size_bytes = FRAMES * FRAME + TAIL;

    (void)state;
    open_heap(&polished_frame_bump);
    assert_int_equal(heap.slack_bytes, size_bytes - FRAME);
    assert_int_equal(take(2, 1), 0);
    assert_int_equal(heap.slack_bytes, size_bytes - 2 * FRAME);
    assert_int_equal(resize(0, 0, 3), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, size_bytes - 3 * FRAME);
    assert_int_equal(reserve(5, 2), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, size_bytes - 7 * FRAME);
    assert_int_equal(reserve(4, 1), POLISHED_OK); /* up to what is held */
    assert_int_equal(take(1, 1), 3);
    assert_int_equal(heap.slack_bytes, size_bytes - 7 * FRAME);
}

/* A cap that nobody has is one that no test asks about. */
static void it_says_what_it_can(void **state)
{
    (void)state;
    assert_true(polished_frame_bump.caps ==
                (POLISHED_ANY_ORDER | POLISHED_NO_TOUCH | POLISHED_PAGES |
                 POLISHED_SLACK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frame_bump_sees_damage),
        cmocka_unit_test(frame_bump_tells_what_it_knows),
        cmocka_unit_test(ranges_that_overlap_or_are_too_many_are_refused),
        cmocka_unit_test(ranges_are_passed_over),
        cmocka_unit_test(walks_show_gaps_and_what_is_held),
        cmocka_unit_test(gaps_are_as_many_as_ranges),
        cmocka_unit_test(what_is_extended_is_handed_out),
        cmocka_unit_test(frames_are_counted_from_the_first),
        cmocka_unit_test(it_says_what_it_can),
        cmocka_unit_test(slack_is_what_lies_behind_the_last_frame),
    };

    return cmocka_run_group_tests_name("virgin", tests, NULL, NULL);
}
