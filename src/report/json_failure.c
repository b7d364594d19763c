/* json_failure.c - what failed, why, and what helps. */
#include "config.h"

#include "report/advice.h"
#include "report/json_build.h"

/* What split the cheapest window that would have held the request. */
static void json_window(struct report_json *build, cJSON *object,
                        const struct sim_failure *failure)
{
    if (failure->window_bytes == 0)
        return;
    cJSON *window = report_json_object(build, object, "window");
    report_json_count(build, window, "offset_bytes",
                      failure->window_offset_bytes);
    report_json_count(build, window, "size_bytes", failure->window_bytes);
    report_json_count(build, window, "splitters", failure->splitter_count);
    report_json_count(build, window, "splitter_bytes", failure->splitter_bytes);
    if (failure->splitter_event == 0)
        return;
    report_json_count(build, window, "oldest_event", failure->splitter_event);
    report_json_count(build, window, "oldest_size_bytes",
                      failure->splitter_size_bytes);
}

static void json_failure(struct report_json *build, cJSON *object,
                         const struct sim_failure *failure)
{
    const struct {
        const char *key;
        uint64_t count;
    } counts[] = {
        {"memory_bytes", failure->memory_bytes},
        {"live_bytes", failure->live_bytes},
        {"free_bytes", failure->free_bytes},
        {"largest_free_bytes", failure->largest_free_bytes},
        {"holes", failure->holes},
        {"own_bytes", failure->own_bytes},
        {"control_bytes", failure->control_bytes},
        {"unreclaimed_bytes", failure->unreclaimed_bytes},
    };

    report_json_count(build, object, "event", failure->event);
    report_json_count(build, object, "size_bytes", failure->size_bytes);
    report_json_count(build, object, "align_bytes", failure->align_bytes);
    report_json_text(build, object, "verdict",
                     sim_verdict_name(failure->verdict));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        report_json_count(build, object, counts[i].key, counts[i].count);
    report_json_ratio(build, object, "fragmentation_index",
                      failure->fragmentation_index);
    json_window(build, object, failure);
}

/* How many requests failed, why, and the heap that the first of each met. */
static void json_counts(struct report_json *build, cJSON *object,
                        const struct sim_policy *policy)
{
    cJSON *counts = report_json_object(build, object, "failures");

    report_json_count(build, counts, "total", policy->failures_total);
    report_json_count(build, counts, "skipped", policy->skipped_events);
    for (int i = 0; i < SIM_VERDICT_COUNT; i++)
        report_json_count(build, counts, sim_verdict_name((enum sim_verdict)i),
                          policy->failures[i]);
    if (policy->first.event == 0) {
        report_json_check(build,
                          cJSON_AddNullToObject(object, "first_failure"));
        return;
    }
    json_failure(build, report_json_object(build, object, "first_failure"),
                 &policy->first);
    cJSON *firsts = report_json_object(build, object, "first_failures");
    for (int i = 0; i < SIM_VERDICT_COUNT; i++) {
        const char *verdict = sim_verdict_name((enum sim_verdict)i);
        if (policy->first_of[i].event != 0)
            json_failure(build, report_json_object(build, firsts, verdict),
                         &policy->first_of[i]);
    }
}

/* What helps against the first failure, as far as it is known. */
static void json_advice(struct report_json *build, cJSON *object,
                        const struct sim_run *run,
                        const struct sim_policy *policy)
{
    struct report_advice advice;

    if (policy->first.event == 0)
        return;
    report_advise(&advice, run, policy);
    const struct {
        const char *key;
        uint64_t count;
    } counts[] = {
        {"memory_bytes", advice.memory_bytes},
        {"least_memory_bytes", advice.least_memory_bytes},
        {"any_memory_bytes", advice.any_memory_bytes},
        {"align_bytes", advice.align_bytes},
        {"policy_memory_bytes", advice.policy_memory_bytes},
    };
    cJSON *made = report_json_object(build, object, "advice");

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].count != 0)
            report_json_count(build, made, counts[i].key, counts[i].count);
    if (advice.policy != NULL)
        report_json_text(build, made, "policy", advice.policy->spec);
}

void report_json_failures(struct report_json *build, cJSON *object,
                          const struct sim_run *run,
                          const struct sim_policy *policy)
{
    json_counts(build, object, policy);
    json_advice(build, object, run, policy);
}
