/* text_table.c - the columns of the table of policies. */
#include <string.h>

#include "report/advice.h"
#include "report/number.h"
#include "report/plain.h"
#include "report/table.h"
#include "report/text.h"
#include "report/value.h"

/* What a cell is made of. */
struct text_view {
    const struct sim_run *run;
    const struct report_style *style;
    uint64_t least_bytes; /* that any policy needs; 0: not known */
};

typedef void text_cell(char *text, const struct text_view *view,
                       const struct sim_policy *policy);

static void text_cell_policy(char *text, const struct text_view *view,
                             const struct sim_policy *policy)
{
    report_plain(text, REPORT_CELL_BYTES, policy->spec, view->style->unicode);
}

static void text_cell_result(char *text, const struct text_view *view,
                             const struct sim_policy *policy)
{
    (void)view;
    strcpy(text, sim_outcome_name(policy->outcome));
}

/* A min heap that was probed, not proved, is marked. */
static void text_cell_min_heap(char *text, const struct text_view *view,
                               const struct sim_policy *policy)
{
    (void)view;
    if (policy->min_heap_status == SIM_MIN_HEAP_NONE)
        strcpy(text, "none");
    else if (policy->min_heap_bytes != 0)
        report_size(text, policy->min_heap_bytes);
    if (policy->min_heap_status == SIM_MIN_HEAP_PROBED)
        strcat(text, "?");
}

/* Over the least that any policy needs, where the best is not known. */
static void text_ratio(char *text, const struct text_view *view,
                       const struct sim_policy *policy)
{
    uint64_t need_bytes = report_need(policy);

    if (need_bytes == 0 || view->run->trace.packing != SIM_NOT_PACKED)
        return;
    report_fixed(text, (double)need_bytes / (double)view->least_bytes, 2);
    strcat(text, "x");
}

static void text_cell_heap_ratio(char *text, const struct text_view *view,
                                 const struct sim_policy *policy)
{
    if (policy->min_heap_status != SIM_MIN_HEAP_UNASKED)
        text_ratio(text, view, policy);
}

static void text_cell_extent_ratio(char *text, const struct text_view *view,
                                   const struct sim_policy *policy)
{
    if (policy->min_heap_status == SIM_MIN_HEAP_UNASKED)
        text_ratio(text, view, policy);
}

/* "+4.1 %"; an interval where the best is one. */
static void text_cell_best(char *text, const struct text_view *view,
                           const struct sim_policy *policy)
{
    char at_least[REPORT_NUMBER_BYTES], at_most[REPORT_NUMBER_BYTES];
    double low, high;

    if (!report_above_best(view->run, policy, &low, &high))
        return;
    report_percent(at_least, low);
    report_percent(at_most, high);
    strcat(strcpy(text, "+"), at_most);
    if (strcmp(at_least, at_most) == 0)
        return;
    at_least[strcspn(at_least, " ")] = '\0';
    strcat(strcat(strcpy(text, "+"), at_least), "-");
    strcat(text, at_most);
}

static void text_cell_steps(char *text, const struct text_view *view,
                            const struct sim_policy *policy)
{
    const struct measure_histogram *steps = &policy->tally.steps;
    char max[REPORT_NUMBER_BYTES];

    (void)view;
    if (steps->count == 0 || policy->tally.is_opaque)
        return;
    report_fixed(text, (double)steps->sum / (double)steps->count, 1);
    strcat(strcat(text, " / "), report_count(max, steps->max));
}

/* How much of the misuse was refused, as it should be. */
static void text_cell_misuse(char *text, const struct text_view *view,
                             const struct sim_policy *policy)
{
    char sent[REPORT_NUMBER_BYTES];

    (void)view;
    if (policy->misuse_sent == 0)
        return;
    report_count(text, policy->misuse_refused);
    strcat(strcat(text, " of "), report_count(sent, policy->misuse_sent));
}

/* Either a cell of its own or a metric's value. */
static const struct text_column {
    struct report_column column;
    text_cell *cell;
    const char *key;
    bool of_reallocs; /* left out for a trace without any */
} text_columns[] = {
    {{"policy", true, 0}, text_cell_policy, NULL, false},
    {{"result", true, 0}, text_cell_result, NULL, false},
    {{"min heap", false, 0}, text_cell_min_heap, NULL, false},
    {{"over best", false, 1}, text_cell_best, NULL, false},
    {{"ratio", false, 1}, text_cell_heap_ratio, NULL, false},
    {{"extent", false, 1}, NULL, "peak_extent_bytes", false},
    {{"ratio", false, 2}, text_cell_extent_ratio, NULL, false},
    {{"internal", false, 3}, NULL, "internal", false},
    {{"external", false, 4}, NULL, "external_peak", false},
    {{"steps mean/max", false, 5}, text_cell_steps, NULL, false},
    {{"metadata", false, 6}, NULL, "metadata_bytes", false},
    {{"refused", false, 2}, text_cell_misuse, NULL, false},
    {{"ns/op", false, 3}, NULL, "ns_per_op", false},
    {{"moved", false, 8}, NULL, "moved_reallocs", true},
    {{"copied", false, 9}, NULL, "copied_bytes", true},
};
enum {
    TEXT_COLUMNS = sizeof text_columns / sizeof *text_columns,
    TEXT_COLUMNS_FAILED = 5, /* of policies that failed */
    TEXT_COLUMNS_BROKEN = 2  /* of those that were not replayed to the end */
};

static void text_metric(char *text, const char *key,
                        const struct sim_policy *policy)
{
    const struct measure_metric *metric = measure_metric_of(key);

    if (metric != NULL && report_has_metric(metric, policy))
        report_value(text, metric, policy);
}

/* ": 31,000 order, 2 fragmented"; nothing if one verdict is all. */
static void text_verdicts(char *text, const struct sim_policy *policy)
{
    char count[REPORT_NUMBER_BYTES];
    const char *before = ": ";

    if (policy->failures[policy->first.verdict] == policy->failures_total)
        return;
    for (int i = 0; i < SIM_VERDICT_COUNT; i++) {
        if (policy->failures[i] == 0)
            continue;
        strcat(strcat(text, before), report_count(count, policy->failures[i]));
        strcat(strcat(text, " "), sim_verdict_name((enum sim_verdict)i));
        before = ", ";
    }
}

/* Three lines: how many requests failed for what; what the first one met;
   what to do about it. */
static void text_failed(char *text, const struct text_view *view,
                        const struct sim_policy *policy)
{
    char number[REPORT_NUMBER_BYTES], why[SIM_TEXT_BYTES];
    char advice[REPORT_ADVICE_BYTES];

    strcpy(text, report_count(number, policy->failures_total));
    strcat(text, policy->failures_total == 1 ? " request" : " requests");
    text_verdicts(text, policy);
    strcat(text, policy->failures_total == 1 ? ", at event "
                                             : ", the first at event ");
    strcat(strcat(text, report_count(number, policy->first.event)), "\n");
    strcat(text, sim_failure_text(&policy->first, why, sizeof why));
    strcat(text, "\n");
    strcat(text,
           report_advice_text(advice, view->run, policy, view->style->unicode));
}

static void text_broken(char *text, const struct text_view *view,
                        const struct sim_policy *policy)
{
    char number[REPORT_NUMBER_BYTES], what[REPORT_CELL_BYTES / 2];
    bool unsuited = policy->outcome == SIM_UNSUITED;

    report_plain(what, sizeof what,
                 unsuited ? policy->reason : policy->defect_what,
                 view->style->unicode);
    if (!unsuited && policy->defect_event != 0) {
        strcpy(text, "at event ");
        strcat(strcat(text, report_count(number, policy->defect_event)), ": ");
    }
    strcat(text, what);
}

/* How many columns of a policy are told, before text takes their place. */
static size_t text_told(const struct sim_policy *policy)
{
    if (policy->outcome == SIM_PASSED)
        return TEXT_COLUMNS;
    return policy->outcome == SIM_FAILED ? TEXT_COLUMNS_FAILED
                                         : TEXT_COLUMNS_BROKEN;
}

static bool text_cell_of(const void *context, size_t row, size_t column,
                         char text[REPORT_CELL_BYTES])
{
    const struct text_view *view = context;
    const struct sim_policy *policy = &view->run->policies[row];
    const struct text_column *kind = &text_columns[column];

    text[0] = '\0';
    if (column < text_told(policy)) {
        if (kind->cell != NULL)
            kind->cell(text, view, policy);
        else if (!kind->of_reallocs || view->run->trace.census.reallocs > 0)
            text_metric(text, kind->key, policy);
        return false;
    }
    if (policy->outcome == SIM_FAILED)
        text_failed(text, view, policy);
    else
        text_broken(text, view, policy);
    return true;
}

static const char *text_color(const void *context, size_t row, size_t column)
{
    static const char *const colors[SIM_OUTCOME_COUNT] = {
        [SIM_PASSED] = "32",    [SIM_FAILED] = "33",    [SIM_DEFECT] = "1;31",
        [SIM_CRASHED] = "1;31", [SIM_TIMEOUT] = "1;31", [SIM_UNSUITED] = "2",
    };
    const struct text_view *view = context;

    return column == 1 ? colors[view->run->policies[row].outcome] : NULL;
}

static uint64_t text_least(const struct sim_run *run)
{
    uint64_t least = 0;

    for (size_t i = 0; i < run->policy_count; i++) {
        uint64_t need = report_need(&run->policies[i]);
        if (need != 0 && (least == 0 || need < least))
            least = need;
    }
    return least;
}

void report_text_table(FILE *out, const struct sim_run *run,
                       const struct report_style *style)
{
    struct text_view view = {run, style, text_least(run)};
    struct report_column columns[TEXT_COLUMNS];

    for (size_t i = 0; i < TEXT_COLUMNS; i++)
        columns[i] = text_columns[i].column;
    const struct report_table table = {
        .columns = columns,
        .column_count = TEXT_COLUMNS,
        .row_count = run->policy_count,
        .context = &view,
        .cell = text_cell_of,
        .color = text_color,
    };
    report_table_print(out, &table, style);
}
