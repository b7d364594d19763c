/*
 * fuzz_roundtrip.c - a trace as JSON, from there as .ptrace, and again as JSON:
 * it is the same all along.
 */
#include <string.h>

#include "fuzz.h"
#include "trace/event.h"
#include "trace_dump.h"

static char *fuzz_convert(const void *bytes, size_t count, const char *format,
                          size_t *made)
{
    const struct dump_bytes from = {bytes, count, SIZE_MAX, 0};

    return dump_convert(&from, DUMP_MISUSE, format, made);
}

static char *fuzz_dump(const void *bytes, size_t count)
{
    const struct dump_bytes from = {bytes, count, SIZE_MAX, 0};

    return dump_trace(&from, DUMP_MISUSE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct dump_bytes from = {data, size, SIZE_MAX, 0};
    char *json, *packed, *again, *before, *after;
    size_t json_size, packed_size, again_size;

    if (dump_fault(&from, DUMP_MISUSE) != TRACE_FINE)
        return 0;
    json = fuzz_convert(data, size, "json", &json_size);
    packed = fuzz_convert(json, json_size, "ptrace", &packed_size);
    again = fuzz_convert(packed, packed_size, "json", &again_size);
    before = fuzz_dump(json, json_size);
    after = fuzz_dump(again, again_size);
    FUZZ_EXPECT(strcmp(before, after) == 0);
    free(json);
    free(packed);
    free(again);
    free(before);
    free(after);
    return 0;
}
