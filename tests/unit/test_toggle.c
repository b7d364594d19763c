/* The map of two bits a granule, held against a list of blocks. */
#include <string.h>

#include "alloc/toggle.h"

#include "unit.h"

enum { ROOM = 1500, BLOCKS = ROOM + 2, CALLS = 20000 };

struct model {
    uint64_t map[ROOM / 32 + 3];
    struct {
        uint32_t at, size;
        bool is_used;
    } blocks[BLOCKS]; /* in order; the last one is the end */
    unsigned count;
    uint64_t random;
};

static struct model model;

static uint32_t draw(uint32_t limit)
{
    model.random ^= model.random << 13;
    model.random ^= model.random >> 7;
    model.random ^= model.random << 17;
    return (uint32_t)((model.random >> 11) % limit);
}

static void begin(uint32_t end)
{
    memset(&model, 0, sizeof model);
    model.random = 88172645463325252u;
    model.blocks[0].at = 1;
    model.blocks[0].size = end - 1;
    model.blocks[1].at = end;
    model.blocks[1].is_used = true;
    model.count = 2;
    toggle_begin(model.map);
    toggle_extend(model.map, 1, end);
}

static void insert(unsigned i, uint32_t at, uint32_t size, bool is_used)
{
    if (size == 0)
        return;
    memmove(&model.blocks[i + 1], &model.blocks[i],
            (model.count - i) * sizeof model.blocks[0]);
    model.blocks[i].at = at;
    model.blocks[i].size = size;
    model.blocks[i].is_used = is_used;
    model.count++;
}

static void drop(unsigned i)
{
    model.count--;
    memmove(&model.blocks[i], &model.blocks[i + 1],
            (model.count - i) * sizeof model.blocks[0]);
}

/* Let free blocks that touch be one. */
static void join(void)
{
    for (unsigned i = 1; i < model.count; i++)
        if (!model.blocks[i - 1].is_used && !model.blocks[i].is_used) {
            model.blocks[i - 1].size += model.blocks[i].size;
            drop(i--);
        }
}

/* The low end, the high end, the middle or all of a free block. */
static void take(unsigned i)
{
    uint32_t at = model.blocks[i].at, size = model.blocks[i].size;
    uint32_t from = draw(3) ? 0 : draw(size), need = 1 + draw(size - from);

    if (draw(3) == 0)
        from = size - need;
    toggle_block(model.map, at + from, need);
    drop(i);
    insert(i, at + from + need, size - from - need, false);
    insert(i, at + from, need, true);
    insert(i, at, from, false);
}

static void give(unsigned i)
{
    toggle_block(model.map, model.blocks[i].at, model.blocks[i].size);
    model.blocks[i].is_used = false;
    join();
}

static void resize(unsigned i)
{
    uint32_t at = model.blocks[i].at, old_size = model.blocks[i].size;
    bool grows = !model.blocks[i + 1].is_used;
    uint32_t room = old_size + (grows ? model.blocks[i + 1].size : 0);
    uint32_t size = 1 + draw(room);

    toggle_resize(model.map, at, old_size, size);
    model.blocks[i].size = size;
    if (grows)
        drop(i + 1);
    insert(i + 1, at + size, room - size, false);
}

static void extend(void)
{
    uint32_t old_end = model.blocks[model.count - 1].at;
    uint32_t end = old_end + 1 + draw(ROOM - old_end);

    toggle_extend(model.map, old_end, end);
    model.blocks[model.count - 1].at = end;
    insert(model.count - 1, old_end, end - old_end, false);
    join();
}

/* What each slot should be, codes of wide blocks apart. */
static void expect_slots(void)
{
    uint32_t at = 0;
    unsigned inner = 0, behind = 0;
    bool is_after_free = false;

    for (unsigned i = 0; i < model.count; i++) {
        uint32_t start = model.blocks[i].at, size = model.blocks[i].size;
        bool is_used = model.blocks[i].is_used;
        uint64_t window = toggle_window(model.map, start);

        for (; at < start; at++)
            inner |= toggle_slot(model.map, at);
        assert_int_equal(toggle_slot(model.map, at++),
                         !is_used        ? TOGGLE_FREE
                         : is_after_free ? TOGGLE_USED_AFTER_FREE
                                         : TOGGLE_USED);
        is_after_free = !is_used;
        if (size == 0 || !is_used)
            continue;
        assert_int_equal(toggle_size(window), size);
        assert_true(toggle_is_size(window, size));
        assert_false(toggle_is_size(window, size + 1));
        assert_false(toggle_is_size(window, size - 1));
    }
    for (; at % 32 != 0; at++)
        behind |= toggle_slot(model.map, at);
    for (size_t i = at / 32; i < sizeof model.map / sizeof model.map[0]; i++)
        behind |= model.map[i] != 0;
    assert_int_equal(inner & 1, 0);
    assert_int_equal(behind, 0);
}

/* Inside of what is no wide block in use, all slots are clear. */
static void expect_clear(void)
{
    unsigned slots = 0;

    for (unsigned i = 0; i + 1 < model.count; i++)
        for (uint32_t at =
                 model.blocks[i].is_used && model.blocks[i].size >= TOGGLE_WIDE
                     ? TOGGLE_WIDE
                     : 1;
             at < model.blocks[i].size; at++)
            slots |= toggle_slot(model.map, model.blocks[i].at + at);
    assert_int_equal(slots, 0);
}

static void expect_before(uint32_t at)
{
    uint32_t found = 0, words = 1000;

    for (unsigned i = 0; i < model.count; i++)
        if (model.blocks[i].is_used && model.blocks[i].at <= at)
            found = model.blocks[i].at;
    assert_int_equal(toggle_before(model.map, at, &words), found);
    assert_int_equal(words, 1000 - (at / 32 - found / 32 + 1));
    words = at / 32 - found / 32;
    assert_int_equal(toggle_before(model.map, at, &words), 0);
    assert_int_equal(words, 0);
}

static void the_map_is_as_the_blocks_are(void **state)
{
    (void)state;
    for (uint32_t end = 2; end < 1400; end += end / 3 + 1) {
        begin(end);
        model.random += end;
        for (unsigned call = 0; call < CALLS / 10; call++) {
            unsigned i = draw(model.count - 1);

            if (model.blocks[model.count - 1].at < ROOM && draw(200) == 0)
                extend();
            else if (!model.blocks[i].is_used)
                take(i);
            else if (draw(3) == 0)
                resize(i);
            else
                give(i);
            expect_slots();
            expect_clear();
            expect_before(1 + draw(ROOM));
        }
    }
}

/* Each bit of a size comes back, and no slot of a code begins a block. */
static void codes_tell_every_size(void **state)
{
    (void)state;
    for (unsigned high = 5; high < TOGGLE_SIZE_BITS; high++)
        for (unsigned low = 0; low <= high; low++)
            for (unsigned flip = 0; flip < 2; flip++) {
                uint32_t size =
                    (UINT32_C(1) << high) | ((UINT32_C(1) << low) - flip);
                uint64_t code = toggle_code(size);

                assert_true(size <= TOGGLE_MOST);
                assert_true((code & UINT64_C(0x5555555555555555)) == 0);
                assert_true((code & 3) == 0);
                assert_true(toggle_is_wide(code | TOGGLE_USED));
                assert_int_equal(toggle_decode(code | TOGGLE_USED), size);
            }
    assert_int_equal(toggle_decode(toggle_code(TOGGLE_MOST)), TOGGLE_MOST);
}

/* A block of one granule before a free one of one granule looks most like a
   wide one. */
static void small_blocks_are_not_taken_for_wide_ones(void **state)
{
    (void)state;
    begin(9);
    toggle_block(model.map, 1, 1);
    toggle_block(model.map, 3, 1);
    assert_int_equal(toggle_slot(model.map, 2), TOGGLE_FREE);
    assert_int_equal(toggle_slot(model.map, 3), TOGGLE_USED_AFTER_FREE);
    assert_int_equal(toggle_size(toggle_window(model.map, 1)), 1);
    assert_false(toggle_is_size(toggle_window(model.map, 1), 2));
}

/* Slots 1 and 2 tell of a code, and no other slot does. */
static void two_slots_are_the_mark(void **state)
{
    (void)state;
    for (uint64_t slots = 0; slots < 256; slots++)
        assert_true(toggle_is_wide(slots << 2 | TOGGLE_USED) ==
                    (slots % 16 == 10));
}

/* Through all words of a map of which these blocks are all that is in use. */
static void the_block_before_is_found(void **state)
{
    static const uint32_t starts[] = {2, 30, 32, 63, 65, 160, 191, 255};

    (void)state;
    begin(288);
    for (unsigned i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        uint32_t at = starts[i], free_at = model.blocks[2 * i].at;

        toggle_block(model.map, at, 1);
        drop(2 * i);
        insert(2 * i, at + 1, 287 - at, false);
        insert(2 * i, at, 1, true);
        insert(2 * i, free_at, at - free_at, false);
    }
    expect_slots();
    for (uint32_t at = 1; at < 320; at++)
        expect_before(at);
}

/* From and to sizes around those that carry a code. */
static void a_code_comes_and_goes(void **state)
{
    static const uint32_t sizes[] = {TOGGLE_WIDE - 1, TOGGLE_WIDE,
                                     TOGGLE_WIDE + 1};

    (void)state;
    for (unsigned i = 0; i < 9; i++) {
        begin(100);
        toggle_block(model.map, 1, sizes[i / 3]);
        toggle_resize(model.map, 1, sizes[i / 3], sizes[i % 3]);
        drop(0);
        insert(0, 1 + sizes[i % 3], 99 - sizes[i % 3], false);
        insert(0, 1, sizes[i % 3], true);
        expect_slots();
        expect_clear();
    }
}

/* The slots up to the end, and a word that a window may reach into. */
static void a_map_has_a_word_to_spare(void **state)
{
    (void)state;
    assert_int_equal(toggle_words(1), 2);
    assert_int_equal(toggle_words(31), 2);
    assert_int_equal(toggle_words(32), 3);
    assert_int_equal(toggle_words(UINT64_C(1) << 32), (1 << 27) + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_map_is_as_the_blocks_are),
        cmocka_unit_test(codes_tell_every_size),
        cmocka_unit_test(small_blocks_are_not_taken_for_wide_ones),
        cmocka_unit_test(two_slots_are_the_mark),
        cmocka_unit_test(the_block_before_is_found),
        cmocka_unit_test(a_code_comes_and_goes),
        cmocka_unit_test(a_map_has_a_word_to_spare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
