/*
 * stack: heads that somebody wrote over, narrow and wide; and what only the
 * inside tells.  With the tiny library data of 1 KiB and more has wide heads.
 */
#include <string.h>

#include "alloc/stack.h"
#include "damage.h"
#include "expect_walk.h"
#include "polished/policies.h"

enum { NARROW = 1000, WIDE = 2000 };

static _Alignas(64) unsigned char memory[WIDE];
static _Alignas(16) struct stack_state control;
static struct polished_heap heap;
static polished_size low, middle, high; /* the blocks that open_heap makes */

static polished_size take(polished_size size_bytes, polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    memset(polished_pointer(&heap, offset), 0x11, (size_t)size_bytes);
    return offset;
}

/*
 * Three blocks, of 2, 1 and 3 grains; the middle one is aligned, so that
 * there is a gap before it.
 *
 *     grain   0 1 2 3 4 5 6 7 8 9 10 11 12 13
 *     narrow  H L L S . . . H M H H  H  H  |      block, head, skip, top
 *     wide    H H L L S . H H M H H  h  h  h |
 */
static void open_heap(polished_size size_bytes)
{
    const struct polished_setup setup = {.ops = &polished_stack,
                                         .data = {memory, size_bytes, 0},
                                         .control = &control};

    memset(memory, 0, sizeof memory);
    memset(&control, 0xa5, sizeof control);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    low = take(16, 8);
    middle = take(8, 64);
    high = take(24, 8);
    assert_int_equal(middle, 64);
    assert_int_equal(high, middle + 8 + control.head * STACK_GRAIN);
}

static void damage_of_control_is_seen(polished_size size_bytes)
{
    open_heap(size_bytes);
    {
        const uint64_t top = control.top, limit = stack_limit(&heap);
        const struct damage_row rows[] = {
            SEEN("the top is behind data",
                 {IN_CONTROL(struct stack_state, top), SET(limit + 1)}),
            TOLD(walk, 0, 0, "and the walk sees it",
                 {IN_CONTROL(struct stack_state, top), SET(limit + 1)}),
            TOLD(walk, 0, 0, "the top is above its block",
                 {IN_CONTROL(struct stack_state, top), ADD(1)}),
            TOLD(walk, 0, 0, "the top is in its block",
                 {IN_CONTROL(struct stack_state, top), ADD(-1)}),
            SEEN("the top is above the peak",
                 {IN_CONTROL(struct stack_state, peak), SET(top - 1)}),
            FINE("the peak is as high as data",
                 {IN_CONTROL(struct stack_state, peak), SET(limit)}),
            SEEN("the peak is behind data",
                 {IN_CONTROL(struct stack_state, peak), SET(limit + 1)}),
            SEEN("no last block",
                 {IN_CONTROL(struct stack_state, last), SET(0)}),
            TOLD(free, high, 0, "no last block: nothing can be freed",
                 {IN_CONTROL(struct stack_state, last), SET(0)}),
            TOLD(usable, high, 0, "the last block is where no head can be",
                 {IN_CONTROL(struct stack_state, last), SET(control.head - 1)}),
            SEEN("the last block is the one below it",
                 {IN_CONTROL(struct stack_state, last), SET(middle / 8)}),
            TOLD(resize, high, 8, "the last block is at the top",
                 {IN_CONTROL(struct stack_state, last), SET(top)}),
            SEEN("any bit of the last block",
                 {IN_CONTROL(struct stack_state, last), EACH(UINT64_MAX)}),
        };

        DAMAGE_ALL(&heap, rows);
    }
}

/* The word that holds the size of a block, and the one that tells what lies
   below; in a narrow head they are one, and the latter its upper half. */
#define SIZE_OF(offset) DAMAGE_DATA, (offset)-8, control.head == 1 ? 4 : 8
#define BELOW_OF(offset)                                                       \
    DAMAGE_DATA, control.head == 1 ? (offset)-4 : (offset)-16,                 \
        control.head == 1 ? 4 : 8

static void damage_of_heads_is_seen(polished_size size_bytes)
{
    open_heap(size_bytes);
    {
        const uint64_t all = control.head == 1 ? UINT32_MAX : UINT64_MAX;
        const uint64_t gap_at = low + 16;
        const struct damage_row rows[] = {
            TOLD(walk, 0, 0, "size of the top block: the walk",
                 {SIZE_OF(high), EACH(all)}),
            TOLD(free, high, 0, "size of the top block is 0: free",
                 {SIZE_OF(high), SET(0)}),
            TOLD(free, high, 0, "the top block ends above the top: free",
                 {SIZE_OF(high), ADD(1)}),
            SEEN("size of the block below: walk or chain",
                 {SIZE_OF(middle), EACH(all)}),
            SEEN("size of the lowest block, but 6: then no gap is needed",
                 {SIZE_OF(low), EACH(all & ~UINT64_C(4))}),
            SEEN("what is below the top block", {BELOW_OF(high), EACH(all)}),
            SEEN("nothing is below the top block", {BELOW_OF(high), SET(0)}),
            TOLD(free, high, 0, "nothing is below the top block: free",
                 {BELOW_OF(high), SET(0)}),
            TOLD(rewind, 0, control.epoch,
                 "the block below the top block is itself: rewind",
                 {BELOW_OF(high), SET(high / 8)}),
            TOLD(usable, high, 0,
                 "the block below the top block is where no head can be",
                 {BELOW_OF(high), SET(control.head - 1)}),
            TOLD(usable, high, 0,
                 "the block below ends in the head of the top block",
                 {SIZE_OF(middle), SET(2)}),
            TOLD(usable, high, 0,
                 "the block below ends in a gap that no skip tells of",
                 {BELOW_OF(high), SET(low / 8)}),
            SEEN("what is below the middle one", {BELOW_OF(middle), EACH(all)}),
            SEEN("a block below the lowest", {BELOW_OF(low), EACH(all)}),
            TOLD(rewind, 0, control.epoch, "a block below the lowest: rewind",
                 {BELOW_OF(low), SET(low / 8)}),
            SEEN("a skip that is too long or too short, or none",
                 {IN_DATA(gap_at), EACH(UINT64_MAX)}),
            TOLD(walk, 0, 0, "a skip that ends at the top",
                 {IN_DATA(gap_at),
                  SET(STACK_SKIP | (control.top - gap_at / 8 - control.head))}),
            TOLD(walk, 0, 0, "a skip that wraps to where a block is",
                 {IN_DATA(gap_at), SET(STACK_SKIP | (STACK_SKIP - 2))}),
            ANSWERS(POLISHED_OK, free, high, 0,
                    "what does not concern the top block lets it go",
                    {BELOW_OF(low), SET(low / 8)}),
        };

        DAMAGE_ALL(&heap, rows);
    }
}

static void narrow_heaps_see_damage(void **state)
{
    (void)state;
    damage_of_control_is_seen(NARROW);
    assert_int_equal(control.head, 1);
    damage_of_heads_is_seen(NARROW);
}

static void wide_heaps_see_damage(void **state)
{
    (void)state;
    damage_of_control_is_seen(WIDE);
    assert_int_equal(control.head, WIDE > STACK_NARROW ? 2 : 1);
    damage_of_heads_is_seen(WIDE);
}

static void walks_show_heads_apart(void **state)
{
    static const struct polished_block odd[] = {
        {0, 7, POLISHED_OWN},  {7, 8, POLISHED_OWN},   {15, 8, POLISHED_USED},
        {23, 8, POLISHED_OWN}, {31, 8, POLISHED_FREE}, {39, 3, POLISHED_OWN},
        {0, 0, POLISHED_USED}};
    static const struct polished_block full[] = {{0, 7, POLISHED_OWN},
                                                 {7, 8, POLISHED_OWN},
                                                 {15, 16, POLISHED_USED},
                                                 {31, 11, POLISHED_OWN},
                                                 {0, 0, POLISHED_USED}};
    const struct polished_setup setup = {.ops = &polished_stack,
                                         .data = {memory + 1, 42, 1},
                                         .control = &control};
    polished_size block;

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    block = take(8, 1);
    expect_walk(&heap, odd);
    assert_int_equal(polished_free(&heap, block, 0), POLISHED_OK);
    take(16, 1);
    expect_walk(&heap, full);
}

static void marks_say_where_and_since_when(void **state)
{
    polished_size a = 77, b = 77;

    (void)state;
    open_heap(NARROW);
    assert_int_equal(polished_call(&heap, "mark", &a, &b), POLISHED_OK);
    assert_true(a == control.top && b == control.epoch);
    a = 4; /* in the gap */
    assert_int_equal(polished_call(&heap, "rewind", &a, &b),
                     POLISHED_BAD_ORDER);
    a = 9; /* where the middle block ends */
    assert_int_equal(polished_call(&heap, "rewind", &a, &b), POLISHED_OK);
    assert_int_equal(control.last, middle / STACK_GRAIN);
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    assert_true(control.peak == 0 && control.top == 0);
    assert_int_equal(polished_free(&heap, low, 0), POLISHED_NOT_OWNED);
    a = 0;
    assert_int_equal(polished_call(&heap, "rewind", &a, &b),
                     POLISHED_BAD_ORDER);
}

/* A cap that nobody has is one that no test asks about. */
static void it_says_what_it_can(void **state)
{
    (void)state;
    assert_true(polished_stack.caps ==
                (POLISHED_RECLAIMS | POLISHED_EXACT_WALK | POLISHED_SLACK));
}

static int visit_few(void *context, const struct polished_block *block)
{
    (void)block;
    return --*(int *)context == 0;
}

static void walks_end_when_the_visitor_wants(void **state)
{
    (void)state;
    open_heap(NARROW);
    for (int most = 1; most <= 6; most++) {
        int left = most;

        assert_int_equal(polished_walk(&heap, visit_few, &left), POLISHED_OK);
        assert_int_equal(left, 0);
    }
}

/* Data has room for a head and a grain, from an address that is a multiple. */
static void regions_have_a_least_and_a_most(void **state)
{
    const polished_size span = STACK_SPAN;
    struct polished_setup setup = {
        .ops = &polished_stack, .data = {memory, 16, 0}, .control = &control};
    const struct polished_request one = {1, 1, 0, 0};

    (void)state;
    setup.data.size_bytes = 15;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_BAD_SIZE);
    setup.data.size_bytes = 16;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 0);
    assert_int_equal(polished_largest(&heap, &one), 8);
    setup.data = (struct polished_region){memory + 1, 22, 1};
    assert_int_equal(polished_init(&heap, &setup), POLISHED_BAD_SIZE);
    setup.data.size_bytes = 23;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_largest(&heap, &one), 8);
    assert_int_equal(polished_free(&heap, 6, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_stack.control_bytes(NULL, span),
                     sizeof(struct stack_state));
    assert_int_equal(polished_stack.control_bytes(NULL, span + 1), 0);
    setup.data = (struct polished_region){memory, 24, 0};
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 8);
    assert_int_equal(polished_extend(&heap, STACK_NARROW - 24), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, 1), POLISHED_LIMIT);
    if (WIDE <= STACK_NARROW)
        return;
    setup.data = (struct polished_region){memory, (uint32_t)STACK_NARROW, 0};
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(control.head, 1);
    setup.data.size_bytes += 6;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(control.head, 2);
    assert_int_equal(heap.slack_bytes, 5);
    open_heap(WIDE);
    assert_int_equal(polished_extend(&heap, span - WIDE), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, 1), POLISHED_LIMIT);
}

static void slack_is_what_lies_above_the_highest_top(void **state)
{
    (void)state;
    open_heap(NARROW);
    assert_int_equal(heap.slack_bytes, NARROW - (high + 24));
    assert_int_equal(polished_free(&heap, high, 0), POLISHED_OK);
    take(8, 8);
    assert_int_equal(heap.slack_bytes, NARROW - (high + 24));
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    take(NARROW - 8 - 16, 8);
    assert_int_equal(heap.slack_bytes, 16);
}

/* A head that seems to be one below the top block, and is not. */
static void only_heads_that_agree_are_believed(void **state)
{
    polished_size usable_bytes = 0;

    (void)state;
    open_heap(NARROW);
    assert_int_equal(polished_usable(&heap, middle, &usable_bytes),
                     POLISHED_OK);
    assert_int_equal(usable_bytes, 8);
    assert_int_equal(polished_free(&heap, low + 8, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, high + 8, 0), POLISHED_INTERIOR);
    assert_int_equal(polished_free(&heap, high + 24, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, high, 25), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, high, 17), POLISHED_OK);
    assert_int_equal(polished_free(&heap, high, 17), POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_free(&heap, middle, 0), POLISHED_OK);
    assert_int_equal(polished_free(&heap, low, 0), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 0, 0), POLISHED_DOUBLE_FREE);
}

/* Owners wrote what looks like a head where the top block's own one is. */
static void heads_of_the_top_block_are_not_believed(void **state)
{
    const uint64_t size = 6, head = UINT64_C(2) << 32 | 4;

    (void)state;
    open_heap(NARROW);
    memcpy(memory + low, &size, sizeof size);
    memcpy(memory + middle, &head, sizeof head);
    assert_int_equal(polished_free(&heap, middle + 8, 0), POLISHED_NOT_OWNED);
    assert_int_equal(damage_resize(&heap, high, NARROW - high + 1),
                     POLISHED_NO_MEMORY);
    assert_int_equal(damage_resize(&heap, high, NARROW - high), POLISHED_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(narrow_heaps_see_damage),
        cmocka_unit_test(wide_heaps_see_damage),
        cmocka_unit_test(walks_show_heads_apart),
        cmocka_unit_test(marks_say_where_and_since_when),
        cmocka_unit_test(it_says_what_it_can),
        cmocka_unit_test(walks_end_when_the_visitor_wants),
        cmocka_unit_test(regions_have_a_least_and_a_most),
        cmocka_unit_test(heads_of_the_top_block_are_not_believed),
        cmocka_unit_test(slack_is_what_lies_above_the_highest_top),
        cmocka_unit_test(only_heads_that_agree_are_believed),
    };

    return cmocka_run_group_tests_name("stack", tests, NULL, NULL);
}
