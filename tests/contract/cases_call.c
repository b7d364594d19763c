/* cases_call.c - one call after the other, in every shape. */
#include <string.h>

#include "cases.h"
#include "program.h"

#define MOST POLISHED_SIZE_MAX

void row_is_complete(void **state)
{
    const struct subject *subject = *state;
    const struct polished_ops *ops = subject->ops;

    assert_int_equal(ops->abi, POLISHED_ABI);
    assert_true(strlen(ops->name) > 0 && strlen(ops->summary) > 0);
    assert_non_null(ops->control_bytes);
    assert_non_null(ops->init);
    assert_non_null(ops->alloc);
    assert_non_null(ops->reset);
    assert_non_null(ops->walk);
    if (ops->free)
        assert_non_null(ops->usable);
    for (const struct polished_knob *knob = ops->knobs; knob && knob->name;
         knob++) {
        assert_true(strlen(knob->summary) > 0);
        assert_true(knob->form == POLISHED_POLICY ||
                    (knob->least <= knob->usual && knob->usual <= knob->most));
        if (knob->form == POLISHED_POWER_OF_TWO)
            assert_int_equal((knob->least & (knob->least - 1)) |
                                 (knob->usual & (knob->usual - 1)) |
                                 (knob->most & (knob->most - 1)),
                             0);
    }
    for (const struct polished_extra *extra = ops->extras; extra && extra->name;
         extra++)
        assert_true(strlen(extra->summary) > 0 && extra->call);
}

void sizes_of_every_kind(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 16384);

    case_open(&oracle, &plan);
    assert_int_equal(case_refused(&oracle, 0, 16), POLISHED_BAD_SIZE);
    assert_int_equal(case_refused(&oracle, MOST, 16), POLISHED_NO_MEMORY);
    assert_int_equal(case_refused(&oracle, MOST - 1, 16), POLISHED_NO_MEMORY);
    assert_int_equal(case_refused(&oracle, MOST / 2 + 1, 1),
                     POLISHED_NO_MEMORY);
    assert_int_equal(case_refused(&oracle, 16385, 1), POLISHED_NO_MEMORY);
    assert_int_equal(case_refused(&oracle, 16, 0), POLISHED_BAD_ALIGN);
    assert_int_equal(case_refused(&oracle, 16, 24), POLISHED_BAD_ALIGN);
    assert_int_equal(case_refused(&oracle, 16, MOST), POLISHED_BAD_ALIGN);
    assert_int_equal(oracle_alloc(&oracle, 1, 1), POLISHED_OK);
    for (polished_size size_bytes = 1; size_bytes < 16384; size_bytes++) {
        if (oracle_alloc(&oracle, size_bytes, 1) == POLISHED_OK)
            oracle_free(&oracle, oracle.count - 1, size_bytes % 2);
        oracle_reset(&oracle);
    }
    oracle_close(&oracle);
}

void alignments_up_to_the_region(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 16384);

    plan.bus_base = (UINT64_C(1) << 20) + 8;
    for (unsigned bit = 0; bit < 8 * sizeof(polished_size); bit++) {
        polished_size align_bytes = (polished_size)1 << bit;
        struct polished_request request = {1, align_bytes, 0, 0};
        unsigned found = 0;

        case_open(&oracle, &plan);
        while (oracle.count < 100 &&
               oracle_alloc(&oracle, 24, align_bytes) == POLISHED_OK)
            found++;
        /* Where there are this many aligned places there is room for one. */
        if (align_bytes <= 4096 && !(oracle.heap.ops->caps & POLISHED_ONE_SIZE))
            assert_true(found >= 1);
        if (align_bytes > plan.bus_base + plan.size_bytes) {
            assert_int_equal(found, 0);
            assert_true(polished_largest(&oracle.heap, &request) == 0);
        }
        oracle_close(&oracle);
    }
}

/* Fill what can be filled, free it, and find the heap as it was. */
static void fill_and_free(struct oracle *oracle)
{
    const struct polished_request request = {1, 1, 0, 0};
    polished_size largest_bytes = polished_largest(&oracle->heap, &request);
    polished_size size_bytes = 1;

    oracle_prove_largest(oracle, 1);
    while (oracle_alloc(oracle, size_bytes, 1) == POLISHED_OK)
        size_bytes = size_bytes % 40 + 13;
    while (oracle->count < ORACLE_BLOCKS &&
           oracle_alloc(oracle, 1, 1) == POLISHED_OK)
        continue;
    if (!(oracle->heap.ops->caps & POLISHED_RECLAIMS)) {
        oracle_reset(oracle);
    } else {
        oracle_free_all(oracle);
    }
    assert_true(polished_largest(&oracle->heap, &request) == largest_bytes);
    if (largest_bytes != 0) {
        assert_int_equal(oracle_alloc(oracle, largest_bytes, 1), POLISHED_OK);
        oracle_reset(oracle);
    }
}

/* All of data, for which control has no list or bit to spare. */
static void ask_for_all(struct oracle *oracle)
{
    oracle_alloc(oracle, oracle->heap.data.size_bytes, 1);
    oracle_reset(oracle);
}

void regions_of_every_size_and_residue(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 0);
    unsigned opened = 0;

    for (unsigned residue = 0; residue < 64; residue++)
        for (polished_size size_bytes = 0; size_bytes <= 256; size_bytes++) {
            enum polished_status status;

            plan.bus_base = (UINT64_C(1) << 20) + residue;
            plan.size_bytes = size_bytes;
            status = oracle_open(&oracle, &plan);
            if (size_bytes == 0)
                assert_int_equal(status, POLISHED_BAD_SIZE);
            if (status != POLISHED_OK) {
                assert_true(status == POLISHED_BAD_SIZE ||
                            status == POLISHED_LIMIT ||
                            status == POLISHED_BAD_KNOB);
                continue;
            }
            opened++;
            ask_for_all(&oracle);
            fill_and_free(&oracle);
            oracle_close(&oracle);
        }
    if (!(plan.ops->caps & (POLISHED_PAGES | POLISHED_ONE_SIZE)))
        assert_true(opened > 64 * 64);
}

void region_at_the_end_of_addresses(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 8192);

    plan.bus_base = UINT64_MAX - 8191;
    case_open(&oracle, &plan);
    fill_and_free(&oracle);
    case_refused(&oracle, 1,
                 (polished_size)1 << (8 * sizeof(polished_size) - 1));
    assert_int_not_equal(polished_extend(&oracle.heap, 1), POLISHED_OK);
    oracle_close(&oracle);
}

void extend_byte_by_byte(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 256);
    const struct polished_request request = {1, 1, 0, 0};

    if (!plan.ops->extend || (plan.source_ops && !plan.source_ops->extend))
        return;
    plan.more_bytes = 512;
    case_open(&oracle, &plan);
    for (unsigned i = 0; i < 512; i++) {
        polished_size largest_bytes = polished_largest(&oracle.heap, &request);

        assert_int_equal(oracle_extend(&oracle, 1), POLISHED_OK);
        assert_true(polished_largest(&oracle.heap, &request) >= largest_bytes);
        if (i % 50 == 0)
            oracle_alloc(&oracle, largest_bytes, 1);
    }
    oracle_reset(&oracle);
    fill_and_free(&oracle);
    oracle_close(&oracle);
}

/* What a program decides that gets the last bytes of data in mid-life; and
   how many its heap could have been without until then. */
static uint64_t decide_late(struct oracle_plan plan, polished_size late_bytes,
                            uint64_t seed, polished_size *slack_bytes)
{
    struct oracle oracle;
    struct program program = {
        .random = seed, .bound_bytes = 90, .live_limit = 14};

    plan.size_bytes -= late_bytes;
    plan.more_bytes += late_bytes;
    case_open(&oracle, &plan);
    oracle.is_shallow = true;
    program_run(&program, &oracle, 20);
    *slack_bytes = oracle.heap.slack_bytes;
    if (late_bytes != 0)
        oracle_extend(&oracle, late_bytes);
    program_run(&program, &oracle, 100);
    oracle_close(&oracle);
    return program.decisions;
}

void late_memory_is_as_good_as_early(void **state)
{
    struct oracle_plan plan = subject_plan(*state, 0);
    unsigned tried = 0;

    if (!(plan.ops->caps & POLISHED_GROWS))
        return;
    assert_true(plan.ops->control_bytes(NULL, 16) ==
                plan.ops->control_bytes(NULL, 4096));
    plan.more_bytes = 8192;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        polished_size slack_bytes, ignored;
        uint64_t decisions;

        plan.size_bytes = 700 + (polished_size)seed * 7 % 1000;
        decisions = decide_late(plan, 0, seed * 6151, &slack_bytes);
        for (polished_size late = 1; late + 64 <= slack_bytes;
             late += 7, tried++)
            assert_true(decide_late(plan, late, seed * 6151, &ignored) ==
                        decisions);
    }
    assert_true(tried > 100);
}

void fill_to_the_brim_and_back(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 8192);

    case_open(&oracle, &plan);
    for (unsigned round = 0; round < 4; round++)
        fill_and_free(&oracle);
    oracle_close(&oracle);
}

void realloc_keeps_what_fits(void **state)
{
    static const polished_size sizes[] = {40,  41,  200, 39,  1,    64, 1000,
                                          999, 500, 501, 300, 3900, 8,  2000};
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 8192);

    case_open(&oracle, &plan);
    for (unsigned align_bytes = 1; align_bytes <= 256; align_bytes *= 2) {
        if (oracle_alloc(&oracle, 24, align_bytes) != POLISHED_OK)
            continue;
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            oracle_realloc(&oracle, oracle.count - 1, sizes[i], align_bytes);
        oracle_realloc(&oracle, oracle.count - 1, 0, align_bytes);
        oracle_realloc(&oracle, oracle.count - 1, MOST, align_bytes);
        oracle_realloc(&oracle, oracle.count - 1, MOST / 2 + 1, align_bytes);
        oracle_realloc(&oracle, oracle.count - 1, 24, 3);
        oracle_realloc(&oracle, oracle.count - 1, 24, 1024);
        oracle_realloc(&oracle, oracle.count / 2, 30, 16);
        oracle_realloc(&oracle, oracle.count / 2, 300, 16);
    }
    oracle_close(&oracle);
}
