/* polished-compact: what is special about it.  Built once more with small
   constants. */
#include <string.h>

#include "alloc/compact.h"
#include "steps.h"
#include "unit.h"

enum { MIB = 1 << 20, REGION = 1 << 15 };

static _Alignas(4096) unsigned char memory[MIB + 4096];
static _Alignas(16) unsigned char control[MIB / 16];
static struct polished_heap heap;

/* A heap that has all of data: control lies elsewhere. */
static void open_apart(polished_size size_bytes, polished_size granule_bytes)
{
    const struct polished_setup setup = {
        .ops = &polished_polished_compact,
        .data = polished_memory(memory, size_bytes),
        .control = control,
        .control_bytes = sizeof control,
        .knobs = &granule_bytes};

    memset(control, 0xa5, sizeof control);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

static polished_size granule(void **state)
{
    return (polished_size)(uintptr_t)*state;
}

static polished_size alloc(polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, 8, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset;
}

static enum polished_status release(polished_size offset)
{
    return polished_free(&heap, offset, 0);
}

static enum polished_status resize(polished_size offset,
                                   polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, 1, 0, 0};

    return polished_resize(&heap, offset, 0, &request);
}

static void expect_sound(void)
{
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

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

/* Links and sizes of free blocks lie in data; who writes there is found out,
   and no word outside data is touched (which the sanitizers watch). */
static void damage_is_found(void **state)
{
    static const uint32_t words[] = {1,       2,          3,         7,
                                     0x10000, 0x7fffffff, 0xffffffff};
    polished_size bytes = granule(state);

    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
        for (unsigned which = 0; which < 3; which++) {
            polished_size blocks[9];
            unsigned found = 0;

            open_apart(2048, bytes);
            for (unsigned i = 0; i < 9; i++)
                blocks[i] = alloc(5 * bytes);
            for (unsigned i = 1; i < 9; i += 2)
                assert_int_equal(release(blocks[i]), POLISHED_OK);
            expect_sound();
            for (unsigned i = 1; i < 9; i += 2)
                ((uint32_t *)(void *)(memory + blocks[i]))[which] = words[w];
            assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
            for (unsigned i = 0; i < 9; i += 2)
                found += release(blocks[i]) == POLISHED_CORRUPT;
            assert_true(found > 0);
        }
}

/* ------------------------------------------------ any word, any value */

enum { HARM_REGION = 2048, HARM_BLOCKS = 15, HARM_CALLS = 4 * HARM_BLOCKS };

/* A heap of which every second block is free, small ones and large ones, and
   behind them the wild one, the largest; and the copy that it is made from. */
static struct {
    unsigned char data[HARM_REGION], control[1024];
    struct polished_heap heap;
    polished_size at[HARM_BLOCKS], sizes[HARM_BLOCKS];
} harm;

static bool harm_is_used(unsigned i)
{
    return i % 2 == 0;
}

static void harm_make(polished_size bytes)
{
    static const unsigned sizes[] = {1, 3, 33, 9}, count = 4;
    polished_size offset = 0;

    open_apart(HARM_REGION, bytes);
    for (unsigned i = 0; i < HARM_BLOCKS; i++) {
        polished_size size = harm_is_used(i) ? 1 : sizes[i / 2 % count];

        harm.at[i] = offset;
        harm.sizes[i] = size * bytes;
        assert_int_equal(polished_reserve(&heap, offset, size * bytes),
                         POLISHED_OK);
        offset += size * bytes;
    }
    for (unsigned i = 1; i < HARM_BLOCKS; i += 2)
        assert_int_equal(release(harm.at[i]), POLISHED_OK);
    expect_sound();
    memcpy(harm.data, memory, sizeof harm.data);
    memcpy(harm.control, control, sizeof harm.control);
    harm.heap = heap;
}

static void harm_restore(void)
{
    memcpy(memory, harm.data, sizeof harm.data);
    memcpy(control, harm.control, sizeof harm.control);
    heap = harm.heap;
}

/* What is handed out is no part of what others hold. */
static enum polished_status harm_alloc(polished_size size_bytes,
                                       polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};
    polished_size offset;
    enum polished_status status = polished_alloc(&heap, &request, &offset);

    if (status != POLISHED_OK)
        return status;
    assert_true(size_bytes <= HARM_REGION - offset);
    for (unsigned i = 0; i < HARM_BLOCKS; i++)
        assert_true(!harm_is_used(i) || offset + size_bytes <= harm.at[i] ||
                    harm.at[i] + harm.sizes[i] <= offset);
    return status;
}

/* Something with a block in use or what is free behind it; or a size. */
static enum polished_status harm_call(unsigned call, polished_size bytes)
{
    unsigned i = call / 4, used = i / 2 * 2;

    switch (call % 4) {
    case 0:
        return harm_alloc((2 * i + 1) * bytes, 8);
    case 1:
        return harm_alloc((2 * i + 2) * bytes, i % 2 ? 8 : 64);
    case 2:
        return i % 2 ? release(harm.at[used])
                     : resize(harm.at[used], 2 * bytes);
    default:
        return used == HARM_BLOCKS - 1
                   ? POLISHED_OK
                   : polished_reserve(&heap, harm.at[used + 1], bytes);
    }
}

/*
 * Whatever one word of data becomes, each call is served or refused as in a
 * sound heap, or finds the damage; and of words that it needs some value is
 * found by some call.
 */
static void any_word_may_be_harmed(void **state)
{
    static const uint32_t far[] = {0x7fffffff, 0x80000000, 0xffffffff};
    const unsigned near = 100, values = near + 3;
    polished_size bytes = granule(state);

    harm_make(bytes);
    for (unsigned i = 1; i < HARM_BLOCKS; i += 2) {
        unsigned last = (unsigned)harm.sizes[i] / 4 - 1;

        for (unsigned word = 0; word <= last;
             word += word == 2 ? last - 2 : 1) {
            unsigned found = 0;

            for (unsigned trial = 0; trial < values * HARM_CALLS; trial++) {
                unsigned value = trial / HARM_CALLS;
                uint32_t harmed = value < near ? value : far[value - near];
                enum polished_status status;

                harm_restore();
                memcpy(memory + harm.at[i] + 4 * word, &harmed, 4);
                status = harm_call(trial % HARM_CALLS, bytes);
                assert_true(status == POLISHED_OK ||
                            status == POLISHED_NO_MEMORY ||
                            status == POLISHED_CORRUPT);
                found += status == POLISHED_CORRUPT;
            }
            assert_true(found > 0);
        }
    }
}

/* Flip each bit of so many bytes of control: check finds it. */
static void expect_each_bit(void *bytes, size_t count)
{
    for (size_t i = 0; i < 8 * count; i++) {
        ((unsigned char *)bytes)[i / 8] ^= (unsigned char)(1u << i % 8);
        assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
        ((unsigned char *)bytes)[i / 8] ^= (unsigned char)(1u << i % 8);
    }
    expect_sound();
}

/* Of control, check sees every bit that says something about blocks. */
static void check_sees_every_bit(void **state)
{
    polished_size bytes = granule(state);
    struct compact_state *own = (void *)control;
    struct bins *bins = compact_bins(own);
    uint64_t *map;
    uint32_t *heads = bins_heads(bins), head;

    harm_make(bytes);
    map = (uint64_t *)(void *)control + own->map_at;
    assert_int_equal(polished_reserve(&heap, harm.at[5], 33 * bytes),
                     POLISHED_OK);
    expect_sound();
    expect_each_bit(map, 8 * toggle_words(own->end));
    expect_each_bit(&own->end, sizeof own->end);
    expect_each_bit(&bins->map, sizeof bins->map);
    expect_each_bit(&bins->wild, sizeof bins->wild);
    expect_each_bit(&bins->victim, sizeof bins->victim);
    expect_each_bit(&bins->wild_size, sizeof bins->wild_size);
    expect_each_bit(&bins->victim_size, sizeof bins->victim_size);
    expect_each_bit(heads + 1, 3 * sizeof *heads);
    own->end += own->room;
    assert_int_equal(polished_polished_compact.check(&heap), POLISHED_CORRUPT);
    own->end -= own->room;
    /* A block that is kept twice, and one in the list of another size. */
    bins->victim = heads[3];
    bins->victim_size = 3;
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
    bins->victim = bins->victim_size = 0;
    head = heads[1];
    heads[1] = heads[3];
    heads[3] = head;
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
}

/* What extend joins with what is new is looked at, too: its foot, and its links
   where it is not the wild one. */
static void extend_finds_damage(void **state)
{
    polished_size bytes = granule(state);
    uint32_t *words = (void *)memory;

    open_apart(1024, bytes);
    words[1024 / 4 - (bytes == 8 ? 3 : 1)] ^= 1;
    assert_int_equal(polished_extend(&heap, 256), POLISHED_CORRUPT);
    open_apart(1024, bytes);
    assert_int_equal(polished_reserve(&heap, 768, 4 * bytes), POLISHED_OK);
    words[(768 + 4 * bytes) / 4 + 1] = 0x7fffffff;
    assert_int_equal(polished_extend(&heap, 256), POLISHED_CORRUPT);
}

/* Nor does largest believe a size that was written over. */
static void largest_is_in_the_region(void **state)
{
    const struct polished_request request = {1, 8, 0, 0};
    const uint32_t harmed = 0x7fffffff;

    harm_make(granule(state));
    memcpy(memory + harm.at[5] + 8, &harmed, sizeof harmed);
    assert_in_range(polished_largest(&heap, &request), 1, HARM_REGION);
}

/* Half a granule at the end is nobody's. */
static void nothing_lies_in_the_spare(void **state)
{
    polished_size bytes = granule(state);

    open_apart(1024, bytes);
    assert_int_equal(polished_reserve(&heap, 1020, 1),
                     bytes == 8 ? POLISHED_OVERLAP : POLISHED_BAD_ALIGN);
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

#define BOTH(name)                                                             \
    {"8." #name, name, NULL, NULL, (void *)8},                                 \
    {                                                                          \
        "16." #name, name, NULL, NULL, (void *)16                              \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(blocks_lie_side_by_side),
        BOTH(misuse_is_exact),
        BOTH(misuse_has_a_name),
        BOTH(an_overflow_forges_nothing),
        BOTH(damage_is_found),
        BOTH(any_word_may_be_harmed),
        BOTH(check_sees_every_bit),
        BOTH(extend_finds_damage),
        BOTH(nothing_lies_in_the_spare),
        BOTH(largest_is_in_the_region),
        BOTH(to_tell_the_size_changes_nothing),
        BOTH(large_blocks_lie_apart),
        BOTH(resize_stays_in_place),
        BOTH(control_bounds_the_region),
        BOTH(calls_take_constant_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
