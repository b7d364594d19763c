/* text.c - the report for people: which policy fits, and why not. */
#include "report/text.h"

#include <string.h>

#include "report/number.h"
#include "report/plain.h"
#include "report/table.h"
#include "report/value.h"

enum { TEXT_LINE_BYTES = 2048, TEXT_NAME_BYTES = 256 };

bool report_competes(const struct sim_policy *policy)
{
    return policy->outcome == SIM_PASSED && policy->worst_event != 0;
}

static void text_head(FILE *out, const struct sim_run *run,
                      const struct report_style *style)
{
    const struct measure_census *census = &run->trace.census;
    char line[TEXT_LINE_BYTES], name[TEXT_NAME_BYTES];
    char events[REPORT_NUMBER_BYTES], peak[REPORT_NUMBER_BYTES];
    char blocks[REPORT_NUMBER_BYTES], heap[REPORT_NUMBER_BYTES];

    report_plain(name, sizeof name, run->trace.name, style->unicode);
    if (run->memory_bytes % 1024 == 0)
        report_size(heap, run->memory_bytes);
    else
        report_size_exact(heap, run->memory_bytes);
    snprintf(line, sizeof line, "%s: %s %s, peak live %s in %s %s; heap %s",
             name, report_count(events, census->events),
             census->events == 1 ? "event" : "events",
             report_size_exact(peak, census->peak_live_bytes),
             report_count(blocks, census->peak_live_blocks),
             census->peak_live_blocks == 1 ? "block" : "blocks", heap);
    report_wrap(out, line, 0, style);
    putc('\n', out);
}

static bool text_has_probed(const struct sim_run *run)
{
    for (size_t i = 0; i < run->policy_count; i++)
        if (run->policies[i].min_heap_status == SIM_MIN_HEAP_PROBED)
            return true;
    return false;
}

static void text_notes(FILE *out, const struct sim_run *run,
                       const struct report_style *style)
{
    char line[TEXT_LINE_BYTES], count[REPORT_NUMBER_BYTES];
    uint64_t zero = run->trace.census.zero_requests;

    if (text_has_probed(run))
        report_wrap(out,
                    "A min heap with ? was probed: some larger sizes were "
                    "tried, not all.",
                    0, style);
    if (zero == 0)
        return;
    snprintf(line, sizeof line, "%s %s of 0 bytes replayed as 1 byte.",
             report_count(count, zero), zero == 1 ? "request" : "requests");
    report_wrap(out, line, 0, style);
}

/* The policies that compete, by what they need. */
struct text_podium {
    const struct sim_policy *first, *next; /* next: the least that is more */
    const struct sim_policy *also;         /* one that needs as much */
    unsigned also_count;
};

/* The bytes that a policy needs; 0: it does not compete. */
static uint64_t text_need(const struct sim_policy *policy)
{
    return policy->worst_event != 0 ? report_need(policy) : 0;
}

static void text_rank_one(struct text_podium *podium,
                          const struct sim_policy *policy)
{
    uint64_t need = text_need(policy);
    uint64_t least = podium->first == NULL ? 0 : text_need(podium->first);

    if (need == 0)
        return;
    if (podium->first == NULL || need < least) {
        podium->next = podium->first;
        podium->first = policy;
        podium->also_count = 0;
    } else if (need == least) {
        podium->also = podium->also_count++ == 0 ? policy : podium->also;
    } else if (podium->next == NULL || need < text_need(podium->next)) {
        podium->next = policy;
    }
}

static struct text_podium text_rank(const struct sim_run *run)
{
    struct text_podium podium = {NULL, NULL, NULL, 0};

    for (size_t i = 0; i < run->policy_count; i++)
        text_rank_one(&podium, &run->policies[i]);
    return podium;
}

/* ", as does first-fit and 2 more", ", 10.0 % (128 KiB) less than tlsf" */
static void text_lead(char line[TEXT_LINE_BYTES],
                      const struct text_podium *podium,
                      const struct report_style *style)
{
    char name[TEXT_NAME_BYTES], number[REPORT_NUMBER_BYTES];
    char percent[REPORT_NUMBER_BYTES];
    uint64_t least = text_need(podium->first);

    report_plain(name, sizeof name, podium->first->spec, style->unicode);
    if (podium->first->min_heap_bytes != 0)
        strcat(strcat(strcpy(line, "Smallest safe heap: "), name), ", ");
    else
        strcat(strcpy(line, name), " needs least: ");
    strcat(line, report_size_exact(number, least));
    if (podium->also_count > 0) {
        report_plain(name, sizeof name, podium->also->spec, style->unicode);
        strcat(strcat(line, ", as does "), name);
    }
    if (podium->also_count > 1)
        sprintf(line + strlen(line), " (and %u more)", podium->also_count - 1);
    if (podium->next != NULL) {
        uint64_t more = text_need(podium->next);
        report_plain(name, sizeof name, podium->next->spec, style->unicode);
        sprintf(line + strlen(line), "; %s (%s) less than %s",
                report_percent(percent, (double)(more - least) / (double)more),
                report_size(number, more - least), name);
    }
    strcat(line, ".");
}

/* Was every policy one that has no heap of this size to compete in? */
static bool text_is_open(const struct sim_run *run)
{
    for (size_t i = 0; i < run->policy_count; i++)
        if (run->policies[i].outcome != SIM_PASSED)
            return false;
    return true;
}

static void text_closing(FILE *out, const struct sim_run *run,
                         const struct report_style *style)
{
    struct text_podium podium = text_rank(run);
    char line[TEXT_LINE_BYTES];

    if (podium.first != NULL)
        text_lead(line, &podium, style);
    else if (text_is_open(run))
        return;
    else
        snprintf(line, sizeof line,
                 "No policy served every request in this heap.");
    report_wrap(out, line, 0, style);
}

static bool text_render(FILE *out, const struct sim_result *result,
                        const struct report_style *style)
{
    for (size_t i = 0; i < result->run_count; i++) {
        const struct sim_run *run = &result->runs[i];
        if (i > 0)
            putc('\n', out);
        text_head(out, run, style);
        report_text_table(out, run, style);
        putc('\n', out);
        report_text_heaps(out, run, style);
        report_text_explained(out, run, style);
        report_text_blame(out, run, style);
        text_notes(out, run, style);
        report_text_best(out, run, style);
        text_closing(out, run, style);
    }
    return true;
}

const struct report_format report_text = {
    .name = "text",
    .summary = "a table for people, best policy first",
    .render = text_render,
};
