/* polished: what alloc, free and resize see of damage, and of what is told. */
#include "thin_heap.h"

static void damage_is_seen_by_alloc(void **state)
{
    static const struct damage_row rows[] = {
        {"exact: its head", {{HEAD(E), FLIP(4)}}, CORRUPT, damage_alloc, 28, 8},
        {"exact: its next",
         {{NEXT(E), SET(NOWHERE)}},
         CORRUPT,
         damage_alloc,
         28,
         8},
        {"above: a bit without a list",
         {{IN_CONTROL(struct bins, map), FLIP(1 << 20)}},
         CORRUPT,
         damage_alloc,
         60,
         8},
        {"above: its head", {{HEAD(E), FLIP(4)}}, CORRUPT, damage_alloc, 20, 8},
        {"above: its next",
         {{NEXT(E), SET(NOWHERE)}},
         CORRUPT,
         damage_alloc,
         20,
         8},
        {"aligned: its head",
         {{HEAD(C), FLIP(2)}},
         CORRUPT,
         damage_alloc,
         28,
         64},
        {"aligned: its links",
         {{PREVIOUS(C), SET(NOWHERE)}},
         CORRUPT,
         damage_alloc,
         28,
         64},
        {"aligned: all is well", {{WORD(B), SET(0)}}, OK, damage_alloc, 28, 64},
    };

    (void)state;
    open_three();
    TRY(rows);
}

static void damage_is_seen_by_free(void **state)
{
    static const struct damage_row rows[] = {
        {"too large", {{HEAD(B), ADD(4 * BYTES)}}, INTERIOR, damage_free, B, 0},
        {"nobody to its right knows it",
         {{HEAD(C), FLIP(2)}},
         INTERIOR,
         damage_free,
         B,
         0},
        {"free, but not so large",
         {{HEAD(A), ADD(4 * 1000)}},
         INTERIOR,
         damage_free,
         A,
         0},
        {"to the right: past the end",
         {{HEAD(C), ADD(4 * BYTES)}},
         CORRUPT,
         damage_free,
         B,
         0},
        {"to the right: its foot",
         {{FOOT(C, D), FLIP(1)}},
         CORRUPT,
         damage_free,
         B,
         0},
        {"to the right: the one before",
         {{PREVIOUS(C), SET(NOWHERE)}},
         CORRUPT,
         damage_free,
         B,
         0},
        {"to the right: the next",
         {{NEXT(C), SET(NOWHERE)}},
         CORRUPT,
         damage_free,
         B,
         0},
        {"to the right: not the next of its previous",
         {{NEXT(E), SET(A / 4)}},
         CORRUPT,
         damage_free,
         B,
         0},
        {"to the right: not the first",
         {{LIST(4), SET(C / 4)}},
         CORRUPT,
         damage_free,
         D,
         0},
        {"to the right: the first's next",
         {{NEXT(E), SET(NOWHERE)}},
         CORRUPT,
         damage_free,
         D,
         0},
        {"to the right: all is well",
         {{WORD(D), SET(0)}},
         OK,
         damage_free,
         D,
         0},
        {"to the left: before all",
         {{FOOT(A, B), SET(BYTES)}},
         CORRUPT,
         damage_free,
         B,
         0},
        {"to the left: its head",
         {{HEAD(A), FLIP(4)}},
         CORRUPT,
         damage_free,
         B,
         0},
        {"to the left: its links, before the wild block",
         {{NEXT(E), SET(NOWHERE)}},
         CORRUPT,
         damage_free,
         F,
         0},
    };

    (void)state;
    open_three();
    TRY(rows);
}

static void damage_is_seen_by_one_neighbour(void **state)
{
    static const struct damage_row left[] = {
        {"left alone: its links",
         {{PREVIOUS(A), SET(NOWHERE)}},
         CORRUPT,
         damage_free,
         B,
         0},
        {"left alone: all is well", {{WORD(B), SET(0)}}, OK, damage_free, B, 0},
    };
    static const struct damage_row right[] = {
        {"right alone: its foot",
         {{FOOT(E, F), FLIP(1)}},
         CORRUPT,
         damage_free,
         D,
         0},
        {"right alone: its links",
         {{LIST(4), SET(0)}},
         CORRUPT,
         damage_free,
         D,
         0},
        {"right alone: all is well",
         {{WORD(D), SET(0)}},
         OK,
         damage_free,
         D,
         0},
    };

    (void)state;
    open_three();
    get(28); /* E */
    get(28); /* C */
    TRY(left);
    get(28); /* A */
    put(E);
    TRY(right);
}

static void damage_is_seen_by_resize(void **state)
{
    static const struct damage_row rows[] = {
        {"past the end",
         {{HEAD(C), ADD(4 * BYTES)}},
         CORRUPT,
         damage_resize,
         B,
         28},
        {"its foot", {{FOOT(C, D), FLIP(1)}}, CORRUPT, damage_resize, B, 28},
        {"its links", {{NEXT(E), SET(0)}}, CORRUPT, damage_resize, B, 28},
        {"all is well", {{WORD(B), SET(0)}}, OK, damage_resize, B, 28},
    };

    (void)state;
    open_three();
    TRY(rows);
}

/* The sizes that may be told of a block are those for which it could be. */
static void a_told_size_has_to_agree(void **state)
{
    (void)state;
    for (polished_size align = 8; align <= 16; align += 8)
        for (size_t size = 1; size < 80; size++) {
            polished_size block, room;

            open_heap(align);
            block = get(size);
            assert_int_equal(polished_usable(&heap, block, &room), OK);
            for (polished_size told = 1; told < 120; told++) {
                polished_size need = (told + 4 + align - 1) / align * align;
                bool agrees =
                    told <= room && room + 4 - (need < 16 ? 16 : need) < 16;

                assert_int_equal(polished_free(&heap, block, told),
                                 agrees ? OK : POLISHED_SIZE_MISMATCH);
                if (agrees)
                    assert_true(get(size) == block);
            }
        }
}

/* Near the end of data, too, it is told where an offset lies. */
static void an_offset_is_told_from_one_outside(void **state)
{
    (void)state;
    open_three();
    assert_int_equal(polished_free(&heap, BYTES - 496, 0), INTERIOR);
}

/* A gap of one granule would be no block: the next aligned place is taken. */
static void a_gap_is_a_block_or_none(void **state)
{
    const struct polished_request request = {28, 16, 0, 0};
    polished_size offset;

    (void)state;
    open_heap(8);
    assert_true(get(20) == 16);
    assert_int_equal(polished_alloc(&heap, &request, &offset), OK);
    assert_true(offset == 64);
}

/* What a block gives back goes to its list: the victim stays what it is. */
static void a_tail_is_no_victim(void **state)
{
    const struct polished_request less = {20, 8, 0, 0};
    polished_size hole, block;

    (void)state;
    open_heap(8);
    hole = get(92);
    get(12);
    put(hole);
    assert_true(get(12) == hole);
    block = get(92);
    get(116);
    assert_int_equal(polished_resize(&heap, block, 0, &less), OK);
    assert_true(get(12) == hole + 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_is_seen_by_alloc),
        cmocka_unit_test(damage_is_seen_by_free),
        cmocka_unit_test(damage_is_seen_by_one_neighbour),
        cmocka_unit_test(damage_is_seen_by_resize),
        cmocka_unit_test(a_told_size_has_to_agree),
        cmocka_unit_test(an_offset_is_told_from_one_outside),
        cmocka_unit_test(a_gap_is_a_block_or_none),
        cmocka_unit_test(a_tail_is_no_victim),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
