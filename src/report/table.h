/*
 * report/table.h - columns that line up.
 *
 * A table is a picture of rows that live elsewhere: each cell is asked for
 * when it is needed, once to see how wide it is and once to print it.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "report/report.h"

enum { REPORT_CELL_BYTES = 1024, REPORT_TABLE_COLUMNS = 24 };

struct report_column {
    const char *title;
    bool left;     /* words stand left, numbers right */
    unsigned rank; /* when lines are too long the greatest rank leaves first;
                      0 stays */
};

struct report_table {
    const struct report_column *columns;
    size_t column_count; /* at most REPORT_TABLE_COLUMNS */
    size_t row_count;
    const void *context;
    /* Write a cell; an empty one in every row leaves its column out.
       true: the rest of the row is text that belongs to no column. */
    bool (*cell)(const void *context, size_t row, size_t column,
                 char text[REPORT_CELL_BYTES]);
    /* The colour of a row's cell as an ANSI sequence's parameters; may be
       NULL, and may answer NULL. */
    const char *(*color)(const void *context, size_t row, size_t column);
};

void report_table_print(FILE *out, const struct report_table *table,
                        const struct report_style *style);

/*
 * Print text broken at spaces into lines of style->columns (0: one line).
 * The first line continues one that has `indent` columns already; the others
 * are indented by as many.
 */
void report_wrap(FILE *out, const char *text, size_t indent,
                 const struct report_style *style);

#endif
