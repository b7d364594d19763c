/* The small tables under the readers: ids, strings, words. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/fail.h"
#include "trace/idmap.h"
#include "trace/json_words.h"
#include "trace/rules.h"
#include "trace/strings.h"
#include "trace_dump.h"

/* Ids in a run, in strides, and such as collide; against an array. */
static void ids(void **state)
{
    static const uint64_t strides[] = {1, 16, 4096, (uint64_t)1 << 55,
                                       0xf1de83e19937733d};
    enum { IDS = 300 };

    (void)state;
    for (size_t s = 0; s < sizeof strides / sizeof *strides; s++) {
        struct idmap map = {0};
        uint32_t model[IDS] = {0};
        unsigned random = 7;

        for (unsigned i = 0; i < 20000; i++) {
            struct idmap_entry *entry;
            unsigned n;

            random = random * 1103515245u + 12345u;
            n = (random >> 8) % IDS;
            entry = trace_idmap_find(&map, n * strides[s]);
            assert_int_equal(entry ? entry->value : 0, model[n]);
            if (entry) {
                trace_idmap_remove(&map, entry);
                model[n] = 0;
            } else {
                trace_idmap_put(&map, n * strides[s])->value = i + 1;
                model[n] = i + 1;
            }
        }
        trace_idmap_close(&map);
    }
}

static void strings(void **state)
{
    struct trace_strings all = {0};
    char text[16];
    trace_string number;

    (void)state;
    for (int round = 0; round < 2; round++)
        for (unsigned i = 0; i < 1000; i++) {
            int length = snprintf(text, sizeof text, "%u", i);

            assert_true(
                trace_strings_intern(&all, text, (size_t)length, &number));
            assert_int_equal(number, i);
            assert_string_equal(all.texts[number], text);
        }
    assert_true(trace_strings_add(&all, "5", 1));
    assert_int_equal(all.count, 1001);
    assert_true(trace_strings_intern(&all, "", 0, &number));
    assert_true(trace_strings_intern(&all, "12", 1, &number));
    assert_int_equal(number, 1);
    trace_strings_close(&all);
}

/* Every operation is found, nothing else is. */
static void words(void **state)
{
    struct json_words table;
    unsigned char text[32];

    (void)state;
    trace_json_words_make(&table, trace_op_name, 4);
    for (size_t i = 0; i < TRACE_OP_COUNT; i++) {
        const struct json_word *word;

        snprintf((char *)text, sizeof text, "%s\"%-20s", trace_op_name(i), "");
        word = trace_json_words_find(&table, text);
        assert_non_null(word);
        assert_int_equal(word->index, i);
        text[strlen(trace_op_name(i))] = 's';
        assert_null(trace_json_words_find(&table, text));
    }
    memset(text, 0, sizeof text);
    assert_null(trace_json_words_find(&table, text));
}

static void nearest(void **state)
{
    (void)state;
    assert_string_equal(trace_nearest("alloca", 6, trace_op_name), "alloc");
    assert_string_equal(trace_nearest("relaloc", 7, trace_op_name), "realloc");
    assert_string_equal(trace_nearest("fre", 3, trace_op_name), "free");
    assert_null(trace_nearest("", 0, trace_op_name));
    assert_null(trace_nearest("xxxx", 4, trace_op_name));
    assert_null(trace_nearest("a very long name", 16, trace_op_name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids),
        cmocka_unit_test(strings),
        cmocka_unit_test(words),
        cmocka_unit_test(nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
