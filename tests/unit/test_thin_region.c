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
    {"not all is free",
     {{WORD(B), SET(0)}},
     POLISHED_OVERLAP,
     damage_reserve,
     C + 16,
     28},
    {"far behind", {{WORD(B), SET(0)}}, OK, damage_reserve, 3608, 12},
    {"before the first",
     {{WORD(B), SET(0)}},
     POLISHED_OVERLAP,
     damage_reserve,
     8,
     8},
};

/* In data that begins with word 0: a used block where none can be. */
static const struct damage_row reserve_early[] = {
    {"block 0",
     {{WORD(16), SET(0x9e3779b2)}, {WORD(0), SET(0x9e3779b1)}},
     CORRUPT,
     damage_reserve,
     52,
     12},
    {"block 1",
     {{WORD(16), SET(0x9e3779b2)}, {WORD(4), SET(0x9e3779b1)}},
     CORRUPT,
     damage_reserve,
     52,
     12},
};

static void damage_is_seen_by_reserve(void **state)
{
    (void)state;
    open_three();
    heap.data.size_bytes += 8; /* the front asks nothing of what lies there */
    assert_int_equal(polished_polished.reserve(&heap, BYTES, 8),
                     POLISHED_OVERLAP);
    heap.data.size_bytes -= 8;
    TRY(reserve_rows);
    open_at(memory + 12, 16, sizeof control);
    TRY(reserve_early);
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
    {"a used one, as if it were free",
     {{NEXT(E), SET(B / 4)},
      {IN_DATA(B), SET(A / 4 + ((uint64_t)E / 4 << 32))},
      {WORD(B + 8), SET(4)},
      {PREVIOUS(A), SET(B / 4)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"half a granule behind a free one",
     {{NEXT(E), SET(A / 4)},
      {PREVIOUS(A), SET(E / 4)},
      {LIST(3), SET(C / 4 + 1)},
      {IN_CONTROL(struct bins, map), FLIP(1 << 3)},
      {IN_DATA(C), SET(0x9e3779b2 + 4 * 3)},
      {WORD(C + 8), SET(0)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"wild: its size, for a list to come",
     {{WORD(WILD + 8), FLIP(1)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"wild: half a granule behind",
     {{IN_CONTROL(struct bins, wild), SET(201)},
      {IN_CONTROL(struct bins, wild_size), SET(2)},
      {WORD(800), SET(0x9e3779b2 + 4 * 2)},
      {WORD(812), SET(2)}},
     CORRUPT,
     damage_own_check,
     0,
     0},
    {"a bit for blocks of nothing",
     {{IN_CONTROL(struct bins, map), FLIP(1)}},
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

/* With a word behind it that would do for its size. */
static const struct damage_row check_behind[] = {
    {"wild: at the end",
     {{IN_CONTROL(struct bins, wild), SET(END)},
      {IN_CONTROL(struct bins, wild_size), SET(1)},
      {IN_DATA(BYTES - 12), SET(0x9e3779b2 + 4 + (UINT64_C(1) << 32))},
      {WORD(BYTES), SET(1)}},
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
    const uint32_t size = 3; /* of what is forged in C */

    (void)state;
    open_three();
    memcpy(memory + C + 12, &size, sizeof size);
    memcpy(memory + C + 20, &size, sizeof size);
    TRY(check_rows);
    heap.data.size_bytes += 8;
    TRY(check_behind);
    open_heap(8);
    get(BYTES - 16 - 4);
    TRY(check_full);
}

static const struct damage_row extend_wild[] = {
    {"its foot", {{FOOT(A, BYTES), SET(600)}}, CORRUPT, damage_extend, MORE, 0},
    {"its head", {{HEAD(A), FLIP(4)}}, CORRUPT, damage_extend, MORE, 0},
    {"all is well", {{NEXT(A), SET(0)}}, OK, damage_extend, MORE, 0},
    {"too little to be of use", {{NEXT(A), SET(0)}}, OK, damage_extend, 4, 0},
};

static const struct damage_row extend_early[] = {
    {"its foot, by which it would begin in block 0",
     {{WORD(4076), SET(510)}, {WORD(0), SET(0x9e3779b2 + 4 * 510)}},
     CORRUPT,
     damage_extend,
     MORE - 16,
     0},
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
    open_at(memory + 12, 16, sizeof control);
    TRY(extend_early);
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
#ifndef POLISHED_NO_COUNTS
    assert_true(heap.slack_bytes < BYTES - 3000);
#endif
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
    assert_int_equal(polished_extend(&heap, 8), OK);
    assert_int_equal(polished_check(&heap), OK);
    assert_int_equal(polished_extend(&heap, 8), OK);
    assert_true(get(12) == BYTES);
}

/* What ended data once is no head, whatever its owner writes behind it. */
static void extend_leaves_no_head(void **state)
{
    (void)state;
    open_heap(8);
    assert_int_equal(polished_extend(&heap, 32), OK);
    assert_int_equal(polished_extend(&heap, 32), OK);
    get(BYTES + 64 - 16 - 4);
    for (polished_size at = BYTES; at < BYTES + 64; at += 32) {
        memory[at + 4] = 2; /* a block to whose left one is used */
        assert_int_equal(polished_free(&heap, at, 0), INTERIOR);
    }
}

/* Nobody uses after a reset what he had before. */
static void reset_ends_all_blocks(void **state)
{
    static const struct damage_row rows[] = {
        {"its left", {{HEAD(B), FLIP(2)}}, CORRUPT, damage_walk, 0, 0},
        {"the end mark",
         {{WORD(BYTES - 4), FLIP(1)}},
         CORRUPT,
         damage_walk,
         0,
         0},
        {"the left of the end mark",
         {{WORD(BYTES - 4), FLIP(2)}},
         CORRUPT,
         damage_walk,
         0,
         0},
        {"its left", {{HEAD(B), FLIP(2)}}, CORRUPT, damage_reset, 0, 0},
    };

    (void)state;
    open_three();
    TRY(rows);
    assert_int_equal(polished_reset(&heap), OK);
    assert_int_equal(polished_free(&heap, B, 0), POLISHED_DOUBLE_FREE);
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
        cmocka_unit_test(extend_leaves_no_head),
        cmocka_unit_test(reset_ends_all_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
