/* Tables that line up, and strips. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "report/strip.h"
#include "report/table.h"

static const struct report_column columns[] = {
    {"name", true, 0},
    {"n", false, 1},
    {"none", false, 2},
    {"last", false, 3},
};

static const char *const cells[][4] = {
    {"a", "1,000", "", "x"},
    {"longer-name", "2", "", "y"},
    {"b", "what is wrong with it, at length", NULL, NULL},
};

static bool cell(const void *context, size_t row, size_t column,
                 char text[REPORT_CELL_BYTES])
{
    (void)context;
    strcpy(text, cells[row][column]);
    return row == 2 && column == 1;
}

static const struct report_table table = {columns, 4, 3, NULL, cell, NULL};

static void expect(unsigned width, const char *text)
{
    const struct report_style style = {false, true, width};
    char *made = NULL;
    size_t bytes;
    FILE *out = open_memstream(&made, &bytes);

    report_table_print(out, &table, &style);
    fclose(out);
    assert_string_equal(made, text);
    free(made);
}

static void table_lines_up_and_drops_the_empty_column(void **state)
{
    (void)state;
    expect(0, "name             n  last\n"
              "a            1,000     x\n"
              "longer-name      2     y\n"
              "b            what is wrong with it, at length\n");
}

static void table_leaves_out_what_is_missed_least(void **state)
{
    (void)state;
    expect(23, "name             n\n"
               "a            1,000\n"
               "longer-name      2\n"
               "b            what is\n"
               "             wrong with\n"
               "             it, at\n"
               "             length\n");
}

static void table_shortens_names_last(void **state)
{
    (void)state;
    expect(9, "name\n"
              "a\n"
              "longer-n…\n"
              "b          what\n"
              "           is\n"
              "           wrong\n"
              "           with\n"
              "           it,\n"
              "           at\n"
              "           length\n");
}

static void strip_has_a_shade_for_each_share(void **state)
{
    struct measure_strip strip = {.cell_bytes = 1000};
    char text[REPORT_STRIP_BYTES];

    (void)state;
    strip.used_bytes[0] = 1000;
    strip.used_bytes[1] = 500;
    strip.own_bytes[1] = 400;
    strip.used_bytes[2] = 500;
    strip.own_bytes[3] = 1;
    report_strip(text, &strip, 64000, 66, false);
    assert_int_equal(strlen(text), 66);
    assert_memory_equal(text, "[#+-.  ", 7);
    assert_int_equal(text[65], ']');
    assert_string_equal(report_strip(text, &strip, 64000, 6, true), "[░···]");
    assert_string_equal(report_strip(text, &strip, 5000, 1000, true),
                        "[█▓▒░·]");
}

static void strip_ends_where_the_heap_does(void **state)
{
    struct measure_strip strip = {.cell_bytes = 1000};
    char text[REPORT_STRIP_BYTES];

    (void)state;
    strip.used_bytes[1] = 10;
    assert_string_equal(report_strip(text, &strip, 1010, 80, false), "[ #]");
    assert_string_equal(report_strip(text, &strip, 0, 80, false), "[]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_lines_up_and_drops_the_empty_column),
        cmocka_unit_test(table_leaves_out_what_is_missed_least),
        cmocka_unit_test(table_shortens_names_last),
        cmocka_unit_test(strip_has_a_shade_for_each_share),
        cmocka_unit_test(strip_ends_where_the_heap_does),
    };
    return cmocka_run_group_tests_name("report table", tests, NULL, NULL);
}
