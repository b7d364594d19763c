/* frame-bump and frame-list: control that somebody wrote over, and what only a
   few ranges bring to light. */
#include "alloc/frame_list.h"
#include "damage.h"

enum { FRAME = 16, FRAMES = 32, RANGES = 3, TAIL = 8 };

static _Alignas(16) unsigned char control[2048];
static struct polished_heap heap;

/* Frames 0 to 31, and behind them too little for one more. */
static void open_heap(const struct polished_ops *ops)
{
    static const polished_size knobs[POLISHED_KNOBS] = {FRAME, RANGES};
    const struct polished_setup setup = {
        .ops = ops,
        .data = {NULL, FRAMES * FRAME + TAIL, 0},
        .control = control,
        .knobs = knobs};

    memset(control, 0, sizeof control);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

static enum polished_status ask(uint64_t frames, uint64_t align,
                                polished_size *offset)
{
    const struct polished_request request = {frames * FRAME, align * FRAME, 0,
                                             0};

    return polished_alloc(&heap, &request, offset);
}

/* The answer and all else here is in frames. */
static uint64_t take(uint64_t frames, uint64_t align)
{
    polished_size offset;

    assert_int_equal(ask(frames, align, &offset), POLISHED_OK);
    assert_int_equal(offset % FRAME, 0);
    return offset / FRAME;
}

static enum polished_status reserve(uint64_t frame, uint64_t frames)
{
    return polished_reserve(&heap, frame * FRAME, frames * FRAME);
}

static enum polished_status drop(uint64_t frame, uint64_t frames)
{
    return polished_free(&heap, frame * FRAME, frames * FRAME);
}

static enum polished_status resize(uint64_t frame, uint64_t frames,
                                   uint64_t new_frames)
{
    const struct polished_request request = {new_frames * FRAME, 1, 0, 0};

    return polished_resize(&heap, frame * FRAME, frames * FRAME, &request);
}

static uint64_t largest(uint64_t align)
{
    const struct polished_request request = {1, align * FRAME, 0, 0};

    return polished_largest(&heap, &request) / FRAME;
}

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
#define LIST(at, member) RANGE(struct frame_list_state, at, member)
#define TRY(rows)        damage_try(&heap, rows, sizeof rows / sizeof rows[0])

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
        {"as many ranges as there can be",
         {{IN_CONTROL(struct virgin, range_count), SET(RANGES)},
          {BUMP(2, first), SET(20)},
          {BUMP(2, end), SET(FRAMES)}},
         POLISHED_OK,
         damage_check,
         0,
         0},
        {"more ranges than there can be",
         {{IN_CONTROL(struct virgin, range_most), SET(1)}},
         POLISHED_CORRUPT,
         damage_check,
         0,
         0},
        {"the mark is before the first frame",
         {{IN_CONTROL(struct virgin, grid.first), SET(6)},
          {IN_CONTROL(struct virgin, range_count), SET(0)}},
         POLISHED_CORRUPT,
         damage_check,
         0,
         0},
        {"the mark is at the end",
         {{IN_CONTROL(struct virgin, mark), SET(FRAMES)}},
         POLISHED_OK,
         damage_check,
         0,
         0},
        {"the mark is behind the end",
         {{IN_CONTROL(struct virgin, grid.end), SET(4)},
          {IN_CONTROL(struct virgin, range_count), SET(0)}},
         POLISHED_CORRUPT,
         damage_check,
         0,
         0},
        {"the mark is before the first frame: the check",
         {{IN_CONTROL(struct virgin, grid.first), SET(6)},
          {IN_CONTROL(struct virgin, range_count), SET(0)}},
         POLISHED_CORRUPT,
         damage_own_check,
         0,
         0},
        {"the mark is behind the end: the check",
         {{IN_CONTROL(struct virgin, grid.end), SET(4)},
          {IN_CONTROL(struct virgin, range_count), SET(0)}},
         POLISHED_CORRUPT,
         damage_own_check,
         0,
         0},
        {"a range begins before the one below it ends: the check",
         {{BUMP(1, first), SET(3)},
          {IN_CONTROL(struct virgin, mark), SET(3)},
          {AT_CONTROL(sizeof(struct virgin), 8), SET(0)}},
         POLISHED_CORRUPT,
         damage_own_check,
         0,
         0},
        {"the mark is in a range: the check",
         {{IN_CONTROL(struct virgin, mark), SET(9)}},
         POLISHED_CORRUPT,
         damage_own_check,
         0,
         0},
        {"the mark is in a range",
         {{IN_CONTROL(struct virgin, mark), SET(9)}},
         POLISHED_CORRUPT,
         damage_check,
         0,
         0},
        {"the mark is where a range begins",
         {{IN_CONTROL(struct virgin, mark), SET(8)}},
         POLISHED_OK,
         damage_check,
         0,
         0},
        {"the mark is where a gap ends",
         {{IN_CONTROL(struct virgin, mark), SET(4)}},
         POLISHED_OK,
         damage_check,
         0,
         0},
        {"the last block is at the mark: nothing was handed out",
         {{AT_CONTROL(sizeof(struct virgin), 8), SET(5)}},
         POLISHED_OK,
         damage_check,
         0,
         0},
        {"the last block is behind the mark",
         {{AT_CONTROL(sizeof(struct virgin), 8), SET(6)}},
         POLISHED_CORRUPT,
         damage_check,
         0,
         0},
        {"a range begins before the one below it ends",
         {{BUMP(1, first), SET(3)}},
         POLISHED_CORRUPT,
         damage_check,
         0,
         0},
        {"a range is empty",
         {{BUMP(1, end), SET(8)}},
         POLISHED_CORRUPT,
         damage_check,
         0,
         0},
        {"a range ends with the frames",
         {{BUMP(1, end), SET(FRAMES)}},
         POLISHED_OK,
         damage_check,
         0,
         0},
        {"a range ends behind the frames",
         {{IN_CONTROL(struct virgin, grid.end), SET(10)}},
         POLISHED_CORRUPT,
         damage_check,
         0,
         0},
    };

    (void)state;
    open_bump();
    TRY(rows);
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
    assert_int_equal(reserve(7, 1), POLISHED_OK); /* the gap gave way */
    assert_int_equal(reserve(20, 1), POLISHED_LIMIT);
    assert_int_equal(drop(2, 1), POLISHED_OK); /* nobody knows of it now */
    /* Frames are handed out around all of them. */
    assert_int_equal(take(2, 1), 5);
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
    assert_int_equal(largest(1), 14);
    assert_int_equal(take(14, 1), 6);
    assert_int_equal(largest(1), 11);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
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

static size_t in_control(const void *place)
{
    return (size_t)((const unsigned char *)place - control);
}

static void frame_list_sees_damage(void **state)
{
    const struct frame_list_state *list = (const void *)control;

    (void)state;
    open_list();
    {
        const struct damage_row rows[] = {
            {"more ranges than there can be",
             {{IN_CONTROL(struct virgin, range_most), SET(0)}},
             POLISHED_CORRUPT,
             damage_check,
             0,
             0},
            {"room for just the frames",
             {{IN_CONTROL(struct frame_list_state, capacity), SET(FRAMES)}},
             POLISHED_OK,
             damage_check,
             0,
             0},
            {"no room for all frames",
             {{IN_CONTROL(struct frame_list_state, capacity), SET(FRAMES - 1)}},
             POLISHED_CORRUPT,
             damage_check,
             0,
             0},
            {"a frame is missing on the list",
             {{IN_CONTROL(struct frame_list_state, top), SET(1)}},
             POLISHED_CORRUPT,
             damage_check,
             0,
             0},
            {"the list is empty",
             {{IN_CONTROL(struct frame_list_state, top), SET(FRAME_LIST_NONE)}},
             POLISHED_CORRUPT,
             damage_check,
             0,
             0},
            {"a frame of the list was never handed out",
             {{IN_CONTROL(struct frame_list_state, top), SET(4)}},
             POLISHED_CORRUPT,
             damage_check,
             0,
             0},
            {"a frame of the list is in use",
             {{IN_CONTROL(struct frame_list_state, top), SET(3)},
              {AT_CONTROL(in_control(&list->links[3]), 4), SET(2)}},
             POLISHED_CORRUPT,
             damage_check,
             0,
             0},
            {"a frame of the list is held",
             {{IN_CONTROL(struct virgin, mark), SET(12)},
              {IN_CONTROL(struct frame_list_state, top), SET(9)}},
             POLISHED_CORRUPT,
             damage_check,
             0,
             0},
            {"the list is a ring",
             {{AT_CONTROL(in_control(&list->links[1]), 4), SET(2)}},
             POLISHED_CORRUPT,
             damage_check,
             0,
             0},
            {"a frame that is in use is marked as free",
             {{AT_CONTROL(in_control(list->words), 8), FLIP(8)}},
             POLISHED_CORRUPT,
             damage_check,
             0,
             0},
            {"a frame that is free is marked as in use",
             {{AT_CONTROL(in_control(list->words), 8), FLIP(2)}},
             POLISHED_CORRUPT,
             damage_check,
             0,
             0},
            {"what was never handed out may be marked as it likes",
             {{AT_CONTROL(in_control(list->words), 8), EACH(0xfffffff0)}},
             POLISHED_OK,
             damage_check,
             0,
             0},
        };

        TRY(rows);
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
    open_list();
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
    const struct polished_setup setup = {.ops = &polished_frame_list,
                                         .data = {NULL, FRAME * (most - 1), 0},
                                         .control = control,
                                         .control_bytes = UINT64_C(1) << 35,
                                         .knobs = knobs};

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, FRAME), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, FRAME), POLISHED_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frame_bump_sees_damage),
        cmocka_unit_test(frame_bump_tells_what_it_knows),
        cmocka_unit_test(ranges_that_overlap_or_are_too_many_are_refused),
        cmocka_unit_test(ranges_are_passed_over),
        cmocka_unit_test(frame_list_sees_damage),
        cmocka_unit_test(frame_list_reserves_what_it_listed),
        cmocka_unit_test(frame_list_gives_back_a_range_over_the_mark),
        cmocka_unit_test(links_have_32_bits),
        cmocka_unit_test(control_has_room_for_just_so_many_frames),
    };

    return cmocka_run_group_tests_name("virgin", tests, NULL, NULL);
}
