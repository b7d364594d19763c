/* list.c - the tables of all rooms, one line a row. */
#include "config.h"

#include "cli/list.h"

#include <inttypes.h>
#include <stdbool.h>

#include "report/report.h"
#include "sim/simulate.h"
#include "trace/format.h"

enum { LIST_NAME_COLUMNS = 14, LIST_TEXT_BYTES = 256 };

static void list_row(FILE *out, const char *kind, const char *name,
                     const char *summary)
{
    fprintf(out, "%-7s %-*s  %s\n", kind, LIST_NAME_COLUMNS, name, summary);
}

static void list_knob(FILE *out, const struct polished_ops *ops,
                      const struct polished_knob *knob)
{
    static const char *const forms[] = {
        [POLISHED_ANY] = "", [POLISHED_POWER_OF_TWO] = ", a power of two"};
    char name[LIST_TEXT_BYTES], text[LIST_TEXT_BYTES];

    snprintf(name, sizeof name, "%s:%s=", ops->name, knob->name);
    if (knob->form == POLISHED_POLICY)
        snprintf(text, sizeof text, "%s (a policy, usually %s)", knob->summary,
                 sim_usual_source()->name);
    else
        snprintf(text, sizeof text,
                 "%s (%" PRIu64 " to %" PRIu64 ", usually %" PRIu64 "%s)",
                 knob->summary, (uint64_t)knob->least, (uint64_t)knob->most,
                 (uint64_t)knob->usual, forms[knob->form]);
    list_row(out, "knob", name, text);
}

static void list_policy(FILE *out, const struct sim_row *row)
{
    char text[LIST_TEXT_BYTES];

    snprintf(text, sizeof text, "%s%s", row->ops->summary,
             row->usual ? "" : " (only if asked for)");
    list_row(out, "policy", row->ops->name, text);
    if (row->ops->knobs == NULL)
        return;
    for (const struct polished_knob *knob = row->ops->knobs; knob->name; knob++)
        list_knob(out, row->ops, knob);
}

void cli_list_print(FILE *out)
{
    for (const struct sim_row *row = sim_rows; row->ops != NULL; row++)
        list_policy(out, row);
    for (size_t i = 0; trace_formats[i] != NULL; i++)
        list_row(out, "format", trace_formats[i]->name,
                 trace_formats[i]->summary);
    for (size_t i = 0; report_formats[i] != NULL; i++)
        list_row(out, "report", report_formats[i]->name,
                 report_formats[i]->summary);
}
