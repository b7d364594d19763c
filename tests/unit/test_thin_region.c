/* polished: what the calls for the whole region see of damage. */
#include "thin_heap.h"

static const struct damage_row reserve_rows[] = {
    {"a block of nothing before it",
     {{HEAD(A), SET(0x9e3779b2)}},
     CORRUPT,
     damage_reserve,
     C,
     28},
    {"its head", {{FOOT(C, D), FLIP(1)}}, CORRUPT, damage_reserve, C, 28},
    {"its links", {{NEXT(E), SET(0)}}, CORRUPT, damage_reserve, C, 28},
    {"all is well", {{WORD(B), SET(0)}}, OK, damage_reserve, C, 28},
    {"before the first",
     {{WORD(B), SET(0)}},
     POLISHED_OVERLAP,
     damage_reserve,
     8,
     8},
    {"behind the last",
     {{WORD(B), SET(0)}},
     POLISHED_OVERLAP,
     damage_reserve,
     BYTES,
     8},
};

static void damage_is_seen_by_reserve(void **state)
{
    (void)state;
    open_three();
    heap.data.size_bytes += 8; /* the front asks nothing of what lies there */
    assert_int_equal(polished_polished.reserve(&heap, BYTES, 8),
                     POLISHED_OVERLAP);
    heap.data.size_bytes -= 8;
    damage_try(&heap, reserve_rows, 5);
}

static const struct damage_row check_rows[] = {
    {"next: behind the end",
     {{NEXT(E), SET(NOWHERE)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"next: no name",
     {{NEXT(E), SET(C / 4 + 1)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"next: a used one",
     {{NEXT(E), SET(B / 4)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"previous", {{PREVIOUS(C), SET(0)}}, CORRUPT, damage_own_check, 0, 0},
    {"a list of another size",
     {{LIST(4), SET(C / 4)},
      {PREVIOUS(C), SET(0)},
      {LIST(5), SET(E / 4)},
      {IN_CONTROL(struct bins, map), FLIP(1 << 5)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"one of a list is the victim",
     {{IN_CONTROL(struct bins, victim), SET(E / 4)},
      {IN_CONTROL(struct bins, victim_size), SET(4)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"one of a list is missing",
     {{NEXT(C), SET(0)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"wild: behind the end",
     {{IN_CONTROL(struct bins, wild), SET(NOWHERE)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"wild: no name",
     {{IN_CONTROL(struct bins, wild), ADD(1)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"wild: its size",
     {{IN_CONTROL(struct bins, wild_size), ADD(1)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"no victim, but its size",
     {{IN_CONTROL(struct bins, victim_size), SET(1)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"a bit without a list",
     {{IN_CONTROL(struct bins, map), FLIP(1 << 20)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"a bit for lists that there are none of",
     {{IN_CONTROL(struct bins, map), FLIP(UINT64_C(1) << 63)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
};

static const struct damage_row check_full[] = {
    {"nothing is free, but there is a victim",
     {{IN_CONTROL(struct bins, victim), SET(A / 4)},
      {IN_CONTROL(struct bins, victim_size), SET(4)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
};

static void damage_is_seen_by_check(void **state)
{
    (void)state;
    open_three();
    TRY(check_rows);
    open_heap(8);
    get(BYTES - 16 - 4);
    TRY(check_full);
}

static const struct damage_row extend_wild[] = {
    {"its foot",
     {{FOOT(A, BYTES), SET(600)}},
     CORRUPT,
     damage_extend,
     MORE,
     0},
    {"its head", {{HEAD(A), FLIP(4)}}, CORRUPT, damage_extend, MORE, 0},
    {"all is well", {{NEXT(A), SET(0)}}, OK, damage_extend, MORE, 0},
    {"too little to be of use", {{NEXT(A), SET(0)}}, OK, damage_extend, 4, 0},
};

/* Where a block of 264 bytes lies that is cut first. */
enum { LAST = BYTES - 264 };

static const struct damage_row extend_listed[] = {
    {"not the first", {{LIST(32), SET(0)}}, CORRUPT, damage_extend, MORE, 0},
    {"not the first, but nothing to join",
     {{LIST(32), SET(0)}},
     OK,
     damage_extend,
     4,
     0},
    {"all is well", {{WORD(A), SET(0)}}, OK, damage_extend, MORE, 0},
    {"best: its head", {{HEAD(LAST), FLIP(4)}}, CORRUPT, damage_alloc, 252, 8},
    {"best: its next",
     {{NEXT(LAST), SET(NOWHERE)}},
     CORRUPT,
     damage_alloc,
     252,
     8},
    {"best: all is well", {{WORD(A), SET(0)}}, OK, damage_alloc, 252, 8},
};

/* The last block is free and wild, or in a list of several sizes. */
static void damage_is_seen_by_extend(void **state)
{
    polished_size last;

    (void)state;
    open_heap(8);
    TRY(extend_wild);
#ifndef POLISHED_SIZE_32
    assert_int_equal(polished_polished.extend(&heap, (polished_size)1 << 33),
                     POLISHED_LIMIT);
#endif
    last = get(260);
    assert_true(last == LAST);
    get(124);
    put(last);
    TRY(extend_listed);
}

/* Where an alignment cuts the wild block, what is left of it is compared with
   none; slack tells then what it told. */
static void slack_outlives_an_aligned_block(void **state)
{
    const struct polished_request request = {28, 256, 0, 0};
    polished_size offset, slack;

    (void)state;
    open_heap(8);
    slack = heap.slack_bytes;
    assert_int_equal(polished_alloc(&heap, &request, &offset), OK);
    assert_true(offset == 256);
#ifndef POLISHED_NO_COUNTS
    assert_true(heap.slack_bytes > 0 && heap.slack_bytes < slack);
#endif
    assert_int_equal(polished_check(&heap), OK);
}

/* What a block takes of the wild one is slack no more. */
static void slack_falls_with_the_wild_block(void **state)
{
    const struct polished_request more = {3000, 8, 0, 0};
    polished_size block;

    (void)state;
    open_heap(8);
    block = get(12);
#ifndef POLISHED_NO_COUNTS
    assert_true(heap.slack_bytes > BYTES - 3000);
#endif
    assert_int_equal(polished_resize(&heap, block, 0, &more), OK);
    assert_true(heap.slack_bytes < BYTES - 3000);
}

/* What is before a reserved block has to be nothing or a block. */
static void reserve_leaves_blocks(void **state)
{
    (void)state;
    open_three();
    assert_int_equal(polished_reserve(&heap, WILD + 8, 12), POLISHED_NO_MEMORY);
    assert_int_equal(polished_reserve(&heap, WILD + 16, 12), OK);
    assert_int_equal(polished_check(&heap), OK);
}

/* A block of the least size behind a used one is worth to be one. */
static void extend_makes_a_block(void **state)
{
    (void)state;
    open_heap(8);
    get(BYTES - 16 - 4);
    assert_int_equal(polished_extend(&heap, 16), OK);
    assert_true(get(12) == BYTES);
}

static void it_promises_all_it_can(void **state)
{
    (void)state;
    assert_int_equal(polished_polished.caps,
                     POLISHED_RECLAIMS | POLISHED_ANY_ORDER |
                         POLISHED_EXACT_WALK | POLISHED_SLACK);
    assert_int_equal(polished_polished.knobs[0].least, 8);
    assert_int_equal(polished_polished.knobs[0].most, 16);
}

static void control_grows_with_the_region(void **state)
{
    const struct polished_ops *ops = &polished_polished;
    const polished_size knobs[] = {16};

    (void)state;
    assert_true(ops->control_bytes(knobs, 8192) == 204);
    assert_true(ops->control_bytes(knobs, 1 << 20) == 240);
    assert_true(ops->control_bytes(knobs, (polished_size)1 << 31) <= 288);
    assert_true(ops->control_bytes(knobs, POLISHED_SIZE_MAX) == 0);
}

#ifndef POLISHED_SIZE_32
/* A size has thirty bits: eight GiB are refused, not wrapped. */
static void too_large_a_region_is_refused(void **state)
{
    const polished_size knobs[] = {8};
    const struct polished_setup setup = {
        .ops = &polished_polished,
        .data = {memory, (polished_size)1 << 33, (uintptr_t)memory},
        .knobs = knobs};

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_LIMIT);
    assert_true(polished_polished.control_bytes(
                    knobs, ((polished_size)1 << 33) - 64) == 288);
}
#endif

/* As many lists as there is room for, of the 64 that there are bits for, are
   empty; what is behind them is somebody else's. */
static void all_lists_are_empty(void **state)
{
    enum { LISTS = (sizeof control - sizeof(struct bins)) / 4 };

    (void)state;
    for (size_t count = 48; count < LISTS; count++) {
        const bins_word *lists = bins_heads((struct bins *)(void *)control);

        memset(control, 0xaa, sizeof control);
        open_at(memory, 8, sizeof(struct bins) + 4 * count);
        for (size_t i = 0; i < LISTS; i++)
            assert_int_equal(lists[i], i < count && i < 64 ? 0 : 0xaaaaaaaa);
    }
}

/* Each size is in the last bin whose least size it is not below. */
static void bins_follow_one_another(void **state)
{
    (void)state;
    for (unsigned number = 3; number < 64; number++) {
        uint32_t least = (uint32_t)bins_floor(number);

        assert_int_equal(bins_number(least), number);
        assert_int_equal(bins_number(least - 1), number - 1);
    }
    assert_true(bins_floor(63) == 1u << 29);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_is_seen_by_reserve),
        cmocka_unit_test(damage_is_seen_by_check),
        cmocka_unit_test(damage_is_seen_by_extend),
        cmocka_unit_test(slack_outlives_an_aligned_block),
        cmocka_unit_test(slack_falls_with_the_wild_block),
        cmocka_unit_test(reserve_leaves_blocks),
        cmocka_unit_test(extend_makes_a_block),
        cmocka_unit_test(it_promises_all_it_can),
        cmocka_unit_test(control_grows_with_the_region),
#ifndef POLISHED_SIZE_32
        cmocka_unit_test(too_large_a_region_is_refused),
#endif
        cmocka_unit_test(all_lists_are_empty),
        cmocka_unit_test(bins_follow_one_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
