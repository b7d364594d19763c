/* Placements: valid, no worse than proved, no better than possible. */
#include <stdlib.h>
#include <string.h>

#include "search_sample.h"
#include "unit.h"
#include "search/canon.h"
#include "search/optimum.h"
#include "search/order.h"
#include "search/span.h"
#include "search/sweep.h"

static const struct search_effort sample_effort = {
    .sweep_operations = 200000,
    .comparisons = 200000,
    .visits = 4000000,
};

/* First fit in this order: some order gives the optimum, as a block may
   always be moved down. */
static uint64_t brute_height(const struct search_blocks *blocks,
                             const size_t *order)
{
    uint64_t offsets[8], height = 0;

    for (size_t i = 0; i < blocks->count; i++) {
        const struct search_block *block = &blocks->blocks[order[i]];
        uint64_t at = 0;
        for (size_t j = 0; j < i; j++) {
            const struct search_block *other = &blocks->blocks[order[j]];
            uint64_t low = offsets[order[j]];
            uint64_t top = low + other->size_bytes;
            if (!search_meet(block, other) || low >= at + block->size_bytes ||
                top <= at)
                continue;
            at = search_aligned(top, block->align_bytes);
            j = SIZE_MAX;
        }
        offsets[order[i]] = at;
        if (at + block->size_bytes > height)
            height = at + block->size_bytes;
    }
    return height;
}

static uint64_t brute_best(const struct search_blocks *blocks, size_t *order,
                           size_t fixed)
{
    uint64_t best = UINT64_MAX;

    if (fixed == blocks->count)
        return brute_height(blocks, order);
    for (size_t i = fixed; i < blocks->count; i++) {
        size_t chosen = order[i];
        order[i] = order[fixed];
        order[fixed] = chosen;
        uint64_t height = brute_best(blocks, order, fixed + 1);
        best = height < best ? height : best;
        order[fixed] = order[i];
        order[i] = chosen;
    }
    return best;
}

static void an_optimum_is_what_brute_force_finds(void **state)
{
    unsigned above_load = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct search_blocks blocks;
        struct search_packing packing;
        size_t order[8] = {0, 1, 2, 3, 4, 5, 6, 7};
        sample_random(&blocks, seed, 4 + seed % 4, 4, 9);
        uint64_t best = brute_best(&blocks, order, 0);
        assert_true(search_optimum(&packing, &blocks, &sample_effort));
        assert_true(packing.optimal);
        assert_int_equal(packing.packed_bytes, best);
        sample_assert_placement(&blocks, packing.offsets, best);
        above_load += best > packing.load_bytes;
        search_packing_free(&packing);
        search_blocks_free(&blocks);
    }
    assert_true(above_load > 0);
}

static void the_depth_first_search_alone_is_exact(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct search_blocks blocks;
        size_t order[8] = {0, 1, 2, 3, 4, 5, 6, 7};
        uint64_t offsets[8];
        sample_random(&blocks, 1000 + seed, 7, 4, 9);
        uint64_t best = brute_best(&blocks, order, 0);
        struct search_canon *canon = search_canon_new(&blocks);
        assert_non_null(canon);
        for (unsigned p = 0; p < SEARCH_PREORDERS; p++) {
            uint64_t budget = UINT64_MAX;
            assert_int_equal(
                search_canon_run(canon, offsets, p, best - 1, &budget),
                SEARCH_FITS_NOT);
            assert_int_equal(search_canon_run(canon, offsets, p, best, &budget),
                             SEARCH_FITS);
            sample_assert_placement(&blocks, offsets, best);
        }
        search_canon_free(canon);
        search_blocks_free(&blocks);
    }
}

/* Each search by itself. */
static void every_search_leaves_a_placement(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct search_blocks blocks;
        sample_random(&blocks, seed, 300, 40, 500);
        for (int key = 0; key <= SEARCH_KEY_COUNT; key++) {
            struct search_incumbent best;
            uint64_t budget = 1000000;
            assert_true(search_incumbent_begin(&best, &blocks));
            if (key == SEARCH_KEY_COUNT)
                assert_true(search_orders(&best, &budget));
            else
                assert_true(search_sweep(&best, (enum search_key)key, &budget));
            sample_assert_placement(&blocks, best.offsets, best.height);
            uint64_t height = best.height;
            if (key < SEARCH_KEY_COUNT)
                assert_true(
                    search_sweep_repair(&best, (enum search_key)key, &budget));
            sample_assert_placement(&blocks, best.offsets, best.height);
            assert_true(best.height <= height);
            assert_true(best.height >= blocks.load_bytes);
            search_incumbent_free(&best);
        }
        search_blocks_free(&blocks);
    }
}

static uint64_t span_of(const char *policy, const struct search_blocks *blocks)
{
    for (const struct search_span *span = search_spans; span->policy; span++)
        if (strcmp(span->policy, policy) == 0)
            return span->measure(blocks);
    fail_msg("no span of %s", policy);
    return 0;
}

static void first_fit_is_the_sweep_of_one_class(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct search_blocks blocks;
        struct search_incumbent best;
        uint64_t budget = UINT64_MAX;
        sample_random(&blocks, seed, 200, 1 + seed % 60, 100);
        assert_true(search_incumbent_begin(&best, &blocks));
        assert_true(search_sweep(&best, SEARCH_BY_BIRTH, &budget));
        assert_int_equal(span_of("first-fit", &blocks), best.height);
        search_incumbent_free(&best);
        search_blocks_free(&blocks);
    }
}

static void spans_are_what_a_hand_finds(void **state)
{
    struct search_blocks blocks;

    (void)state;
    /* Holes of 4 at 0 and of 2 at 5; first fit puts 2 into the first. */
    assert_int_equal(
        sample_build(&blocks, 1, "a0:4 a1:1 a2:2 a3:1 f0 f2 a4:2 a5:4"),
        SEARCH_BUILT);
    assert_int_equal(span_of("first-fit", &blocks), 12);
    assert_int_equal(span_of("best-fit", &blocks), 8);
    search_blocks_free(&blocks);
    /* A request of 5 rests on the end: the hole of 4 below it helps. */
    assert_int_equal(sample_build(&blocks, 1, "a0:3 a1:4 f1 a2:5 f0 f2 a3:12"),
                     SEARCH_BUILT);
    assert_int_equal(span_of("first-fit", &blocks), 12);
    assert_int_equal(span_of("best-fit", &blocks), 12);
    search_blocks_free(&blocks);
}

static void spans_are_no_less_than_the_load(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct search_blocks blocks;
        sample_random(&blocks, seed, 300, 50, 100);
        assert_true(span_of("best-fit", &blocks) >= blocks.load_bytes);
        search_blocks_free(&blocks);
    }
}

static void the_same_question_has_the_same_answer(void **state)
{
    struct search_blocks blocks;
    struct search_packing one, two;

    (void)state;
    sample_random(&blocks, 7, 200, 30, 10000);
    assert_true(search_optimum(&one, &blocks, &sample_effort));
    assert_true(search_optimum(&two, &blocks, &sample_effort));
    assert_int_equal(one.packed_bytes, two.packed_bytes);
    assert_memory_equal(one.offsets, two.offsets,
                        blocks.count * sizeof *one.offsets);
    search_packing_free(&one);
    search_packing_free(&two);
    search_blocks_free(&blocks);
}

static void assert_optimum(const char *events, uint64_t load, uint64_t packed)
{
    struct search_blocks blocks;
    struct search_packing packing;

    assert_int_equal(sample_build(&blocks, 1, events), SEARCH_BUILT);
    assert_true(search_optimum(&packing, &blocks, &search_effort_quick));
    assert_true(packing.optimal);
    assert_int_equal(packing.load_bytes, load);
    assert_int_equal(packing.packed_bytes, packed);
    sample_assert_placement(&blocks, packing.offsets, packed);
    search_packing_free(&packing);
    search_blocks_free(&blocks);
}

static void known_traces_are_solved(void **state)
{
    (void)state;
    assert_optimum("", 0, 0);
    assert_optimum("a0:5", 5, 5);
    /* A chain of reallocs never overlaps itself. */
    assert_optimum("a0:5 r0:9 r0:14 r0:3 a1:11", 14, 14);
    /* On which best fit has anomalies: it needs 18. */
    assert_optimum("a0:6 a1:5 a2:6 f2 a3:3 f1 a4:4 f4 a5:4 f0 a6:8 f5 f6 f3 "
                   "a7:7 a2:2",
                   17, 17);
    /* Blocks aligned to 8 leave what nothing can use: 8 + 1 of 9 bytes. */
    assert_optimum("a0:1@8 a1:1@8", 2, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_optimum_is_what_brute_force_finds),
        cmocka_unit_test(the_depth_first_search_alone_is_exact),
        cmocka_unit_test(every_search_leaves_a_placement),
        cmocka_unit_test(first_fit_is_the_sweep_of_one_class),
        cmocka_unit_test(spans_are_what_a_hand_finds),
        cmocka_unit_test(spans_are_no_less_than_the_load),
        cmocka_unit_test(the_same_question_has_the_same_answer),
        cmocka_unit_test(known_traces_are_solved),
    };

    return cmocka_run_group_tests_name("search optimum", tests, NULL, NULL);
}
