/* text_blame.c - who fragments a heap, for people. */
#include <stdio.h>
#include <string.h>

#include "report/number.h"
#include "report/plain.h"
#include "report/table.h"
#include "report/text.h"

enum { BLAME_LINE_BYTES = 1024, BLAME_NAME_BYTES = 256 };

struct blame_view {
    const struct sim_policy *policy;
    const struct report_style *style;
};

typedef void blame_cell(char *text, const struct blame_view *view,
                        const struct sim_culprit *culprit);

static void blame_cell_who(char *text, const struct blame_view *view,
                           const struct sim_culprit *culprit)
{
    char least[REPORT_NUMBER_BYTES], most[REPORT_NUMBER_BYTES];

    if (culprit->own)
        strcpy(text, "no block of the trace");
    else if (culprit->site != 0)
        report_plain(text, REPORT_CELL_BYTES, culprit->label,
                     view->style->unicode);
    else if (view->policy->blame.by_site)
        strcpy(text, "without a site");
    else if (culprit->least_bytes == culprit->most_bytes)
        snprintf(text, REPORT_CELL_BYTES, "%s bytes",
                 report_count(least, culprit->least_bytes));
    else
        snprintf(text, REPORT_CELL_BYTES, "%s to %s bytes",
                 report_count(least, culprit->least_bytes),
                 report_count(most, culprit->most_bytes));
}

static void blame_cell_holes(char *text, const struct blame_view *view,
                             const struct sim_culprit *culprit)
{
    report_size(text, culprit->byte_events / view->policy->blame.events);
}

static void blame_cell_share(char *text, const struct blame_view *view,
                             const struct sim_culprit *culprit)
{
    report_percent(text, (double)culprit->byte_events /
                             (double)view->policy->blame.byte_events);
}

static void blame_cell_blocks(char *text, const struct blame_view *view,
                              const struct sim_culprit *culprit)
{
    (void)view;
    if (!culprit->own)
        report_count(text, culprit->blocks);
}

static void blame_cell_without(char *text, const struct blame_view *view,
                               const struct sim_culprit *culprit)
{
    (void)view;
    if (culprit->tried)
        report_size(text, culprit->min_heap_bytes);
}

static void blame_cell_elsewhere(char *text, const struct blame_view *view,
                                 const struct sim_culprit *culprit)
{
    (void)view;
    if (culprit->tried)
        report_size(text, culprit->elsewhere_bytes);
}

static void blame_cell_saved(char *text, const struct blame_view *view,
                             const struct sim_culprit *culprit)
{
    uint64_t before = view->policy->blame.memory_bytes;
    uint64_t after = culprit->min_heap_bytes + culprit->elsewhere_bytes;

    if (culprit->tried && after < before)
        report_size(text, before - after);
    else if (culprit->tried)
        strcpy(text, "none");
}

static const struct blame_column {
    struct report_column column;
    blame_cell *cell;
} blame_columns[] = {
    {{"who", true, 0}, blame_cell_who},
    {{"holes", false, 0}, blame_cell_holes},
    {{"share", false, 0}, blame_cell_share},
    {{"blocks", false, 4}, blame_cell_blocks},
    {{"heap without", false, 1}, blame_cell_without},
    {{"elsewhere", false, 2}, blame_cell_elsewhere},
    {{"saved", false, 3}, blame_cell_saved},
};
enum { BLAME_COLUMNS = sizeof blame_columns / sizeof *blame_columns };

static bool blame_cell_of(const void *context, size_t row, size_t column,
                          char text[REPORT_CELL_BYTES])
{
    const struct blame_view *view = context;

    text[0] = '\0';
    blame_columns[column].cell(text, view, &view->policy->blame.culprits[row]);
    return false;
}

static void blame_head(FILE *out, const struct sim_policy *policy,
                       const struct report_style *style)
{
    const struct sim_blame *blame = &policy->blame;
    char line[BLAME_LINE_BYTES], name[BLAME_NAME_BYTES];
    char memory[REPORT_NUMBER_BYTES], holes[REPORT_NUMBER_BYTES];

    snprintf(line, sizeof line,
             "who fragments %s in its min heap, %s: %s in holes between "
             "blocks, on average",
             report_plain(name, sizeof name, policy->spec, style->unicode),
             report_size(memory, blame->memory_bytes),
             report_size(holes, blame->byte_events / blame->events));
    report_wrap(out, line, 0, style);
}

void report_text_blame(FILE *out, const struct sim_run *run,
                       const struct report_style *style)
{
    struct report_column columns[BLAME_COLUMNS];

    for (size_t i = 0; i < BLAME_COLUMNS; i++)
        columns[i] = blame_columns[i].column;
    for (size_t i = 0; i < run->policy_count; i++) {
        const struct sim_policy *policy = &run->policies[i];
        const struct blame_view view = {policy, style};
        uint64_t count = policy->blame.culprit_count;
        const struct report_table table = {
            .columns = columns,
            .column_count = BLAME_COLUMNS,
            .row_count = count < SIM_CULPRITS ? (size_t)count : SIM_CULPRITS,
            .context = &view,
            .cell = blame_cell_of,
        };

        if (policy->blame.memory_bytes == 0 || policy->blame.events == 0)
            continue;
        blame_head(out, policy, style);
        if (count != 0)
            report_table_print(out, &table, style);
        putc('\n', out);
    }
}
