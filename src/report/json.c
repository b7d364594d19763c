/*
 * json.c - the result document, which docs/results.md explains and
 * docs/result.schema.json fixes.
 *
 * cJSON keeps numbers as doubles; every number here is therefore given to it
 * as text, so that integers stay exact up to 2^64-1.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>

#include "report/json_build.h"
#include "report/report.h"
#include "report/value.h"

enum { JSON_VERSION = 1 };

static void json_trace(struct report_json *build, cJSON *run,
                       const struct sim_trace *trace)
{
    const struct measure_census *census = &trace->census;
    cJSON *object = report_json_object(build, run, "trace");
    const struct {
        const char *key;
        uint64_t count;
    } counts[] = {
        {"events", census->events},
        {"allocs", census->allocs},
        {"frees", census->frees},
        {"reallocs", census->reallocs},
        {"zero_requests", census->zero_requests},
        {"peak_live_bytes", census->peak_live_bytes},
        {"peak_live_blocks", census->peak_live_blocks},
        {"peak_event", census->peak_event},
        {"requested_bytes", census->requested_bytes},
        {"largest_request_bytes", census->largest_request_bytes},
        {"load_bytes", trace->packing == SIM_NOT_PACKED ? census->load_bytes
                                                        : trace->load_bytes},
    };

    report_json_text(build, object, "name", trace->name);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        report_json_count(build, object, counts[i].key, counts[i].count);
    if (trace->packing == SIM_NOT_PACKED)
        return;
    report_json_count(build, object, "packed_bytes", trace->packed_bytes);
    report_json_text(build, object, "packed_status",
                     trace->packing == SIM_OPTIMAL ? "optimal" : "bounded");
}

static void json_metrics(struct report_json *build, cJSON *object,
                         const struct sim_policy *policy)
{
    char text[REPORT_NUMBER_BYTES];

    for (const struct measure_metric *metric = measure_metrics;
         metric->key != NULL; metric++)
        if (report_has_metric(metric, policy))
            report_json_raw(build, object, metric->key,
                            report_value_exact(text, metric, policy));
}

static void json_min_heap(struct report_json *build, cJSON *object,
                          const struct sim_policy *policy)
{
    if (policy->min_heap_status == SIM_MIN_HEAP_UNASKED)
        return;
    report_json_text(build, object, "min_heap_status",
                     sim_min_heap_name(policy->min_heap_status));
    if (policy->min_heap_status == SIM_MIN_HEAP_NONE) {
        report_json_text(build, object, "min_heap_reason",
                         policy->min_heap_reason);
        return;
    }
    report_json_count(build, object, "min_heap_bytes", policy->min_heap_bytes);
    report_json_count(build, object, "min_heap_smallest_bytes",
                      policy->min_heap_smallest_bytes);
    report_json_count(build, object, "min_heap_anomalies",
                      policy->min_heap_anomalies);
}

static void json_misuse(struct report_json *build, cJSON *object,
                        const struct sim_policy *policy)
{
    if (policy->misuse_sent == 0)
        return;
    cJSON *misuse = report_json_object(build, object, "misuse");
    report_json_count(build, misuse, "sent", policy->misuse_sent);
    report_json_count(build, misuse, "refused", policy->misuse_refused);
    report_json_count(build, misuse, "accepted", policy->misuse_accepted);
}

/* The processes that ended, as a policy that knows them saw it. */
static void json_heaps(struct report_json *build, cJSON *object,
                       const struct sim_policy *policy)
{
    if (policy->heap_count == 0)
        return;
    cJSON *heaps = report_json_array(build, object, "heaps");
    for (size_t i = 0; i < policy->heap_count; i++) {
        const struct sim_heap *heap = &policy->heaps[i];
        cJSON *row = report_json_element(build, heaps);

        report_json_count(build, row, "heap", heap->heap);
        report_json_count(build, row, "event", heap->event);
        report_json_count(build, row, "leaked_blocks", heap->leaked_blocks);
        report_json_count(build, row, "leaked_bytes", heap->leaked_bytes);
        report_json_count(build, row, "held_bytes", heap->held_bytes);
    }
}

/* Why there are no numbers. */
static void json_broken(struct report_json *build, cJSON *object,
                        const struct sim_policy *policy)
{
    if (policy->outcome == SIM_UNSUITED) {
        report_json_text(build, object, "reason", policy->reason);
        return;
    }
    cJSON *defect = report_json_object(build, object, "defect");
    report_json_count(build, defect, "event", policy->defect_event);
    report_json_text(build, defect, "what", policy->defect_what);
}

/* How far it is from the best placement, with and without headers. */
static void json_best(struct report_json *build, cJSON *object,
                      const struct sim_run *run,
                      const struct sim_policy *policy)
{
    double low, high;

    if (policy->span_bytes != 0)
        report_json_count(build, object, "span_bytes", policy->span_bytes);
    if (!report_above_best(run, policy, &low, &high))
        return;
    report_json_ratio(build, object, "above_best_low", low);
    report_json_ratio(build, object, "above_best_high", high);
}

static void json_policy(struct report_json *build, cJSON *object,
                        const struct sim_run *run,
                        const struct sim_policy *policy)
{
    report_json_text(build, object, "policy", policy->name);
    report_json_text(build, object, "spec", policy->spec);
    report_json_text(build, object, "outcome",
                     sim_outcome_name(policy->outcome));
    if (!report_has_metrics(policy)) {
        json_broken(build, object, policy);
        return;
    }
    report_json_failures(build, object, run, policy);
    report_json_explained(build, object, policy);
    report_json_blame(build, object, policy);
    json_misuse(build, object, policy);
    report_json_count(build, object, "leaked_blocks", policy->leaked_blocks);
    report_json_count(build, object, "leaked_bytes", policy->leaked_bytes);
    json_heaps(build, object, policy);
    json_metrics(build, object, policy);
    json_min_heap(build, object, policy);
    json_best(build, object, run, policy);
}

static void json_run(struct report_json *build, cJSON *object,
                     const struct sim_run *run)
{
    json_trace(build, object, &run->trace);
    report_json_count(build, object, "memory_bytes", run->memory_bytes);
    report_json_count(build, object, "align_bytes", run->align_bytes);
    cJSON *policies = report_json_array(build, object, "policies");
    for (size_t i = 0; i < run->policy_count; i++)
        json_policy(build, report_json_element(build, policies), run,
                    &run->policies[i]);
}

static bool json_render(FILE *out, const struct sim_result *result,
                        const struct report_style *style)
{
    struct report_json build = {false};
    cJSON *document = cJSON_CreateObject();

    (void)style;
    report_json_text(&build, document, "format", "polished-result");
    report_json_count(&build, document, "version", JSON_VERSION);
    report_json_text(&build, document, "tool", "polished-sim " VERSION);
    cJSON *runs = report_json_array(&build, document, "runs");
    for (size_t i = 0; i < result->run_count; i++)
        json_run(&build, report_json_element(&build, runs), &result->runs[i]);
    char *text = build.short_of_memory ? NULL : cJSON_Print(document);
    cJSON_Delete(document);
    if (text == NULL)
        return false;
    fprintf(out, "%s\n", text);
    cJSON_free(text);
    return true;
}

const struct report_format report_json = {
    .name = "json",
    .summary = "the result document, all numbers exact",
    .render = json_render,
};
