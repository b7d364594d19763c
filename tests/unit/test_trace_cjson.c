/*
 * Our scanner against cJSON, on documents mutated at random.  cJSON is more
 * lenient, so: what cJSON refuses we refuse, and what we accept has, by
 * cJSON, the same events with the same values as far as doubles are exact.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/format.h"
#include "trace_agree.h"
#include "trace_dump.h"

static const char *const pieces[] = {
    "{",        "}",        "[",        "]",
    ",",        ":",        "\"",       "\\",
    "0",        "1",        "9",        "-",
    ".",        "e",        "true",     "false",
    "null",     " ",        "\n",       "\t",
    "\"id\"",   "\"size\"", "\"op\"",   "\"alloc\"",
    "\"free\"", "\"0x1f\"", "12345678", "18446744073709551616",
    "\\u0041",  "\\ud83d",  "\xc3\xa9", "\xff",
    "\x01",     "{}",       "[]",       "{\"op\":\"free\",\"id\":3}",
};

static const char *const seeds[] = {
    "{\"events\":[{\"op\":\"alloc\",\"id\":1,\"size\":64},"
    "{\"op\":\"free\",\"id\":1}]}",
    "{ \"name\" : \"t\" , \"align\":16, \"memory\":[{\"base\":\"0x10\","
    "\"size\":1}],\n\"events\" : [ {\"size\":7,\"id\":\"0xff\",\"op\":"
    "\"realloc\",\"thread\":3}, {\"op\":\"mark\",\"label\":\"\\u00e9\"} ]}",
    "{\"events\":[{\"op\":\"alloc\",\"id\":2,\"size\":1,\"align\":64,"
    "\"zero\":true,\"below\":4096,\"boundary\":4096,\"heap\":1,\"time\":5,"
    "\"site\":\"s\"},{\"op\":\"destroy\",\"heap\":1},{\"op\":\"reset\"}],"
    "\"source\":\"late\"}",
    /* Events alike, which are read by the shape of the first. */
    "{\"events\":[{\"op\":\"realloc\",\"id\":17,\"size\":123456789},"
    "{\"op\":\"realloc\",\"id\":2,\"size\":8},\n"
    "{\"op\":\"realloc\",\"id\":12345678901,\"size\":1},"
    "{\"op\":\"realloc\",\"id\":4,\"size\":99}]}",
};

static unsigned next(unsigned *random)
{
    *random = *random * 1103515245u + 12345u;
    return *random >> 8;
}

/* Delete, insert or overwrite something. */
static void mutate(char *text, size_t room, unsigned *random)
{
    size_t count = strlen(text), at = next(random) % (count + 1);
    const char *piece = pieces[next(random) % (sizeof pieces / sizeof *pieces)];
    size_t gone = next(random) % 4, length = strlen(piece);

    if (gone > count - at)
        gone = count - at;
    if (next(random) % 3 == 0)
        length = 0;
    if (count + length - gone >= room)
        return;
    memmove(text + at + length, text + at + gone, count - at - gone + 1);
    memcpy(text + at, piece, length);
}

/* Both readings of an accepted text. */
static bool agree(const cJSON *tree, const char *path)
{
    struct trace_error error;
    struct trace_reader *reader = trace_open(path, 0, &error);
    bool same = agree_events(tree, reader);

    trace_close(reader);
    return same;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    fputs(text, file);
    fclose(file);
}

/* 1: accepted by both, 0: refused by us. */
static int compare(const char *text, const char *path)
{
    struct dump_bytes from = {text, strlen(text), SIZE_MAX, 0};
    char *error = dump_error(&from, 0);
    bool accepted = *error == '\0';
    cJSON *tree = cJSON_ParseWithOpts(text, NULL, 1);

    free(error);
    if (accepted) {
        write_file(path, text);
        if (!tree || !agree(tree, path))
            print_error("%s\n", text);
        assert_non_null(tree);
        assert_true(agree(tree, path));
    }
    cJSON_Delete(tree);
    return accepted;
}

static void mutated_documents(void **state)
{
    char path[] = "/tmp/trace-cjson-XXXXXX";
    unsigned random = 42, accepted = 0;

    (void)state;
    close(mkstemp(path));
    for (unsigned i = 0; i < 30000; i++) {
        char text[1024];
        unsigned edits = 1 + next(&random) % 4;

        strcpy(text, seeds[i % (sizeof seeds / sizeof *seeds)]);
        while (edits-- > 0)
            mutate(text, sizeof text, &random);
        /* Of JSON Lines cJSON would see one line. */
        if (strstr(text, "\"events\""))
            accepted += (unsigned)compare(text, path);
    }
    unlink(path);
    assert_true(accepted > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mutated_documents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
