/* Numbers, and text that others chose. */
#include <string.h>
#include <math.h>

#include "unit.h"
#include "report/number.h"
#include "report/plain.h"

static void count_has_separators(void **state)
{
    char text[REPORT_NUMBER_BYTES];

    (void)state;
    assert_string_equal(report_count(text, 0), "0");
    assert_string_equal(report_count(text, 999), "999");
    assert_string_equal(report_count(text, 1000), "1,000");
    assert_string_equal(report_count(text, 123456), "123,456");
    assert_string_equal(report_count(text, UINT64_MAX),
                        "18,446,744,073,709,551,615");
}

static void size_has_three_digits(void **state)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } cases[] = {
        {0, "0 B"},
        {1023, "1023 B"},
        {1024, "1 KiB"},
        {1025, "1.00 KiB"},
        {10239, "10.0 KiB"},
        {102399, "100 KiB"},
        {1048575, "1.00 MiB"},
        {1268777, "1.21 MiB"},
        {4194304, "4 MiB"},
        {UINT64_MAX, "16.0 EiB"},
        {UINT64_C(1) << 63, "8 EiB"},
    };
    char text[REPORT_NUMBER_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(report_size(text, cases[i].bytes), cases[i].text);
}

static void exact_size_has_the_bytes_too(void **state)
{
    char text[REPORT_NUMBER_BYTES];

    (void)state;
    assert_string_equal(report_size_exact(text, 1), "1 byte");
    assert_string_equal(report_size_exact(text, 1000), "1,000 bytes");
    assert_string_equal(report_size_exact(text, 1268777),
                        "1.21 MiB (1,268,777 bytes)");
    assert_string_equal(report_size_exact(text, UINT64_MAX),
                        "16.0 EiB (18,446,744,073,709,551,615 bytes)");
}

static void fixed_rounds_and_never_overflows(void **state)
{
    char text[REPORT_NUMBER_BYTES];

    (void)state;
    assert_string_equal(report_fixed(text, 0.124, 6), "0.124000");
    assert_string_equal(report_fixed(text, 2.0, 0), "2");
    assert_string_equal(report_fixed(text, 0.05, 1), "0.1");
    assert_string_equal(report_fixed(text, -0.5, 2), "-0.50");
    assert_string_equal(report_fixed(text, -0.0001, 2), "0.00");
    assert_string_equal(report_fixed(text, 1e30, 2), "-");
    assert_string_equal(report_fixed(text, (double)NAN, 2), "-");
    assert_string_equal(report_fixed(text, (double)INFINITY, 2), "-");
    assert_string_equal(report_percent(text, 0.124), "12.4 %");
    assert_string_equal(report_percent(text, 1), "100.0 %");
}

static void plain_shows_control_characters(void **state)
{
    char text[64];

    (void)state;
    assert_string_equal(report_plain(text, sizeof text, "a\033[31m\n", 1),
                        "a\\x1b[31m\\x0a");
    assert_string_equal(report_plain(text, sizeof text, "\xC2\x9B", 1),
                        "\\xc2\\x9b");
    assert_string_equal(report_plain(text, sizeof text, "\xE2\x80\xAE", 1),
                        "\\xe2\\x80\\xae");
    assert_string_equal(report_plain(text, sizeof text, "\xFF", 1), "\\xff");
}

static void plain_keeps_letters_where_it_may(void **state)
{
    char text[64];

    (void)state;
    assert_string_equal(report_plain(text, sizeof text, "größe", 1), "größe");
    assert_string_equal(report_plain(text, sizeof text, "größe", 0), "gr??e");
}

static void plain_cuts_at_a_character(void **state)
{
    char text[6];

    (void)state;
    assert_string_equal(report_plain(text, 4, "abcdef", 1), "abc");
    assert_string_equal(report_plain(text, 4, "abß", 1), "ab");
    assert_string_equal(report_plain(text, 6, "ab\n", 1), "ab");
}

static void utf8_replaces_what_is_none(void **state)
{
    char text[64];

    (void)state;
    assert_string_equal(report_utf8(text, sizeof text, "a\n\xC3\xB6"),
                        "a\n\xC3\xB6");
    /* A stray byte, an overlong slash, a surrogate's half, a cut one. */
    assert_string_equal(report_utf8(text, sizeof text, "\x80|"),
                        "\xEF\xBF\xBD|");
    assert_string_equal(report_utf8(text, sizeof text, "\xC0\xAF"),
                        "\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_string_equal(report_utf8(text, sizeof text, "\xED\xA0\x80"),
                        "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_string_equal(report_utf8(text, sizeof text, "\xE2\x82"),
                        "\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void columns_count_characters(void **state)
{
    (void)state;
    assert_int_equal(report_columns(""), 0);
    assert_int_equal(report_columns("gr\xC3\xB6sse"), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(count_has_separators),
        cmocka_unit_test(size_has_three_digits),
        cmocka_unit_test(exact_size_has_the_bytes_too),
        cmocka_unit_test(fixed_rounds_and_never_overflows),
        cmocka_unit_test(plain_shows_control_characters),
        cmocka_unit_test(plain_keeps_letters_where_it_may),
        cmocka_unit_test(plain_cuts_at_a_character),
        cmocka_unit_test(utf8_replaces_what_is_none),
        cmocka_unit_test(columns_count_characters),
    };
    return cmocka_run_group_tests_name("report number", tests, NULL, NULL);
}
