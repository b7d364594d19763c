/* polished-compact: what free and resize see of damage, and by how much data
   could have been shorter.  Built once more with small constants. */
#include "damage.h"

enum { REGION = 2048, MEMORY = REGION, CONTROL = 1024 };

#include "compact_heap.h"

/* Blocks in use of one granule, with free ones before them of so many; wild is
   what lies behind the last. */
enum { A = 0, B = 2, C = 7, D = 11, WILD = 12 };

static void open_four(polished_size bytes)
{
    static const unsigned used[] = {A, B, C, D};

    open_apart(REGION, bytes);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(polished_reserve(&heap, used[i] * bytes, bytes),
                         POLISHED_OK);
}

/* A word of data, in the granule with that number, from 0. */
#define WORD(granule, word)                                                    \
    DAMAGE_DATA, (size_t)((granule)*bytes + 4 * (word)), 4
#define LAST(granule) DAMAGE_DATA, (size_t)(((granule) + 1) * bytes - 4), 4

static void damage_is_told(void **state)
{
    polished_size bytes = granule(state);
    const struct damage_row rows[] = {
        TOLD(free, B * bytes, 0, "the size of the right neighbour",
             {WORD(B + 1, 2), FLIP(1)}),
        TOLD(free, B * bytes, 0, "the foot of the right neighbour",
             {LAST(C - 1), FLIP(1)}),
        TOLD(free, B * bytes, 0, "the link of the right neighbour",
             {WORD(B + 1, 0), SET(0x7fffffff)}),
        TOLD(free, D * bytes, 0, "the size of the left neighbour",
             {WORD(C + 1, 2), FLIP(1)}),
        TOLD(free, D * bytes, 0, "the foot of the left neighbour",
             {LAST(D - 1), FLIP(1)}),
        ANSWERS(bytes == 8 ? POLISHED_OK : POLISHED_CORRUPT, free, B * bytes, 0,
                "the size of one granule, which needs none if that is 8 bytes",
                {WORD(A + 1, 2), FLIP(1)}),
        TOLD(free, C * bytes, 0, "the link of the left neighbour",
             {WORD(B + 1, 0), SET(0x7fffffff)}),
        TOLD(free, D * bytes, 0, "the size of wild", {WORD(WILD, 2), FLIP(1)}),
        TOLD(resize, D * bytes, 2 * bytes, "the same",
             {WORD(WILD, 2), FLIP(1)}),
        TOLD(resize, C * bytes, 2 * bytes, "the size of what is behind it",
             {WORD(C + 1, 2), FLIP(1)}),
        TOLD(resize, C * bytes, 2 * bytes, "the link of what is behind it",
             {WORD(C + 1, 0), SET(0x7fffffff)}),
    };

    open_four(bytes);
    DAMAGE_ALL(&heap, rows);
}

/* What one more release or resize lets it be, if it was all of data. */
static void expect_slack(enum polished_status status, polished_size granules,
                         polished_size bytes)
{
    assert_int_equal(status, POLISHED_OK);
    assert_int_equal(heap.slack_bytes, granules * bytes);
    heap.slack_bytes = REGION;
}

/* Two blocks in use side by side, behind so many free granules; to free the
   first makes a free block of one more.  Answers how large wild is. */
static polished_size open_pair(polished_size before, polished_size bytes)
{
    open_apart(REGION, bytes);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(polished_reserve(&heap, (before + i) * bytes, bytes),
                         POLISHED_OK);
    heap.slack_bytes = REGION;
    return (REGION - 4) / bytes - before - (bytes == 8 ? 2 : 1);
}

/* A block that is kept is compared with the wild one; a small one is not, nor
   is the wild one itself. */
static void slack_is_what_wild_is_larger_by(void **state)
{
    polished_size bytes = granule(state), all = REGION / bytes, wild;

    wild = open_pair(BINS_EXACT - 2, bytes);
    expect_slack(release((BINS_EXACT - 2) * bytes), all, bytes);
    wild = open_pair(BINS_EXACT - 1, bytes);
    expect_slack(release((BINS_EXACT - 1) * bytes), wild - BINS_EXACT, bytes);
    wild = open_pair(BINS_EXACT + 2, bytes); /* it stays in its bin */
    expect_slack(release((BINS_EXACT + 2) * bytes), wild - BINS_EXACT - 3,
                 bytes);
    open_pair(all - 20, bytes); /* wild is the one before them */
    expect_slack(release((all - 20) * bytes), all, bytes);
    open_apart(REGION, bytes);
    for (polished_size i = 40; i <= 80; i += 40)
        assert_int_equal(polished_reserve(&heap, i * all / 128 * bytes, bytes),
                         POLISHED_OK);
    expect_slack(release(40 * all / 128 * bytes), 0, bytes); /* now it is */
}

/* With less behind it a block could grow as much. */
static void slack_is_what_resize_leaves(void **state)
{
    polished_size bytes = granule(state);
    polished_size all = (REGION - 4) / bytes + (bytes == 16);

    open_apart(REGION, bytes);
    assert_int_equal(polished_reserve(&heap, 0, 10 * bytes), POLISHED_OK);
    heap.slack_bytes = REGION;
    expect_slack(resize(0, 12 * bytes), all - 12 - BINS_EXACT, bytes);
    expect_slack(resize(0, 9 * bytes), all - 9 - BINS_EXACT, bytes);
    expect_slack(resize(0, (all - BINS_EXACT + 1) * bytes), 0, bytes);
    open_apart(REGION, bytes);
    assert_int_equal(polished_reserve(&heap, 0, 10 * bytes), POLISHED_OK);
    assert_int_equal(polished_reserve(&heap, 15 * bytes, bytes), POLISHED_OK);
    heap.slack_bytes = REGION;
    expect_slack(resize(0, 12 * bytes), REGION / bytes, bytes);
}

/* Those that the call itself takes, whatever comes of it. */
static void resize_takes_four_steps(void **state)
{
    polished_size bytes = granule(state);

    open_four(bytes);
    heap.own_steps = 0;
    assert_int_equal(resize(B * bytes, 2 * bytes), POLISHED_OK);
    assert_int_equal(heap.own_steps, 4);
    assert_int_equal(resize(B * bytes, 20 * bytes), POLISHED_NO_MEMORY);
    assert_int_equal(heap.own_steps, 8);
    assert_int_equal(resize((B + 1) * bytes, bytes), POLISHED_INTERIOR);
    assert_int_equal(heap.own_steps, 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(damage_is_told),
        BOTH(slack_is_what_wild_is_larger_by),
        BOTH(slack_is_what_resize_leaves),
        BOTH(resize_takes_four_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
