/*
 * The min heap on traces made for it: where bisection lies, where a map has
 * holes, where the budget ends; and against the extent of first fit.
 */
#include "config.h"

#include "min_heap_sample.h"
#include "search/span.h"
#include "unit.h"

#include "polished/policies.h"

enum { BIG = 1 << 20 };

/* The end of the highest byte that first fit ever uses in a large heap. */
static uint64_t extent_of(const struct program *program)
{
    static _Alignas(16) unsigned char arena[BIG];
    struct polished_heap heap;
    polished_size offsets[SLOTS], sizes[SLOTS], usable, extent = 0;

    assert_int_equal(polished_open(&heap, &polished_first_fit,
                                   (struct polished_region){arena, BIG, 0},
                                   NULL),
                     POLISHED_OK);
    for (size_t i = 0; i < program->count; i++) {
        const struct trace_event *event = &program->events[i];
        struct polished_request request = {event->size_bytes, 16, 0, 0};

        if (event->op == TRACE_FREE) {
            polished_free(&heap, offsets[event->id], sizes[event->id]);
            continue;
        }
        assert_int_equal(polished_alloc(&heap, &request, &offsets[event->id]),
                         POLISHED_OK);
        sizes[event->id] = event->size_bytes;
        polished_usable(&heap, offsets[event->id], &usable);
        if (offsets[event->id] + usable > extent)
            extent = offsets[event->id] + usable;
    }
    return extent;
}

enum { UNIT = 64, HEAD = 8 };

/* How far first fit reaches without heads, in a heap without end, were each
   request so much larger. */
static uint64_t span_of(const struct program *program, uint64_t more_bytes)
{
    struct search_builder builder;
    struct search_blocks blocks;
    uint64_t span_bytes;

    search_build_begin(&builder, 16);
    for (size_t i = 0; i < program->count; i++) {
        struct trace_event event = program->events[i];

        event.size_bytes += more_bytes;
        search_build_add(&builder, &event);
    }
    assert_int_equal(search_build_end(&builder, &blocks), SEARCH_BUILT);
    assert_string_equal(search_spans[0].policy, "first-fit");
    span_bytes = search_spans[0].measure(&blocks);
    search_blocks_free(&blocks);
    return span_bytes;
}

/* Allocs of 1 to kinds units, less some bytes, and frees in any order. */
static void program_mix(struct program *program, unsigned kinds,
                        uint64_t unit_bytes, uint64_t less_bytes)
{
    program->count = program->alive_count = 0;
    for (unsigned i = 0; i < EVENTS_MOST; i++)
        if (program->alive_count == 0 ||
            (program->alive_count < SLOTS && dice(2)))
            program_alloc(program, (1 + dice(kinds)) * unit_bytes - less_bytes,
                          16);
        else
            program_free(program, dice(program->alive_count), 0);
}

/* A head before each block and a mark of as much at both ends of the heap is
   all that first fit adds, where no remainder is too small for a block. */
static void first_fit_needs_its_span_without_heads(void **state)
{
    const struct sim_spec spec = spec_of(&polished_first_fit);
    uint64_t control = polished_first_fit.control_bytes(NULL, BIG);
    static struct program program;

    (void)state;
    dice_state = 77;
    for (unsigned round = 0; round < 1000; round++) {
        struct search_tape tape;
        struct search_min_heap answer;

        program_mix(&program, 9, UNIT, HEAD);
        tape_of(&tape, &program);
        struct search_ground ground = ground_of(&spec, &tape);
        assert_true(search_min_heap(&ground, SEARCH_MIN_HEAP_STEPS, &answer));
        assert_int_equal(answer.status, SIM_MIN_HEAP_EXACT);
        assert_int_equal(answer.bytes, span_of(&program, HEAD) + 2 * HEAD +
                                           ((control + 15) & ~15ull));
        search_tape_free(&tape);
    }
}

/* Behind the last block stands an end mark of 8 bytes. */
static void first_fit_needs_its_extent_and_control(void **state)
{
    const struct sim_spec spec = spec_of(&polished_first_fit);
    uint64_t control = polished_first_fit.control_bytes(NULL, BIG);
    static struct program program;

    (void)state;
    dice_state = 7;
    for (unsigned round = 0; round < 1000; round++) {
        struct search_tape tape;
        struct search_min_heap answer;

        program_mix(&program, 500, 1, 0);
        tape_of(&tape, &program);
        struct search_ground ground = ground_of(&spec, &tape);
        assert_true(search_min_heap(&ground, SEARCH_MIN_HEAP_STEPS, &answer));
        assert_int_equal(answer.anomalies, 0);
        assert_int_equal(answer.bytes,
                         ((extent_of(&program) + 8 + 15) & ~15ull) +
                             ((control + 15) & ~15ull));
        search_tape_free(&tape);
    }
}

/* Sixteen operations; a block of n units, its head of 8 bytes included. */
static void lying_program(struct program *program)
{
    static const struct {
        char op;
        uint64_t slot, units;
    } moves[] = {{'a', 0, 6}, {'a', 1, 5}, {'a', 2, 6}, {'f', 2, 0},
                 {'a', 3, 3}, {'f', 1, 0}, {'a', 4, 4}, {'f', 4, 0},
                 {'a', 5, 4}, {'f', 0, 0}, {'a', 6, 8}, {'f', 5, 0},
                 {'f', 6, 0}, {'f', 3, 0}, {'a', 7, 7}, {'a', 8, 2}};

    program->count = 0;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        program_add(program,
                    (struct trace_event){
                        .op = moves[i].op == 'a' ? TRACE_ALLOC : TRACE_FREE,
                        .id = moves[i].slot,
                        .size_bytes = moves[i].units * UNIT - 8});
}

/* The memory that leaves room for so many units between the end marks. */
static uint64_t memory_of(const struct polished_ops *ops, uint64_t units)
{
    return units * UNIT + 16 + ((ops->control_bytes(NULL, 4096) + 15) & ~15ull);
}

static void best_fit_passes_fails_and_passes(void **state)
{
    static const bool passes[] = {false, true, false, false, false, true, true};
    const struct sim_spec spec = spec_of(&polished_best_fit);
    static struct search_trial trial;
    static struct program program;
    struct search_tape tape;
    struct search_min_heap answer;
    struct search_class found;
    struct search_verdict truth;

    (void)state;
    lying_program(&program);
    tape_of(&tape, &program);
    struct search_ground ground = ground_of(&spec, &tape);
    assert_true(search_trial_begin(&trial, &ground));
    for (uint64_t i = 0; i < sizeof passes; i++) {
        search_trial_run(&trial, memory_of(&polished_best_fit, 17 + i), &found);
        assert_int_equal(found.passed, passes[i]);
    }
    search_trial_end(&trial);
    assert_true(search_min_heap(&ground, SEARCH_MIN_HEAP_STEPS, &answer));
    brute(&ground, 8192, &truth);
    assert_answer(&answer, &truth);
    assert_true(answer.anomalies > 0);
    assert_true(answer.smallest_bytes <= memory_of(&polished_best_fit, 18));
    assert_true(answer.bytes > memory_of(&polished_best_fit, 21));
    assert_true(answer.bytes <= memory_of(&polished_best_fit, 22));
    search_tape_free(&tape);
}

/* Without slack there is only probing, but all that is near is tried. */
static void probing_does_not_fall_for_it(void **state)
{
    struct polished_ops blind = polished_best_fit;
    const struct sim_spec spec = spec_of(&blind);
    static struct program program;
    struct search_tape tape;
    struct search_min_heap answer;
    struct search_verdict truth;

    (void)state;
    blind.caps &= ~(uint32_t)POLISHED_SLACK;
    lying_program(&program);
    tape_of(&tape, &program);
    struct search_ground ground = ground_of(&spec, &tape);
    assert_true(search_min_heap(&ground, SEARCH_MIN_HEAP_STEPS, &answer));
    brute(&ground, 8192, &truth);
    assert_int_equal(answer.status, SIM_MIN_HEAP_PROBED);
    assert_int_equal(answer.bytes, truth.safe_bytes);
    search_tape_free(&tape);
}

/* Cut from the top, with a hole below, or too small and so continued. */
static void maps_are_cut_from_the_top(void **state)
{
    static const struct trace_memory maps[][2] = {
        {{0x10000, 0x300, 0}, {0x10800, 0x10000, 0}},
        {{0x10008, 0x200, 0}, {0x10400, 0x180, 0}},
    };
    const struct polished_ops *const fits[] = {
        &polished_first_fit, &polished_next_fit, &polished_best_fit,
        &polished_worst_fit};
    static struct program program;

    (void)state;
    dice_state = 99;
    for (unsigned round = 0; round < 400; round++) {
        const struct sim_spec spec = spec_of(fits[round % 4]);
        struct search_tape tape;
        struct search_min_heap answer;
        struct search_verdict truth;

        program_random(&program, false);
        tape_of(&tape, &program);
        struct search_ground ground = ground_of(&spec, &tape);
        ground.map = maps[round / 4 % 2];
        ground.map_count = 2;
        brute(&ground, tape.need_bytes / 16 * 16 + 2048, &truth);
        assert_true(search_min_heap(&ground, SEARCH_MIN_HEAP_STEPS, &answer));
        assert_answer(&answer, &truth);
        search_tape_free(&tape);
    }
}

static void budget_bounds_and_answers_repeat(void **state)
{
    const struct sim_spec spec = spec_of(&polished_worst_fit);
    static struct search_trial trial;
    static struct program program;
    struct search_tape tape;
    struct search_min_heap answer, again;
    struct search_class found;

    (void)state;
    dice_state = 3;
    do
        program_random(&program, false);
    while (program.count < 50);
    tape_of(&tape, &program);
    struct search_ground ground = ground_of(&spec, &tape);
    watched_steps = 0;
    assert_true(search_min_heap(&ground, 1500, &answer));
    assert_true(watched_steps <= 1500 + tape.count);
    assert_int_equal(answer.status, SIM_MIN_HEAP_PROBED);
    assert_true(search_min_heap(&ground, 1500, &again));
    assert_memory_equal(&answer, &again, sizeof answer);
    assert_true(search_trial_begin(&trial, &ground));
    search_trial_run(&trial, answer.bytes, &found);
    assert_true(found.passed);
    search_trial_end(&trial);
    search_tape_free(&tape);
}

/* Sizes below the answer are gone through as long as a part of the budget
   lasts; the answer is exact all the same. */
static void what_is_below_takes_a_part(void **state)
{
    const struct sim_spec spec = spec_of(&polished_polished);
    struct search_min_heap all, few;
    struct search_tape tape;
    static struct program program;

    (void)state;
    program.count = program.alive_count = 0;
    for (unsigned i = 0; i < SLOTS; i++)
        program_alloc(&program, 10000 + 250 * i, 16);
    for (unsigned i = 0; i < SLOTS / 2; i++)
        program_free(&program, i, 0);
    for (unsigned i = 0; i < SLOTS / 4; i++)
        program_alloc(&program, 20000 + 1500 * i, 16);
    tape_of(&tape, &program);
    struct search_ground ground = ground_of(&spec, &tape);
    assert_true(search_min_heap(&ground, SEARCH_MIN_HEAP_STEPS, &all));
    assert_true(search_min_heap(&ground, 20000, &few));
    assert_int_equal(all.status, SIM_MIN_HEAP_EXACT);
    assert_int_equal(few.status, SIM_MIN_HEAP_EXACT);
    assert_int_equal(few.bytes, all.bytes);
    assert_true(all.trials > 400 && few.trials < 40);
    search_tape_free(&tape);
}

/* This one refuses what it may not. */
static enum polished_status odd_free(struct polished_heap *heap,
                                     polished_size offset,
                                     polished_size size_bytes)
{
    (void)heap;
    (void)offset;
    (void)size_bytes;
    return POLISHED_DOUBLE_FREE;
}

static void a_defect_is_told(void **state)
{
    struct polished_ops odd = polished_best_fit;
    const struct sim_spec spec = spec_of(&odd);
    static struct program program;
    struct search_tape tape;
    struct search_min_heap answer;

    (void)state;
    odd.free = odd_free;
    program.count = program.alive_count = 0;
    program_alloc(&program, 100, 16);
    program_alloc(&program, 100, 16);
    program_free(&program, 0, 0);
    tape_of(&tape, &program);
    struct search_ground ground = ground_of(&spec, &tape);
    assert_true(search_min_heap(&ground, SEARCH_MIN_HEAP_STEPS, &answer));
    assert_int_equal(answer.defect_event, 3);
    assert_int_equal(answer.defect_status, POLISHED_DOUBLE_FREE);
    search_tape_free(&tape);
}

/* Only misuse asks for another alignment with a realloc. */
static void a_tape_ends_before_misuse(void **state)
{
    static const struct trace_event events[] = {
        {.op = TRACE_ALLOC, .size_bytes = 10},
        {.op = TRACE_REALLOC, .size_bytes = 20},
        {.op = TRACE_REALLOC,
         .has = TRACE_HAS_ALIGN,
         .size_bytes = 30,
         .align_bytes = 64},
    };
    struct search_tape tape;

    (void)state;
    search_tape_begin(&tape, 16);
    assert_true(search_tape_add(&tape, events, 2));
    assert_false(tape.misused);
    assert_true(search_tape_add(&tape, events + 2, 1));
    assert_true(tape.misused);
    assert_int_equal(tape.count, 2);
    search_tape_free(&tape);
}

static void ranges_are_judged_from_the_top(void **state)
{
    struct search_seen seen = {NULL, 0, 0};
    struct search_verdict verdict = search_seen_judge(&seen);

    (void)state;
    assert_int_equal(verdict.safe_bytes, 0);
    search_seen_add(&seen, 96, 160, true);
    search_seen_add(&seen, 48, 80, false);
    search_seen_add(&seen, 16, 32, true);
    search_seen_add(&seen, 16, 16, false);
    search_seen_add(&seen, 176, 512, true);
    verdict = search_seen_judge(&seen);
    assert_int_equal(verdict.safe_bytes, 96);
    assert_int_equal(verdict.smallest_bytes, 16);
    assert_int_equal(verdict.anomalies, 1);
    search_seen_add(&seen, 1024, 1024, false);
    verdict = search_seen_judge(&seen);
    assert_int_equal(verdict.safe_bytes, 0);
    search_seen_free(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_judged_from_the_top),
        cmocka_unit_test(a_tape_ends_before_misuse),
        cmocka_unit_test(best_fit_passes_fails_and_passes),
        cmocka_unit_test(probing_does_not_fall_for_it),
        cmocka_unit_test(first_fit_needs_its_extent_and_control),
        cmocka_unit_test(first_fit_needs_its_span_without_heads),
        cmocka_unit_test(maps_are_cut_from_the_top),
        cmocka_unit_test(budget_bounds_and_answers_repeat),
        cmocka_unit_test(what_is_below_takes_a_part),
        cmocka_unit_test(a_defect_is_told),
    };

    return cmocka_run_group_tests_name("min heap", tests, NULL, NULL);
}
