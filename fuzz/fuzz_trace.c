/*
 * fuzz_trace.c - a trace in any format.  Whatever the bytes are, it is read or
 * refused with a place and a reason; and it does not matter in how many pieces
 * they arrive.
 */
#include <string.h>

#include "fuzz.h"
#include "trace_dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dump_bytes from = {data, size, SIZE_MAX, 0};
    unsigned flags = size % 2 ? DUMP_MISUSE | DUMP_PLACES : DUMP_PLACES;
    char *whole = dump_trace(&from, flags), *pieces;

    from.chunk = 0;
    from.seed = (unsigned)size;
    pieces = dump_trace(&from, flags);
    FUZZ_EXPECT(strcmp(whole, pieces) == 0);
    free(whole);
    free(pieces);
    return 0;
}
