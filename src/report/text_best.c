/* text_best.c - how little memory would do, and where the rest goes. */
#include <string.h>

#include "report/number.h"
#include "report/plain.h"
#include "report/table.h"
#include "report/text.h"

enum { BEST_LINE_BYTES = 1024, BEST_NAME_BYTES = 128 };

static void best_placement(char line[BEST_LINE_BYTES],
                           const struct sim_trace *trace)
{
    char size[REPORT_NUMBER_BYTES], load[REPORT_NUMBER_BYTES];
    char packed[REPORT_NUMBER_BYTES];

    report_size(size, trace->packed_bytes);
    report_count(load, trace->load_bytes);
    report_count(packed, trace->packed_bytes);
    if (trace->packing == SIM_OPTIMAL)
        snprintf(line, BEST_LINE_BYTES,
                 "best possible: %s (%s bytes, certified)", size, packed);
    else
        snprintf(line, BEST_LINE_BYTES,
                 "best possible: between %s and %s bytes (%s)", load, packed,
                 size);
}

/* Payload, then what each step adds, for one policy. */
static void best_waterfall(FILE *out, const struct sim_run *run,
                           const struct sim_policy *policy,
                           const struct report_style *style)
{
    char line[BEST_LINE_BYTES], name[BEST_NAME_BYTES];
    char load[REPORT_NUMBER_BYTES], packed[REPORT_NUMBER_BYTES];
    char span[REPORT_NUMBER_BYTES], extent[REPORT_NUMBER_BYTES];
    char peak[REPORT_NUMBER_BYTES];

    snprintf(line, sizeof line,
             "%s: payload %s, rounded %s, best placed %s, without headers %s, "
             "as it is %s",
             report_plain(name, sizeof name, policy->spec, style->unicode),
             report_size(peak, run->trace.census.peak_live_bytes),
             report_size(load, run->trace.load_bytes),
             report_size(packed, run->trace.packed_bytes),
             report_size(span, policy->span_bytes),
             report_size(extent, policy->tally.peak_extent_bytes));
    report_wrap(out, line, 2, style);
}

void report_text_best(FILE *out, const struct sim_run *run,
                      const struct report_style *style)
{
    char line[BEST_LINE_BYTES];

    if (run->trace.packing == SIM_NOT_PACKED || run->trace.load_bytes == 0)
        return;
    best_placement(line, &run->trace);
    report_wrap(out, line, 0, style);
    for (size_t i = 0; i < run->policy_count; i++)
        if (run->policies[i].span_bytes != 0 &&
            report_competes(&run->policies[i]))
            best_waterfall(out, run, &run->policies[i], style);
}
