/*
 * json.c - the result document, which docs/results.md explains and
 * docs/result.schema.json fixes.
 *
 * cJSON keeps numbers as doubles; every number here is therefore given to it
 * as text, so that integers stay exact up to 2^64-1.
 */
#include "config.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report/plain.h"
#include "report/report.h"
#include "report/value.h"

enum { JSON_VERSION = 1, JSON_TEXT_BYTES = 4 * SIM_SPEC_BYTES };

/*
 * A document under construction.  Additions that fail for want of memory are
 * remembered, not checked one by one: a NULL object takes additions too.
 */
struct json_build {
    bool short_of_memory;
};

static void json_check(struct json_build *build, const void *item)
{
    if (item == NULL)
        build->short_of_memory = true;
}

static void json_raw(struct json_build *build, cJSON *object, const char *key,
                     const char *text)
{
    json_check(build, cJSON_AddRawToObject(object, key, text));
}

static void json_count(struct json_build *build, cJSON *object, const char *key,
                       uint64_t count)
{
    char text[REPORT_NUMBER_BYTES];

    snprintf(text, sizeof text, "%" PRIu64, count);
    json_raw(build, object, key, text);
}

static void json_ratio(struct json_build *build, cJSON *object, const char *key,
                       double ratio)
{
    char text[REPORT_NUMBER_BYTES];

    json_raw(build, object, key, report_fixed(text, ratio, 6));
}

static void json_text(struct json_build *build, cJSON *object, const char *key,
                      const char *from)
{
    char text[JSON_TEXT_BYTES];

    json_check(build, cJSON_AddStringToObject(
                          object, key, report_utf8(text, sizeof text, from)));
}

static cJSON *json_object(struct json_build *build, cJSON *object,
                          const char *key)
{
    cJSON *made = cJSON_AddObjectToObject(object, key);

    json_check(build, made);
    return made;
}

static cJSON *json_array(struct json_build *build, cJSON *object,
                         const char *key)
{
    cJSON *made = cJSON_AddArrayToObject(object, key);

    json_check(build, made);
    return made;
}

/* A new object at the end of an array. */
static cJSON *json_element(struct json_build *build, cJSON *array)
{
    cJSON *made = cJSON_CreateObject();

    json_check(build, made);
    if (made != NULL && !cJSON_AddItemToArray(array, made)) {
        cJSON_Delete(made);
        build->short_of_memory = true;
        return NULL;
    }
    return made;
}

static void json_trace(struct json_build *build, cJSON *run,
                       const struct sim_trace *trace)
{
    const struct measure_census *census = &trace->census;
    cJSON *object = json_object(build, run, "trace");
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

    json_text(build, object, "name", trace->name);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        json_count(build, object, counts[i].key, counts[i].count);
    if (trace->packing == SIM_NOT_PACKED)
        return;
    json_count(build, object, "packed_bytes", trace->packed_bytes);
    json_text(build, object, "packed_status",
              trace->packing == SIM_OPTIMAL ? "optimal" : "bounded");
}

/* What split the cheapest window that would have held the request. */
static void json_window(struct json_build *build, cJSON *object,
                        const struct sim_failure *failure)
{
    if (failure->window_bytes == 0)
        return;
    cJSON *window = json_object(build, object, "window");
    json_count(build, window, "offset_bytes", failure->window_offset_bytes);
    json_count(build, window, "size_bytes", failure->window_bytes);
    json_count(build, window, "splitters", failure->splitter_count);
    json_count(build, window, "splitter_bytes", failure->splitter_bytes);
    if (failure->splitter_event == 0)
        return;
    json_count(build, window, "oldest_event", failure->splitter_event);
    json_count(build, window, "oldest_size_bytes",
               failure->splitter_size_bytes);
}

static void json_failure(struct json_build *build, cJSON *object,
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

    json_count(build, object, "event", failure->event);
    json_count(build, object, "size_bytes", failure->size_bytes);
    json_count(build, object, "align_bytes", failure->align_bytes);
    json_text(build, object, "verdict", sim_verdict_name(failure->verdict));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        json_count(build, object, counts[i].key, counts[i].count);
    json_ratio(build, object, "fragmentation_index",
               failure->fragmentation_index);
    json_window(build, object, failure);
}

/* How many requests failed, why, and the heap that the first of each met. */
static void json_failures(struct json_build *build, cJSON *object,
                          const struct sim_policy *policy)
{
    cJSON *counts = json_object(build, object, "failures");

    json_count(build, counts, "total", policy->failures_total);
    json_count(build, counts, "skipped", policy->skipped_events);
    for (int i = 0; i < SIM_VERDICT_COUNT; i++)
        json_count(build, counts, sim_verdict_name((enum sim_verdict)i),
                   policy->failures[i]);
    if (policy->first.event == 0) {
        json_check(build, cJSON_AddNullToObject(object, "first_failure"));
        return;
    }
    json_failure(build, json_object(build, object, "first_failure"),
                 &policy->first);
    cJSON *firsts = json_object(build, object, "first_failures");
    for (int i = 0; i < SIM_VERDICT_COUNT; i++) {
        const char *verdict = sim_verdict_name((enum sim_verdict)i);
        if (policy->first_of[i].event != 0)
            json_failure(build, json_object(build, firsts, verdict),
                         &policy->first_of[i]);
    }
}

static void json_metrics(struct json_build *build, cJSON *object,
                         const struct sim_policy *policy)
{
    char text[REPORT_NUMBER_BYTES];

    for (const struct measure_metric *metric = measure_metrics;
         metric->key != NULL; metric++)
        if (report_has_metric(metric, policy))
            json_raw(build, object, metric->key,
                     report_value_exact(text, metric, policy));
}

static void json_min_heap(struct json_build *build, cJSON *object,
                          const struct sim_policy *policy)
{
    if (policy->min_heap_status == SIM_MIN_HEAP_UNASKED)
        return;
    json_text(build, object, "min_heap_status",
              sim_min_heap_name(policy->min_heap_status));
    if (policy->min_heap_status == SIM_MIN_HEAP_NONE) {
        json_text(build, object, "min_heap_reason", policy->min_heap_reason);
        return;
    }
    json_count(build, object, "min_heap_bytes", policy->min_heap_bytes);
    json_count(build, object, "min_heap_smallest_bytes",
               policy->min_heap_smallest_bytes);
    json_count(build, object, "min_heap_anomalies", policy->min_heap_anomalies);
}

static void json_misuse(struct json_build *build, cJSON *object,
                        const struct sim_policy *policy)
{
    if (policy->misuse_sent == 0)
        return;
    cJSON *misuse = json_object(build, object, "misuse");
    json_count(build, misuse, "sent", policy->misuse_sent);
    json_count(build, misuse, "refused", policy->misuse_refused);
    json_count(build, misuse, "accepted", policy->misuse_accepted);
}

/* The processes that ended, as a policy that knows them saw it. */
static void json_heaps(struct json_build *build, cJSON *object,
                       const struct sim_policy *policy)
{
    if (policy->heap_count == 0)
        return;
    cJSON *heaps = json_array(build, object, "heaps");
    for (size_t i = 0; i < policy->heap_count; i++) {
        const struct sim_heap *heap = &policy->heaps[i];
        cJSON *row = json_element(build, heaps);

        json_count(build, row, "heap", heap->heap);
        json_count(build, row, "event", heap->event);
        json_count(build, row, "leaked_blocks", heap->leaked_blocks);
        json_count(build, row, "leaked_bytes", heap->leaked_bytes);
        json_count(build, row, "held_bytes", heap->held_bytes);
    }
}

/* Why there are no numbers. */
static void json_broken(struct json_build *build, cJSON *object,
                        const struct sim_policy *policy)
{
    if (policy->outcome == SIM_UNSUITED) {
        json_text(build, object, "reason", policy->reason);
        return;
    }
    cJSON *defect = json_object(build, object, "defect");
    json_count(build, defect, "event", policy->defect_event);
    json_text(build, defect, "what", policy->defect_what);
}

/* How far it is from the best placement, with and without headers. */
static void json_best(struct json_build *build, cJSON *object,
                      const struct sim_run *run,
                      const struct sim_policy *policy)
{
    double low, high;

    if (policy->span_bytes != 0)
        json_count(build, object, "span_bytes", policy->span_bytes);
    if (!report_above_best(run, policy, &low, &high))
        return;
    json_ratio(build, object, "above_best_low", low);
    json_ratio(build, object, "above_best_high", high);
}

static void json_policy(struct json_build *build, cJSON *object,
                        const struct sim_run *run,
                        const struct sim_policy *policy)
{
    json_text(build, object, "policy", policy->name);
    json_text(build, object, "spec", policy->spec);
    json_text(build, object, "outcome", sim_outcome_name(policy->outcome));
    if (!report_has_metrics(policy)) {
        json_broken(build, object, policy);
        return;
    }
    json_failures(build, object, policy);
    json_misuse(build, object, policy);
    json_count(build, object, "leaked_blocks", policy->leaked_blocks);
    json_count(build, object, "leaked_bytes", policy->leaked_bytes);
    json_heaps(build, object, policy);
    json_metrics(build, object, policy);
    json_min_heap(build, object, policy);
    json_best(build, object, run, policy);
}

static void json_run(struct json_build *build, cJSON *object,
                     const struct sim_run *run)
{
    json_trace(build, object, &run->trace);
    json_count(build, object, "memory_bytes", run->memory_bytes);
    json_count(build, object, "align_bytes", run->align_bytes);
    cJSON *policies = json_array(build, object, "policies");
    for (size_t i = 0; i < run->policy_count; i++)
        json_policy(build, json_element(build, policies), run,
                    &run->policies[i]);
}

static bool json_render(FILE *out, const struct sim_result *result,
                        const struct report_style *style)
{
    struct json_build build = {false};
    cJSON *document = cJSON_CreateObject();

    (void)style;
    json_text(&build, document, "format", "polished-result");
    json_count(&build, document, "version", JSON_VERSION);
    json_text(&build, document, "tool", "polished-sim " VERSION);
    cJSON *runs = json_array(&build, document, "runs");
    for (size_t i = 0; i < result->run_count; i++)
        json_run(&build, json_element(&build, runs), &result->runs[i]);
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
