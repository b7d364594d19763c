/* polished-compact: what alloc sees of damage, and by how much data could have
   been shorter.  Built once more with small constants. */
#include "damage.h"

enum { REGION = 4096, MEMORY = REGION + 64, CONTROL = 1024 };

#include "compact_heap.h"

/* Granules of a region, of which that many bytes are not used. */
static void open_granules(polished_size granules, polished_size bytes)
{
    open_apart(granules * bytes + (bytes == 8 ? 4 : 0), bytes);
    heap.slack_bytes = REGION;
}

static enum polished_status reserve(polished_size granule_at,
                                    polished_size granules, polished_size bytes)
{
    return polished_reserve(&heap, granule_at * bytes, granules * bytes);
}

/* A block of two granules, aligned to four. */
static enum polished_status alloc_aligned(polished_size bytes)
{
    const struct polished_request request = {2 * bytes, 4 * bytes, 0, 0};
    polished_size offset;

    return polished_alloc(&heap, &request, &offset);
}

/* The last block, if free, may lose what makes it more than a small one. */
static void slack_is_what_the_last_block_can_lose(void **state)
{
    polished_size bytes = granule(state);

    for (polished_size rest = 1; rest < BINS_EXACT + 3; rest++) {
        polished_size slack =
            rest < BINS_EXACT ? 0 : (rest - BINS_EXACT) * bytes;

        open_granules(rest + 2, bytes);
        alloc(2 * bytes);
        assert_int_equal(heap.slack_bytes, slack);
        open_granules(rest + 2, bytes);
        assert_int_equal(reserve(0, 2, bytes), POLISHED_OK);
        assert_int_equal(heap.slack_bytes, slack);
        open_granules(rest + 6, bytes);
        assert_int_equal(reserve(0, 1, bytes), POLISHED_OK);
        heap.slack_bytes = REGION;
        assert_int_equal(alloc_aligned(bytes), POLISHED_OK);
        assert_int_equal(heap.slack_bytes, slack);
    }
}

/* What lies before the last block in use may be cut at will; and a large one is
   cut from the end. */
static void slack_is_left_elsewhere(void **state)
{
    polished_size bytes = granule(state), large = COMPACT_HIGH_BYTES;

    open_granules(100, bytes);
    assert_int_equal(reserve(90, 10, bytes), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 0);
    heap.slack_bytes = REGION;
    assert_int_equal(alloc(2 * bytes), 0);
    assert_int_equal(alloc_aligned(bytes), POLISHED_OK);
    assert_int_equal(reserve(12, 60, bytes), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, REGION);
    open_granules(100, bytes);
    alloc(large);
    assert_int_equal(heap.slack_bytes, 0);
}

/* Two free blocks of these sizes, a used one around each, and wild; where the
   second begins. */
static polished_size open_two(polished_size first, polished_size second,
                              polished_size bytes)
{
    open_granules(200, bytes);
    assert_int_equal(reserve(0, 1, bytes), POLISHED_OK);
    assert_int_equal(reserve(first + 1, 1, bytes), POLISHED_OK);
    assert_int_equal(reserve(first + second + 2, 1, bytes), POLISHED_OK);
    return first + 2;
}

/* Of a small request what is left is cut next, though a smaller block would do;
   but not if that fits exactly. */
static void what_is_left_is_cut_next(void **state)
{
    polished_size bytes = granule(state), at;

    at = open_two(2, 7, bytes);
    assert_int_equal(alloc(3 * bytes), at * bytes);
    assert_int_equal(alloc(bytes), (at + 3) * bytes);
    at = open_two(8, 7, bytes); /* all of it */
    assert_int_equal(alloc(3 * bytes), at * bytes);
    assert_int_equal(alloc(4 * bytes), (at + 3) * bytes);
    at = open_two(1, 4, bytes);
    assert_int_equal(alloc(3 * bytes), at * bytes);
    assert_int_equal(alloc(bytes), bytes);
    assert_int_equal(alloc(bytes), (at + 3) * bytes);
    at = open_two(2, BINS_EXACT + 3, bytes); /* of a large one */
    assert_in_range(alloc(BINS_EXACT * bytes), at * bytes, (at + 3) * bytes);
    assert_int_equal(alloc(bytes), bytes);
}

/* A large one is not cut from what a small one left, if there is another. */
static void what_is_left_is_for_small_ones(void **state)
{
    polished_size bytes = granule(state);
    polished_size at = open_two(BINS_EXACT + 9, BINS_EXACT + 6, bytes);
    polished_size small = alloc(3 * bytes), large = alloc(BINS_EXACT * bytes);

    assert_true((small < at * bytes) != (large < at * bytes));
    assert_true(large < (at + BINS_EXACT + 6) * bytes);
}

static void alloc_takes_three_steps(void **state)
{
    polished_size bytes = granule(state);

    open_two(1, 4, bytes);
    heap.own_steps = 0;
    alloc(bytes); /* it fits exactly */
    assert_int_equal(heap.own_steps, 3);
    alloc(2 * bytes);
    assert_int_equal(heap.own_steps, 6);
    alloc(BINS_EXACT * bytes);
    assert_int_equal(heap.own_steps, 9);
}

/* Used: granules 1, 3, 7 and one behind 40 more; so four are free that are not
   behind the last. */
enum { A = 0, B = 1, C = 3, D = 7, E = 48, WILD = 49 };

#define MAP_AT       (8 * (size_t)heap_state()->map_at)
#define SLOT(at)     AT_CONTROL(MAP_AT + ((at) + 1) / 32 * 8, 8)
#define AS(at, bits) FLIP((uint64_t)(bits) << ((at) + 1) % 32 * 2)
#define WORD(granule, word)                                                    \
    DAMAGE_DATA, (size_t)((granule)*bytes + 4 * (word)), 4
#define LAST(granule) DAMAGE_DATA, (size_t)(((granule) + 1) * bytes - 4), 4

static void damage_is_told(void **state)
{
    polished_size bytes = granule(state);
    const struct damage_row rows[] = {
        TOLD(alloc, 3 * bytes, 8, "the size of an exact fit",
             {WORD(C + 1, 2), FLIP(1)}),
        TOLD(alloc, 3 * bytes, 8, "its foot", {LAST(D - 1), FLIP(1)}),
        TOLD(alloc, 3 * bytes, 8, "its link", {WORD(C + 1, 0), SET(1 << 20)}),
        TOLD(alloc, 3 * bytes, 8, "a link to behind the last",
             {WORD(C + 1, 0), SET(bytes == 8 ? 2 * 111 - 1 : 4 * 111 - 3)}),
        TOLD(alloc, 3 * bytes, 8, "its slot", {SLOT(C + 1), AS(C + 1, 2)}),
        TOLD(alloc, 2 * bytes, 8, "the size of a block that is cut",
             {WORD(C + 1, 2), FLIP(1)}),
        TOLD(alloc, 2 * bytes, 8, "its foot", {LAST(D - 1), FLIP(1)}),
        TOLD(alloc, 2 * bytes, 8, "its link", {WORD(C + 1, 0), SET(1 << 20)}),
        TOLD(alloc, 2 * bytes, 8, "its slot", {SLOT(C + 1), AS(C + 1, 2)}),
        TOLD(alloc, 7 * bytes, 8, "the size of a large one, less",
             {WORD(D + 1, 2), SET(5)}, {WORD(D + 5, bytes / 4 - 1), SET(5)}),
        TOLD(alloc, 7 * bytes, 8, "the same, as much as is needed",
             {WORD(D + 1, 2), SET(7)}, {WORD(D + 7, bytes / 4 - 1), SET(7)}),
        TOLD(alloc, 34 * bytes, 8, "its foot", {LAST(E - 1), FLIP(1)}),
        TOLD(alloc, 34 * bytes, 8, "its link", {WORD(D + 1, 0), SET(1 << 20)}),
        TOLD(alloc, 34 * bytes, 8, "its slot", {SLOT(D + 1), AS(D + 1, 2)}),
        TOLD(alloc, 20 * bytes, 4 * bytes, "the foot where it is aligned",
             {LAST(E - 1), FLIP(1)}),
        TOLD(alloc, 20 * bytes, 4 * bytes, "its link",
             {WORD(D + 1, 0), SET(1 << 20)}),
        TOLD(alloc, 20 * bytes, 4 * bytes, "its slot",
             {SLOT(D + 1), AS(D + 1, 2)}),
    };

    open_granules(110, bytes);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(reserve((unsigned[]){A, B, C, D, E}[i], 1, bytes),
                         POLISHED_OK);
    DAMAGE_ALL(&heap, rows);
}

/* Nor is a block taken that seems to end behind data; of one that ends with it
   all can be had. */
static void blocks_end_in_data(void **state)
{
    polished_size bytes = granule(state);
    uint32_t *words = (void *)memory;

    open_granules(100, bytes);
    assert_int_equal(reserve(60, 1, bytes), POLISHED_OK);
    assert_int_equal(alloc(39 * bytes), 61 * bytes);
    assert_int_equal(release(61 * bytes), POLISHED_OK);
    words[61 * bytes / 4 + 2] = 40;
    words[101 * bytes / 4 - 1] = 40;
    assert_int_equal(damage_alloc(&heap, 37 * bytes, 8), POLISHED_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(slack_is_what_the_last_block_can_lose),
        BOTH(slack_is_left_elsewhere),
        BOTH(what_is_left_is_cut_next),
        BOTH(what_is_left_is_for_small_ones),
        BOTH(alloc_takes_three_steps),
        BOTH(damage_is_told),
        BOTH(blocks_end_in_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
