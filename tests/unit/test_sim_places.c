/* The index of taken ranges against a plain array, byte by byte. */
#include "unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/atlas.h"
#include "sim/places.h"

enum { HEAP_BYTES = 1 << 16 };

static uint32_t dice_state = 1;

static uint32_t dice(uint32_t sides)
{
    dice_state = dice_state * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)dice_state * sides >> 32);
}

/* Who owns each byte: the birth of its block, 0: nobody. */
static uint32_t owner[HEAP_BYTES];
static uint32_t length[HEAP_BYTES]; /* of the block that begins here */

static bool is_free(uint32_t offset, uint32_t size_bytes)
{
    for (uint32_t i = 0; i < size_bytes; i++)
        if (owner[offset + i] != 0)
            return false;
    return true;
}

static void set_owner(uint32_t offset, uint32_t size_bytes, uint32_t birth)
{
    for (uint32_t i = 0; i < size_bytes; i++)
        owner[offset + i] = birth;
}

static void take(struct sim_places *places, uint32_t offset,
                 uint32_t size_bytes, uint32_t birth)
{
    bool vacant = is_free(offset, size_bytes);

    assert_int_equal(sim_places_take(places, offset, size_bytes), vacant);
    if (!vacant)
        return;
    set_owner(offset, size_bytes, birth);
    length[offset] = size_bytes;
    assert_true(sim_places_at(places, offset));
}

static void give(struct sim_places *places, uint32_t offset)
{
    if (length[offset] == 0) {
        assert_false(sim_places_at(places, offset));
        return;
    }
    sim_places_give(places, offset);
    assert_false(sim_places_at(places, offset));
    set_owner(offset, length[offset], 0);
    length[offset] = 0;
}

static void live(struct sim_places *places, uint32_t granule_bytes,
                 uint32_t most_bytes)
{
    for (uint32_t birth = 1; birth < 60000; birth++) {
        uint32_t offset = dice(HEAP_BYTES / granule_bytes) * granule_bytes;
        uint32_t room = HEAP_BYTES - offset;

        if (dice(3) != 0)
            take(places, offset,
                 1 + dice(room < most_bytes ? room : most_bytes), birth);
        else
            give(places, offset);
    }
}

static void begin(struct sim_places *places, uint32_t granule_bytes)
{
    memset(owner, 0, sizeof owner);
    memset(length, 0, sizeof length);
    assert_true(sim_places_init(places, HEAP_BYTES, 0, granule_bytes));
}

/* Whatever range is asked for, whole granules or not. */
static void ask(struct sim_places *places)
{
    for (uint32_t i = 0; i < 60000; i++) {
        uint32_t offset = dice(HEAP_BYTES);
        uint32_t room = HEAP_BYTES - offset;
        uint32_t size_bytes = 1 + dice(room < 70 ? room : 70);

        assert_int_equal(sim_places_in(places, offset, size_bytes),
                         !is_free(offset, size_bytes));
    }
}

static void agree(uint32_t granule_bytes, uint32_t most_bytes)
{
    struct sim_places places;

    begin(&places, granule_bytes);
    live(&places, granule_bytes, most_bytes);
    ask(&places);
    sim_places_free(&places);
}

static void bytes_agree(void **state)
{
    (void)state;
    agree(1, 40);
    agree(1, 4000);
}

static void granules_agree(void **state)
{
    (void)state;
    agree(16, 500);
    agree(4096, 20000);
}

/* Blocks are aligned by their address, which need not begin with a granule. */
static void a_heap_may_begin_anywhere(void **state)
{
    struct sim_places places;

    (void)state;
    assert_true(sim_places_init(&places, HEAP_BYTES, 4096 + 24, 64));
    assert_true(sim_places_take(&places, 0, 40));
    assert_true(sim_places_take(&places, 40, 64));
    assert_true(sim_places_take(&places, 104, 1));
    assert_false(sim_places_in(&places, 105, 63));
    assert_true(sim_places_in(&places, 103, 1));
    assert_false(sim_places_take(&places, 40, 1));
    sim_places_give(&places, 40);
    assert_false(sim_places_in(&places, 40, 64));
    assert_true(sim_places_take(&places, 168, HEAP_BYTES - 168));
    sim_places_free(&places);
}

/* A terabyte costs only what is touched. */
static void a_terabyte_is_cheap(void **state)
{
    struct sim_places places;
    const uint64_t heap_bytes = UINT64_C(1) << 40;

    (void)state;
    assert_true(sim_places_init(&places, heap_bytes, 0, 16));
    assert_true(sim_places_take(&places, 0, 16));
    assert_true(sim_places_take(&places, heap_bytes - 4096, 4096));
    assert_false(sim_places_take(&places, 16, heap_bytes - 4096));
    assert_true(sim_places_take(&places, 16, heap_bytes - 4096 - 16));
}

/* A block may lie anywhere, across leaves, too. */
static void an_atlas_knows_all_addresses(void **state)
{
    const uint64_t leaf_bytes = UINT64_C(1) << SIM_ATLAS_LEAF_LOG2;
    const uint64_t last = (UINT64_C(1) << SIM_ATLAS_ADDRESS_LOG2) - 4096;
    struct sim_atlas atlas;

    (void)state;
    assert_true(sim_atlas_init(&atlas, 8));
    assert_true(sim_atlas_take(&atlas, leaf_bytes - 64, 2 * leaf_bytes));
    assert_true(sim_atlas_take(&atlas, last, 4096));
    assert_false(sim_atlas_take(&atlas, leaf_bytes - 8, 8));
    assert_false(sim_atlas_take(&atlas, leaf_bytes, 8));
    assert_false(sim_atlas_take(&atlas, 3 * leaf_bytes - 72, 8));
    assert_true(sim_atlas_take(&atlas, 3 * leaf_bytes - 64, 8));
    sim_atlas_give(&atlas, leaf_bytes - 64, 2 * leaf_bytes);
    assert_true(sim_atlas_take(&atlas, leaf_bytes - 8, 16));
    assert_false(sim_atlas_take(&atlas, last + 4088, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_agree),
        cmocka_unit_test(granules_agree),
        cmocka_unit_test(a_heap_may_begin_anywhere),
        cmocka_unit_test(a_terabyte_is_cheap),
        cmocka_unit_test(an_atlas_knows_all_addresses),
    };

    return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
