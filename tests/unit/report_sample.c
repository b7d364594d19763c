#include "config.h"

#include "report_sample.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static void sample_policy(struct sim_policy *policy, const char *name,
                          enum sim_outcome outcome, uint64_t extent_bytes)
{
    memset(policy, 0, sizeof *policy);
    strcpy(policy->name, name);
    strcpy(policy->spec, name);
    policy->outcome = outcome;
    policy->tally = (struct measure_tally){
        .operations = 10,
        .peak_live_bytes = 1000,
        .peak_reserved_bytes = 1250,
        .live_at_peak_reserved_bytes = 1000,
        .peak_extent_bytes = extent_bytes,
        .control_bytes = 64,
        .external_peak = 0.5,
        .layout_samples = 3,
    };
    policy->tally.steps.count = 10;
    policy->tally.steps.sum = 21;
    policy->tally.steps.max = 9;
}

static void sample_worst(struct sim_policy *policy, uint64_t event)
{
    policy->worst_event = event;
    policy->worst.bytes[POLISHED_FREE] = 2048;
    policy->worst.blocks[POLISHED_FREE] = 2;
    policy->worst.largest_free_bytes = 1024;
    policy->worst.bytes[POLISHED_USED] = 2048;
    policy->strip.cell_bytes = 64;
    for (unsigned i = 0; i < MEASURE_STRIP_CELLS / 2; i++)
        policy->strip.used_bytes[i] = 64;
}

static void sample_failure(struct sim_policy *policy)
{
    policy->failures[SIM_ORDER] = 1200;
    policy->failures[SIM_FRAGMENTED] = 2;
    policy->failures_total = 1202;
    policy->skipped_events = 4;
    policy->first = (struct sim_failure){
        .event = 1204,
        .size_bytes = 77,
        .align_bytes = 16,
        .verdict = SIM_FRAGMENTED,
        .window_offset_bytes = 1024,
        .window_bytes = 128,
        .splitter_count = 2,
        .splitter_bytes = 32,
        .splitter_event = 12,
    };
    policy->first_of[SIM_FRAGMENTED] = policy->first;
    sample_worst(policy, 1204);
}

void report_sample_fill(struct report_sample *sample)
{
    struct sim_policy *policies = sample->policies;

    sample_policy(&policies[0], "best-fit", SIM_PASSED, 2000);
    sample_worst(&policies[0], 512);
    sample_policy(&policies[1], "first-fit", SIM_PASSED, 2500);
    sample_worst(&policies[1], 600);
    sample_policy(&policies[2], "stack", SIM_FAILED, 4000);
    sample_failure(&policies[2]);
    sample_policy(&policies[3], "mine", SIM_DEFECT, 0);
    policies[3].defect_event = 77;
    strcpy(policies[3].defect_what, "block 1 overlaps block 2");
    sample_policy(&policies[4], "pool", SIM_UNSUITED, 0);
    strcpy(policies[4].reason, "several sizes");
    sample->run = (struct sim_run){
        .trace = {.path = "a/b.json", .name = "sample", .format = "json"},
        .memory_bytes = 4096,
        .align_bytes = 16,
        .policies = policies,
        .policy_count = SAMPLE_POLICIES,
    };
    sample->run.trace.census = (struct measure_census){
        .events = 769437,
        .peak_live_bytes = 1268777,
        .peak_live_blocks = 9320,
    };
    sample->result = (struct sim_result){.runs = &sample->run, .run_count = 1};
}

char *report_sample_render(const char *format, const struct sim_result *result,
                           const struct report_style *style)
{
    static const struct report_style plain = {false, false, 0};
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    assert_non_null(out);
    assert_true(report_format_of(format)->render(
        out, result, style != NULL ? style : &plain));
    assert_int_equal(fclose(out), 0);
    return text;
}
