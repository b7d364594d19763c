/*
 * csv.c - one line per trace and policy, quoted as in RFC 4180, ended by
 * a line feed alone so that the last column has no stray byte for awk.
 */
#include <inttypes.h>
#include <string.h>

#include "report/plain.h"
#include "report/report.h"
#include "report/value.h"

enum { CSV_TEXT_BYTES = 4 * SIM_SPEC_BYTES };

/* A column that no metric gives; writes nothing where it has no answer. */
struct csv_column {
    const char *key;
    void (*write)(FILE *out, const struct sim_run *run,
                  const struct sim_policy *policy);
};

static void csv_field(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    putc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            putc('"', out);
        putc(*text, out);
    }
    putc('"', out);
}

static void csv_text(FILE *out, const char *from)
{
    char text[CSV_TEXT_BYTES];

    csv_field(out, report_utf8(text, sizeof text, from));
}

static void csv_trace(FILE *out, const struct sim_run *run,
                      const struct sim_policy *policy)
{
    (void)policy;
    csv_text(out, run->trace.name);
}

static void csv_policy(FILE *out, const struct sim_run *run,
                       const struct sim_policy *policy)
{
    (void)run;
    csv_text(out, policy->name);
}

static void csv_spec(FILE *out, const struct sim_run *run,
                     const struct sim_policy *policy)
{
    (void)run;
    csv_text(out, policy->spec);
}

static void csv_outcome(FILE *out, const struct sim_run *run,
                        const struct sim_policy *policy)
{
    (void)run;
    csv_text(out, sim_outcome_name(policy->outcome));
}

/* Why there are no numbers, or what failed first. */
static void csv_reason(FILE *out, const struct sim_run *run,
                       const struct sim_policy *policy)
{
    char text[SIM_TEXT_BYTES];

    (void)run;
    if (policy->outcome == SIM_UNSUITED)
        csv_text(out, policy->reason);
    else if (!report_has_metrics(policy))
        csv_text(out, policy->defect_what);
    else if (policy->first.event != 0)
        csv_text(out, sim_failure_text(&policy->first, text, sizeof text));
}

static void csv_event(FILE *out, const struct sim_run *run,
                      const struct sim_policy *policy)
{
    uint64_t event =
        report_has_metrics(policy) ? policy->first.event : policy->defect_event;

    (void)run;
    if (event != 0)
        fprintf(out, "%" PRIu64, event);
}

static void csv_memory(FILE *out, const struct sim_run *run,
                       const struct sim_policy *policy)
{
    (void)policy;
    fprintf(out, "%" PRIu64, run->memory_bytes);
}

static void csv_events(FILE *out, const struct sim_run *run,
                       const struct sim_policy *policy)
{
    (void)policy;
    fprintf(out, "%" PRIu64, run->trace.census.events);
}

static void csv_failures(FILE *out, const struct sim_run *run,
                         const struct sim_policy *policy)
{
    (void)run;
    if (report_has_metrics(policy))
        fprintf(out, "%" PRIu64, policy->failures_total);
}

static void csv_load(FILE *out, const struct sim_run *run,
                     const struct sim_policy *policy)
{
    (void)policy;
    fprintf(out, "%" PRIu64,
            run->trace.packing == SIM_NOT_PACKED ? run->trace.census.load_bytes
                                                 : run->trace.load_bytes);
}

static void csv_packed(FILE *out, const struct sim_run *run,
                       const struct sim_policy *policy)
{
    (void)policy;
    if (run->trace.packing != SIM_NOT_PACKED)
        fprintf(out, "%" PRIu64, run->trace.packed_bytes);
}

static void csv_packing(FILE *out, const struct sim_run *run,
                        const struct sim_policy *policy)
{
    static const char *const names[] = {"", "bounded", "optimal"};

    (void)policy;
    fputs(names[run->trace.packing], out);
}

static void csv_span(FILE *out, const struct sim_run *run,
                     const struct sim_policy *policy)
{
    (void)run;
    if (policy->span_bytes != 0 && report_has_metrics(policy))
        fprintf(out, "%" PRIu64, policy->span_bytes);
}

static void csv_above_low(FILE *out, const struct sim_run *run,
                          const struct sim_policy *policy)
{
    char text[REPORT_NUMBER_BYTES];
    double low, high;

    if (report_above_best(run, policy, &low, &high))
        fputs(report_fixed(text, low, 6), out);
}

static void csv_above_high(FILE *out, const struct sim_run *run,
                           const struct sim_policy *policy)
{
    char text[REPORT_NUMBER_BYTES];
    double low, high;

    if (report_above_best(run, policy, &low, &high))
        fputs(report_fixed(text, high, 6), out);
}

/* Only where there is a min heap. */
static void csv_min_heap_count(FILE *out, const struct sim_policy *policy,
                               uint64_t count)
{
    if (policy->min_heap_bytes != 0)
        fprintf(out, "%" PRIu64, count);
}

static void csv_min_heap(FILE *out, const struct sim_run *run,
                         const struct sim_policy *policy)
{
    (void)run;
    csv_min_heap_count(out, policy, policy->min_heap_bytes);
}

static void csv_min_heap_smallest(FILE *out, const struct sim_run *run,
                                  const struct sim_policy *policy)
{
    (void)run;
    csv_min_heap_count(out, policy, policy->min_heap_smallest_bytes);
}

static void csv_min_heap_anomalies(FILE *out, const struct sim_run *run,
                                   const struct sim_policy *policy)
{
    (void)run;
    csv_min_heap_count(out, policy, policy->min_heap_anomalies);
}

static void csv_min_heap_status(FILE *out, const struct sim_run *run,
                                const struct sim_policy *policy)
{
    const char *name = sim_min_heap_name(policy->min_heap_status);

    (void)run;
    fputs(name != NULL ? name : "", out);
}

static const struct csv_column csv_columns[] = {
    {"trace", csv_trace},
    {"policy", csv_policy},
    {"spec", csv_spec},
    {"outcome", csv_outcome},
    {"event", csv_event},
    {"reason", csv_reason},
    {"memory_bytes", csv_memory},
    {"events", csv_events},
    {"failures", csv_failures},
    {"min_heap_bytes", csv_min_heap},
    {"min_heap_smallest_bytes", csv_min_heap_smallest},
    {"min_heap_anomalies", csv_min_heap_anomalies},
    {"min_heap_status", csv_min_heap_status},
    {"load_bytes", csv_load},
    {"packed_bytes", csv_packed},
    {"packed_status", csv_packing},
    {"span_bytes", csv_span},
    {"above_best_low", csv_above_low},
    {"above_best_high", csv_above_high},
};
enum { CSV_COLUMNS = sizeof csv_columns / sizeof *csv_columns };

static void csv_header(FILE *out)
{
    for (size_t i = 0; i < CSV_COLUMNS; i++)
        fprintf(out, "%s%s", i > 0 ? "," : "", csv_columns[i].key);
    for (int i = 0; i < SIM_VERDICT_COUNT; i++)
        fprintf(out, ",failed_%s", sim_verdict_name((enum sim_verdict)i));
    for (const struct measure_metric *metric = measure_metrics;
         metric->key != NULL; metric++)
        fprintf(out, ",%s", metric->key);
    putc('\n', out);
}

static void csv_metrics(FILE *out, const struct sim_policy *policy)
{
    char text[REPORT_NUMBER_BYTES];

    for (int i = 0; i < SIM_VERDICT_COUNT; i++)
        if (report_has_metrics(policy))
            fprintf(out, ",%" PRIu64, policy->failures[i]);
        else
            putc(',', out);
    for (const struct measure_metric *metric = measure_metrics;
         metric->key != NULL; metric++)
        fprintf(out, ",%s",
                report_has_metric(metric, policy)
                    ? report_value_exact(text, metric, policy)
                    : "");
}

static bool csv_render(FILE *out, const struct sim_result *result,
                       const struct report_style *style)
{
    (void)style;
    csv_header(out);
    for (size_t r = 0; r < result->run_count; r++) {
        const struct sim_run *run = &result->runs[r];
        for (size_t p = 0; p < run->policy_count; p++) {
            for (size_t i = 0; i < CSV_COLUMNS; i++) {
                if (i > 0)
                    putc(',', out);
                csv_columns[i].write(out, run, &run->policies[p]);
            }
            csv_metrics(out, &run->policies[p]);
            putc('\n', out);
        }
    }
    return true;
}

const struct report_format report_csv = {
    .name = "csv",
    .summary = "one line per trace and policy",
    .render = csv_render,
};
