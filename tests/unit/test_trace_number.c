/* Numbers and strings of JSON at their edges. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace_dump.h"

struct row {
    const char *value;
    const char *result;
};

/* Put each value into an event, and compare what is read or refused. */
static void check(const char *form, const struct row *rows, size_t count,
                  unsigned flags)
{
    for (size_t i = 0; i < count; i++) {
        char text[512], *dump;

        snprintf(text, sizeof text, form, rows[i].value);
        dump = dump_text(text, flags | DUMP_NO_HEADER);
        if (strcmp(dump, rows[i].result) != 0)
            print_error("for %s\n", text);
        assert_string_equal(dump, rows[i].result);
        free(dump);
    }
}
#define CHECK(form, rows, flags)                                               \
    check(form, rows, sizeof(rows) / sizeof *(rows), flags)

static void counts(void **state)
{
    static const struct row rows[] = {
        {"0", "free id=0\n"},
        {"7", "free id=7\n"},
        {"10", "free id=10\n"},
        {"1234567", "free id=1234567\n"},
        {"12345678", "free id=12345678\n"},
        {"123456789", "free id=123456789\n"},
        {"12345678901", "free id=12345678901\n"},
        {"987654321098765", "free id=987654321098765\n"},
        {"1234567890123456", "free id=1234567890123456\n"},
        {"9007199254740993", "free id=9007199254740993\n"},
        {"18446744073709551615", "free id=18446744073709551615\n"},
        {"18446744073709551616", "1:19:1: a number above 2^64 - 1"},
        {"18446744073709551620", "1:19:1: a number above 2^64 - 1"},
        {"99999999999999999999999", "1:19:1: a number above 2^64 - 1"},
        {"\"0x0\"", "free id=0\n"},
        {"\"0xaBcDeF\"", "free id=11259375\n"},
        {"\"0x00000000000000000000001\"", "free id=1\n"},
        {"\"0xffffffffffffffff\"", "free id=18446744073709551615\n"},
        {"\"0x10000000000000000\"", "1:19:1: a number above 2^64 - 1"},
        {"\"0x\"", "1:22:1: expected a hexadecimal digit, not '\"'"},
        {"\"0xg\"", "1:22:1: expected a hexadecimal digit, not 'g'"},
        {"\"0X1\"", "1:21:1: expected a number or a string \"0x...\", not 'X'"},
        {"\"1\"", "1:20:1: expected a number or a string \"0x...\", not '1'"},
        {"\"\"", "1:20:1: expected a number or a string \"0x...\", not '\"'"},
        {"01", "1:19:1: a number may not begin with 0"},
        {"00", "1:19:1: a number may not begin with 0"},
        {"-1", "1:19:1: expected an integer from 0, not below"},
        {"-0", "1:19:1: expected an integer from 0, not below"},
        {"+1", "1:19:1: expected an integer, not '+'"},
        {"1.0", "1:20:1: expected an integer, not a fraction"},
        {"1.", "1:20:1: expected an integer, not a fraction"},
        {".5", "1:19:1: expected an integer, not '.'"},
        {"1e5", "1:20:1: expected an integer without an exponent"},
        {"12345678E2", "1:27:1: expected an integer without an exponent"},
        {"1x", "1:20:1: expected ',' or '}', not 'x'"},
        {"0x10", "1:20:1: expected ',' or '}', not 'x'"},
        {"NaN", "1:19:1: expected an integer, not 'N'"},
        {"Infinity", "1:19:1: expected an integer, not 'I'"},
        {"null", "1:19:1: expected an integer, not 'n'"},
        {"true", "1:19:1: expected an integer, not 't'"},
        {"[1]", "1:19:1: expected an integer, not '['"},
        {"{}", "1:19:1: expected an integer, not '{'"},
        {"", "1:19:1: expected an integer, not '}'"},
        {"1 ", "free id=1\n"},
        {"\t123\r", "free id=123\n"},
    };

    (void)state;
    CHECK("{\"op\":\"free\",\"id\":%s}", rows, 0);
}

static void deltas(void **state)
{
    static const struct row rows[] = {
        {"1", "free id=1 delta=1\n"},
        {"-1", "free id=1 delta=18446744073709551615\n"},
        {"9223372036854775807", "free id=1 delta=9223372036854775807\n"},
        {"-9223372036854775808", "free id=1 delta=9223372036854775808\n"},
        {"9223372036854775808", "1:29:1: a number beyond 63 bits"},
        {"-9223372036854775809", "1:29:1: a number beyond 63 bits"},
        {"99999999999999999999", "1:29:1: a number beyond 63 bits"},
        {"0", "1:29:1: expected an integer other than 0"},
        {"-0", "1:29:1: expected an integer other than 0"},
        {"-", "1:30:1: expected an integer, not '}'"},
        {"-01", "1:30:1: a number may not begin with 0"},
        {"1.5", "1:30:1: expected an integer, not a fraction"},
        {"\"0x8\"", "1:29:1: expected an integer, not '\"'"},
    };

    (void)state;
    CHECK("{\"op\":\"free\",\"id\":1,\"delta\":%s}", rows, DUMP_MISUSE);
}

static void strings(void **state)
{
    static const struct row rows[] = {
        {"", "mark label=<>\n"},
        {"plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
         "mark label=<plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80>\n"},
        {"\\\"\\\\\\/\\b\\f\\n\\r\\t", "mark label=<\"\\/\b\f\n\r\t>\n"},
        {"\\u0041\\u00e9\\u20AC\\ud83D\\uDe00z",
         "mark label=<A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z>\n"},
        {"\x7f", "mark label=<\x7f>\n"},
        {"\\u0000", "1:23:1: a string may not contain \\u0000"},
        {"a\\ud83d", "1:30:1: expected the second half of a surrogate pair, "
                     "not '\"'"},
        {"\\ud83dx", "1:29:1: expected the second half of a surrogate pair, "
                     "not 'x'"},
        {"\\ud83d\\n", "1:30:1: expected the second half of a surrogate "
                       "pair, not 'n'"},
        {"\\ud83d\\u0041", "1:23:1: half a surrogate pair"},
        {"\\ude00", "1:23:1: half a surrogate pair"},
        {"\\u12g4", "1:27:1: expected a hexadecimal digit, not 'g'"},
        {"\\x41", "1:24:1: expected an escape such as n or u0041, not 'x'"},
        {"a\tb", "1:24:1: expected the end of the string, not the byte "
                 "0x09"},
        {"a\\\\\nb", "1:26:1: expected the end of the string, not the byte "
                     "0x0a"},
        {"\x80", "1:23:1: not UTF-8: the byte 0x80"},
        {"\xc0\x80", "1:23:1: not UTF-8: the byte 0xc0"},
        {"\xc3(", "1:24:1: not UTF-8: the byte 0x28"},
        {"\xe0\x80\x80", "1:24:1: not UTF-8: the byte 0x80"},
        {"\xed\xa0\x80", "1:24:1: not UTF-8: the byte 0xa0"},
        {"\xf4\x90\x80\x80", "1:24:1: not UTF-8: the byte 0x90"},
        {"\xf5\x80\x80\x80", "1:23:1: not UTF-8: the byte 0xf5"},
        {"\\n\xff", "1:25:1: not UTF-8: the byte 0xff"},
    };

    (void)state;
    CHECK("{\"op\":\"mark\",\"label\":\"%s\"}", rows, 0);
}

/* Keys and operations are strings too. */
static void escaped_words(void **state)
{
    char *dump = dump_text("{\"events\":[{\"\\u006fp\":\"\\u0066ree\","
                           "\"\\u0069d\":3}]}",
                           DUMP_NO_HEADER);

    (void)state;
    assert_string_equal(dump, "free id=3\n");
    free(dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),
        cmocka_unit_test(deltas),
        cmocka_unit_test(strings),
        cmocka_unit_test(escaped_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
