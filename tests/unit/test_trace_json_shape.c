/* Events of JSON that look like one before: they are read as any other. */
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

/* What an event says, or is refused for, does not depend on whether one like
   it came before. */
static void likes(void **state)
{
    static const char *const lines[] = {
        "{\"op\":\"realloc\",\"id\":7,\"size\":0}",
        "{\"op\":\"realloc\",\"id\":0,\"size\":1}",
        "{\"op\":\"realloc\",\"id\":07,\"size\":1}",
        "{\"op\":\"realloc\",\"id\":7,\"size\":1.5}",
        "{\"op\":\"realloc\",\"id\":7,\"size\":1e3}",
        "{\"op\":\"realloc\",\"id\":7,\"size\":-1}",
        "{\"op\":\"realloc\",\"id\":\"0x7\",\"size\":1}",
        "{\"op\":\"realloc\",\"id\":1234567,\"size\":12345678}",
        "{\"op\":\"realloc\",\"id\":123456789,\"size\":1234567890123456}",
        "{\"op\":\"realloc\",\"id\":18446744073709551615,\"size\":1}",
        "{\"op\":\"realloc\",\"id\":18446744073709551616,\"size\":1}",
        "{\"op\":\"realloc\",\"id\":7,\"size\":1} ",
        "{\"op\":\"realloc\",\"id\":7,\"size\":1}x",
        "{\"op\":\"realloc\",\"id\":7,\"size\":1,\"id\":7}",
        "{\"op\":\"realloc\",\"id\":7 ,\"size\":1}",
        "{\"op\":\"realloc\",\"id\":7,\"size\":1",
    };
    static const char like[] = "{\"op\":\"realloc\",\"id\":1,\"size\":2}";
    static const char unlike[] = "{\"id\":1,\"size\":2,\"op\":\"realloc\"}";
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char *before, *after;

        sprintf(text, "%s\n%s\n%s\n", unlike, lines[i], unlike);
        before = dump_text(text, DUMP_PLACES);
        sprintf(text, "%s\n%s\n%s\n", like, lines[i], unlike);
        after = dump_text(text, DUMP_PLACES);
        assert_string_equal(before, after);
        free(before);
        free(after);
    }
}

/* The place behind a text. */
static void place_behind(const char *text, unsigned *line, unsigned *column)
{
    *line = *column = 1;
    for (; *text; text++, ++*column)
        if (*text == '\n') {
            ++*line;
            *column = 0;
        }
}

/* Where events are does not depend on what stands between them, nor on how many
   lines they have. */
static void likes_lie_anywhere(void **state)
{
    static const char *const between[] = {",",   ",\n",   ", ",      ",  ",
                                          " ,",  "\n,",   ",\n ",    ", \n",
                                          ",\t", ",\n\n", ",\n\t  ", ",\r\n  "};
    static const char *const spelt[] = {
        "{\"op\":\"free\",\"id\":%d}",
        "{\n  \"op\": \"free\",\n  \"id\": %d\n  }",
        "{\"op\":\"free\",\n\n\"id\":%d\n}", "{\"op\":\"free\",\"id\":\n%d}",
        "{\"id\":%d, \"op\":\n\"free\"\n\t}"};

    (void)state;
    for (size_t i = 0; i < 5 * sizeof between / sizeof *between; i++) {
        char text[1024] = "{\"events\":[\n", wanted[1024] = "json\n", *dump;

        for (int id = 1; id < 9; id++) {
            unsigned line, column;

            place_behind(text, &line, &column);
            sprintf(text + strlen(text), spelt[i % 5], 4 * id);
            strcat(text, id < 8 ? between[i / 5] : "]}");
            sprintf(wanted + strlen(wanted), "%u:%u free id=%d\n", line, column,
                    4 * id);
        }
        dump = dump_text(text, DUMP_NO_HEADER | DUMP_PLACES);
        assert_string_equal(dump, wanted);
        free(dump);
    }
}

/* All that an event of a shape may say. */
static void likes_say_everything(void **state)
{
#define SAYS                                                                   \
    "{\"op\":\"alloc\",\"id\":%d,\"size\":%d,\"align\":%d,"                    \
    "\"zero\":%s,\"heap\":%d,\"thread\":%d,\"time\":%d}\n"
#define READ "alloc id=%d size=%d align=%d heap=%d thread=%d time=%d%s\n"
    char text[4096] = "", wanted[4096] = "", *dump;

    (void)state;
    for (int i = 1; i < 20; i++) {
        int align = i % 2 != 0 ? 16 : 64;
        bool zero = i % 3 != 0;

        sprintf(text + strlen(text), SAYS, i, 9 * i, align,
                zero ? "true" : "false", 99 * i, i % 5, 123456 * i);
        sprintf(wanted + strlen(wanted), READ, i, 9 * i, align, 99 * i, i % 5,
                123456 * i, zero ? " zero" : "");
    }
    dump = dump_text(text, DUMP_NO_HEADER);
    assert_string_equal(dump, wanted);
    free(dump);
#undef SAYS
#undef READ
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(likes),
        cmocka_unit_test(likes_lie_anywhere),
        cmocka_unit_test(likes_say_everything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
