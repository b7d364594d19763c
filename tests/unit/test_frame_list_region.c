/* frame-list: how much control a heap has, and which frames. */
#include "alloc/frame_list.h"
#include "few_frames.h"

static int visit_once(void *context, const struct polished_block *block)
{
    (void)block;
    ++*(int *)context;
    return 1;
}

static void control_has_room_for_just_so_many_frames(void **state)
{
    const polished_size knobs[POLISHED_KNOBS] = {FRAME, RANGES};
    const polished_size most = UINT32_MAX;
    int visits = 0;

    (void)state;
    assert_int_equal(
        polished_frame_list.control_bytes(knobs, (most - 1) * FRAME), 0);
    assert_int_not_equal(
        polished_frame_list.control_bytes(knobs, (most - 1) * FRAME - 1), 0);
    open_heap(&polished_frame_list);
    for (uint64_t frame = 0; frame < 4; frame++)
        assert_int_equal(take(1, 1), frame);
    assert_int_equal(drop(2, 1), POLISHED_OK);
    assert_int_equal(polished_walk(&heap, visit_once, &visits), POLISHED_OK);
    assert_int_equal(visits, 1);
    assert_int_equal(polished_extend(&heap, UINT64_C(1) << 20), POLISHED_LIMIT);
}

/* Room for more frames than a link can name is not used; nothing of it, nor
   of data, is touched here. */
static void links_have_32_bits(void **state)
{
    const polished_size knobs[POLISHED_KNOBS] = {FRAME, RANGES};
    const polished_size most = UINT32_MAX - 1;
    const polished_size rooms[] = {0, UINT64_C(1) << 35};

    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct polished_setup setup = {
            .ops = &polished_frame_list,
            .data = {NULL, FRAME * (most - 1), 0},
            .control = control,
            .control_bytes = rooms[i],
            .knobs = knobs};

        assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
        assert_int_equal(polished_extend(&heap, FRAME), POLISHED_OK);
        assert_int_equal(polished_extend(&heap, FRAME), POLISHED_LIMIT);
    }
}

/* Data begins within frame 4 of the bus; of that nobody has anything. */
static void frames_are_counted_from_the_first_whole_one(void **state)
{
    static const polished_size knobs[POLISHED_KNOBS] = {FRAME, RANGES};
    const struct polished_setup setup = {
        .ops = &polished_frame_list,
        .data = {NULL, 8 * FRAME, 4 * FRAME + TAIL},
        .control = control,
        .knobs = knobs};
    static const struct polished_block blocks[] = {
        {0, FRAME - TAIL, POLISHED_OWN},
        {FRAME - TAIL, FRAME, POLISHED_USED},
        {2 * FRAME - TAIL, 6 * FRAME, POLISHED_FREE},
        {8 * FRAME - TAIL, TAIL, POLISHED_OWN},
        {0, 0, POLISHED_OWN}};
    const struct frame_list_state *list = (const void *)control;
    struct polished_setup odd = setup;
    polished_size offset;

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(ask(1, 1, &offset), POLISHED_OK);
    assert_int_equal(offset, FRAME - TAIL);
    expect_walk(&heap, blocks);
    odd.data.bus_base = 5 * FRAME;
    assert_int_equal(polished_init(&heap, &odd), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, (list->capacity - 8) * FRAME),
                     POLISHED_OK);
}

/* Control has room for all frames, and for hardly any more. */
static void control_is_no_larger_than_it_has_to_be(void **state)
{
    static const polished_size knobs[POLISHED_KNOBS] = {FRAME, RANGES};
    const struct frame_list_state *list = (const void *)control;

    (void)state;
    for (uint64_t frames = 1; frames < 300; frames++) {
        const struct polished_setup setup = {.ops = &polished_frame_list,
                                             .data = {NULL, frames * FRAME, 0},
                                             .control = control,
                                             .knobs = knobs};

        assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
        assert_int_equal(heap.control_bytes,
                         sizeof *list + RANGES * sizeof(struct virgin_range) +
                             (frames + 1) * 33 / 8 + 16);
        assert_in_range(list->capacity, frames, frames + 3);
        assert_int_equal(list->capacity,
                         (heap.control_bytes - in_control(list->words) - 8) *
                             8 / 33);
        assert_true((const unsigned char *)&list->links[list->capacity] <=
                    control + heap.control_bytes);
    }
}

/* All that a heap is given more is room for frames, which it can have later. */
static void more_control_has_room_for_more_frames(void **state)
{
    static const polished_size knobs[POLISHED_KNOBS] = {FRAME, RANGES};
    const polished_size least =
        polished_frame_list.control_bytes(knobs, 100 * FRAME);
    const struct frame_list_state *list = (const void *)control;

    (void)state;
    for (polished_size more = 0; more <= 33; more++) {
        const struct polished_setup setup = {.ops = &polished_frame_list,
                                             .data = {NULL, 100 * FRAME, 0},
                                             .control = control,
                                             .control_bytes = least + more,
                                             .knobs = knobs};

        assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
        assert_int_equal(list->capacity,
                         (least + more - in_control(list->words) - 8) * 8 / 33);
    }
}

/* A cap that nobody has is one that no test asks about. */
static void it_says_what_it_can(void **state)
{
    (void)state;
    assert_true(polished_frame_list.caps ==
                (POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NO_TOUCH |
                 POLISHED_ONE_SIZE | POLISHED_PAGES | POLISHED_EXACT_MISUSE |
                 POLISHED_EXACT_WALK | POLISHED_SLACK));
}

static void slack_is_what_lies_behind_the_last_frame(void **state)
{
    const polished_size size_bytes = FRAMES * FRAME + TAIL;

    (void)state;
    open_heap(&polished_frame_list);
    assert_int_equal(heap.slack_bytes, size_bytes - FRAME);
    assert_int_equal(take(1, 1), 0);
    assert_int_equal(take(1, 1), 1);
    assert_int_equal(heap.slack_bytes, size_bytes - 2 * FRAME);
    assert_int_equal(reserve(5, 2), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, size_bytes - 7 * FRAME);
    assert_int_equal(take(1, 1), 2);
    assert_int_equal(heap.slack_bytes, size_bytes - 7 * FRAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_has_room_for_just_so_many_frames),
        cmocka_unit_test(links_have_32_bits),
        cmocka_unit_test(frames_are_counted_from_the_first_whole_one),
        cmocka_unit_test(control_is_no_larger_than_it_has_to_be),
        cmocka_unit_test(more_control_has_room_for_more_frames),
        cmocka_unit_test(it_says_what_it_can),
        cmocka_unit_test(slack_is_what_lies_behind_the_last_frame),
    };

    return cmocka_run_group_tests_name("frame_list_region", tests, NULL, NULL);
}
