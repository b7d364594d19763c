/*
 * buddy: tags, lists and links that somebody wrote over, and the borders of the
 * region.
 *
 *     grain   0  1  2  3  4       8   10 11 12      16              32
 *     tag     U0 F0 U0 F0 U2      R3     F0 F2      F4
 *                                 a run of 3
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "buddy_parts.h"
#include "polished/policies.h"

enum { COUNT = 32, TAIL = 8, MORE = 6 * GRAIN };

static _Alignas(512) unsigned char memory[COUNT * GRAIN + TAIL + MORE];
static _Alignas(16) unsigned char control[512];
static struct polished_heap heap;

#define TAG(grain) AT_CONTROL(offsetof(struct buddy_state, tag) + (grain), 1)
#define HEAD(order)                                                            \
    AT_CONTROL(offsetof(struct buddy_state, head) + 4 * (order), 4)
#define ORDERS          IN_CONTROL(struct buddy_state, orders)
#define NEXT(grain)     DAMAGE_DATA, (grain)*GRAIN, 4
#define PREVIOUS(grain) DAMAGE_DATA, (grain)*GRAIN + 4, 4
#define TRY(rows)       damage_try(&heap, rows, sizeof rows / sizeof rows[0])

/* Grain 0 lies at first_bytes; control may have anything in it before. */
static enum polished_status open_with(polished_size first_bytes,
                                      polished_size size_bytes, void *its,
                                      polished_size its_bytes)
{
    static const polished_size knobs[POLISHED_KNOBS] = {GRAIN};
    const polished_size start = first_bytes == 0 ? 0 : GRAIN - first_bytes;
    const struct polished_setup setup = {
        .ops = &polished_buddy,
        .data = {memory + start, size_bytes, start},
        .control = its,
        .control_bytes = its_bytes,
        .knobs = knobs};

    memset(memory, 0, sizeof memory);
    return polished_init(&heap, &setup);
}

static void open_heap(polished_size size_bytes)
{
    assert_int_equal(open_with(0, size_bytes, control, sizeof control),
                     POLISHED_OK);
}

static void take(polished_size grains, polished_size expected)
{
    const struct polished_request request = {grains * GRAIN, 1, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    assert_int_equal(offset, expected * GRAIN);
}

/* The heap of the picture. */
static void open_picture(void)
{
    open_heap(COUNT * GRAIN + TAIL);
    take(1, 0);
    take(1, 1);
    take(4, 4);
    take(1, 2);
    assert_int_equal(polished_free(&heap, GRAIN, 0), POLISHED_OK);
    assert_int_equal(polished_reserve(&heap, 8 * GRAIN, 3 * GRAIN),
                     POLISHED_OK);
}

static const struct damage_row checks[] = {
    FINE("nothing", {TAG(0), FLIP(0)}),
    TOLD(walk, 0, 0, "a block is inside", {TAG(4), SET(0)}),
    TOLD(walk, 0, 0, "a tag of no kind", {TAG(8), SET(BUDDY_KIND)}),
    TOLD(walk, 0, 0, "a run of nothing", {TAG(8), SET(BUDDY_RUN)}),
    TOLD(walk, 0, 0, "a block that is not at a multiple of its size",
         {TAG(1), SET(BUDDY_FREE | 1)}),
    TOLD(walk, 0, 0, "a block beyond the end", {TAG(0), SET(BUDDY_USED | 6)}),
    TOLD(walk, 0, 0, "a run beyond the end", {TAG(9), SET(1)}),
    SEEN("a block in a block", {TAG(5), SET(BUDDY_USED)}),
    SEEN("a length in a block", {TAG(5), SET(1)}),
    SEEN("two halves that are free", {TAG(0), SET(BUDDY_FREE)}),
    SEEN("more grains than tags",
         {IN_CONTROL(struct buddy_state, room), SET(COUNT - 1)}),
    SEEN("an order that has no blocks", {ORDERS, FLIP(1 << 5)}),
    SEEN("an order that has blocks", {ORDERS, FLIP(1 << 4)}),
    SEEN("a free block that is in no list", {ORDERS, FLIP(1 << 4)},
         {HEAD(4), SET(BUDDY_NONE)}),
    SEEN("a list without an end", {NEXT(16), SET(16)}, {PREVIOUS(16), SET(16)}),
    SEEN("a link to a used block", {NEXT(3), SET(2)}),
    SEEN("a link behind the end", {NEXT(3), SET(COUNT)}),
    SEEN("a link back", {PREVIOUS(3), EACH(UINT32_MAX)}),
};

static void checks_see_damage(void **state)
{
    (void)state;
    open_picture();
    TRY(checks);
}

/* Seven digits are enough for any length: the last has two bits, and what
   follows has none. */
static const struct damage_row digits[] = {
    FINE("nothing", {TAG(1), FLIP(0)}),
    SEEN("a length of more than 32 bits", {TAG(7), SET(4)}),
    SEEN("an eighth digit", {TAG(8), SET(1)}),
};

static void checks_see_damage_to_a_length(void **state)
{
    (void)state;
    open_heap(COUNT * GRAIN);
    assert_int_equal(polished_reserve(&heap, GRAIN, 9 * GRAIN), POLISHED_OK);
    TRY(digits);
}

/* All is in use but grain 5 at first: what comes later takes nothing off the
   count of free blocks. */
static const struct damage_row late[] = {
    FINE("nothing", {TAG(1), FLIP(0)}),
    SEEN("a length in a block", {TAG(9), SET(1)}),
    SEEN("two halves that are free", {TAG(4), SET(BUDDY_FREE)}),
};

static void checks_see_damage_behind_the_last_free_block(void **state)
{
    (void)state;
    open_heap(16 * GRAIN);
    for (polished_size grain = 0; grain < 8; grain++)
        take(1, grain);
    take(8, 8);
    assert_int_equal(polished_free(&heap, 5 * GRAIN, 0), POLISHED_OK);
    TRY(late);
}

static const struct damage_row calls[] = {
    TOLD(free, 8 * GRAIN, 0, "a run that merges to the right",
         {NEXT(11), SET(2)}),
    TOLD(reserve, 12 * GRAIN, GRAIN, "what is reserved", {NEXT(12), SET(2)}),
    ANSWERS(POLISHED_OVERLAP, reserve, (COUNT - 1) * GRAIN, GRAIN + 1,
            "more grains than there are", {TAG(0), FLIP(0)}),
    ANSWERS(POLISHED_OVERLAP, reserve, COUNT *GRAIN, 1,
            "a grain behind the last", {TAG(0), FLIP(0)}),
    ANSWERS(POLISHED_BAD_ALIGN, reserve, 16 * GRAIN + 8, 1,
            "a place between two grains", {TAG(0), FLIP(0)}),
    ANSWERS(POLISHED_OVERLAP, reserve, COUNT *GRAIN + 4, 1,
            "a place behind the last grain", {TAG(0), FLIP(0)}),
    ANSWERS(POLISHED_OVERLAP, reserve, 3 * GRAIN, 2 * GRAIN,
            "a free grain and one in use", {TAG(0), FLIP(0)}),
    ANSWERS(POLISHED_OK, reserve, 3 * GRAIN, 1,
            "a free grain behind one in use", {TAG(0), FLIP(0)}),
    ANSWERS(POLISHED_OK, reserve, 20 * GRAIN, 12 * GRAIN,
            "grains in a free block, up to the end", {TAG(0), FLIP(0)}),
    TOLD(reserve, 11 * GRAIN, 2 * GRAIN, "the first of two that are reserved",
         {NEXT(11), SET(2)}),
    TOLD(reserve, 12 * GRAIN, 1, "a block behind one that is forged larger",
         {HEAD(3), SET(12)}, {TAG(12), SET(BUDDY_FREE | 3)},
         {TAG(20), SET(BUDDY_FREE | 2)}),
    ANSWERS(POLISHED_DOUBLE_FREE, free, 3 * GRAIN, 0,
            "a free grain behind one in use", {TAG(0), FLIP(0)}),
    ANSWERS(POLISHED_DOUBLE_FREE, free, 31 * GRAIN, 0, "the last free grain",
            {TAG(0), FLIP(0)}),
    ANSWERS(POLISHED_INTERIOR, free, 10 * GRAIN, 0, "the last grain of a run",
            {TAG(0), FLIP(0)}),
    ANSWERS(POLISHED_INTERIOR, free, 4 * GRAIN, 0,
            "a block of which nothing tells", {TAG(4), SET(0)},
            {TAG(0), SET(0)}),
};

static void calls_see_damage(void **state)
{
    (void)state;
    open_picture();
    TRY(calls);
}

/* Halves are taken out of their lists one by one. */
static const struct damage_row merges[] = {
    ANSWERS(POLISHED_OK, free, 0, 0, "all merge", {TAG(0), FLIP(0)}),
    TOLD(free, 0, 0, "the first half", {NEXT(1), SET(2)}),
    TOLD(free, 0, 0, "the second half", {NEXT(2), SET(1)}),
    ANSWERS(POLISHED_OK, resize, 0, 4 * GRAIN, "all grow", {TAG(0), FLIP(0)}),
    TOLD(resize, 0, 4 * GRAIN, "the first half of what grows",
         {NEXT(1), SET(2)}),
    TOLD(resize, 0, 4 * GRAIN, "the second half of what grows",
         {NEXT(2), SET(1)}),
};

static void merges_see_damage(void **state)
{
    (void)state;
    open_heap(COUNT * GRAIN);
    take(1, 0);
    TRY(merges);
}

/* A region of 8 + 2 + 1 grains, whose last block has no other half. */
static const struct damage_row odd_regions[] = {
    FINE("nothing", {TAG(0), FLIP(0)}),
    ANSWERS(POLISHED_OK, extend, MORE, 0, "it grows", {TAG(0), FLIP(0)}),
    TOLD(extend, MORE, 0, "the block at the old end", {NEXT(10), SET(0)}),
    TOLD(extend, MORE, 0, "the block before it", {NEXT(8), SET(0)}),
};

static void odd_regions_see_damage(void **state)
{
    (void)state;
    open_heap(11 * GRAIN);
    TRY(odd_regions);
}

static uint64_t steps_of(enum polished_status status)
{
    static uint64_t before;
    uint64_t steps = heap.own_steps - before;

    assert_int_equal(status, POLISHED_OK);
    before = heap.own_steps;
    return steps;
}

/* One for the block, and one for each time it is halved or merged. */
static void steps_are_counted(void **state)
{
    (void)state;
    open_heap(COUNT * GRAIN);
    steps_of(POLISHED_OK);
    assert_int_equal(steps_of(damage_alloc(&heap, 1, 1)), 6);
    assert_int_equal(steps_of(damage_alloc(&heap, 1, 1)), 1);
    assert_int_equal(steps_of(damage_resize(&heap, 0, GRAIN)), 1);
    assert_int_equal(steps_of(damage_free(&heap, 0, 0)), 1);
    assert_int_equal(steps_of(damage_free(&heap, GRAIN, 0)), 6);
}

/* Free grains behind a block are not enough: it has to be the left half. */
static void right_halves_do_not_grow(void **state)
{
    (void)state;
    open_heap(COUNT * GRAIN);
    for (polished_size grain = 0; grain < 4; grain++)
        take(1, grain);
    assert_int_equal(damage_free(&heap, 2 * GRAIN, 0), POLISHED_OK);
    assert_int_equal(damage_resize(&heap, GRAIN, 2 * GRAIN),
                     POLISHED_NO_MEMORY);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static void blocks_grow_up_to_their_right_neighbour(void **state)
{
    (void)state;
    open_heap(COUNT * GRAIN);
    for (polished_size grain = 0; grain < 3; grain++)
        take(1, grain);
    assert_int_equal(damage_resize(&heap, 2 * GRAIN, 2 * GRAIN), POLISHED_OK);
    assert_int_equal(damage_resize(&heap, 2 * GRAIN, 3 * GRAIN),
                     POLISHED_NO_MEMORY);
    assert_int_equal(damage_free(&heap, 2 * GRAIN, 2 * GRAIN), POLISHED_OK);
}

/* A tag for each grain, as long as a number of 32 bits counts them and one is
   left to say "none". */
static void control_has_a_tag_for_each_grain(void **state)
{
    const polished_size least = sizeof(struct buddy_state);
    const polished_size knobs[] = {GRAIN}, most = UINT32_MAX - 1;

    (void)state;
    assert_true(polished_buddy.control_bytes(knobs, 11 * GRAIN - 1) ==
                least + 10);
    assert_true(polished_buddy.control_bytes(knobs, 11 * GRAIN) == least + 11);
    assert_true(polished_buddy.control_bytes(knobs, most * GRAIN + 15) ==
                least + most);
    assert_true(polished_buddy.control_bytes(knobs, (most + 1) * GRAIN) == 0);
}

/* More control than tags can be counted in; what no grain needs is not even
   touched. */
static void there_are_no_more_tags_than_numbers(void **state)
{
    const polished_size least = sizeof(struct buddy_state), most = UINT32_MAX;
    const size_t bytes = (size_t)(least + most) + 100;
    void *large = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    (void)state;
    if (large == MAP_FAILED)
        skip();
    for (polished_size more = 0; more < 4; more++) {
        assert_int_equal(open_with(0, GRAIN, large, least + most - 2 + more),
                         POLISHED_OK);
        assert_true(buddy_state(&heap)->room ==
                    (more == 0 ? most - 2 : most - 1));
        assert_int_equal(polished_extend(&heap, most * GRAIN), POLISHED_LIMIT);
    }
    assert_int_equal(munmap(large, bytes), 0);
}

/* 11 grains from 5 on, and 3 bytes. */
static void regions_begin_and_end_where_they_may(void **state)
{
    const polished_size need = sizeof(struct buddy_state);

    (void)state;
    assert_int_equal(open_with(5, 5 + GRAIN - 1, control, need + 1),
                     POLISHED_BAD_SIZE);
    assert_int_equal(open_with(5, 5 + GRAIN, control, need + 1), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 0);
    assert_int_equal(open_with(5, 5 + 11 * GRAIN + 3, control, need + 12),
                     POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 3);
    assert_int_equal(polished_reserve(&heap, 4, 1), POLISHED_OVERLAP);
    assert_int_equal(polished_reserve(&heap, 5 + 10 * GRAIN, 1), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 4, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, 6 + 9 * GRAIN, 0),
                     POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_free(&heap, 6 + 10 * GRAIN, 0),
                     POLISHED_INTERIOR);
    assert_int_equal(polished_extend(&heap, 2 * GRAIN - 3), POLISHED_LIMIT);
    assert_int_equal(polished_extend(&heap, 2 * GRAIN - 4), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 3);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* Whatever lies in control behind the last tag is none. */
static void nothing_behind_the_last_tag_is_one(void **state)
{
    enum { BEHIND = sizeof(struct buddy_state) + 11 };
    const uint8_t kinds[] = {BUDDY_INSIDE, BUDDY_FREE, BUDDY_USED, BUDDY_RUN};

    (void)state;
    for (size_t i = 0; i < sizeof kinds; i++) {
        memset(control, kinds[i], sizeof control);
        open_heap(11 * GRAIN + TAIL);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
        assert_int_equal(polished_free(&heap, 11 * GRAIN, 0),
                         POLISHED_NOT_OWNED);
        assert_int_equal(damage_resize(&heap, 11 * GRAIN, 1),
                         POLISHED_NOT_OWNED);
        assert_int_equal(polished_reserve(&heap, 10 * GRAIN, GRAIN + 1),
                         POLISHED_OVERLAP);
        assert_int_equal(polished_reset(&heap), POLISHED_OK);
        for (size_t at = BEHIND; at < sizeof control; at++)
            assert_int_equal(control[at], kinds[i]);
        assert_int_equal(polished_extend(&heap, MORE), POLISHED_OK);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

/* The heads are in front of the tags, and there is one tag. */
static void the_smallest_control_is_enough(void **state)
{
    enum { BYTES = sizeof(struct buddy_state) + 1 };

    (void)state;
    memset(control, 0xa5, sizeof control);
    assert_int_equal(open_with(0, GRAIN, control, BYTES), POLISHED_OK);
    for (size_t at = BYTES; at < sizeof control; at++)
        assert_int_equal(control[at], 0xa5);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_see_damage),
        cmocka_unit_test(checks_see_damage_to_a_length),
        cmocka_unit_test(checks_see_damage_behind_the_last_free_block),
        cmocka_unit_test(calls_see_damage),
        cmocka_unit_test(merges_see_damage),
        cmocka_unit_test(odd_regions_see_damage),
        cmocka_unit_test(steps_are_counted),
        cmocka_unit_test(right_halves_do_not_grow),
        cmocka_unit_test(blocks_grow_up_to_their_right_neighbour),
        cmocka_unit_test(control_has_a_tag_for_each_grain),
        cmocka_unit_test(there_are_no_more_tags_than_numbers),
        cmocka_unit_test(regions_begin_and_end_where_they_may),
        cmocka_unit_test(nothing_behind_the_last_tag_is_one),
        cmocka_unit_test(the_smallest_control_is_enough),
    };

    return cmocka_run_group_tests_name("buddy_region", tests, NULL, NULL);
}
