/*
 * buddy: tags, lists and links that somebody wrote over.
 *
 *     grain   0  1  2  3  4       8   10 11 12      16              32
 *     tag     U0 F0 U0 F0 U2      R3     F0 F2      F4
 *                                 a run of 3
 */
#include "alloc/buddy.h"
#include "damage.h"
#include "polished/policies.h"

enum { GRAIN = 16, COUNT = 32, TAIL = 8, MORE = 6 * GRAIN };

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

static void open_heap(polished_size size_bytes)
{
    static const polished_size knobs[POLISHED_KNOBS] = {GRAIN};
    const struct polished_setup setup = {.ops = &polished_buddy,
                                         .data = {memory, size_bytes, 0},
                                         .control = control,
                                         .control_bytes = sizeof control,
                                         .knobs = knobs};

    memset(memory, 0, sizeof memory);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
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
    {"nothing", {{TAG(0), FLIP(0)}}, POLISHED_OK, damage_check, 0, 0},
    {"a block is inside",
     {{TAG(4), SET(0)}},
     POLISHED_CORRUPT,
     damage_walk,
     0,
     0},
    {"a tag of no kind",
     {{TAG(8), SET(BUDDY_KIND)}},
     POLISHED_CORRUPT,
     damage_walk,
     0,
     0},
    {"a run of nothing",
     {{TAG(8), SET(BUDDY_RUN)}},
     POLISHED_CORRUPT,
     damage_walk,
     0,
     0},
    {"a block that is not at a multiple of its size",
     {{TAG(1), SET(BUDDY_FREE | 1)}},
     POLISHED_CORRUPT,
     damage_walk,
     0,
     0},
    {"a block beyond the end",
     {{TAG(0), SET(BUDDY_USED | 6)}},
     POLISHED_CORRUPT,
     damage_walk,
     0,
     0},
    {"a run beyond the end",
     {{TAG(9), SET(1)}},
     POLISHED_CORRUPT,
     damage_walk,
     0,
     0},
    {"a block in a block",
     {{TAG(5), SET(BUDDY_USED)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"a length in a block",
     {{TAG(5), SET(1)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"two halves that are free",
     {{TAG(0), SET(BUDDY_FREE)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"more grains than tags",
     {{IN_CONTROL(struct buddy_state, room), SET(COUNT - 1)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"an order that has no blocks",
     {{ORDERS, FLIP(1 << 5)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"an order that has blocks",
     {{ORDERS, FLIP(1 << 4)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"a free block that is in no list",
     {{ORDERS, FLIP(1 << 4)}, {HEAD(4), SET(BUDDY_NONE)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"a list without an end",
     {{NEXT(16), SET(16)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"a link to a used block",
     {{NEXT(3), SET(2)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"a link behind the end",
     {{NEXT(3), SET(COUNT)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"a link back",
     {{PREVIOUS(3), EACH(UINT32_MAX)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
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
    {"nothing", {{TAG(1), FLIP(0)}}, POLISHED_OK, damage_check, 0, 0},
    {"a length of more than 32 bits",
     {{TAG(7), SET(4)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
    {"an eighth digit",
     {{TAG(8), SET(1)}},
     POLISHED_CORRUPT,
     damage_check,
     0,
     0},
};

static void checks_see_damage_to_a_length(void **state)
{
    (void)state;
    open_heap(COUNT * GRAIN);
    assert_int_equal(polished_reserve(&heap, GRAIN, 9 * GRAIN), POLISHED_OK);
    TRY(digits);
}

static const struct damage_row calls[] = {
    {"a run that merges to the right",
     {{NEXT(11), SET(2)}},
     POLISHED_CORRUPT,
     damage_free,
     8 * GRAIN,
     0},
    {"what is reserved",
     {{NEXT(12), SET(2)}},
     POLISHED_CORRUPT,
     damage_reserve,
     12 * GRAIN,
     GRAIN},
    {"more grains than there are",
     {{TAG(0), FLIP(0)}},
     POLISHED_OVERLAP,
     damage_reserve,
     (COUNT - 1) * GRAIN,
     GRAIN + 1},
    {"a grain behind the last",
     {{TAG(0), FLIP(0)}},
     POLISHED_OVERLAP,
     damage_reserve,
     COUNT *GRAIN,
     1},
    {"a place between two grains",
     {{TAG(0), FLIP(0)}},
     POLISHED_BAD_ALIGN,
     damage_reserve,
     16 * GRAIN + 8,
     1},
    {"a block of which nothing tells",
     {{TAG(4), SET(0)}, {TAG(0), SET(0)}},
     POLISHED_INTERIOR,
     damage_free,
     4 * GRAIN,
     0},
};

static void calls_see_damage(void **state)
{
    (void)state;
    open_picture();
    TRY(calls);
}

/* Halves are taken out of their lists one by one. */
static const struct damage_row merges[] = {
    {"all merge", {{TAG(0), FLIP(0)}}, POLISHED_OK, damage_free, 0, 0},
    {"the first half",
     {{NEXT(1), SET(2)}},
     POLISHED_CORRUPT,
     damage_free,
     0,
     0},
    {"the second half",
     {{NEXT(2), SET(1)}},
     POLISHED_CORRUPT,
     damage_free,
     0,
     0},
    {"all grow", {{TAG(0), FLIP(0)}}, POLISHED_OK, damage_resize, 0, 4 * GRAIN},
    {"the first half of what grows",
     {{NEXT(1), SET(2)}},
     POLISHED_CORRUPT,
     damage_resize,
     0,
     4 * GRAIN},
    {"the second half of what grows",
     {{NEXT(2), SET(1)}},
     POLISHED_CORRUPT,
     damage_resize,
     0,
     4 * GRAIN},
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
    {"nothing", {{TAG(0), FLIP(0)}}, POLISHED_OK, damage_check, 0, 0},
    {"it grows", {{TAG(0), FLIP(0)}}, POLISHED_OK, damage_extend, MORE, 0},
    {"the block at the old end",
     {{NEXT(10), SET(0)}},
     POLISHED_CORRUPT,
     damage_extend,
     MORE,
     0},
    {"the block before it",
     {{NEXT(8), SET(0)}},
     POLISHED_CORRUPT,
     damage_extend,
     MORE,
     0},
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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_see_damage),
        cmocka_unit_test(checks_see_damage_to_a_length),
        cmocka_unit_test(calls_see_damage),
        cmocka_unit_test(merges_see_damage),
        cmocka_unit_test(odd_regions_see_damage),
        cmocka_unit_test(steps_are_counted),
        cmocka_unit_test(right_halves_do_not_grow),
    };

    return cmocka_run_group_tests_name("buddy_region", tests, NULL, NULL);
}
