/* pool: counts and bits that somebody wrote over.  65 objects are in use but
   one, so two words of bits are, and one word above them. */
#include "damage.h"
#include "polished/policies.h"

enum { OBJECT = 16, COUNT = 256, BEGUN = 66, MIDDLE = 40 };

/* Where in control: words of the state, the bits of both levels. */
enum { COUNT_AT = 40, USED_AT = 48, FRESH_AT = 56, BITS_AT = 72 };
enum { ABOVE_AT = BITS_AT + 8 * (COUNT / 64 + 1) };

static _Alignas(64) unsigned char memory[OBJECT * COUNT];
static _Alignas(16) unsigned char control[256];
static struct polished_heap heap;

static void open_heap(void)
{
    static const polished_size knobs[POLISHED_KNOBS] = {OBJECT, OBJECT};
    const struct polished_setup setup = {
        .ops = &polished_pool,
        .data = {memory, sizeof memory, 0},
        .control = control,
        .control_bytes = polished_pool.control_bytes(knobs, sizeof memory),
        .knobs = knobs};
    const struct polished_request request = {OBJECT, 1, 0, 0};
    polished_size offset;

    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    for (int i = 0; i < BEGUN; i++)
        assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    assert_int_equal(polished_free(&heap, MIDDLE * OBJECT, 0), POLISHED_OK);
}

static const struct damage_row checks[] = {
    {"nothing",
     {{AT_CONTROL(USED_AT, 8), FLIP(0)}},
     POLISHED_OK,
     damage_check,
     0,
     0},
    {"more in use than ever were",
     {{AT_CONTROL(USED_AT, 8), SET(BEGUN + 1)}},
     POLISHED_CORRUPT,
     damage_own_check,
     0,
     0},
    {"more than there are",
     {{AT_CONTROL(FRESH_AT, 8), SET(COUNT + 1)}},
     POLISHED_CORRUPT,
     damage_own_check,
     0,
     0},
    {"more than there are bits for",
     {{AT_CONTROL(COUNT_AT, 8), SET(64 * (COUNT / 64 + 1) + 1)}},
     POLISHED_CORRUPT,
     damage_own_check,
     0,
     0},
    {"a bit",
     {{AT_CONTROL(BITS_AT, 8), EACH(UINT64_MAX)}},
     POLISHED_CORRUPT,
     damage_own_check,
     0,
     0},
    {"a bit above",
     {{AT_CONTROL(ABOVE_AT, 8), EACH(3)}},
     POLISHED_CORRUPT,
     damage_own_check,
     0,
     0},
};

static void checks_see_damage(void **state)
{
    (void)state;
    open_heap();
    damage_try(&heap, checks, sizeof checks / sizeof checks[0]);
}

static int stop(void *context, const struct polished_block *block)
{
    (void)block;
    return ++*(int *)context == 2;
}

static void a_walk_ends_when_it_is_told_to(void **state)
{
    int blocks = 0;

    (void)state;
    open_heap();
    assert_int_equal(polished_walk(&heap, stop, &blocks), POLISHED_OK);
    assert_int_equal(blocks, 2);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_see_damage),
        cmocka_unit_test(a_walk_ends_when_it_is_told_to),
    };

    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
