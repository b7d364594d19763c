/* frame-list: control that somebody wrote over, and what ranges do to the
   list. */
#include "alloc/frame_list.h"
#include "few_frames.h"

static void take_in_turn(uint64_t first, uint64_t end)
{
    for (uint64_t frame = first; frame < end; frame++)
        assert_int_equal(take(1, 1), frame);
}

/*
 *     0-3 used, but 1 and 2 free: 2 is the first on the list   8-10 held
 */
static void open_list(void)
{
    open_heap(&polished_frame_list);
    for (uint64_t frame = 0; frame < 4; frame++)
        assert_int_equal(take(1, 1), frame);
    assert_int_equal(drop(1, 1), POLISHED_OK);
    assert_int_equal(drop(2, 1), POLISHED_OK);
    assert_int_equal(reserve(8, 3), POLISHED_OK);
}

static void frame_list_sees_damage(void **state)
{
    const struct frame_list_state *list = (const void *)control;

    (void)state;
    open_list();
    {
        const struct damage_row rows[] = {
            SEEN("more ranges than there can be",
                 {IN_CONTROL(struct virgin, range_most), SET(0)}),
            FINE("room for just the frames",
                 {IN_CONTROL(struct frame_list_state, capacity), SET(FRAMES)}),
            SEEN("no room for all frames",
                 {IN_CONTROL(struct frame_list_state, capacity),
                  SET(FRAMES - 1)}),
            SEEN("a frame is missing on the list",
                 {IN_CONTROL(struct frame_list_state, top), SET(1)}),
            SEEN("the list is empty", {IN_CONTROL(struct frame_list_state, top),
                                       SET(FRAME_LIST_NONE)}),
            SEEN("a frame of the list was never handed out",
                 {IN_CONTROL(struct frame_list_state, top), SET(4)}),
            SEEN("a frame of the list is in use",
                 {IN_CONTROL(struct frame_list_state, top), SET(3)},
                 {AT_CONTROL(in_control(&list->links[3]), 4), SET(2)}),
            SEEN("a frame of the list is held",
                 {IN_CONTROL(struct virgin, mark), SET(12)},
                 {IN_CONTROL(struct frame_list_state, top), SET(9)}),
            SEEN("a frame of the list is the next to be handed out",
                 {IN_CONTROL(struct frame_list_state, top), SET(4)},
                 {AT_CONTROL(in_control(&list->links[4]), 4), SET(1)}),
            SEEN("the list is a ring",
                 {AT_CONTROL(in_control(&list->links[1]), 4), SET(2)}),
            SEEN("a frame that is in use is marked as free",
                 {AT_CONTROL(in_control(list->words), 8), FLIP(8)}),
            SEEN("a frame that is free is marked as in use",
                 {AT_CONTROL(in_control(list->words), 8), FLIP(2)}),
            FINE("what was never handed out may be marked as it likes",
                 {AT_CONTROL(in_control(list->words), 8), EACH(0xfffffff0)}),
        };

        DAMAGE_ALL(&heap, rows);
    }
}

static void damage_of_what_is_held_is_seen(void **state)
{
    const struct frame_list_state *list = (const void *)control;

    (void)state;
    open_heap(&polished_frame_list);
    take_in_turn(0, 2);
    assert_int_equal(drop(1, 1), POLISHED_OK);
    assert_int_equal(reserve(2, 2), POLISHED_OK);
    {
        const struct damage_row rows[] = {
            FINE("the mark behind the range, not before it",
                 {IN_CONTROL(struct virgin, mark), SET(4)}),
            SEEN("a frame of the range on the list instead of the free one",
                 {IN_CONTROL(struct virgin, mark), SET(4)},
                 {IN_CONTROL(struct frame_list_state, top), SET(2)},
                 {AT_CONTROL(in_control(&list->links[2]), 4),
                  SET(FRAME_LIST_NONE)}),
        };

        DAMAGE_ALL(&heap, rows);
    }
}

static void frame_list_reserves_what_it_listed(void **state)
{
    polished_size offset, usable_bytes = 0;

    (void)state;
    open_list();
    assert_int_equal(polished_usable(&heap, 8 * FRAME, &usable_bytes),
                     POLISHED_OK);
    assert_int_equal(usable_bytes, 3 * FRAME);
    assert_int_equal(polished_usable(&heap, FRAME, &usable_bytes),
                     POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_usable(&heap, 7 * FRAME, &usable_bytes),
                     POLISHED_NOT_OWNED);
    assert_int_equal(reserve(2, 2), POLISHED_OVERLAP);
    assert_int_equal(reserve(1, 2), POLISHED_OK);
    assert_int_equal(reserve(4, 1), POLISHED_OK);
    assert_int_equal(reserve(6, 1), POLISHED_LIMIT);
    assert_int_equal(take(1, 1), 5);
    assert_int_equal(resize(1, 2, 1), POLISHED_OK);
    assert_int_equal(take(1, 1), 2);
    assert_int_equal(drop(2, 1), POLISHED_OK);
    assert_int_equal(reserve(2, 1), POLISHED_OK); /* a frame needs no range */
    assert_int_equal(reserve(6, 1), POLISHED_LIMIT);
    assert_int_equal(drop(1, 1), POLISHED_OK);
    assert_int_equal(reserve(6, 1), POLISHED_OK);
    assert_int_equal(drop(9, 1), POLISHED_INTERIOR);
    assert_int_equal(resize(8, 3, 2), POLISHED_OK);
    assert_int_equal(drop(8, 3), POLISHED_SIZE_MISMATCH);
    assert_int_equal(drop(8, 2), POLISHED_OK);
    assert_int_equal(take(1, 1), 1);
    assert_int_equal(take(1, 1), 7);
    assert_int_equal(ask(2, 1, &offset), POLISHED_NO_MEMORY);
    assert_int_equal(ask(1, 2, &offset), POLISHED_UNSUPPORTED);
    assert_int_equal(largest(2), 0);
    assert_int_equal(largest(1), 1);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* A range that reaches over the mark: what lies above it was handed out by
   nobody, and comes back as virgin frames. */
static void frame_list_gives_back_a_range_over_the_mark(void **state)
{
    (void)state;
    open_heap(&polished_frame_list);
    assert_int_equal(take(1, 1), 0);
    assert_int_equal(take(1, 1), 1);
    assert_int_equal(drop(1, 1), POLISHED_OK);
    assert_int_equal(reserve(1, 4), POLISHED_OK);
    assert_int_equal(take(1, 1), 5);
    assert_int_equal(drop(1, 4), POLISHED_OK);
    for (uint64_t frame = 1; frame < 5; frame++)
        assert_int_equal(take(1, 1), frame);
    assert_int_equal(take(1, 1), 6);
    for (uint64_t frame = 7; frame < FRAMES; frame++)
        assert_int_equal(take(1, 1), frame);
    assert_int_equal(largest(1), 0);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* Of seven ranges the one that holds a frame is found by three looks. */
static void ranges_are_found_by_halves(void **state)
{
    static const polished_size knobs[POLISHED_KNOBS] = {FRAME, 7};
    const struct polished_setup setup = {.ops = &polished_frame_list,
                                         .data = {NULL, FRAMES * FRAME, 0},
                                         .control = control,
                                         .knobs = knobs};

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    for (uint64_t frame = 1; frame < 8; frame++)
        assert_int_equal(reserve(2 * frame, 1), POLISHED_OK);
    for (uint64_t frame = 1; frame < 8; frame++) {
        uint64_t before = polished_steps(&heap);

        assert_int_equal(drop(2 * frame, 2), POLISHED_SIZE_MISMATCH);
        assert_int_equal(polished_steps(&heap) - before, 4);
    }
    /* Each range behind it makes one step more. */
    for (uint64_t frame = 1; frame < 3; frame++) {
        uint64_t before = polished_steps(&heap);

        assert_int_equal(drop(2 * frame, 1), POLISHED_OK);
        assert_int_equal(polished_steps(&heap) - before, 4 + 7 - frame);
    }
}

static void walks_show_the_list_as_free(void **state)
{
    static const struct polished_block blocks[] = {
        FRAMES_OF(0, 1, USED),  FRAMES_OF(1, 3, FREE),
        FRAMES_OF(3, 4, USED),  FRAMES_OF(4, 8, FREE),
        FRAMES_OF(8, 11, USED), FRAMES_OF(11, FRAMES, FREE),
        TAIL_AND_NO_MORE};

    (void)state;
    open_list();
    expect_walk(&heap, blocks);
}

/* What comes back where nobody was yet is virgin again, and on no list. */
static void a_range_at_the_mark_comes_back_once(void **state)
{
    (void)state;
    open_heap(&polished_frame_list);
    assert_int_equal(take(1, 1), 0);
    assert_int_equal(reserve(1, 1), POLISHED_OK);
    assert_int_equal(drop(1, 1), POLISHED_OK);
    assert_int_equal(take(1, 1), 1);
    assert_int_equal(take(1, 1), 2);
    assert_int_equal(reserve(3, FRAMES - 3), POLISHED_OK);
    assert_int_equal(largest(1), 0);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* What is reserved just at the mark is not sought on the list, and does not go
   there when it comes back. */
static void a_range_at_the_mark_is_none_below_it(void **state)
{
    uint64_t steps[2];

    (void)state;
    for (uint64_t i = 0; i < 2; i++) {
        open_list();
        steps[i] = polished_steps(&heap);
        assert_int_equal(reserve(4 + i, 2), POLISHED_OK);
        steps[i] = polished_steps(&heap) - steps[i];
    }
    assert_int_equal(steps[0], steps[1]);
    open_list();
    assert_int_equal(reserve(4, 2), POLISHED_OK);
    assert_int_equal(drop(4, 2), POLISHED_OK);
    assert_int_equal(take(1, 1), 2);
    assert_int_equal(take(1, 1), 1);
    take_in_turn(4, 8);
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    take_in_turn(0, FRAMES);
}

static void a_frame_is_resized_beside_full_ranges(void **state)
{
    (void)state;
    open_list();
    assert_int_equal(reserve(20, 1), POLISHED_OK);
    assert_int_equal(reserve(22, 1), POLISHED_OK);
    assert_int_equal(resize(3, 1, 1), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_int_equal(take(1, 1), 2);
    assert_int_equal(take(1, 1), 1);
    assert_int_equal(take(1, 1), 4);
}

/* What is reserved out of the middle of the list leaves the rest on it. */
static void the_list_closes_around_what_is_reserved(void **state)
{
    (void)state;
    open_heap(&polished_frame_list);
    take_in_turn(0, 6);
    for (uint64_t frame = 6; frame-- > 0;)
        assert_int_equal(drop(frame, 1), POLISHED_OK);
    assert_int_equal(reserve(2, 2), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    take_in_turn(0, 2);
    take_in_turn(4, 7);
    assert_int_equal(reserve(20, 2), POLISHED_OK);
    assert_int_equal(reserve(19, 2), POLISHED_OVERLAP);
    assert_int_equal(reserve(19, 1), POLISHED_OK);
}

static void a_range_over_the_mark_comes_back_to_the_list(void **state)
{
    (void)state;
    open_heap(&polished_frame_list);
    take_in_turn(0, 2);
    assert_int_equal(drop(1, 1), POLISHED_OK);
    assert_int_equal(reserve(1, 4), POLISHED_OK);
    assert_int_equal(drop(1, 4), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, FRAME - TAIL), POLISHED_OK);
    take_in_turn(1, FRAMES + 1);
    assert_int_equal(largest(1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frame_list_sees_damage),
        cmocka_unit_test(damage_of_what_is_held_is_seen),
        cmocka_unit_test(a_range_at_the_mark_is_none_below_it),
        cmocka_unit_test(frame_list_reserves_what_it_listed),
        cmocka_unit_test(frame_list_gives_back_a_range_over_the_mark),
        cmocka_unit_test(walks_show_the_list_as_free),
        cmocka_unit_test(a_range_at_the_mark_comes_back_once),
        cmocka_unit_test(a_frame_is_resized_beside_full_ranges),
        cmocka_unit_test(the_list_closes_around_what_is_reserved),
        cmocka_unit_test(a_range_over_the_mark_comes_back_to_the_list),
        cmocka_unit_test(ranges_are_found_by_halves),
    };

    return cmocka_run_group_tests_name("frame_list", tests, NULL, NULL);
}
