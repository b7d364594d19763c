/* What the JSON formats accept, what they refuse, and where they say so. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace_dump.h"

#define EVENTS(text) "{\"events\":[" text "]}"
#define ALLOC        "{\"op\":\"alloc\",\"id\":1,\"size\":64}"

static void check_errors(const struct dump_row *rows, size_t count,
                         unsigned flags)
{
    for (size_t i = 0; i < count; i++) {
        struct dump_bytes from = {rows[i].text, strlen(rows[i].text), SIZE_MAX,
                                  0};
        char *error = dump_error(&from, flags);

        if (strcmp(error, rows[i].result) != 0)
            print_error("for %s\n", rows[i].text);
        assert_string_equal(error, rows[i].result);
        free(error);
    }
}
#define CHECK_ERRORS(rows, flags)                                              \
    check_errors(rows, sizeof(rows) / sizeof *(rows), flags)

#define CHECK_DUMPS(rows, flags)                                               \
    dump_check(rows, sizeof(rows) / sizeof *(rows), flags)

static void grammar(void **state)
{
    static const struct dump_row rows[] = {
        {"", "1:1:0: the file is empty"},
        {" ", "1:1:0: not a trace of any known format"},
        {"[]", "1:1:0: expected '{', not '['"},
        {"{", "1:2:0: expected a key, but the trace ends"},
        {"{}", "1:2:0: expected \"events\""},
        {"{\"name\":\"x\"}", "1:12:0: expected \"events\""},
        {"{\"events\"}", "1:10:0: expected ':', not '}'"},
        {"{\"events\":{}}", "1:11:0: expected '[', not '{'"},
        {"{\"events\":null}", "1:11:0: expected '[', not 'n'"},
        {"{\"events\":[]}", ""},
        {" \r\n\t{ \"events\" : [ ] } \n", ""},
        {"\xef\xbb\xbf{\"events\":[]}", ""},
        {"{\"events\":[", "1:12:1: expected an event, but the trace ends"},
        {"{\"events\":[]", "1:13:0: expected ',' or '}', but the trace ends"},
        {"{\"events\":[]}x", "1:14:0: expected nothing behind the trace, "
                             "not 'x'"},
        {"{\"events\":[]}\n\n{}", "3:1:0: expected nothing behind the trace, "
                                  "not '{'"},
        {EVENTS("1"), "1:12:1: expected an event, not '1'"},
        {EVENTS("{}"), "1:12:1: an event needs \"op\""},
        {EVENTS(","), "1:12:1: expected an event, not ','"},
        {EVENTS(ALLOC ","), "1:44:2: expected an event, not ']'"},
        {EVENTS(ALLOC " " ALLOC), "1:44:2: expected ',' or ']', not '{'"},
        {EVENTS("\n{\"op\":\"reset\",}"), "2:15:1: expected a key, not '}'"},
        {EVENTS("{\"op\" \"reset\"}"), "1:18:1: expected ':', not '\"'"},
        {EVENTS("{\"op\":\"reset\"\n;"), "2:1:1: expected ',' or '}', "
                                         "not ';'"},
        {EVENTS("{op:1}"), "1:13:1: expected a key, not 'o'"},
        {EVENTS("{\"op\":5}"), "1:18:1: expected an operation, not '5'"},
        {EVENTS("{\"op\":\"alloca\"}"),
         "1:18:1: unknown operation \"alloca\", did you mean \"alloc\"?"},
        {EVENTS("{\"op\":\"jump\"}"), "1:18:1: unknown operation \"jump\""},
        {"{\"events\":[\x01]}", "1:12:1: expected an event, not the byte 0x01"},
    };

    (void)state;
    CHECK_ERRORS(rows, 0);
}

static void members(void **state)
{
    static const struct dump_row rows[] = {
        {EVENTS("{\"op\":\"alloc\",\"size\":1}"), "1:12:1: alloc needs \"id\""},
        {EVENTS("{\"op\":\"alloc\",\"id\":1}"), "1:12:1: alloc needs \"size\""},
        {EVENTS(ALLOC ",\n {\"id\":1,\n\"op\":\"free\",\n\"size\":2}"),
         "2:2:2: free takes no \"size\""},
        {EVENTS("{\"op\":\"realloc\",\"id\":1,\"size\":0}"),
         "1:12:1: realloc to 0 bytes: write a free"},
        {EVENTS("{\"op\":\"destroy\"}"), "1:12:1: destroy needs \"heap\""},
        {EVENTS("{\"op\":\"mark\"}"), "1:12:1: mark needs \"label\""},
        {EVENTS("{\"op\":\"rewind\",\"label\":1}"),
         "1:35:1: expected a string, not '1'"},
        {EVENTS("{\"op\":\"reset\",\"id\":1}"),
         "1:12:1: reset takes no \"id\""},
        {EVENTS("{\"op\":\"free\",\"id\":1,\"name\":\"\"}"),
         "1:12:1: free takes no \"name\""},
        {EVENTS("{\"id\":1,\"id\":1}"), "1:20:1: the key \"id\" a second time"},
        {EVENTS("{\"zero\":false,\"zero\":true}"),
         "1:26:1: the key \"zero\" a second time"},
        {EVENTS("{\"sise\":1}"),
         "1:13:1: unknown key \"sise\", did you mean \"size\"?"},
        {EVENTS("{\"Size\":1}"),
         "1:13:1: unknown key \"Size\", did you mean \"size\"?"},
        {EVENTS("{\"colour\":1}"), "1:13:1: unknown key \"colour\""},
        {EVENTS("{\"\":1}"), "1:13:1: unknown key \"\""},
        {EVENTS("{\"align\":3}"), "1:21:1: \"align\" must be a power of two"},
        {EVENTS("{\"align\":0}"), "1:21:1: \"align\" must be above 0"},
        {EVENTS("{\"boundary\":6}"),
         "1:24:1: \"boundary\" must be a power of two"},
        {EVENTS("{\"below\":0}"), "1:21:1: \"below\" must be above 0"},
        {EVENTS("{\"zero\":1}"), "1:20:1: expected true or false, not '1'"},
        {EVENTS("{\"zero\":tru}"), "1:23:1: expected true or false, not '}'"},
        {EVENTS("{\"op\":\"extend\",\"size\":1}"),
         "1:12:1: \"extend\" needs --misuse"},
        {EVENTS("{\"op\":\"extra\",\"name\":\"x\"}"),
         "1:12:1: \"extra\" needs --misuse"},
        {EVENTS("{\"op\":\"free\",\"id\":1,\"delta\":1}"),
         "1:12:1: \"delta\" needs --misuse"},
        {EVENTS("{\"op\":\"free\",\"id\":1,\"claim\":1}"),
         "1:12:1: \"claim\" needs --misuse"},
        {EVENTS("{\"op\":\"alloc\",\"id\":1,\"size\":1,\"claim\":1}"),
         "1:12:1: alloc takes no \"claim\""},
    };
    static const struct dump_row misuse[] = {
        {EVENTS("{\"op\":\"extend\",\"size\":1}"), ""},
        {EVENTS("{\"op\":\"extra\"}"), "1:12:1: extra needs \"name\""},
        {EVENTS("{\"op\":\"free\",\"id\":1,\"delta\":0}"),
         "1:40:1: expected an integer other than 0"},
        {EVENTS("{\"op\":\"alloc\",\"id\":1,\"size\":1,\"claim\":1}"),
         "1:12:1: alloc takes no \"claim\""},
    };

    (void)state;
    CHECK_ERRORS(rows, 0);
    CHECK_ERRORS(misuse, DUMP_MISUSE);
}

static void header(void **state)
{
    static const struct dump_row rows[] = {
        {"{\"format\":\"x\",\"events\":[]}",
         "1:11:0: \"format\" must be \"polished-trace\""},
        {"{\"version\":2,\"events\":[]}",
         "1:12:0: \"version\" must be 1, the only one known here"},
        {"{\"version\":\"1\",\"events\":[]}",
         "1:13:0: expected a number or a string \"0x...\", not '1'"},
        {"{\"version\":1.0,\"events\":[]}",
         "1:13:0: expected an integer, not a fraction"},
        {"{\"name\":null,\"events\":[]}", "1:9:0: \"name\" must be a string"},
        {"{\"nam\":1,\"events\":[]}",
         "1:2:0: unknown key \"nam\", did you mean \"name\"?"},
        {"{\"name\":\"\",\n \"name\":\"\",\"events\":[]}",
         "2:2:0: \"name\" stands here a second time"},
        {"{\"events\":[],\"events\":[]}",
         "1:14:0: \"events\" stands here a second time"},
        {"{\"align\":24,\"events\":[]}",
         "1:10:0: \"align\" must be a power of two"},
        {"{\"align\":18446744073709551616,\"events\":[]}",
         "1:10:0: a number above 2^64 - 1"},
        {"{\"memory\":{},\"events\":[]}",
         "1:11:0: \"memory\" must be an array"},
        {"{\"memory\":[1],\"events\":[]}",
         "1:12:0: \"memory\" must hold objects"},
        {"{\"memory\":[{\"base\":0}],\"events\":[]}",
         "1:12:0: \"size\" is missing from this piece of memory"},
        {"{\"memory\":[{\"base\":0,\"size\":0}],\"events\":[]}",
         "1:29:0: \"size\" must be above 0"},
        {"{\"memory\":[{\"base\":\"0xffffffffffffffff\",\"size\":2}]}",
         "1:12:0: \"memory\" reaches beyond 2^64"},
        {"{\"memory\":[{\"base\":0,\"size\":1,\"reserved\":0}]}",
         "1:42:0: \"reserved\" must be true or false"},
        {"{\"memory\":[{\"base\":0,\"size\":1,\n\"sizes\":0}]}",
         "2:1:0: unknown key \"sizes\", did you mean \"size\"?"},
        {"{\"name\":{\"a\":01}}", "1:14:0: a number may not begin with 0"},
        {"{\"events\":[],\"align\":8}",
         "1:14:0: \"align\" must stand before the events"},
        {"{\"events\":[],}", "1:14:0: expected a key, not '}'"},
    };
    static const struct dump_row good[] = {
        {"{\"events\":[],\"name\":\"n\",\n\"source\":\"s\",\"version\":1,"
         "\"format\":\"polished-trace\"}",
         "name=(none) source=(none) spec=(none) align=0 dense=0\n"},
        {"{\"memory\":[],\"align\":\"0x10\",\"spec\":\"tlsf\",\"events\":[]}",
         "name=(none) source=(none) spec=tlsf align=16 dense=0\n"},
        {"{\"memory\":[{\"size\":18446744073709551615,"
         "\"base\":1}],\"name\":\"\\u0041\",\"events\":[]}",
         "name=A source=(none) spec=(none) align=0 dense=0\n"
         "memory 1+18446744073709551615\n"},
    };

    (void)state;
    CHECK_ERRORS(rows, 0);
    CHECK_DUMPS(good, 0);
}

static void lines(void **state)
{
    static const struct dump_row rows[] = {
        {ALLOC, ""},
        {ALLOC "\n\n \r\n" ALLOC "\r\n", ""},
        {"{\"format\":\"polished-trace\"}", ""},
        {"{\"format\":\"polished-trace\",\"version\":1}\n" ALLOC, ""},
        {ALLOC " " ALLOC, "1:33:1: expected the end of the line, not '{'"},
        {ALLOC "\n" ALLOC ",", "2:32:2: expected the end of the line, "
                               "not ','"},
        {ALLOC "\n{\"op\":\n\"reset\"}",
         "3:8:2: expected the object on one line"},
        {ALLOC "\n{\"format\":\"polished-trace\"}",
         "2:2:2: unknown key \"format\""},
        {"{\"op\":\"alloc\",\"id\":01,\"size\":1}",
         "1:20:1: a number may not begin with 0"},
        {"{\"format\":\"polished-trace\"}{",
         "1:28:0: expected the end of the line, not '{'"},
        {"{\"version\":1}\n" ALLOC,
         "1:1:0: expected an event, or a header with \"format\""},
        {"{\"version\":2}\n" ALLOC,
         "1:12:0: \"version\" must be 1, the only one known here"},
        {ALLOC "\n{\"op\":\"free\",\"id\":",
         "2:19:2: expected an integer, but the trace ends"},
        {"{\"format\":\"polished-trace\"}\n\n[]",
         "3:1:1: expected an event, not '['"},
    };

    (void)state;
    CHECK_ERRORS(rows, 0);
}

/* Two documents of which only nesting or length is wrong. */
static void bombs(void **state)
{
    size_t count = 3 << 20;
    char *text = malloc(count + 1), *error;
    struct dump_bytes from = {text, count, SIZE_MAX, 0};
    static const char start[] = "{\"events\":[\n{\"op\":\"mark\",\"label\":\"";

    (void)state;
    memset(text, '[', count);
    memcpy(text, "{\"memory\":", 10);
    error = dump_error(&from, 0);
    assert_string_equal(error, "1:43:0: nested deeper than 32");
    free(error);
    memset(text, 'x', count);
    memcpy(text, start, sizeof start - 1);
    error = dump_error(&from, 0);
    assert_string_equal(error, "2:1:1: longer than 1048576 bytes");
    free(error);
    text[count - 1] = '"';
    from.chunk = 1000;
    error = dump_error(&from, 0);
    assert_string_equal(error, "2:1:1: longer than 1048576 bytes");
    free(error);
    free(text);
}

/* All operations and members, and where they stand. */
static void everything(void **state)
{
    static const struct dump_row rows[] = {
        {dump_everything,
         "json\nname=\xc3\xa9\xf0\x9f\x98\x80 source=by hand "
         "spec=slab:pages=(buddy) align=32 dense=0\n"
         "memory 1048576+1048576\nmemory 1572864+65536 reserved\n"
         "2:1 alloc id=1 size=64 align=64 zero\n"
         "3:1 alloc id=2 size=0\n"
         "4:2 realloc id=1 size=128\n"
         "5:1 alloc id=18446744073709551615 size=18446744073709551615 "
         "below=16777216 boundary=65536 heap=7 thread=3 time=123456789012 "
         "site=<main.c:3\n>\n"
         "6:1 free id=1 heap=0 thread=3 time=123456789000\n"
         "6:62 free id=2 thread=4\n"
         "7:1 mark label=<boot \"done\">\n"
         "8:1 alloc id=3 size=9007199254740993\n"
         "9:1 rewind label=<boot \"done\">\n"
         "10:1 alloc id=300 size=70000 site=<main.c:3\n>\n"
         "11:1 realloc id=300 size=5 delta=8 claim=7\n"
         "12:1 free id=300 delta=9223372036854775808\n"
         "13:1 extend size=4096 time=0\n"
         "14:1 extra label=<trim> a=1 b=2\n"
         "15:1 extra label=<>\n"
         "16:1 destroy heap=7\n"
         "16:27 reset\n"},
    };

    (void)state;
    CHECK_DUMPS(rows, DUMP_MISUSE | DUMP_PLACES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grammar), cmocka_unit_test(members),
        cmocka_unit_test(header),  cmocka_unit_test(lines),
        cmocka_unit_test(bombs),   cmocka_unit_test(everything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
