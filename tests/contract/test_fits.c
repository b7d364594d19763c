/*
 * The four fits by name: which hole is taken, and what siblings of theirs got
 * wrong (numbers as in our notes on them).
 */
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "program.h"

/*
 * Holes of 100, 60, 200 and 60 bytes in this order, apart from each other,
 * and all else taken.  The offsets of the holes are answered.
 */
static void make_holes(struct oracle *oracle, const struct polished_ops *ops,
                       polished_size holes[4])
{
    static const polished_size sizes[] = {100, 24, 60, 24, 200, 24, 60, 24};
    struct oracle_plan plan = case_plan(ops, 1024);

    case_open(oracle, &plan);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(oracle_alloc(oracle, sizes[i], 16), POLISHED_OK);
    assert_int_equal(
        oracle_alloc(oracle,
                     polished_largest(&oracle->heap,
                                      &(struct polished_request){1, 16, 0, 0}),
                     16),
        POLISHED_OK);
    for (size_t i = 0; i < 4; i++) {
        holes[i] = oracle->live[i].offset;
        assert_int_equal(oracle_free(oracle, i, true), POLISHED_OK);
    }
}

/* Which hole does a block of so many bytes go to? */
static polished_size taken(const struct polished_ops *ops,
                           polished_size size_bytes)
{
    struct oracle oracle;
    polished_size holes[4], hole = 4;

    make_holes(&oracle, ops, holes);
    assert_int_equal(oracle_alloc(&oracle, size_bytes, 16), POLISHED_OK);
    for (polished_size i = 0; i < 4; i++)
        if (oracle.live[oracle.count - 1].offset == holes[i])
            hole = i;
    oracle_close(&oracle);
    return hole;
}

static void each_rule_takes_its_hole(void **state)
{
    (void)state;
    assert_int_equal(taken(&polished_first_fit, 50), 0);
    assert_int_equal(taken(&polished_first_fit, 120), 2);
    assert_int_equal(taken(&polished_best_fit, 50), 1);
    assert_int_equal(taken(&polished_best_fit, 80), 0);
    assert_int_equal(taken(&polished_best_fit, 120), 2);
    assert_int_equal(taken(&polished_worst_fit, 1), 2);
    assert_int_equal(taken(&polished_worst_fit, 150), 2);
}

static void next_fit_goes_on_and_round(void **state)
{
    static const polished_size sizes[] = {200, 60, 24, 24};
    static const size_t expected[] = {2, 3, 0, 0};
    struct oracle oracle;
    polished_size holes[4];

    (void)state;
    make_holes(&oracle, &polished_next_fit, holes);
    for (size_t i = 0; i < 4; i++) {
        polished_size offset;

        assert_int_equal(oracle_alloc(&oracle, sizes[i], 16), POLISHED_OK);
        offset = oracle.live[oracle.count - 1].offset;
        assert_true(offset == holes[expected[i]] + (i == 3 ? 32 : 0));
    }
    /* What is freed just behind it is the next to be used. */
    assert_int_equal(oracle_free(&oracle, oracle.count - 1, true), POLISHED_OK);
    assert_int_equal(oracle_alloc(&oracle, 24, 16), POLISHED_OK);
    assert_true(oracle.live[oracle.count - 1].offset == holes[0] + 32);
    oracle_close(&oracle);
}

/* A request fails only if no hole is large enough: at any time, any size. */
static void every_hole_can_be_had(void **state)
{
    struct oracle oracle;
    struct oracle_snapshot snapshot = {.bytes = NULL};

    (void)state;
    for (size_t row = 0; polished_policies[row]; row++) {
        struct oracle_plan plan = case_plan(polished_policies[row], 2048);
        struct program program = {
            .random = row + 11, .bound_bytes = 150, .live_limit = 30};
        const struct polished_request any = {1, 16, 0, 0};
        polished_size largest_bytes;

        if (strstr(plan.ops->name, "-fit") == NULL)
            continue;
        case_open(&oracle, &plan);
        program_run(&program, &oracle, 150);
        largest_bytes = polished_largest(&oracle.heap, &any);
        snapshot.bytes = NULL;
        oracle_save(&oracle, &snapshot);
        for (polished_size size = 1; size <= largest_bytes; size++) {
            const struct polished_request request = {size, 16, 0, 0};
            polished_size offset;

            assert_int_equal(polished_alloc(&oracle.heap, &request, &offset),
                             POLISHED_OK);
            oracle_restore(&oracle, &snapshot);
        }
        free(snapshot.bytes);
        oracle_close(&oracle);
    }
}

static void a_block_grows_to_its_neighbour_s_last_byte(void **state)
{
    struct oracle oracle;
    polished_size holes[4];
    polished_size place;

    (void)state;
    make_holes(&oracle, &polished_first_fit, holes);
    assert_int_equal(oracle_alloc(&oracle, 24, 16), POLISHED_OK);
    place = oracle.live[oracle.count - 1].offset;
    assert_true(place == holes[0]);
    assert_int_equal(oracle_realloc(&oracle, oracle.count - 1, 104, 16),
                     POLISHED_OK);
    assert_true(oracle.live[oracle.count - 1].offset == place);
    assert_int_equal(oracle_realloc(&oracle, oracle.count - 1, 105, 16),
                     POLISHED_OK);
    assert_true(oracle.live[oracle.count - 1].offset != place);
    oracle_close(&oracle);
}

/* Its head lies in the new block's payload, which nobody has written yet. */
static void a_swallowed_block_is_not_freed_again(void **state)
{
    static _Alignas(16) unsigned char memory[1024];
    struct polished_heap heap;
    void *blocks[3], *whole;

    (void)state;
    assert_int_equal(polished_open(&heap, &polished_first_fit,
                                   polished_memory(memory, 1024), NULL),
                     POLISHED_OK);
    for (int i = 0; i < 3; i++)
        blocks[i] = polished_malloc(&heap, 56, 16);
    assert_int_equal(polished_mfree(&heap, blocks[0]), POLISHED_OK);
    assert_int_equal(polished_mfree(&heap, blocks[1]), POLISHED_OK);
    whole = polished_malloc(&heap, 120, 16);
    assert_ptr_equal(whole, blocks[0]);
    assert_int_equal(polished_mfree(&heap, blocks[1]), POLISHED_INTERIOR);
    assert_int_equal(polished_mfree(&heap, whole), POLISHED_OK);
}

/* A head says where it lies: its copy elsewhere is no head. */
static void a_copied_head_is_no_block(void **state)
{
    static _Alignas(16) unsigned char memory[1024];
    struct polished_heap heap;
    unsigned char *small, *large, *next;

    (void)state;
    assert_int_equal(polished_open(&heap, &polished_first_fit,
                                   polished_memory(memory, 1024), NULL),
                     POLISHED_OK);
    small = polished_malloc(&heap, 40, 16);
    large = polished_malloc(&heap, 200, 16);
    next = polished_malloc(&heap, 40, 16);
    assert_non_null(large);
    memcpy(next - 48 - 8, small - 8, 8);
    assert_int_equal(polished_mfree(&heap, next - 48), POLISHED_INTERIOR);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static void a_size_far_too_small_is_refused(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = case_plan(&polished_best_fit, 1024);

    (void)state;
    case_open(&oracle, &plan);
    assert_int_equal(oracle_alloc(&oracle, 200, 16), POLISHED_OK);
    assert_int_equal(polished_free(&oracle.heap, oracle.live[0].offset, 168),
                     POLISHED_SIZE_MISMATCH);
    oracle_misuse(&oracle, oracle.live[0].offset, 168);
    oracle_misuse(&oracle, oracle.live[0].offset, 1);
    assert_int_equal(oracle_free(&oracle, 0, true), POLISHED_OK);
    oracle_close(&oracle);
}

/* B16: the gap before an aligned block was lost for ever. */
static void B16_the_gap_before_an_aligned_block_is_free(void **state)
{
    const struct polished_request any = {1, 16, 0, 0};
    struct oracle oracle;
    struct oracle_plan plan = case_plan(&polished_first_fit, 4096);

    (void)state;
    case_open(&oracle, &plan);
    assert_int_equal(oracle_alloc(&oracle, 64, 1024), POLISHED_OK);
    assert_int_equal(oracle_alloc(&oracle, 900, 16), POLISHED_OK);
    assert_true(oracle.live[1].offset < oracle.live[0].offset);
    oracle_free_all(&oracle);
    assert_true(polished_largest(&oracle.heap, &any) == 4096 - 24);
    oracle_close(&oracle);
}

/* The smallest life we know that fits 18 units, but not 19 to 21. */
static bool lives_through(polished_size units)
{
    static const signed char life[][2] = {
        {0, 6}, {1, 5}, {2, 6}, {2, 0}, {3, 3}, {1, 0}, {4, 4}, {4, 0},
        {5, 4}, {0, 0}, {6, 8}, {5, 0}, {6, 0}, {3, 0}, {7, 7}, {8, 2}};
    const polished_size unit = 64;
    struct polished_heap heap;
    static _Alignas(16) unsigned char memory[4096];
    polished_size offsets[9];
    uint64_t control[16];
    const struct polished_setup setup = {
        .ops = &polished_best_fit,
        .data = {memory, units * unit + 16, 1 << 20},
        .control = (void *)(((uintptr_t)control + 15) & ~(uintptr_t)15)};

    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    for (size_t i = 0; i < sizeof life / sizeof life[0]; i++) {
        const struct polished_request request = {
            (polished_size)life[i][1] * unit - 8, 16, 0, 0};
        polished_size *offset = &offsets[life[i][0]];

        if (life[i][1] == 0)
            assert_int_equal(polished_free(&heap, *offset, 0), POLISHED_OK);
        else if (polished_alloc(&heap, &request, offset) != POLISHED_OK)
            return false;
    }
    return true;
}

static void more_memory_may_fail_where_less_worked(void **state)
{
    (void)state;
    assert_false(lives_through(17));
    assert_true(lives_through(18));
    assert_false(lives_through(19));
    assert_false(lives_through(20));
    assert_false(lives_through(21));
    assert_true(lives_through(22));
    assert_true(lives_through(23));
}

/* A damaged heap is told, and does not bring the program down. */
static void damage_is_told(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = case_plan(&polished_best_fit, 1024);
    struct oracle_snapshot snapshot = {.bytes = NULL};
    size_t told = 0, flips = 0;

    (void)state;
    case_open(&oracle, &plan);
    for (int i = 0; i < 12; i++)
        oracle_alloc(&oracle, 40, 16);
    for (size_t i = 0; i < 6; i++)
        oracle_free(&oracle, i, false);
    oracle_save(&oracle, &snapshot);
    for (size_t i = 0; i < oracle.count; i++)
        for (unsigned bit = 0; bit < 64; bit++, flips++) {
            polished_size at = oracle.live[i].offset - 8 + bit / 8;
            const struct polished_request request = {100, 16, 0, 0};
            polished_size offset;

            oracle.data[at] ^= (unsigned char)(1u << bit % 8);
            told += polished_check(&oracle.heap) == POLISHED_CORRUPT &&
                    polished_free(&oracle.heap, oracle.live[i].offset, 0) !=
                        POLISHED_OK;
            polished_alloc(&oracle.heap, &request, &offset);
            polished_reset(&oracle.heap);
            oracle_restore(&oracle, &snapshot);
        }
    assert_int_equal(told, flips);
    free(snapshot.bytes);
    oracle_close(&oracle);
}

static void rows_are_found_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; polished_policies[i]; i++)
        assert_ptr_equal(polished_policy(polished_policies[i]->name),
                         polished_policies[i]);
    assert_null(polished_policy("best"));
    assert_null(polished_policy("best-fits"));
    assert_null(polished_policy(""));
}

static void data_beyond_the_limit_is_refused(void **state)
{
    static _Alignas(16) unsigned char control[256];
    struct polished_heap heap;
    struct polished_setup setup = {
        .ops = &polished_best_fit, .control = control, .control_bytes = 256};

    (void)state;
    if (POLISHED_SIZE_MAX < UINT64_MAX)
        return; /* no size is beyond it */
    setup.data =
        polished_memory(control, (polished_size)(UINT64_C(1) << 46) + 1);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_LIMIT);
    setup.ops = &polished_stack;
    setup.data =
        polished_memory(control, (polished_size)(UINT64_C(1) << 62) + 1);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_takes_its_hole),
        cmocka_unit_test(next_fit_goes_on_and_round),
        cmocka_unit_test(every_hole_can_be_had),
        cmocka_unit_test(a_block_grows_to_its_neighbour_s_last_byte),
        cmocka_unit_test(a_swallowed_block_is_not_freed_again),
        cmocka_unit_test(a_copied_head_is_no_block),
        cmocka_unit_test(a_size_far_too_small_is_refused),
        cmocka_unit_test(B16_the_gap_before_an_aligned_block_is_free),
        cmocka_unit_test(more_memory_may_fail_where_less_worked),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(rows_are_found_by_name),
        cmocka_unit_test(data_beyond_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, case_watch, NULL);
}
