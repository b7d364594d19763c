/* trace_dump_check.c - hold dumps against what is expected, in unit tests. */
#include "trace_dump.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

void dump_check(const struct dump_row *rows, size_t count, unsigned flags)
{
    for (size_t i = 0; i < count; i++) {
        char *dump = dump_text(rows[i].text, flags);

        if (strcmp(dump, rows[i].result) != 0)
            print_error("for %s\n", rows[i].text);
        assert_string_equal(dump, rows[i].result);
        free(dump);
    }
}
