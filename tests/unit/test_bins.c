/* The bins by themselves: lists of names in an array, without a heap. */
#include <string.h>

#include "alloc/bins.h"
#include "unit.h"

enum { NOBODY = 0xabcd, END = 60 };

static struct {
    struct bins bins;
    bins_word heads[64];
} control;

static bins_word links[END + 3];

static void open_bins(void)
{
    memset(links, 0, sizeof links);
    links[1] = NOBODY;
    control.bins.end = END;
    bins_clear(&control.bins, 64);
}

/* A block that knows its size. */
static void keep(uint32_t block, uint32_t size)
{
    links[block + 2] = size;
    bins_file(&control.bins, links, block, size);
}

/* Who has the word of the block before the first has not to spare it. */
static void a_word_may_be_somebody_else_s(void **state)
{
    struct bins *bins = &control.bins;

    (void)state;
    open_bins();
    keep(4, 50);
    keep(8, 5);
    assert_true(bins_pop(bins, links, 5, 8));
    assert_int_equal(links[1], NOBODY);
    keep(8, 5);
    assert_true(bins_unlink(bins, links, 8, 5));
    assert_int_equal(links[1], NOBODY);
    keep(8, 5);
    assert_true(bins_unfile(bins, links, 8, 5));
    assert_int_equal(links[1], NOBODY);
}

/* The wild block may grow; another one no larger than that, in its bin. */
static void who_grows_may_stay(void **state)
{
    struct bins *bins = &control.bins;

    (void)state;
    open_bins();
    keep(4, 50);
    keep(8, 32);
    assert_true(bins_grow(bins, 4, 50, 60));
    assert_int_equal(bins->wild_size, 60);
    assert_true(bins_grow(bins, 8, 32, 47));
    assert_false(bins_grow(bins, 8, 32, 48));
    assert_false(bins_grow(bins, 8, 32, 61));
    assert_false(bins_grow(bins, 8, 31, 32));
    assert_false(bins_grow(bins, 8, 31, 31));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_may_be_somebody_else_s),
        cmocka_unit_test(who_grows_may_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
