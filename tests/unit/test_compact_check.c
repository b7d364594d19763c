/* polished-compact: words that somebody overwrote.  Built once more with small
   constants. */
#include "damage.h"

enum { REGION = 2048, MEMORY = REGION, CONTROL = 1024 };

#include "compact_heap.h"

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

enum { HARM_BLOCKS = 15, HARM_CALLS = 4 * HARM_BLOCKS };

/* A heap of which every second block is free, small ones and large ones, and
   behind them the wild one, the largest; and the copy that it is made from. */
static struct {
    unsigned char data[REGION], control[1024];
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

    open_apart(REGION, bytes);
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
    assert_true(size_bytes <= REGION - offset);
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
    struct compact_state *own = heap_state();
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

/* Also where one wide block is all there is, so that no list tells. */
static void check_sees_the_code_alone(void **state)
{
    struct compact_state *own = heap_state();

    open_apart(REGION, granule(state));
    alloc((own->end - 1) * granule(state));
    expect_each_bit((uint64_t *)(void *)control + own->map_at,
                    8 * toggle_words(own->end));
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
    assert_in_range(polished_largest(&heap, &request), 1, REGION);
    compact_bins(heap_state())->wild_size = heap_state()->end;
    assert_in_range(polished_largest(&heap, &request), 1, REGION);
}

/* Half a granule at the end is nobody's. */
static void nothing_lies_in_the_spare(void **state)
{
    polished_size bytes = granule(state);

    open_apart(1024, bytes);
    assert_int_equal(polished_reserve(&heap, 1020, 1),
                     bytes == 8 ? POLISHED_OVERLAP : POLISHED_BAD_ALIGN);
}

/* Where a slot is, and what changes its map to another; a list; a word of a
   granule.  Granules are numbered as in the map. */
#define MAP_AT       (8 * (size_t)heap_state()->map_at)
#define SLOT(at)     AT_CONTROL(MAP_AT + (at) / 32 * 8, 8)
#define AS(at, bits) FLIP((uint64_t)(bits) << (at) % 32 * 2)
#define LIST(number)                                                           \
    AT_CONTROL(                                                                \
        sizeof(struct compact_state) + sizeof(struct bins) + 4 * (number), 4)
#define WORD(granule, word)                                                    \
    DAMAGE_DATA, (size_t)(((granule)-1) * bytes + 4 * (word)), 4

/* Used: one granule, 32, 32 behind a free one, one, three; free: three before
   the second of 32, one before the single one, all behind the last. */
enum { A = 1, B = 2, C = 34, D = 37, E = 69, F = 70, G = 71, REST = 74 };

static void open_six(polished_size bytes)
{
    static const unsigned blocks[][2] = {
        {A, 1}, {B, 32}, {D, 32}, {F, 1}, {G, 3}};

    open_apart(REGION, bytes);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(polished_reserve(&heap, (blocks[i][0] - 1) * bytes,
                                          blocks[i][1] * bytes),
                         POLISHED_OK);
}

/* Slots that tell of no block, of another one, or of none. */
static void damage_of_slots_is_told(void **state)
{
    polished_size bytes = granule(state);
    uint32_t end = ((uint32_t)REGION - 4) / (uint32_t)bytes + 1 + (bytes == 16);
    const struct damage_row rows[] = {
        TOLD(walk, 0, 0, "wide, and no code",
             {SLOT(B), AS(B, toggle_code(32))}),
        TOLD(walk, 0, 0, "the same behind a free block",
             {SLOT(D), AS(D, toggle_code(32))}),
        TOLD(walk, 0, 0, "a code that says less",
             {SLOT(B), AS(B, toggle_code(32) ^ toggle_code(28))}),
        TOLD(reserve, 9 * bytes, 1, "a code that says more than there is",
             {SLOT(B), AS(B, toggle_code(32) ^ toggle_code(end - 1))}),
        TOLD(walk, 0, 0, "used without a free one before it",
             {SLOT(F), AS(F, 2)}),
        SEEN("a code in a free block",
             {SLOT(REST), AS(REST, toggle_code(end - REST))}),
        SEEN("a used block in a list",
             {LIST(3), SET(compact_name(bytes == 8 ? 3 : 4, G))},
             {WORD(G, 0), SET(0)}, {WORD(G, 1), SET(0)}),
        SEEN("the second word of a block in a list", {LIST(1), ADD(1)},
             {WORD(E, 2), SET(0)}),
    };

    open_six(bytes);
    assert_int_equal(heap_state()->end, end);
    DAMAGE_ALL(&heap, rows);
}

/* Behind the last block, in use, there has to be an end. */
static void a_lost_end_is_told(void **state)
{
    polished_size bytes = granule(state);
    uint32_t end;

    open_apart(REGION, bytes);
    end = heap_state()->end;
    assert_int_equal(polished_reserve(&heap, (end - 2) * bytes, 1),
                     POLISHED_OK);
    {
        const struct damage_row rows[] = {
            TOLD(walk, 0, 0, "the end is none", {SLOT(end), AS(end, 1)}),
        };

        DAMAGE_ALL(&heap, rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(damage_is_found),          BOTH(any_word_may_be_harmed),
        BOTH(check_sees_every_bit),     BOTH(check_sees_the_code_alone),
        BOTH(extend_finds_damage),      BOTH(nothing_lies_in_the_spare),
        BOTH(largest_is_in_the_region), BOTH(damage_of_slots_is_told),
        BOTH(a_lost_end_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
