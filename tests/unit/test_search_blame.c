/* Who fragments: charges by hand, their sum by brute force, and what if. */
#include "config.h"

#include "min_heap_sample.h"
#include "search/blame.h"
#include "unit.h"

#include "polished/policies.h"

enum { HEAP = 1 << 16, WHAT_IF_STEPS = 100000 };

static struct program program;

static void ask(struct sim_blame *blame, const struct polished_ops *ops)
{
    const struct sim_spec spec = spec_of(ops);
    struct search_tape tape;

    tape_of(&tape, &program);
    struct search_ground ground = ground_of(&spec, &tape);
    assert_true(search_blame(&ground, HEAP, WHAT_IF_STEPS, blame));
    search_tape_free(&tape);
}

/* The next alloc, and for whom. */
static void alloc_for(uint32_t site, uint64_t size_bytes)
{
    struct trace_event *event;

    program_alloc(&program, size_bytes, 16);
    event = &program.events[program.count - 1];
    event->has |= TRACE_HAS_SITE;
    event->site = site;
}

/* Blocks of 104 bytes and their heads of 8 take 112 bytes each. */
static void the_neighbours_of_a_hole_share_it(void **state)
{
    struct sim_blame blame;

    (void)state;
    program = (struct program){.count = 0};
    alloc_for(5, 104);
    alloc_for(6, 104);
    alloc_for(7, 104);
    program_free(&program, 1, 0); /* for one event 104 bytes, between 5 and 7 */
    program_free(&program, 0, 0); /* then 216 bytes, below 7 alone */
    ask(&blame, &polished_first_fit);
    assert_true(blame.by_site);
    assert_int_equal(blame.events, 5);
    assert_int_equal(blame.byte_events, 104 + 216);
    assert_int_equal(blame.culprit_count, 2);
    assert_int_equal(blame.culprits[0].site, 1 + 7);
    assert_int_equal(blame.culprits[0].byte_events, 52 + 216);
    assert_int_equal(blame.culprits[0].blocks, 1);
    assert_int_equal(blame.culprits[1].site, 1 + 5);
    assert_int_equal(blame.culprits[1].byte_events, 52);
}

/* Nothing but the long-lived small blocks keeps the holes apart. */
static void what_is_placed_elsewhere_is_missed_nowhere(void **state)
{
    struct sim_blame blame;

    (void)state;
    program = (struct program){.count = 0};
    for (unsigned i = 0; i < 4; i++) {
        alloc_for(1, 1000);
        alloc_for(2, 24);
    }
    for (unsigned i = 0; i < 4; i++)
        program_free(&program, i, 0);
    alloc_for(1, 4000);
    ask(&blame, &polished_best_fit);
    assert_int_equal(blame.culprits[0].site, 1 + 2);
    assert_true(blame.culprits[0].tried);
    assert_int_equal(blame.culprits[0].elsewhere_bytes, 4 * 24);
    /* Four blocks of 1008 with their heads, an end at each side, control. */
    assert_in_range(blame.culprits[0].min_heap_bytes, 4 * 1008, 4 * 1008 + 96);
}

static int sum_hole(void *context, const struct polished_block *block)
{
    uint64_t *sums = context; /* so far below a used block, and since it */

    if (block->kind == POLISHED_FREE)
        sums[1] += block->size_bytes;
    if (block->kind != POLISHED_USED)
        return 0;
    sums[0] += sums[1];
    sums[1] = 0;
    return 0;
}

/* Free bytes below the last used one, after each event, and their sum. */
static void sum_holes(void *watcher, const struct search_trial *trial,
                      const struct search_step *step)
{
    uint64_t sums[2] = {0, 0};

    if (step->op == SEARCH_OWNER || step->implied)
        return;
    polished_walk(trial->arena.heap, sum_hole, sums);
    *(uint64_t *)watcher += sums[0];
}

static void all_holes_are_charged(void **state)
{
    const struct polished_ops *const fits[] = {
        &polished_first_fit, &polished_worst_fit, &polished_tlsf};
    static struct search_trial trial;

    (void)state;
    dice_state = 11;
    for (unsigned round = 0; round < 300; round++) {
        const struct sim_spec spec = spec_of(fits[round % 3]);
        struct search_tape tape;
        struct search_class found;
        struct sim_blame blame;
        uint64_t holes = 0, charged = 0;

        program_random(&program, false);
        tape_of(&tape, &program);
        struct search_ground ground = ground_of(&spec, &tape);
        assert_true(search_trial_begin(&trial, &ground));
        trial.watch = sum_holes;
        trial.watcher = &holes;
        search_trial_run(&trial, HEAP, &found);
        search_trial_end(&trial);
        assert_true(found.passed);
        assert_true(search_blame(&ground, HEAP, WHAT_IF_STEPS, &blame));
        assert_int_equal(blame.byte_events, holes);
        assert_false(blame.by_site);
        for (size_t i = 0; i < SIM_CULPRITS && i < blame.culprit_count; i++) {
            assert_false(blame.culprits[i].own);
            charged += blame.culprits[i].byte_events;
        }
        if (blame.culprit_count <= SIM_CULPRITS)
            assert_int_equal(charged, holes);
        search_tape_free(&tape);
    }
}

/* More than 256 sizes are told as powers of two. */
static void many_sizes_are_ranges(void **state)
{
    const struct sim_spec spec = spec_of(&polished_first_fit);
    struct search_tape tape;
    struct sim_blame blame;

    (void)state;
    search_tape_begin(&tape, 16);
    for (uint64_t i = 1; i <= 300; i++) {
        program = (struct program){.count = 0};
        program_alloc(&program, i, 16);
        program_alloc(&program, 300, 16);
        program_free(&program, 0, 0);
        program_free(&program, 0, 0);
        assert_true(search_tape_add(&tape, program.events, program.count));
    }
    struct search_ground ground = ground_of(&spec, &tape);
    assert_true(search_blame(&ground, HEAP, WHAT_IF_STEPS, &blame));
    search_tape_free(&tape);
    /* Blocks of 256 to 511 bytes stood above each hole. */
    assert_int_equal(blame.culprit_count, 1);
    assert_int_equal(blame.culprits[0].least_bytes, 256);
    assert_int_equal(blame.culprits[0].most_bytes, 511);
    assert_int_equal(blame.culprits[0].blocks, 300 + 45);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_neighbours_of_a_hole_share_it),
        cmocka_unit_test(what_is_placed_elsewhere_is_missed_nowhere),
        cmocka_unit_test(all_holes_are_charged),
        cmocka_unit_test(many_sizes_are_ranges),
    };

    return cmocka_run_group_tests_name("search blame", tests, NULL, NULL);
}
