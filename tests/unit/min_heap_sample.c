#include "config.h"

#include "min_heap_sample.h"

#include <string.h>

#include "unit.h"

uint64_t watched_steps;
static uint64_t watched_bytes;

struct search_ground ground_of(const struct sim_spec *spec,
                               const struct search_tape *tape)
{
    return (struct search_ground){.spec = spec,
                                  .tape = tape,
                                  .steps = &watched_steps,
                                  .bytes = &watched_bytes};
}

struct sim_spec spec_of(const struct polished_ops *ops)
{
    struct sim_spec spec;
    char why[SIM_TEXT_BYTES];

    assert_true(sim_spec_parse(ops->name, &spec, why, sizeof why));
    spec.layers[0].ops = ops; /* it may be one made for the test */
    return spec;
}

/* Numbers that are the same on every machine. */
uint32_t dice_state;

uint32_t dice(uint32_t sides)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 17;
    dice_state ^= dice_state << 5;
    return dice_state % sides;
}

void program_add(struct program *program, struct trace_event event)
{
    program->events[program->count++] = event;
}

void program_alloc(struct program *program, uint64_t size_bytes,
                   uint64_t align_bytes)
{
    uint64_t slot = 0;

    for (unsigned i = 0; i < program->alive_count; i++)
        if (program->alive[i] == slot) {
            slot++;
            i = UINT32_MAX; /* look at all of them again */
        }
    program->alive[program->alive_count++] = slot;
    program_add(program, (struct trace_event){.op = TRACE_ALLOC,
                                              .has = TRACE_HAS_ALIGN,
                                              .id = slot,
                                              .size_bytes = size_bytes,
                                              .align_bytes = align_bytes});
}

void program_free(struct program *program, unsigned which, uint16_t has)
{
    program_add(program, (struct trace_event){.op = TRACE_FREE,
                                              .has = has,
                                              .id = program->alive[which]});
    program->alive_count--;
    memmove(&program->alive[which], &program->alive[which + 1],
            (program->alive_count - which) * sizeof *program->alive);
}

static void program_reset(struct program *program)
{
    program_add(program, (struct trace_event){.op = TRACE_RESET});
    while (program->alive_count > 0)
        program_free(program, program->alive_count - 1, TRACE_IS_IMPLIED);
}

static uint64_t program_size(const struct program *program, uint32_t most)
{
    return program->only_bytes != 0 ? program->only_bytes : 1 + dice(most);
}

void program_random(struct program *program, bool in_order)
{
    static const uint64_t aligns[] = {1, 16, 16, 16, 16, 32, 64};
    unsigned events = 4 + dice(dice(16) == 0 ? EVENTS_MOST - 4 : 16);

    program->count = program->alive_count = 0;
    for (unsigned i = 0; i < events; i++) {
        unsigned alive = program->alive_count, move = dice(40);

        if (alive < SLOTS && (alive == 0 || move < 20))
            program_alloc(program, program_size(program, 200), aligns[dice(7)]);
        else if (move < 36)
            program_free(program, in_order ? alive - 1 : dice(alive), 0);
        else if (move < 39)
            program_add(
                program,
                (struct trace_event){
                    .op = TRACE_REALLOC,
                    .id = program->alive[in_order ? alive - 1 : dice(alive)],
                    .size_bytes = program_size(program, 300)});
        else
            program_reset(program);
    }
}

void tape_of(struct search_tape *tape, const struct program *program)
{
    search_tape_begin(tape, 16);
    assert_true(search_tape_add(tape, program->events, program->count));
}

/* What every size, one after the other, says. */
void brute(const struct search_ground *ground, uint64_t top_bytes,
           struct search_verdict *truth)
{
    static struct search_trial trial;
    struct search_class found;
    bool failing = true, passed_before = false;
    uint64_t runs = 0; /* of failing sizes above the smallest that passes */

    *truth = (struct search_verdict){0, 0, 0};
    assert_true(search_trial_begin(&trial, ground));
    trial.has_slack = false;
    search_trial_run(&trial, top_bytes, &found); /* one mapping for all */
    for (uint64_t bytes = SEARCH_GRAIN; bytes <= top_bytes;
         bytes += SEARCH_GRAIN) {
        search_trial_run(&trial, bytes, &found);
        if (found.passed && failing)
            truth->safe_bytes = bytes;
        if (found.passed && !passed_before)
            truth->smallest_bytes = bytes;
        passed_before |= found.passed;
        runs += !found.passed && !failing;
        failing = !found.passed;
    }
    if (failing)
        truth->safe_bytes = 0;
    truth->anomalies = runs;
    search_trial_end(&trial);
}

void assert_answer(const struct search_min_heap *answer,
                   const struct search_verdict *truth)
{
    assert_int_equal(answer->defect_event, 0);
    if (truth->safe_bytes == 0) {
        assert_int_equal(answer->status, SIM_MIN_HEAP_NONE);
        assert_int_not_equal(answer->reason[0], 0);
        return;
    }
    assert_int_equal(answer->status, SIM_MIN_HEAP_EXACT);
    assert_int_equal(answer->bytes, truth->safe_bytes);
    assert_int_equal(answer->smallest_bytes, truth->smallest_bytes);
    assert_int_equal(answer->anomalies, truth->anomalies);
}
