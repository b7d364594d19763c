/* polished: what alloc, free and resize see of damage, and of what is told. */
#include "thin_heap.h"

static const struct damage_row alloc_rows[] = {
    {"exact: its head", {{HEAD(E), FLIP(4)}}, CORRUPT, damage_alloc, 28, 8},
    {"exact: its next",
     {{NEXT(E), SET(NOWHERE)}},
     CORRUPT,
     damage_alloc,
     28,
     8},
    {"exact: its next, at the end",
     {{NEXT(E), SET(END)}},
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
    {"aligned: its head", {{HEAD(C), FLIP(2)}}, CORRUPT, damage_alloc, 28, 64},
    {"aligned: its links",
     {{PREVIOUS(C), SET(NOWHERE)}},
     CORRUPT,
     damage_alloc,
     28,
     64},
    {"aligned: all is well", {{WORD(B), SET(0)}}, OK, damage_alloc, 28, 64},
};

static const struct damage_row no_block[] = {
    {"a bit without a list, and a head where block 0 would be",
     {{IN_CONTROL(struct bins, map), FLIP(1 << 20)},
      {WORD(0), SET(0x9e3779b0 + 4 * 20 + 2)}},
     CORRUPT,
     damage_alloc,
     60,
     8},
    {"the last bit without a list",
     {{IN_CONTROL(struct bins, map), FLIP(UINT64_C(1) << 63)}},
     CORRUPT,
     damage_alloc,
     60,
     8},
};

static void damage_is_seen_by_alloc(void **state)
{
    (void)state;
    open_three();
    TRY(alloc_rows);
    open_at(memory + 12, 16, sizeof control); /* word 0 is the first of data */
    TRY(no_block);
}

static const struct damage_row free_rows[] = {
    {"too large", {{HEAD(B), ADD(4 * BYTES)}}, INTERIOR, damage_free, B, 0},
    {"nobody to its right knows it",
     {{HEAD(C), FLIP(2)}},
     INTERIOR,
     damage_free,
     B,
     0},
    {"free, but a granule too large",
     {{HEAD(A), SET(0x9e3779b0 + 4 * 511 + 2)}},
     INTERIOR,
     damage_free,
     A,
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
    {"to the right: the one before, at the end",
     {{PREVIOUS(C), SET(END)}, {WORD(4 * END), SET(C / 4)}},
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
    {"to the right: all is well", {{WORD(D), SET(0)}}, OK, damage_free, D, 0},
    {"to the left: before all",
     {{FOOT(A, B), SET(BYTES)}},
     CORRUPT,
     damage_free,
     B,
     0},
    {"to the left: so large that it wraps",
     {{FOOT(A, B), SET(8)}},
     CORRUPT,
     damage_free,
     B,
     0},
    {"to the left: its head", {{HEAD(A), FLIP(4)}}, CORRUPT, damage_free, B, 0},
    {"to the left: its links, before the wild block",
     {{NEXT(E), SET(NOWHERE)}},
     CORRUPT,
     damage_free,
     F,
     0},
};

/* So large that its foot would lie behind data. */
enum { PAST = 506 };

static const struct damage_row past_rows[] = {
    {"to the right: just past the end",
     {{HEAD(C), SET(0x9e3779b2 + 4 * PAST)}},
     CORRUPT,
     damage_free,
     B,
     0},
};

static void damage_is_seen_by_free(void **state)
{
    const uint32_t foot = PAST;

    (void)state;
    open_three();
    TRY(free_rows);
    memcpy(memory + C - 4 + 8 * PAST - 4, &foot, sizeof foot);
    TRY(past_rows);
}

static const struct damage_row one_neighbour_left[] = {
    {"left alone: its links",
     {{PREVIOUS(A), SET(NOWHERE)}},
     CORRUPT,
     damage_free,
     B,
     0},
    {"left alone: all is well", {{WORD(B), SET(0)}}, OK, damage_free, B, 0},
};

static const struct damage_row one_neighbour_right[] = {
    {"right alone: its foot",
     {{FOOT(E, F), FLIP(1)}},
     CORRUPT,
     damage_free,
     D,
     0},
    {"right alone: its links", {{LIST(4), SET(0)}}, CORRUPT, damage_free, D, 0},
    {"right alone: all is well", {{WORD(D), SET(0)}}, OK, damage_free, D, 0},
};

static void damage_is_seen_by_one_neighbour(void **state)
{
    (void)state;
    open_three();
    get(28); /* E */
    get(28); /* C */
    TRY(one_neighbour_left);
    get(28); /* A */
    put(E);
    TRY(one_neighbour_right);
}

static const struct damage_row resize_rows[] = {
    {"past the end",
     {{HEAD(C), ADD(4 * BYTES)}},
     CORRUPT,
     damage_resize,
     B,
     28},
    {"its foot", {{FOOT(C, D), FLIP(1)}}, CORRUPT, damage_resize, B, 28},
    {"its links", {{NEXT(E), SET(0)}}, CORRUPT, damage_resize, B, 28},
    {"all is well", {{WORD(B), SET(0)}}, OK, damage_resize, B, 28},
    {"all there is", {{WORD(B), SET(0)}}, OK, damage_resize, B, 44},
};

static void damage_is_seen_by_resize(void **state)
{
    (void)state;
    open_three();
    TRY(resize_rows);
}

/* The head of a used block, as who owns the place can forge it, and the one
   behind. */
#define FORGED(at, size) WORD((at)-4), SET(0x9e3779b0 + 4 * (size) + 3)
#define BEHIND(at, size) WORD((at)-4 + 8 * (size)), SET(2)

static const struct damage_row forged_rows[] = {
    {"a byte too far",
     {{FORGED(25, 2)}, {BEHIND(25, 2)}},
     INTERIOR,
     damage_free,
     25,
     0},
    {"two bytes too far",
     {{FORGED(26, 2)}, {BEHIND(26, 2)}},
     INTERIOR,
     damage_free,
     26,
     0},
    {"half a granule too far",
     {{FORGED(28, 2)}, {BEHIND(28, 2)}},
     INTERIOR,
     damage_free,
     28,
     0},
    {"five bytes before the first block",
     {{FORGED(11, 2)}, {BEHIND(11, 2)}},
     POLISHED_NOT_OWNED,
     damage_free,
     11,
     0},
    {"too near the end for a block",
     {{FORGED(BYTES - 8, 1)}},
     INTERIOR,
     damage_free,
     BYTES - 8,
     0},
};

/* No head lies where none can, whatever is written there. */
static void a_head_has_its_place(void **state)
{
    (void)state;
    open_heap(8);
    get(BYTES - 16 - 4);
    TRY(forged_rows);
    heap.data.size_bytes += 4;
    assert_int_equal(polished_free(&heap, BYTES, 0), POLISHED_NOT_OWNED);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_is_seen_by_alloc),
        cmocka_unit_test(damage_is_seen_by_free),
        cmocka_unit_test(damage_is_seen_by_one_neighbour),
        cmocka_unit_test(damage_is_seen_by_resize),
        cmocka_unit_test(a_head_has_its_place),
        cmocka_unit_test(a_told_size_has_to_agree),
        cmocka_unit_test(an_offset_is_told_from_one_outside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
