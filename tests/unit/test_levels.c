/* levels.h: bits of bits, held against one bit after the other. */
#include <stdlib.h>
#include <string.h>

#include "alloc/levels.h"
#include "unit.h"

/* Things on 70 words, over which lie 2 and then 1. */
enum { WORDS = 70, THINGS = 64 * WORDS, ALL = WORDS + 2 + 1 };

static uint64_t bits[ALL + 1];
static bool is_one[THINGS];
static const struct levels levels = {bits, WORDS};
static struct polished_heap heap;

static void words_are_counted(void **state)
{
    static const polished_size rows[][2] = {
        {1, 1},     {2, 3},       {3, 4},       {64, 65},         {65, 68},
        {128, 131}, {4096, 4161}, {4097, 4165}, {262144, 266305},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(levels_all_words(rows[i][0]), rows[i][1]);
    assert_int_equal(levels_all_words(0), 0);
}

static void the_most_words_fit(void **state)
{
    polished_size most = 0;

    (void)state;
    for (polished_size room = 1; room < 9000; room++) {
        while (levels_all_words(most + 1) <= room)
            most++;
        assert_int_equal(levels_fit(room), most);
    }
}

/* All things begin, each as a 0; no word is written before. */
static void begin_all(polished_size count)
{
    memset(bits, 0xa5, sizeof bits);
    memset(is_one, 0, sizeof is_one);
    for (polished_size i = 0; i < count; i++) {
        levels_begin(&heap, levels, i);
        assert_true(i / 64 + 1 == WORDS ||
                    bits[i / 64 + 1] == UINT64_C(0xa5a5a5a5a5a5a5a5));
        assert_false(levels_is_set(levels, i));
    }
    assert_true(bits[ALL] == UINT64_C(0xa5a5a5a5a5a5a5a5));
    assert_true(levels_are_sound(levels, (count + 63) / 64 * 64));
}

static polished_size lowest(void)
{
    polished_size at = 0;

    while (at < THINGS && !is_one[at])
        at++;
    return at;
}

static void flip(polished_size at)
{
    is_one[at] = !is_one[at];
    if (is_one[at])
        levels_set(&heap, levels, at);
    else
        levels_clear(&heap, levels, at);
    assert_true(levels_is_set(levels, at) == is_one[at]);
}

/* Few at first, then more and more of the higher ones. */
static void the_lowest_is_found(void **state)
{
    uint64_t random = 1;

    (void)state;
    begin_all(THINGS);
    for (int i = 0; i < 3000; i++) {
        random = random * UINT64_C(6364136223846793005) + 1;
        flip((random >> 33) % THINGS >> (random >> 60) % 8);
        if (i % 3 == 0 && lowest() < THINGS)
            flip(lowest());
        if (lowest() < THINGS)
            assert_int_equal(levels_lowest(&heap, levels), lowest());
        assert_true(levels_are_sound(levels, THINGS));
    }
}

/* A step for each level that changes. */
static void no_more_is_written_than_changes(void **state)
{
    static const polished_size rows[][2] = {
        {0, 3}, {64, 2}, {1, 1}, {4096, 3}, {4097, 1}};
    uint64_t before;

    (void)state;
    begin_all(THINGS);
    for (size_t i = 0; i < 5; i++) {
        before = heap.own_steps;
        flip(rows[i][0]);
        assert_int_equal(heap.own_steps - before, rows[i][1]);
    }
    before = heap.own_steps;
    assert_int_equal(levels_lowest(&heap, levels), 0);
    assert_int_equal(heap.own_steps - before, 3);
    for (size_t i = 5; i-- > 0;) {
        before = heap.own_steps;
        flip(rows[i][0]);
        assert_int_equal(heap.own_steps - before, rows[i][1]);
    }
}

/* Each bit that is there for a word that has begun, on each level. */
static void a_wrong_bit_is_seen(void **state)
{
    (void)state;
    for (polished_size words = 1; words <= WORDS; words++) {
        begin_all(64 * words);
        flip(64 * words - 1);
        for (polished_size at = 0; at < words + (words + 63) / 64; at++) {
            uint64_t *word =
                at < words ? &bits[WORDS + at / 64] : &bits[WORDS + 2];
            uint64_t bit = UINT64_C(1) << (at < words ? at : at - words) % 64;

            *word ^= bit;
            assert_false(levels_are_sound(levels, 64 * words));
            *word ^= bit;
        }
        assert_true(levels_are_sound(levels, 64 * words));
        if (words < WORDS) {
            bits[WORDS + words / 64] ^= UINT64_C(1) << words % 64;
            assert_true(words % 64 == 0 ||
                        levels_are_sound(levels, 64 * words));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_counted),
        cmocka_unit_test(the_most_words_fit),
        cmocka_unit_test(the_lowest_is_found),
        cmocka_unit_test(no_more_is_written_than_changes),
        cmocka_unit_test(a_wrong_bit_is_seen),
    };

    return cmocka_run_group_tests_name("levels", tests, NULL, NULL);
}
