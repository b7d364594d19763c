/* text_heap.c - what a heap looked like when it was worst. */
#include <string.h>

#include "report/number.h"
#include "report/plain.h"
#include "report/strip.h"
#include "report/table.h"
#include "report/text.h"

enum { HEAP_LINE_BYTES = 1024 };

/* All of the heap that the walk saw. */
static polished_size heap_span(const struct measure_layout *layout)
{
    polished_size span_bytes = 0;

    for (int kind = 0; kind < POLISHED_KIND_COUNT; kind++)
        span_bytes += layout->bytes[kind];
    return span_bytes;
}

/* "heap of best-fit at its worst moment, event 512: ..." */
static void heap_caption(FILE *out, const struct sim_policy *policy,
                         const struct report_style *style)
{
    const struct measure_layout *worst = &policy->worst;
    bool failed = policy->worst_event == policy->first.event;
    char line[HEAP_LINE_BYTES], name[HEAP_LINE_BYTES / 2];
    char event[REPORT_NUMBER_BYTES];
    char bytes[REPORT_NUMBER_BYTES], holes[REPORT_NUMBER_BYTES];
    char largest[REPORT_NUMBER_BYTES];
    polished_size count = worst->blocks[POLISHED_FREE];

    snprintf(line, sizeof line,
             "heap of %s at %s, event %s: %s free in %s %s, the largest %s",
             report_plain(name, sizeof name, policy->spec, style->unicode),
             failed ? "its first failure" : "its worst moment",
             report_count(event, policy->worst_event),
             report_size(bytes, worst->bytes[POLISHED_FREE]),
             report_count(holes, count), count == 1 ? "hole" : "holes",
             report_size(largest, worst->largest_free_bytes));
    report_wrap(out, line, 0, style);
}

/* The strip, and how much memory it stands for. */
static void heap_print(FILE *out, const struct sim_policy *policy,
                       const struct report_style *style)
{
    polished_size span_bytes = heap_span(&policy->worst);
    char strip[REPORT_STRIP_BYTES], span[REPORT_NUMBER_BYTES];
    size_t taken = strlen(report_size(span, span_bytes)) + 1;
    unsigned columns = style->columns == 0 ? ~0u
                       : style->columns > taken
                           ? style->columns - (unsigned)taken
                           : 0;

    heap_caption(out, policy, style);
    report_strip(strip, &policy->strip, span_bytes, columns, style->unicode);
    fprintf(out, "%s %s\n", strip, span);
}

/* Which blocks stand where the request that failed might have been. */
static void heap_witness(FILE *out, const struct sim_failure *failure,
                         const struct report_style *style)
{
    char line[HEAP_LINE_BYTES], count[REPORT_NUMBER_BYTES];
    char bytes[REPORT_NUMBER_BYTES], event[REPORT_NUMBER_BYTES];
    char offset[REPORT_NUMBER_BYTES];
    bool one = failure->splitter_count == 1;

    if (failure->window_bytes == 0 || failure->splitter_count == 0)
        return;
    snprintf(
        line, sizeof line,
        "%s %s (%s, %s event %s) %s in the way at offset %s, the "
        "cheapest place for the request.",
        report_count(count, failure->splitter_count), one ? "block" : "blocks",
        report_size(bytes, failure->splitter_bytes),
        one ? "from" : "the oldest from",
        report_count(event, failure->splitter_event), one ? "stands" : "stand",
        report_count(offset, failure->window_offset_bytes));
    report_wrap(out, line, 0, style);
}

/*
 * The best policy with a heap to show, and the first that is fragmented: there
 * a picture tells why.  If none passed, whatever failed first has to do.
 */
void report_text_heaps(FILE *out, const struct sim_run *run,
                       const struct report_style *style)
{
    const struct sim_policy *best = NULL, *failing = NULL, *broken = NULL;

    for (size_t i = run->policy_count; i-- > 0;) {
        const struct sim_policy *policy = &run->policies[i];
        if (report_competes(policy))
            best = policy;
        if (policy->outcome != SIM_FAILED || policy->worst_event == 0)
            continue;
        failing = policy;
        if (policy->first.verdict == SIM_FRAGMENTED)
            broken = policy;
    }
    if (best != NULL)
        heap_print(out, best, style);
    if (broken != NULL) {
        heap_print(out, broken, style);
        heap_witness(out, &broken->first, style);
    } else if (best == NULL && failing != NULL)
        heap_print(out, failing, style);
}
