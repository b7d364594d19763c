/* pool: counts and bits that somebody wrote over; where a pool begins, where it
   ends, and what it answers there. */
#include "damage.h"
#include "expect_row.h"
#include "expect_walk.h"
#include "polished/policies.h"

enum { OBJECT = 16, COUNT = 256, BEGUN = 66, MIDDLE = 40 };

/* Where in control: words of the state, the bits of both levels. */
enum { COUNT_AT = 40, USED_AT = 48, FRESH_AT = 56, BITS_AT = 72 };
enum { ABOVE_AT = BITS_AT + 8 * (COUNT / 64 + 1) };

static _Alignas(64) unsigned char memory[OBJECT * COUNT];
static _Alignas(16) unsigned char control[256];
static struct polished_heap heap;

/* Over memory that there is not: a pool never touches it. */
static enum polished_status open_pool(polished_size object_bytes,
                                      polished_size align_bytes,
                                      polished_size bus_base,
                                      polished_size size_bytes,
                                      polished_size control_bytes)
{
    const polished_size knobs[POLISHED_KNOBS] = {object_bytes, align_bytes};
    const struct polished_setup setup = {.ops = &polished_pool,
                                         .data = {NULL, size_bytes, bus_base},
                                         .control = control,
                                         .control_bytes = control_bytes,
                                         .knobs = knobs};

    return polished_init(&heap, &setup);
}

static polished_size take(polished_size size_bytes, polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset;
}

/* 65 objects are in use but one, so two words of bits are, and one word above
   them. */
static void open_heap(void)
{
    static const polished_size knobs[POLISHED_KNOBS] = {OBJECT, OBJECT};
    const struct polished_setup setup = {
        .ops = &polished_pool,
        .data = {memory, sizeof memory, 0},
        .control = control,
        .control_bytes = polished_pool.control_bytes(knobs, sizeof memory),
        .knobs = knobs};

    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    for (int i = 0; i < BEGUN; i++)
        assert_int_equal(take(OBJECT, 1), i * OBJECT);
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
    {"as many as there are bits for",
     {{AT_CONTROL(COUNT_AT, 8), SET(64 * (COUNT / 64 + 1))}},
     POLISHED_OK,
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

/* With 64 objects in a word of bits and one bit more than there are objects. */
static void control_has_a_bit_for_each_object(void **state)
{
    static const struct {
        polished_size object_bytes, align_bytes, data_bytes, control_bytes;
    } rows[] = {
        {16, 16, 64 * 16 - 1, 72 + 8 * 1},
        {16, 16, 64 * 16, 72 + 8 * 3},
        {17, 16, 64 * 32 - 1, 72 + 8 * 1},
        {17, 16, 64 * 32, 72 + 8 * 3},
        {0, 16, 64 * 16 - 1, 72 + 8 * 1},
        {0, 16, 64 * 16, 72 + 8 * 3},
        {1 << 30, 65536, UINT64_C(1) << 40, 72 + 8 * (17 + 1)},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const polished_size knobs[] = {rows[i].object_bytes,
                                       rows[i].align_bytes};

        assert_int_equal(polished_pool.control_bytes(knobs, rows[i].data_bytes),
                         rows[i].control_bytes);
    }
}

/* An extended pool has as many objects as there is room for, if control has
   their bits.  While it is not known how large they are, they may be small. */
static void pools_grow_up_to_their_control(void **state)
{
    static const struct {
        polished_size object_bytes, request_bytes, control_bytes, size_bytes;
        unsigned count; /* of objects, 0: it does not grow so far */
    } rows[] = {
        {16, 16, 80, 8 * 16, 8},
        {16, 16, 80, 64 * 16 - 1, 63},
        {16, 16, 80, 64 * 16, 0},
        {48, 48, 80, 64 * 48 - 1, 63},
        {48, 48, 80, 64 * 48, 0},
        {0, 48, 80, 64 * 16 - 1, 21},
        {0, 48, 80, 64 * 16, 0},
        {16, 16, 72 + 3 * 8 + 7, 128 * 16 - 1, 127},
        {16, 16, 72 + 3 * 8 + 7, 128 * 16, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(
            open_pool(rows[i].object_bytes, 16, 0, 50, rows[i].control_bytes),
            POLISHED_OK);
        take(rows[i].request_bytes, 1);
        assert_int_equal(polished_extend(&heap, rows[i].size_bytes - 50),
                         rows[i].count ? POLISHED_OK : POLISHED_LIMIT);
        for (unsigned j = 1; j < rows[i].count; j++)
            take(1, 1);
        if (rows[i].count)
            assert_int_equal(damage_alloc(&heap, 1, 1), POLISHED_NO_MEMORY);
    }
}

/* Objects of 96 bytes from 16 on, to 496: the first and the third of five are
   in use, the second was. */
static void misuse_is_told_exactly(void **state)
{
    static const struct {
        polished_size offset, size_bytes;
        enum polished_status status;
    } rows[] = {
        {0, 0, POLISHED_NOT_OWNED},
        {15, 0, POLISHED_NOT_OWNED},
        {16, 97, POLISHED_SIZE_MISMATCH},
        {17, 0, POLISHED_INTERIOR},
        {111, 0, POLISHED_INTERIOR},
        {112, 0, POLISHED_DOUBLE_FREE},
        {113, 0, POLISHED_NOT_OWNED},
        {207, 0, POLISHED_NOT_OWNED},
        {209, 0, POLISHED_INTERIOR},
        {240, 0, POLISHED_INTERIOR},
        {303, 0, POLISHED_INTERIOR},
        {304, 0, POLISHED_NOT_OWNED},
        {496, 0, POLISHED_NOT_OWNED},
        {208, 96, POLISHED_OK},
        {16, 1, POLISHED_OK},
    };

    (void)state;
    assert_int_equal(open_pool(96, 32, 16, 500, 0), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 500 - 16 - 96);
    for (polished_size i = 0; i < 3; i++)
        assert_int_equal(take(1, 1), 16 + 96 * i);
    assert_int_equal(heap.slack_bytes, 500 - 16 - 3 * 96);
    assert_int_equal(polished_free(&heap, 112, 0), POLISHED_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(
            polished_free(&heap, rows[i].offset, rows[i].size_bytes),
            rows[i].status);
    assert_int_equal(heap.slack_bytes, 500 - 16 - 3 * 96);
}

static polished_size largest(polished_size align_bytes)
{
    const struct polished_request request = {1, align_bytes, 0, 0};

    return polished_largest(&heap, &request);
}

/* Until the first request says how large objects are, all of data could be
   one; and again when all are free. */
static void an_open_pool_is_cut_by_the_next_request(void **state)
{
    static const struct polished_block open[] = {{0, 48, POLISHED_OWN},
                                                 {48, 192, POLISHED_FREE},
                                                 {240, 10, POLISHED_OWN},
                                                 {0, 0, 0}},
                                       cut[] = {{0, 48, POLISHED_OWN},
                                                {48, 128, POLISHED_USED},
                                                {176, 74, POLISHED_OWN},
                                                {0, 0, 0}};

    (void)state;
    assert_int_equal(open_pool(0, 64, 16, 250, 0), POLISHED_OK);
    expect_walk(&heap, open);
    assert_int_equal(largest(1), 192);
    assert_int_equal(largest(128), 128);
    assert_int_equal(largest(256), 0);
    assert_int_equal(largest(512), 0);
    assert_int_equal(damage_alloc(&heap, 193, 1), POLISHED_NO_MEMORY);
    assert_int_equal(damage_alloc(&heap, 1, 512), POLISHED_NO_MEMORY);
    assert_int_equal(take(100, 1), 48);
    expect_walk(&heap, cut);
    assert_int_equal(largest(1), 0);
    assert_int_equal(damage_alloc(&heap, 1, 1), POLISHED_NO_MEMORY);
    assert_int_equal(polished_free(&heap, 48, 0), POLISHED_OK);
    expect_walk(&heap, open);
    assert_int_equal(take(64, 1), 48);
    assert_int_equal(largest(64), 64);
    assert_int_equal(largest(128), 0);
    assert_int_equal(damage_alloc(&heap, 65, 1), POLISHED_NO_MEMORY);
    assert_int_equal(take(1, 1), 112);
}

static void a_pool_has_room_for_an_object(void **state)
{
    (void)state;
    assert_int_equal(open_pool(96, 32, 16, 16 + 95, 0), POLISHED_BAD_SIZE);
    assert_int_equal(open_pool(96, 32, 16, 16 + 96, 0), POLISHED_OK);
    assert_int_equal(open_pool(16, 64, 16, 48, 0), POLISHED_BAD_SIZE);
    assert_int_equal(open_pool(16, 64, 16, 47, 0), POLISHED_BAD_SIZE);
}

/* A cap that nobody has is one that no test asks about. */
static void it_says_what_it_can(void **state)
{
    static const struct polished_knob knobs[] = {
        {"object_bytes", "", 0, 1 << 30, 0, POLISHED_ANY},
        {"align_bytes", "", 8, 65536, 16, POLISHED_POWER_OF_TWO},
        {0}};

    (void)state;
    expect_knobs(&polished_pool, knobs);
    assert_true(polished_pool.caps ==
                (POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NO_TOUCH |
                 POLISHED_ONE_SIZE | POLISHED_EXACT_MISUSE |
                 POLISHED_EXACT_WALK | POLISHED_SLACK));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_see_damage),
        cmocka_unit_test(a_walk_ends_when_it_is_told_to),
        cmocka_unit_test(control_has_a_bit_for_each_object),
        cmocka_unit_test(pools_grow_up_to_their_control),
        cmocka_unit_test(misuse_is_told_exactly),
        cmocka_unit_test(an_open_pool_is_cut_by_the_next_request),
        cmocka_unit_test(a_pool_has_room_for_an_object),
        cmocka_unit_test(it_says_what_it_can),
    };

    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
