/* table.c - two passes over the cells: how wide, then print. */
#include "report/table.h"

#include <assert.h>
#include <string.h>

#include "report/plain.h"

enum { TABLE_GAP = 2, TABLE_LEAST_NAME = 8 };

/* The width of each column; 0: it is left out. */
struct table_layout {
    size_t widths[REPORT_TABLE_COLUMNS];
};

static void table_measure(struct table_layout *layout,
                          const struct report_table *table)
{
    char text[REPORT_CELL_BYTES];

    memset(layout, 0, sizeof *layout);
    for (size_t row = 0; row < table->row_count; row++)
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->cell(table->context, row, i, text))
                break;
            size_t columns = report_columns(text);
            if (columns > layout->widths[i])
                layout->widths[i] = columns;
        }
    for (size_t i = 0; i < table->column_count; i++) {
        size_t title = report_columns(table->columns[i].title);
        if (layout->widths[i] > 0 && title > layout->widths[i])
            layout->widths[i] = title;
    }
}

static size_t table_width(const struct table_layout *layout, size_t count)
{
    size_t sum = 0;

    for (size_t i = 0; i < count; i++)
        if (layout->widths[i] > 0)
            sum += layout->widths[i] + (sum > 0 ? TABLE_GAP : 0);
    return sum;
}

/* The column that is missed least, or column_count. */
static size_t table_least_needed(const struct table_layout *layout,
                                 const struct report_table *table)
{
    size_t found = table->column_count;
    unsigned rank = 0;

    for (size_t i = 0; i < table->column_count; i++)
        if (layout->widths[i] > 0 && table->columns[i].rank > rank) {
            rank = table->columns[i].rank;
            found = i;
        }
    return found;
}

/* Leave out columns, then shorten the first one, until lines fit. */
static void table_fit(struct table_layout *layout,
                      const struct report_table *table, size_t columns)
{
    size_t width, index;

    while ((width = table_width(layout, table->column_count)) > columns) {
        index = table_least_needed(layout, table);
        if (index == table->column_count)
            break;
        layout->widths[index] = 0;
    }
    if (width <= columns || layout->widths[0] <= TABLE_LEAST_NAME)
        return;
    size_t room = layout->widths[0] - TABLE_LEAST_NAME;
    size_t excess = width - columns;
    layout->widths[0] -= excess < room ? excess : room;
}

/* Shorten text to so many columns, its end replaced by an ellipsis. */
static void table_shorten(char *text, size_t columns, bool unicode)
{
    const char *mark = unicode ? "…" : "~";
    size_t kept = 0, at = 0;

    if (report_columns(text) <= columns)
        return;
    for (; text[at] != '\0'; at++) {
        kept += ((unsigned char)text[at] & 0xC0) != 0x80;
        if (kept == columns)
            break;
    }
    /* The cell's buffer is far wider than any column that is shortened. */
    memcpy(text + at, mark, strlen(mark) + 1);
}

static void table_pad(FILE *out, size_t count)
{
    while (count-- > 0)
        putc(' ', out);
}

/* A cell and the gap before it; no blanks after the last one of a line. */
static void table_cell(FILE *out, const struct report_column *column,
                       const char *text, size_t width, const char *color,
                       size_t *owed)
{
    size_t blanks = width - report_columns(text);

    table_pad(out, *owed + (column->left ? 0 : blanks));
    if (color != NULL)
        fprintf(out, "\033[%sm%s\033[0m", color, text);
    else
        fputs(text, out);
    *owed = TABLE_GAP + (column->left ? blanks : 0);
}

static void table_row(FILE *out, const struct report_table *table, size_t row,
                      const struct table_layout *layout,
                      const struct report_style *style)
{
    char text[REPORT_CELL_BYTES];
    size_t owed = 0, indent = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        if (table->cell(table->context, row, i, text)) {
            table_pad(out, owed);
            report_wrap(out, text, indent, style);
            return;
        }
        if (layout->widths[i] == 0)
            continue;
        const char *color = NULL;
        if (style->color && table->color != NULL)
            color = table->color(table->context, row, i);
        table_shorten(text, layout->widths[i], style->unicode);
        table_cell(out, &table->columns[i], text, layout->widths[i], color,
                   &owed);
        indent += layout->widths[i] + TABLE_GAP;
    }
    putc('\n', out);
}

static void table_titles(FILE *out, const struct report_table *table,
                         const struct table_layout *layout,
                         const struct report_style *style)
{
    size_t owed = 0;

    for (size_t i = 0; i < table->column_count; i++)
        if (layout->widths[i] > 0)
            table_cell(out, &table->columns[i], table->columns[i].title,
                       layout->widths[i], style->color ? "1" : NULL, &owed);
    putc('\n', out);
}

void report_table_print(FILE *out, const struct report_table *table,
                        const struct report_style *style)
{
    struct table_layout layout;

    assert(table->column_count <= REPORT_TABLE_COLUMNS);
    table_measure(&layout, table);
    if (style->columns > 0)
        table_fit(&layout, table, style->columns);
    table_titles(out, table, &layout, style);
    for (size_t row = 0; row < table->row_count; row++)
        table_row(out, table, row, &layout, style);
}
