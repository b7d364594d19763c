/* text_explain.c - the heap around one event, for people. */
#include <stdio.h>
#include <string.h>

#include "report/number.h"
#include "report/plain.h"
#include "report/table.h"
#include "report/text.h"

enum { EXPLAIN_LINE_BYTES = 1024, EXPLAIN_NAME_BYTES = 256 };

/* "alloc of 8,000 bytes at alignment 16", "reset" */
static void explain_request(char *text, size_t text_bytes,
                            const struct sim_explained *explained)
{
    char size[REPORT_NUMBER_BYTES], align[REPORT_NUMBER_BYTES];
    const char *op = sim_op_name(explained->op);

    if (explained->op > TRACE_REALLOC ||
        (explained->skipped && explained->op == TRACE_FREE))
        snprintf(text, text_bytes, "%s", op);
    else if (explained->op == TRACE_FREE)
        snprintf(text, text_bytes, "free of %s bytes",
                 report_count(size, explained->size_bytes));
    else
        snprintf(text, text_bytes, "%s of %s bytes at alignment %s", op,
                 report_count(size, explained->size_bytes),
                 report_count(align, explained->align_bytes));
}

static void explain_answer(char *text, size_t text_bytes,
                           const struct sim_explained *explained)
{
    char why[SIM_TEXT_BYTES], offset[REPORT_NUMBER_BYTES];
    char birth[REPORT_NUMBER_BYTES];

    text[0] = '\0';
    if (explained->skipped)
        snprintf(text, text_bytes, ": skipped, its block was never given");
    else if (explained->failure.event != 0)
        snprintf(text, text_bytes, ": %s",
                 sim_failure_text(&explained->failure, why, sizeof why));
    else if (explained->op == TRACE_FREE)
        snprintf(text, text_bytes, " at offset %s, there since event %s",
                 report_count(offset, explained->offset_bytes),
                 report_count(birth, explained->birth));
    else if (explained->op <= TRACE_REALLOC)
        snprintf(text, text_bytes, ": served at offset %s",
                 report_count(offset, explained->offset_bytes));
}

static void explain_head(FILE *out, const struct sim_policy *policy,
                         const struct report_style *style)
{
    const struct sim_explained *explained = &policy->explained;
    char line[EXPLAIN_LINE_BYTES], name[EXPLAIN_NAME_BYTES];
    char request[EXPLAIN_NAME_BYTES], answer[EXPLAIN_NAME_BYTES];
    char event[REPORT_NUMBER_BYTES], bytes[REPORT_NUMBER_BYTES];
    char holes[REPORT_NUMBER_BYTES], largest[REPORT_NUMBER_BYTES];

    explain_request(request, sizeof request, explained);
    explain_answer(answer, sizeof answer, explained);
    snprintf(line, sizeof line, "event %s in %s: %s%s",
             report_count(event, explained->event),
             report_plain(name, sizeof name, policy->spec, style->unicode),
             request, answer);
    report_wrap(out, line, 0, style);
    snprintf(line, sizeof line,
             "after it %s bytes are free in %s %s, the "
             "largest %s",
             report_count(bytes, explained->free_bytes),
             report_count(holes, explained->holes),
             explained->holes == 1 ? "hole" : "holes",
             report_count(largest, explained->largest_free_bytes));
    fputs("  ", out);
    report_wrap(out, line, 2, style);
}

static void explain_window(FILE *out, const struct sim_explained *explained,
                           const struct report_style *style)
{
    char line[EXPLAIN_LINE_BYTES], offset[REPORT_NUMBER_BYTES];
    char bytes[REPORT_NUMBER_BYTES];
    const char *what = explained->failure.window_bytes != 0
                           ? "cheapest place for it"
                       : explained->op > TRACE_REALLOC || explained->skipped ||
                               explained->failure.event != 0
                           ? "largest hole"
                       : explained->op == TRACE_FREE ? "where it was"
                                                     : "its place";

    snprintf(line, sizeof line, "%s: %s bytes at offset %s", what,
             report_count(bytes, explained->window_bytes),
             report_count(offset, explained->window_offset_bytes));
    fputs("  ", out);
    report_wrap(out, line, 2, style);
}

/* "below: 984 bytes at offset 28,400, from event 30 until 61, main.c:12" */
static void explain_holder(FILE *out, const struct sim_holder *holder,
                           const struct report_style *style)
{
    char line[EXPLAIN_LINE_BYTES], label[EXPLAIN_NAME_BYTES];
    char offset[REPORT_NUMBER_BYTES], bytes[REPORT_NUMBER_BYTES];
    char birth[REPORT_NUMBER_BYTES], end[REPORT_NUMBER_BYTES];
    size_t used;

    used = (size_t)snprintf(line, sizeof line, "%s: %s bytes at offset %s",
                            sim_where_name(holder->where),
                            report_count(bytes, holder->birth != 0
                                                    ? holder->asked_bytes
                                                    : holder->size_bytes),
                            report_count(offset, holder->offset_bytes));
    if (holder->birth == 0)
        snprintf(line + used, sizeof line - used,
                 ", no single block of the trace");
    else
        snprintf(
            line + used, sizeof line - used, ", from event %s until %s%s%s",
            report_count(birth, holder->birth),
            holder->end == 0 ? "the end" : report_count(end, holder->end),
            holder->label[0] != '\0' ? ", " : "",
            report_plain(label, sizeof label, holder->label, style->unicode));
    fputs("    ", out);
    report_wrap(out, line, 4, style);
}

static void explain_more(FILE *out, const struct sim_explained *explained)
{
    char count[REPORT_NUMBER_BYTES];

    if (explained->holder_count > SIM_HOLDERS)
        fprintf(out, "    and %s more\n",
                report_count(count, explained->holder_count - SIM_HOLDERS));
}

void report_text_explained(FILE *out, const struct sim_run *run,
                           const struct report_style *style)
{
    for (size_t i = 0; i < run->policy_count; i++) {
        const struct sim_policy *policy = &run->policies[i];
        const struct sim_explained *explained = &policy->explained;

        if (explained->event == 0)
            continue;
        explain_head(out, policy, style);
        explain_window(out, explained, style);
        for (size_t h = 0; h < SIM_HOLDERS && h < explained->holder_count; h++)
            explain_holder(out, &explained->holders[h], style);
        explain_more(out, explained);
    }
}
