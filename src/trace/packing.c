/*
 * trace/packing.c - lives as CSV, as the packers of tensors exchange them
 * (minimalloc, idealloc).
 *
 *     id,lower,upper,size
 *     b1,0,3,4               alive from 0 until just before 3
 *     b2,3,9,4
 *
 * Columns stand in any order; `offset`, where a packer has put the block, is
 * checked to be a number and forgotten.  Rows are in no order either, so all
 * are kept and sorted: at equal times blocks end before others begin, and
 * otherwise the order is that of the rows.  Memory: up to 160 bytes a row.
 *
 * Packers place at any byte, so the header's alignment is 1.
 */
#include "trace/format.h"

#include <stdlib.h>
#include <string.h>

#include "trace/line.h"
#include "trace/packing_write.h"
#include "trace/rules.h"

enum { PACKING_FIRST_ROWS = 256, PACKING_NO_NAME = -1 };

enum packing_column {
    PACKING_ID,
    PACKING_LOWER,
    PACKING_UPPER,
    PACKING_SIZE,
    PACKING_NEEDED,
    PACKING_OFFSET = PACKING_NEEDED,
    PACKING_COLUMNS
};
static const char *const packing_names[PACKING_COLUMNS] = {
    "id", "lower", "upper", "size", "offset",
};
static const char *const packing_expected[PACKING_COLUMNS] = {
    "expected an id",
    "expected the time of its begin",
    "expected the time of its end",
    "expected a size",
    "expected an offset",
};

struct packing_row {
    uint64_t values[PACKING_COLUMNS];
    uint64_t line;
    int64_t name; /* the string that is its id, or PACKING_NO_NAME */
};

/* Half of a life. */
struct packing_moment {
    uint64_t time;
    size_t row;
    bool begins;
};

struct packing_state {
    struct trace_line line;
    enum packing_column columns[PACKING_COLUMNS]; /* in the file's order */
    size_t column_count;
    struct packing_row *rows;
    size_t row_count, row_room;
    bool has_names; /* some id is no number: then ids are numbers of rows */
    struct packing_moment *moments; /* NULL: not yet read */
    size_t next;
};

static bool packing_is_end(unsigned char c)
{
    return c == ',' || c == '\n' || c == '\0';
}

/* The column that a cell names, PACKING_COLUMNS: none. */
static enum packing_column packing_column_of(const unsigned char *cell,
                                             size_t length)
{
    enum packing_column column = PACKING_ID;

    while (column < PACKING_COLUMNS &&
           (strlen(packing_names[column]) != length ||
            memcmp(packing_names[column], cell, length) != 0))
        column++;
    return column;
}

/* The next cell, without the blanks around it; *at stays on what ends it. */
static const unsigned char *
packing_cell(const unsigned char **at, const unsigned char *end, size_t *length)
{
    const unsigned char *start, *last;

    while (*at < end && trace_line_is_blank(**at))
        ++*at;
    start = *at;
    while (*at < end && !packing_is_end(**at))
        ++*at;
    for (last = *at; last > start && trace_line_is_blank(last[-1]);)
        last--;
    *length = (size_t)(last - start);
    return start;
}

/* Two of our names in the first line, a comma between them. */
static int packing_bid(const unsigned char *first, size_t count)
{
    const unsigned char *at = first, *end = first + count;
    unsigned known = 0;
    bool more = true;

    while (more) {
        size_t length;
        const unsigned char *cell = packing_cell(&at, end, &length);

        known += packing_column_of(cell, length) < PACKING_COLUMNS;
        more = at < end && *at == ',';
        at += more;
    }
    return known >= 2 ? 70 : 0;
}

static bool packing_title(struct packing_state *state, unsigned *seen)
{
    struct trace_line *line = &state->line;
    size_t length;
    const unsigned char *cell = packing_cell(&line->at, line->end, &length);
    enum packing_column column = packing_column_of(cell, length);

    if (column == PACKING_COLUMNS)
        return trace_line_bad(line, cell,
                              "expected id, lower, upper, size or offset");
    if (*seen & 1u << column)
        return trace_line_bad(line, cell, "the column stands here twice");
    *seen |= 1u << column;
    state->columns[state->column_count++] = column;
    return true;
}

static bool packing_titles(struct packing_state *state)
{
    const unsigned needed = (1u << PACKING_NEEDED) - 1;
    struct trace_line *line = &state->line;
    unsigned seen = 0;

    while (packing_title(state, &seen)) {
        if (line->at < line->end && *line->at++ == ',')
            continue;
        return (seen & needed) == needed ||
               trace_line_bad(line, line->at,
                              "id, lower, upper and size are needed");
    }
    return false;
}

static bool packing_open(struct trace_reader *reader)
{
    struct packing_state *state = calloc(1, sizeof *state);

    reader->state = state;
    if (!state)
        return trace_no_memory(&reader->error);
    state->line.reader = reader;
    reader->header.align_bytes = 1;
    return trace_line_next(&state->line) && packing_titles(state);
}

static void packing_close(struct trace_reader *reader)
{
    struct packing_state *state = reader->state;

    if (!state)
        return;
    free(state->rows);
    free(state->moments);
    free(state);
}

/* An id that is no number is the name of whoever asked. */
static bool packing_name(struct packing_state *state, struct packing_row *row)
{
    struct trace_line *line = &state->line;
    const unsigned char *cell, *start = line->at;
    trace_string number;
    size_t length;

    cell = packing_cell(&line->at, line->end, &length);
    if (length == 0)
        return trace_line_bad(line, cell, packing_expected[PACKING_ID]);
    for (size_t i = 0; i < length; i++)
        if (cell[i] < ' ' || cell[i] > '~')
            return trace_line_bad(line, cell + i, "expected plain text");
    if (strspn((const char *)cell, "0123456789") == length) {
        line->at = start;
        return trace_line_number(line, packing_expected[PACKING_ID], ',',
                                 &row->values[PACKING_ID]);
    }
    state->has_names = true;
    if (!trace_strings_intern(&line->reader->strings, (const char *)cell,
                              length, &number))
        return trace_no_memory(&line->reader->error);
    row->name = number;
    return true;
}

static bool packing_row(struct packing_state *state, struct packing_row *row)
{
    struct trace_line *line = &state->line;

    *row = (struct packing_row){.line = line->number, .name = PACKING_NO_NAME};
    for (size_t i = 0; i < state->column_count; i++) {
        enum packing_column column = state->columns[i];
        bool good = column == PACKING_ID
                        ? packing_name(state, row)
                        : trace_line_number(line, packing_expected[column], ',',
                                            &row->values[column]);

        if (!good)
            return false;
        if (i + 1 == state->column_count)
            break;
        if (!trace_line_more(line) || *line->at != ',')
            return trace_line_bad(line, line->at, "expected a comma");
        line->at++;
    }
    if (trace_line_more(line))
        return trace_line_bad(line, line->at, "expected the end of the line");
    return row->values[PACKING_LOWER] < row->values[PACKING_UPPER] ||
           trace_line_bad(line, line->start, "upper must be above lower");
}

static bool packing_more_rows(struct packing_state *state)
{
    size_t room = state->row_room ? 2 * state->row_room : PACKING_FIRST_ROWS;
    struct packing_row *rows = realloc(state->rows, room * sizeof *rows);

    if (!rows)
        return trace_no_memory(&state->line.reader->error);
    state->rows = rows;
    state->row_room = room;
    return true;
}

static bool packing_rows(struct packing_state *state)
{
    while (trace_line_next(&state->line)) {
        if (!trace_line_more(&state->line))
            continue;
        state->line.at = state->line.start;
        if (state->row_count == state->row_room && !packing_more_rows(state))
            return false;
        if (!packing_row(state, &state->rows[state->row_count]))
            return false;
        state->row_count++;
    }
    return state->line.reader->error.kind == TRACE_FINE;
}

static int packing_compare(const void *left, const void *right)
{
    const struct packing_moment *a = left, *b = right;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->begins != b->begins)
        return a->begins ? 1 : -1;
    return (a->row > b->row) - (a->row < b->row);
}

static bool packing_sort(struct packing_state *state)
{
    size_t count = state->row_count;

    state->moments = malloc((2 * count + 1) * sizeof *state->moments);
    if (!state->moments)
        return trace_no_memory(&state->line.reader->error);
    for (size_t i = 0; i < count; i++) {
        const uint64_t *values = state->rows[i].values;

        state->moments[2 * i] =
            (struct packing_moment){values[PACKING_LOWER], i, true};
        state->moments[2 * i + 1] =
            (struct packing_moment){values[PACKING_UPPER], i, false};
    }
    qsort(state->moments, 2 * count, sizeof *state->moments, packing_compare);
    return true;
}

static void packing_event(const struct packing_state *state,
                          const struct packing_moment *moment,
                          struct trace_event *event)
{
    const struct packing_row *row = &state->rows[moment->row];

    event->op = moment->begins ? TRACE_ALLOC : TRACE_FREE;
    event->has = 0;
    event->id = state->has_names ? moment->row : row->values[PACKING_ID];
    event->size_bytes = row->values[PACKING_SIZE];
    if (row->name == PACKING_NO_NAME)
        return;
    event->has = TRACE_HAS_SITE;
    event->site = (trace_string)row->name;
}

static size_t packing_read(struct trace_reader *reader,
                           struct trace_event *events, size_t capacity)
{
    struct packing_state *state = reader->state;
    size_t count = 0;

    if (!state->moments && (!packing_rows(state) || !packing_sort(state)))
        return 0;
    for (; count < capacity && state->next < 2 * state->row_count; count++) {
        const struct packing_moment *moment = &state->moments[state->next++];

        reader->places[count] =
            (struct trace_place){state->rows[moment->row].line, 1};
        packing_event(state, moment, &events[count]);
    }
    return count;
}

const struct trace_format trace_format_packing = {
    .name = "csv",
    .summary = "lives for offline packers: id, lower, upper, size",
    .suffixes = ".csv",
    .lacks = TRACE_HAS_ALIGN | TRACE_HAS_ZERO | TRACE_HAS_BELOW |
             TRACE_HAS_BOUNDARY | TRACE_HAS_HEAP | TRACE_ALWAYS,
    .lacks_ops = TRACE_MANY_OPS,
    .lacks_header = true,
    .bid = packing_bid,
    .open = packing_open,
    .read = packing_read,
    .close = packing_close,
    .create = trace_packing_create,
    .write = trace_packing_write,
    .finish = trace_packing_finish,
};
