/* polished-compact: what is special about it.  Built once more with small
   constants. */
#include "steps.h"

enum { MIB = 1 << 20, REGION = 1 << 15 };
enum { MEMORY = MIB + 4096, CONTROL = MIB / 16 };

#include "compact_heap.h"

/* Granules are all there is: no head, no foot, no least block. */
static void blocks_lie_side_by_side(void **state)
{
    polished_size bytes = granule(state);

    for (polished_size size = bytes; size <= 40 * bytes; size += bytes) {
        polished_size first, next;

        open_apart(REGION, bytes);
        assert_int_equal(polished_reserve(&heap, 0, size), POLISHED_OK);
        assert_int_equal(polished_reserve(&heap, size, size), POLISHED_OK);
        first = alloc(bytes);
        next = alloc(bytes);
        assert_true(first == 2 * size && next == first + bytes);
        expect_sound();
    }
}

/* Every free that is not one of a live block's start is refused, even where a
   wide block's size is coded, and whatever the blocks hold. */
static void misuse_is_exact(void **state)
{
    static const unsigned char fill[] = {0x00, 0xff, 0xaa, 0x55, 0x03};
    static const unsigned sizes[] = {1, 31, 32, 33, 63, 127, 40, 300};
    const size_t count = sizeof sizes / sizeof sizes[0];
    polished_size at[8], bytes = granule(state);

    for (size_t f = 0; f < sizeof fill; f++) {
        unsigned live = 0;

        open_apart(REGION, bytes);
        for (size_t i = 0; i < count; i++)
            at[i] = alloc(sizes[i] * bytes);
        for (size_t i = 1; i < count; i += 3)
            assert_int_equal(release(at[i]), POLISHED_OK);
        for (size_t i = 0; i < count; i++)
            if (i % 3 != 1)
                memset(memory + at[i], fill[f], (size_t)(sizes[i] * bytes));
        for (polished_size offset = 0; offset < REGION; offset++) {
            polished_size usable;
            enum polished_status status =
                polished_usable(&heap, offset, &usable);
            bool is_start = false;

            for (size_t i = 0; i < count; i++)
                is_start = is_start || (i % 3 != 1 && at[i] == offset);
            assert_true((status == POLISHED_OK) == is_start);
            live += is_start;
            if (!is_start)
                assert_int_not_equal(release(offset), POLISHED_OK);
        }
        assert_int_equal(live, 5);
        expect_sound();
    }
}

/* Which misuse it was is told wherever a start is not far. */
static void misuse_has_a_name(void **state)
{
    polished_size bytes = granule(state);
    polished_size small, wide, other, far;

    open_apart(REGION, bytes);
    small = alloc(3 * bytes);
    wide = alloc(50 * bytes);
    other = alloc(bytes);
    far = alloc(1000 * bytes);
    assert_int_equal(release(small + bytes), POLISHED_INTERIOR);
    assert_int_equal(release(small + 1), POLISHED_INTERIOR);
    for (polished_size i = 1; i < 50; i++)
        assert_int_equal(release(wide + i * bytes), POLISHED_INTERIOR);
    assert_int_equal(release(far + 900 * bytes), POLISHED_INTERIOR);
    assert_int_equal(polished_free(&heap, small, 2 * bytes),
                     POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, wide, 49 * bytes),
                     POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, wide, 2 * bytes),
                     POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, wide, 1), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, small, 33 * bytes),
                     POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, wide, 50 * bytes), POLISHED_OK);
    assert_int_equal(release(wide), POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_free(&heap, small, 3 * bytes - 1), POLISHED_OK);
    assert_int_equal(release(small), POLISHED_DOUBLE_FREE);
    assert_int_equal(release(other), POLISHED_OK);
    assert_int_equal(release(other), POLISHED_DOUBLE_FREE);
    assert_int_equal(release(REGION), POLISHED_NOT_OWNED);
    assert_int_equal(release(far), POLISHED_OK);
    expect_sound();
}

/* Just behind a block in use is outside of it; and the smallest region is one
   granule. */
static void borders_are_exact(void **state)
{
    polished_size bytes = granule(state), least = bytes == 8 ? 12 : 16;
    polished_size at;

    open_apart(REGION, bytes);
    at = alloc(3 * bytes);
    assert_int_equal(release(at + 2 * bytes), POLISHED_INTERIOR);
    assert_int_equal(release(at + 3 * bytes), POLISHED_DOUBLE_FREE);
    open_apart(least, bytes);
    assert_int_equal(alloc(bytes), 0);
    expect_sound();
}

/* Who writes beyond a block in use ruins what others hold, but neither where
   blocks begin nor how large they are. */
static void an_overflow_forges_nothing(void **state)
{
    polished_size bytes = granule(state), usable = 0;
    polished_size blocks[40];

    open_apart(REGION, bytes);
    for (unsigned i = 0; i < 40; i++)
        blocks[i] = alloc((i + 1) * bytes);
    memset(memory, 0xee, REGION / 2);
    for (unsigned i = 0; i < 40; i++) {
        assert_int_equal(polished_usable(&heap, blocks[i], &usable),
                         POLISHED_OK);
        assert_true(usable == (i + 1) * bytes);
    }
}

/* A size that is told is checked, not believed; else nothing differs. */
static void to_tell_the_size_changes_nothing(void **state)
{
    static unsigned char was[sizeof control];
    polished_size bytes = granule(state);
    struct polished_request request = {0, 8, 0, 0};
    polished_size at[2][64];

    for (unsigned told = 0; told < 2; told++) {
        uint64_t random = 12345;

        open_apart(REGION, bytes);
        memset(at, 0, sizeof at);
        for (unsigned i = 0; i < 4000; i++) {
            unsigned slot;

            random = random * UINT64_C(6364136223846793005) + 1;
            slot = (unsigned)(random >> 58);
            if (at[1][slot] != 0) {
                assert_int_equal(
                    polished_free(&heap, at[0][slot], told ? at[1][slot] : 0),
                    POLISHED_OK);
                at[1][slot] = 0;
                continue;
            }
            request.size_bytes = 1 + (polished_size)(random >> 33) % 900;
            if (polished_alloc(&heap, &request, &at[0][slot]) == POLISHED_OK)
                at[1][slot] = request.size_bytes;
        }
        expect_sound();
        if (told)
            assert_memory_equal(was, control, sizeof control);
        memcpy(was, control, sizeof control);
    }
}

/* Small blocks at the low end, large ones at the high end. */
static void large_blocks_lie_apart(void **state)
{
    polished_size bytes = granule(state), low = 0, high = REGION;

    open_apart(REGION, bytes);
    for (unsigned i = 0; i < 40; i++) {
        polished_size small = alloc((i % 5 + 1) * bytes);
        polished_size large = alloc((32 + i % 3) * bytes);

        assert_true(small >= low && large < high && small < large);
        low = small;
        high = large;
    }
    expect_sound();
}

/* From the first size that is large on. */
static void large_is_what_has_so_many_bytes(void **state)
{
    polished_size bytes = granule(state), large = COMPACT_HIGH_BYTES;

    open_apart(REGION, bytes);
    assert_int_equal(alloc(large - bytes), 0);
    assert_int_equal(alloc(large), REGION - large - (bytes == 8 ? 8 : 0));
}

/* Of the blocks of a bin the smallest that is large enough, not the first. */
static void the_best_of_a_bin_is_cut(void **state)
{
    polished_size bytes = granule(state), at[3];

    open_apart(REGION, bytes);
    for (unsigned i = 0; i < 3; i++) {
        at[i] = alloc((40 + i) * bytes);
        alloc(40 * bytes);
    }
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(release(at[i]), POLISHED_OK);
    assert_true(alloc(41 * bytes) == at[1]);
    assert_true(alloc(40 * bytes) == at[0]);
    expect_sound();
}

/* Steps are the same everywhere: those of each kind of call. */
static void steps_are_what_they_were(void **state)
{
    polished_size bytes = granule(state), at;
    uint64_t steps;

    open_apart(REGION, bytes);
    steps = polished_steps(&heap);
    at = alloc(bytes);
    assert_true(polished_steps(&heap) - steps == 3);
    assert_int_equal(release(at), POLISHED_OK);
    assert_true(polished_steps(&heap) - steps == 7);
    assert_int_equal(release(at), POLISHED_DOUBLE_FREE);
    assert_true(polished_steps(&heap) - steps == 12);
    steps = polished_steps(&heap);
    assert_int_equal(polished_extend(&heap, 1), POLISHED_OK);
    assert_true(polished_steps(&heap) - steps == 3);
}

/* Through every size, wide and not, with a free right neighbour or a used
   one. */
static void resize_stays_in_place(void **state)
{
    polished_size bytes = granule(state), usable = 0;

    open_apart(REGION, bytes);
    assert_int_equal(polished_reserve(&heap, 0, bytes), POLISHED_OK);
    assert_int_equal(polished_reserve(&heap, 200 * bytes, bytes), POLISHED_OK);
    for (unsigned from = 1; from <= 200; from += 7)
        for (unsigned to = 1; to <= 200; to += 3) {
            assert_int_equal(resize(0, from * bytes), POLISHED_OK);
            assert_int_equal(resize(0, to * bytes), POLISHED_OK);
            assert_int_equal(polished_usable(&heap, 0, &usable), POLISHED_OK);
            assert_true(usable == to * bytes);
        }
    expect_sound();
    assert_int_equal(resize(0, 200 * bytes + 1), POLISHED_NO_MEMORY);
    assert_int_equal(release(0), POLISHED_OK);
    assert_int_equal(release(200 * bytes), POLISHED_OK);
    expect_sound();
}

/* The map is for as much as control was made for, and no more. */
static void control_bounds_the_region(void **state)
{
    const struct polished_ops *ops = &polished_polished_compact;
    polished_size knobs[] = {granule(state)};
    struct polished_setup setup = {.ops = ops,
                                   .data = polished_memory(memory, 1000),
                                   .control = control,
                                   .knobs = knobs};
    polished_size least = ops->control_bytes(knobs, 1000);

    assert_true(ops->control_bytes(knobs, POLISHED_SIZE_MAX) == 0);
    assert_true(least < 400 && least > 1000 / knobs[0] / 4);
    setup.control_bytes = ops->control_bytes(knobs, 2000);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, 1000), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, 5000), POLISHED_LIMIT);
    expect_sound();
    setup.control_bytes = least - 8;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_BAD_SIZE);
}

static void calls_take_constant_steps(void **state)
{
    polished_size bytes = granule(state);

    for (polished_size size = 4096; size <= MIB / 2; size *= 4) {
        if (polished_polished_compact.control_bytes(&bytes, size) == 0)
            break; /* small constants */
        open_apart(size, bytes);
        assert_in_range(steps_most(&heap, size / 4, 8), 4, 12);
        expect_sound();
        open_apart(size, bytes);
        assert_in_range(steps_most(&heap, size / 4, 1024), 4, 27);
        expect_sound();
    }
}

/* Where no block of the sizes needed happens to have an aligned place, one is
   taken that is larger by what may lie before such a place, and no larger. */
static void an_aligned_place_is_sure(void **state)
{
    static const unsigned used[][2] = {
        {0, 1}, {5, 4}, {14, 3}, {23, 2}, {32, 1}};
    polished_size bytes = granule(state), at;
    const struct polished_request request = {4 * bytes, 4 * bytes, 0, 0};

    open_apart(REGION, bytes);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(
            polished_reserve(&heap, used[i][0] * bytes, used[i][1] * bytes),
            POLISHED_OK);
    assert_int_equal(polished_alloc(&heap, &request, &at), POLISHED_OK);
    assert_int_equal(at, 28 * bytes);
    assert_int_equal(polished_alloc(&heap, &request, &at), POLISHED_OK);
    assert_int_equal(at, 36 * bytes);
    expect_sound();
}

static void the_row_says_what_it_can(void **state)
{
    const struct polished_ops *ops = &polished_polished_compact;

    (void)state;
    assert_int_equal(ops->caps, POLISHED_RECLAIMS + POLISHED_ANY_ORDER +
                                    POLISHED_EXACT_MISUSE +
                                    POLISHED_EXACT_WALK + POLISHED_SLACK);
    assert_int_equal(ops->knobs[0].least, 8);
    assert_int_equal(ops->knobs[0].most, 16);
    assert_int_equal(ops->knobs[0].usual, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(blocks_lie_side_by_side),
        BOTH(misuse_is_exact),
        BOTH(misuse_has_a_name),
        BOTH(an_overflow_forges_nothing),
        BOTH(borders_are_exact),
        BOTH(to_tell_the_size_changes_nothing),
        BOTH(large_blocks_lie_apart),
        BOTH(the_best_of_a_bin_is_cut),
        BOTH(steps_are_what_they_were),
        BOTH(resize_stays_in_place),
        BOTH(control_bounds_the_region),
        BOTH(calls_take_constant_steps),
        BOTH(an_aligned_place_is_sure),
        BOTH(the_row_says_what_it_can),
        BOTH(large_is_what_has_so_many_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
