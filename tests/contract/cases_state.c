/* cases_state.c - what a heap holds, and what it must refuse. */
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "program.h"

/* A heap as it looks in mid-life: blocks of many sizes, with holes. */
static void furnish(struct oracle *oracle, uint64_t seed)
{
    struct program program = {
        .random = seed, .bound_bytes = 120, .live_limit = 24};

    program_run(&program, oracle, 120);
}

static bool is_block(const struct oracle *oracle, polished_size offset)
{
    for (size_t i = 0; i < oracle->count; i++)
        if (oracle->live[i].offset == offset)
            return true;
    return false;
}

void largest_is_the_largest(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 4096);

    for (uint64_t seed = 1; seed <= 20; seed++) {
        plan.bus_base = (UINT64_C(1) << 20) + seed * 8;
        case_open(&oracle, &plan);
        furnish(&oracle, seed);
        for (polished_size align = 1; align <= 8192; align *= 2)
            oracle_prove_largest(&oracle, align);
        oracle_close(&oracle);
    }
}

void reset_frees_all_and_forgets(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 4096);
    struct oracle_block stale[ORACLE_BLOCKS];
    size_t count;

    case_open(&oracle, &plan);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        furnish(&oracle, seed);
        count = oracle.count;
        memcpy(stale, oracle.live, count * sizeof stale[0]);
        oracle_reset(&oracle);
        for (size_t i = 0; i < count; i++)
            oracle_misuse(&oracle, stale[i].offset, stale[i].size_bytes);
    }
    oracle_close(&oracle);
}

/* Offsets at which a free is misuse: all but starts of live blocks, where a
   policy knows its blocks; where it does not, all that it never handed out. */
void misuse_is_refused_everywhere(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 2048);

    for (uint64_t seed = 1; seed <= 8; seed++) {
        polished_size from = 0;

        plan.bus_base = (UINT64_C(1) << 20) + seed;
        case_open(&oracle, &plan);
        furnish(&oracle, seed);
        if (!oracle_knows_borders(&oracle))
            for (size_t i = 0; i < oracle.count; i++)
                if (from < oracle.live[i].offset + oracle.live[i].size_bytes)
                    from = oracle.live[i].offset + oracle.live[i].size_bytes;
        if (!oracle_knows_borders(&oracle) && from != 2048) {
            /* Make the top known. */
            oracle_reset(&oracle);
            from = 0;
        }
        for (polished_size at = from; at < 2048 + 64; at++)
            if (!is_block(&oracle, at)) {
                oracle_misuse(&oracle, at, 0);
                oracle_misuse(&oracle, at, 24);
            }
        oracle_misuse(&oracle, POLISHED_SIZE_MAX, 0);
        oracle_misuse(&oracle, POLISHED_SIZE_MAX / 2 + 1, 16);
        oracle_close(&oracle);
    }
}

/* A told size that no block of that usable size can have been asked for. */
void wrong_sizes_are_refused(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 4096);

    case_open(&oracle, &plan);
    furnish(&oracle, 5);
    for (size_t i = 0; oracle_knows_borders(&oracle) && i < oracle.count; i++) {
        const struct oracle_block *block = &oracle.live[i];

        for (polished_size more = 1; more < 100; more++)
            oracle_misuse(&oracle, block->offset, block->usable_bytes + more);
        oracle_misuse(&oracle, block->offset, POLISHED_SIZE_MAX);
        oracle_misuse(&oracle, block->offset, POLISHED_SIZE_MAX / 2 + 1);
    }
    oracle_close(&oracle);
}

/* The kind of memory that a range is; POLISHED_KIND_COUNT: several. */
struct range {
    polished_size start, end;
    enum polished_kind kind;
    bool is_seen;
};

static int see_range(void *context, const struct polished_block *block)
{
    struct range *range = context;

    if (block->offset_bytes >= range->end ||
        block->offset_bytes + block->size_bytes <= range->start)
        return 0;
    if (!range->is_seen)
        range->kind = block->kind;
    else if (range->kind != block->kind)
        range->kind = POLISHED_KIND_COUNT;
    range->is_seen = true;
    return 0;
}

static void reserve_at(struct oracle *oracle, polished_size offset,
                       polished_size size_bytes)
{
    struct range range = {offset, offset + size_bytes, POLISHED_KIND_COUNT,
                          false};
    enum polished_status status;

    polished_walk(&oracle->heap, see_range, &range);
    status = oracle_reserve(oracle, offset, size_bytes);
    if (status == POLISHED_OK) {
        assert_true(range.kind == POLISHED_FREE);
        assert_true(oracle->live[oracle->count - 1].offset == offset);
        oracle_free(oracle, oracle->count - 1, true);
    } else if (range.kind == POLISHED_USED) {
        assert_true(status == POLISHED_OVERLAP || status == POLISHED_BAD_ALIGN);
    }
}

/* All of a free block can be taken, at its very place. */
static int reserve_whole(void *context, const struct polished_block *block)
{
    struct range *range = context;

    if (block->kind != POLISHED_FREE || block->offset_bytes < range->start)
        return 0;
    range->start = block->offset_bytes;
    range->end = block->offset_bytes + block->size_bytes;
    return 1;
}

void reserve_takes_just_what_is_free(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 1024);
    struct range range = {0, 0, POLISHED_FREE, false};
    enum polished_status status = POLISHED_OK;

    if (!plan.ops->reserve)
        return;
    case_open(&oracle, &plan);
    furnish(&oracle, 3);
    for (polished_size at = 0; at < 1024; at += 4)
        for (polished_size size_bytes = 1; size_bytes <= 1024 - at;
             size_bytes += size_bytes / 3 + 1)
            reserve_at(&oracle, at, size_bytes);
    while (polished_walk(&oracle.heap, reserve_whole, &range) == POLISHED_OK &&
           range.end > range.start && status == POLISHED_OK) {
        status = oracle_reserve(&oracle, range.start, range.end - range.start);
        assert_true(status == POLISHED_OK || status == POLISHED_LIMIT);
        range.start = range.end;
        range.end = 0;
    }
    assert_int_equal(oracle_reserve(&oracle, 0, 1024), POLISHED_OVERLAP);
    if (oracle.heap.ops->caps & POLISHED_RECLAIMS)
        oracle_free_all(&oracle);
    oracle_close(&oracle);
}

/* Blocks up to `count` are those of before the mark. */
static void rewind_to(struct oracle *oracle, struct polished_mark mark,
                      size_t count)
{
    assert_int_equal(polished_rewind(&oracle->heap, mark), POLISHED_OK);
    oracle->count = count;
    oracle_inspect(oracle);
}

static void expect_stale(struct oracle *oracle, struct polished_mark mark)
{
    struct oracle_snapshot snapshot = {.bytes = NULL};

    oracle_save(oracle, &snapshot);
    assert_int_equal(polished_rewind(&oracle->heap, mark), POLISHED_BAD_ORDER);
    oracle_expect_same(oracle, &snapshot);
    free(snapshot.bytes);
}

void marks_are_kept_and_go_stale(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 4096);
    struct polished_mark empty, outer, inner, wrong;

    case_open(&oracle, &plan);
    if (polished_mark(&oracle.heap, &empty) == POLISHED_UNSUPPORTED) {
        oracle_close(&oracle);
        return;
    }
    oracle_alloc(&oracle, 100, 64);
    assert_int_equal(polished_mark(&oracle.heap, &outer), POLISHED_OK);
    for (unsigned round = 0; round < 30; round++) {
        oracle_alloc(&oracle, 40, 16);
        assert_int_equal(polished_mark(&oracle.heap, &inner), POLISHED_OK);
        oracle_alloc(&oracle, 33, 8);
        oracle_alloc(&oracle, 8, 256);
        rewind_to(&oracle, inner, 2 + round);
        rewind_to(&oracle, inner, 2 + round);
    }
    rewind_to(&oracle, outer, 1);
    expect_stale(&oracle, inner); /* above the top */
    while (oracle_alloc(&oracle, 100, 8) == POLISHED_OK)
        continue;
    if (oracle.heap.ops->caps & POLISHED_NO_TOUCH)
        expect_stale(&oracle, inner); /* cut meanwhile, though below the top */
    wrong = outer;
    wrong.epoch += 1000;
    expect_stale(&oracle, wrong);
    wrong = outer;
    wrong.top_bytes = POLISHED_SIZE_MAX;
    expect_stale(&oracle, wrong);
    rewind_to(&oracle, empty, 0);
    expect_stale(&oracle, outer);
    oracle_reset(&oracle);
    expect_stale(&oracle, empty);
    oracle_close(&oracle);
}

void unbacked_data_is_refused_or_never_touched(void **state)
{
    const struct subject *subject = *state;
    const struct polished_ops *ops = subject->ops;
    struct polished_heap heap;
    struct polished_setup setup = {
        .ops = ops, .data = {NULL, 1 << 16, 1 << 20}, .knobs = subject->knobs};
    const struct polished_request request = {
        ops->caps & POLISHED_ONE_SIZE ? 1 : 5000,
        ops->caps & POLISHED_ONE_SIZE ? 1 : 4096, 0, 0};
    polished_size offset;
    enum polished_status status;

    if (ops->caps & POLISHED_SOURCE)
        return;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_UNSUPPORTED);
    setup.control = malloc((size_t)ops->control_bytes(subject->knobs, 1 << 16));
    status = polished_init(&heap, &setup);
    if (ops->caps & POLISHED_NO_TOUCH) {
        assert_int_equal(status, POLISHED_OK);
        assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
        assert_int_equal(polished_reset(&heap), POLISHED_OK);
    } else {
        assert_int_equal(status, POLISHED_UNSUPPORTED);
    }
    free(setup.control);
}

void lives_at_random(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 2048);

    plan.more_bytes = 1024;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct program program = {.random = seed * 7919,
                                  .bound_bytes = seed % 2 ? 64 : 400,
                                  .live_limit = 60,
                                  .is_wild = true};

        plan.bus_base = (UINT64_C(1) << 20) + seed * 8;
        case_open(&oracle, &plan);
        program_run(&program, &oracle, 400);
        if (plan.ops->caps & POLISHED_RECLAIMS)
            oracle_free_all(&oracle);
        oracle_close(&oracle);
    }
}

void lives_repeat_at_another_base(void **state)
{
    struct oracle first, second;
    struct oracle_plan plan = subject_plan(*state, 4096);

    plan.more_bytes = 512;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct program program = {.random = seed * 104729,
                                  .bound_bytes = 200,
                                  .live_limit = 80,
                                  .is_wild = true};
        struct program again = program;

        plan.bus_base = UINT64_C(1) << 20;
        case_open(&first, &plan);
        program_run(&program, &first, 300);
        plan.bus_base = UINT64_C(7) << 20;
        case_open(&second, &plan);
        program_run(&again, &second, 300);
        assert_true(program.decisions == again.decisions);
        assert_true(program.decision_count == again.decision_count);
        assert_true(polished_steps(&first.heap) ==
                    polished_steps(&second.heap));
        assert_true(first.heap.slack_bytes == second.heap.slack_bytes);
        oracle_close(&first);
        oracle_close(&second);
    }
}

/* What a program decides in a heap of this size, and the slack left. */
static uint64_t decide(struct oracle_plan plan, polished_size size_bytes,
                       uint64_t seed, polished_size *slack_bytes)
{
    struct oracle oracle;
    struct program program = {
        .random = seed, .bound_bytes = 90, .live_limit = 14};

    plan.size_bytes = size_bytes;
    case_open(&oracle, &plan);
    oracle.is_shallow = true;
    program_run(&program, &oracle, 150);
    *slack_bytes = oracle.heap.slack_bytes;
    oracle_close(&oracle);
    return program.decisions;
}

void slack_is_true(void **state)
{
    struct oracle_plan plan = subject_plan(*state, 0);
    unsigned tried = 0;

    if (!(plan.ops->caps & POLISHED_SLACK))
        return;
    plan.more_bytes = 2048;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        polished_size size_bytes = 1200 + (polished_size)seed * 7 % 1000;
        polished_size slack_bytes, ignored;
        uint64_t decisions =
            decide(plan, size_bytes, seed * 6151, &slack_bytes);

        for (polished_size less = 1; less <= slack_bytes; less++, tried++)
            assert_true(decide(plan, size_bytes - less, seed * 6151,
                               &ignored) == decisions);
    }
    assert_true(tried > 100);
}
