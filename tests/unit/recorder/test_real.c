/*
 * recorder/test_real.c - a dlsym that allocates before there is a malloc, as
 * that of older C libraries does.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "recorder/module.h"

static void *early_calloc, *early_malloc, *early_too_much;

/* Instead of libc's. */
void *dlsym(void *handle, const char *name)
{
    static const struct {
        const char *name;
        void *function;
    } functions[] = {
        {"malloc", (void *)malloc},     {"free", (void *)free},
        {"calloc", (void *)calloc},     {"realloc", (void *)realloc},
        {"memalign", (void *)memalign},
    };
    (void)handle;
    if (early_malloc == NULL) {
        early_malloc = recorder_real.malloc(100);
        early_calloc = recorder_real.calloc(10, 10);
        early_too_much = recorder_real.malloc(RECORDER_EARLY_BYTES - 100);
        recorder_real.free(early_malloc);
    }
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i].name, name) == 0)
            return functions[i].function;
    return NULL;
}

static void real_serves_dlsym(void **state)
{
    static const char zeros[100];
    (void)state;
    void *block = recorder_real.realloc(NULL, 10);
    assert_true(recorder_real.malloc == malloc);
    assert_false(recorder_is_early(block));
    assert_true(recorder_is_early(early_malloc));
    assert_true(recorder_is_early(early_calloc));
    assert_int_equal((uintptr_t)early_malloc % 16, 0);
    assert_int_equal((uintptr_t)early_calloc % 16, 0);
    assert_true((uint8_t *)early_calloc - (uint8_t *)early_malloc >= 100);
    assert_memory_equal(early_calloc, zeros, sizeof zeros);
    assert_null(early_too_much);
    recorder_real.free(block);
}

static void real_rescues_early_blocks(void **state)
{
    (void)state;
    strcpy(early_calloc, "kept");
    char *block = recorder_rescue(early_calloc, 2 * RECORDER_EARLY_BYTES);
    assert_non_null(block);
    assert_false(recorder_is_early(block));
    assert_string_equal(block, "kept");
    recorder_real.free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_serves_dlsym),
        cmocka_unit_test(real_rescues_early_blocks),
    };
    return cmocka_run_group_tests_name("real", tests, NULL, NULL);
}
