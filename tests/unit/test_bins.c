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
static struct polished_heap heap; /* whose steps are counted */

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

/* A link to no name, or to a block that does not link back. */
static void a_damaged_link_is_seen(void **state)
{
    static const struct {
        uint32_t at, value;
    } rows[] = {{12, END}, {13, END}, {16, 8}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        open_bins();
        keep(4, 50);
        keep(8, 5);
        keep(12, 5);
        keep(16, 5);
        links[END] = 12;
        links[rows[i].at] = rows[i].value;
        assert_false(bins_unlink(&control.bins, links, 12, 5));
    }
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

/* --------------------------------------------------------------- searches */

typedef struct bins_choice search(uint32_t need);

/* Both in the first list of several sizes. */
static struct bins_choice scan(uint32_t need)
{
    const struct bins_want want = {need, 0, 0, NULL};

    return bins_scan(&heap, &control.bins, links, &want, BINS_EXACT);
}

static struct bins_choice best(uint32_t need)
{
    return bins_best(&heap, &control.bins, links, need, BINS_EXACT);
}

static search *const searches[] = {scan, best};

/* So many steps lead to that block; 0: to none. */
static void expect(search *find, uint32_t need, uint32_t block, uint64_t steps)
{
    uint64_t before = heap.own_steps;

    assert_int_equal(find(need).block, block);
#ifndef POLISHED_NO_COUNTS
    assert_true(heap.own_steps - before == steps);
#else
    (void)before;
    (void)steps;
#endif
}

/* A list of one, which may be any name but not the end. */
static void a_list_ends_where_no_name_is(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        for (uint32_t block = 0; block <= END; block++) {
            bool is_name = block != 0 && block != END;

            open_bins();
            links[block] = 0;
            links[block + 2] = 40;
            bins_heads(&control.bins)[BINS_EXACT] = block;
            expect(searches[i], 33, is_name ? block : 0, is_name);
        }
    assert_int_equal(scan(33).size, 0);
}

/* Eight are looked at: of those that are large enough the smallest is taken,
   the first of several. */
static void a_search_looks_at_eight(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        open_bins();
        keep(57, 100);
        for (uint32_t block = 4; block <= 36; block += 4)
            keep(block, 32 + block / 4);
        expect(searches[i], 33, 8, 8);
        expect(searches[i], 41, 36, 8);
        expect(searches[i], 42, 0, 8);
        assert_int_equal(searches[i](33).size, 34);
        links[16 + 2] = 34;
        expect(searches[i], 33, 16, 8);
    }
}

/* There are 64 lists, and none is found behind them. */
static void the_lowest_list_is_found(void **state)
{
    (void)state;
    open_bins();
    control.bins.map = 2 | UINT64_C(1) << 40 | UINT64_C(1) << 63;
    assert_int_equal(bins_lowest(&control.bins, 1), 1);
    assert_int_equal(bins_lowest(&control.bins, 2), 40);
    assert_int_equal(bins_lowest(&control.bins, 41), 63);
    assert_int_equal(bins_lowest(&control.bins, 63), 63);
    assert_int_equal(bins_lowest(&control.bins, 64), 64);
    assert_int_equal(bins_lowest(&control.bins, 65), 64);
}

/* Only these have an aligned place, which begins a granule behind them. */
static uint32_t room(const struct polished_heap *any, uint32_t block,
                     uint32_t size, polished_size align_bytes)
{
    (void)any;
    assert_int_equal(align_bytes, 64);
    return block >= 32 ? size - 1 : 0;
}

static struct bins_choice choose_aligned(uint32_t need)
{
    const struct bins_want want = {need, 9, 64, room};

    return bins_choose_aligned(&heap, &control.bins, links, &want);
}

/* The own bin, the lowest above, one that must have a place, victim, wild. */
static void an_aligned_choice_has_its_order(void **state)
{
    (void)state;
    open_bins();
    keep(4, 100);
    keep(8, 20);
    keep(32, 30);
    keep(36, 12);
    expect(choose_aligned, 11, 36, 2 + 1);
    expect(choose_aligned, 12, 32, 3 + 1 + 1 + 1);
    expect(choose_aligned, 20, 32, 2 + 1 + 1);
    expect(choose_aligned, 21, 32, 2 + 1);
    expect(choose_aligned, 30, 0, 3 + 1);
    keep(40, 29);
    expect(choose_aligned, 20, 40, 2 + 1 + 1);
    control.bins.wild = 44;
    expect(choose_aligned, 30, 44, 3 + 1);
    expect(choose_aligned, 99, 44, 3);
    expect(choose_aligned, 100, 0, 3);
    bins_swap_victim(&control.bins, 48, 90);
    expect(choose_aligned, 89, 48, 3);
    expect(choose_aligned, 90, 44, 3);
    control.bins.wild_size = UINT32_C(1) << 30;
    keep(52, UINT32_C(1) << 29);
    expect(choose_aligned, 101, 52, 2 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_may_be_somebody_else_s),
        cmocka_unit_test(a_damaged_link_is_seen),
        cmocka_unit_test(who_grows_may_stay),
        cmocka_unit_test(a_list_ends_where_no_name_is),
        cmocka_unit_test(a_search_looks_at_eight),
        cmocka_unit_test(the_lowest_list_is_found),
        cmocka_unit_test(an_aligned_choice_has_its_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
