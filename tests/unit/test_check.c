/* The universal check: a walk that does not tile data is a damaged heap. */
#include <string.h>

#include "fake.h"
#include "unit.h"

#define HALF (POLISHED_SIZE_MAX / 2)

static struct polished_block tiles[4];
static enum polished_status walk_status, check_status;

static enum polished_status walk_tiles(const struct polished_heap *heap,
                                       polished_visit *visit, void *context)
{
    (void)heap;
    for (size_t i = 0; i < 4 && tiles[i].size_bytes != POLISHED_NOWHERE; i++)
        if (visit(context, &tiles[i]) != 0)
            break;
    return walk_status;
}

static enum polished_status check_as_told(const struct polished_heap *heap)
{
    (void)heap;
    return check_status;
}

/* What the check says of these blocks in 4000 bytes. */
static enum polished_status
check(struct polished_block a, struct polished_block b, struct polished_block c)
{
    struct polished_ops row = fake_row(0);
    struct polished_heap heap = fake_open(&row);

    row.walk = walk_tiles;
    row.check = check_as_told;
    tiles[0] = a;
    tiles[1] = b;
    tiles[2] = c;
    tiles[3].size_bytes = POLISHED_NOWHERE;
    return polished_check(&heap);
}

static const struct polished_block a = {0, 100, POLISHED_USED};
static const struct polished_block b = {100, 50, POLISHED_OWN};
static const struct polished_block c = {150, 3850, POLISHED_FREE};

static int prepare(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    walk_status = POLISHED_OK;
    check_status = POLISHED_OK;
    return 0;
}

static struct polished_block with(struct polished_block block,
                                  polished_size offset,
                                  polished_size size_bytes)
{
    block.offset_bytes = offset;
    block.size_bytes = size_bytes;
    return block;
}

static void tiles_make_a_sound_heap(void **state)
{
    (void)state;
    assert_int_equal(check(a, b, c), POLISHED_OK);
}

static void gaps_and_overlaps_are_damage(void **state)
{
    struct polished_block none = {4000, 0, POLISHED_OWN};
    struct polished_block odd = c;

    (void)state;
    assert_int_equal(check(a, with(b, 101, 49), c), POLISHED_CORRUPT);
    assert_int_equal(check(a, with(b, 99, 51), c), POLISHED_CORRUPT);
    assert_int_equal(check(a, b, with(c, 150, 3849)), POLISHED_CORRUPT);
    assert_int_equal(check(a, b, with(c, 150, 3851)), POLISHED_CORRUPT);
    assert_int_equal(check(a, b, with(c, 150, POLISHED_SIZE_MAX - 140)),
                     POLISHED_CORRUPT);
    assert_int_equal(check(a, with(c, 100, 3900), none), POLISHED_CORRUPT);
    odd.kind = POLISHED_KIND_COUNT;
    assert_int_equal(check(a, b, odd), POLISHED_CORRUPT);
}

/* Blocks that double until their numbers wrap, and so end where data does. */
static enum polished_status walk_round(const struct polished_heap *heap,
                                       polished_visit *visit, void *context)
{
    polished_size end_bytes = heap->data.size_bytes;
    struct polished_block block = {0, end_bytes, POLISHED_USED};

    while (visit(context, &block) == 0 && block.offset_bytes <= HALF) {
        block.offset_bytes += block.size_bytes;
        block.size_bytes = block.offset_bytes > HALF
                               ? end_bytes - block.offset_bytes
                               : block.offset_bytes + end_bytes;
    }
    return POLISHED_OK;
}

static void a_walk_goes_round_no_corner(void **state)
{
    struct polished_ops row = fake_row(0);
    struct polished_heap heap = fake_open(&row);

    (void)state;
    row.walk = walk_round;
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
}

static void the_policy_has_a_say(void **state)
{
    (void)state;
    check_status = POLISHED_CORRUPT;
    assert_int_equal(check(a, b, c), POLISHED_CORRUPT);
    check_status = POLISHED_OK;
    walk_status = POLISHED_CORRUPT;
    assert_int_equal(check(a, b, c), POLISHED_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tiles_make_a_sound_heap, prepare),
        cmocka_unit_test_setup(gaps_and_overlaps_are_damage, prepare),
        cmocka_unit_test_setup(a_walk_goes_round_no_corner, prepare),
        cmocka_unit_test_setup(the_policy_has_a_say, prepare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
