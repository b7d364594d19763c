#include "config.h"

#include "search/seen.h"

#include <stdlib.h>

#include "search/trial.h"

void search_seen_free(struct search_seen *seen)
{
    free(seen->ranges);
}

bool search_seen_add(struct search_seen *seen, uint64_t low_bytes,
                     uint64_t high_bytes, bool passed)
{
    struct search_range *last =
        seen->count == 0 ? NULL : &seen->ranges[seen->count - 1];

    /* A scan goes down without a gap: like sizes become one range. */
    if (last != NULL && last->passed == passed &&
        high_bytes < last->low_bytes &&
        last->low_bytes - high_bytes == SEARCH_GRAIN) {
        last->low_bytes = low_bytes;
        return true;
    }
    if (seen->count == seen->room) {
        size_t room = seen->room == 0 ? 64 : 2 * seen->room;

        last = realloc(seen->ranges, room * sizeof *last);
        if (last == NULL)
            return false;
        seen->ranges = last;
        seen->room = room;
    }
    seen->ranges[seen->count++] =
        (struct search_range){low_bytes, high_bytes, passed};
    return true;
}

static int seen_order(const void *left, const void *right)
{
    const struct search_range *a = left, *b = right;

    return a->high_bytes < b->high_bytes   ? 1
           : a->high_bytes > b->high_bytes ? -1
                                           : 0;
}

struct search_verdict search_seen_judge(struct search_seen *seen)
{
    struct search_verdict verdict = {0, 0, 0};
    bool safe = true, failing = false;
    uint64_t runs = 0; /* of failing sizes so far */

    if (seen->count != 0)
        qsort(seen->ranges, seen->count, sizeof *seen->ranges, seen_order);
    for (size_t i = 0; i < seen->count; i++) {
        const struct search_range *range = &seen->ranges[i];

        runs += !range->passed && !failing;
        failing = !range->passed;
        safe = safe && range->passed;
        if (safe)
            verdict.safe_bytes = range->low_bytes;
        if (range->passed) {
            verdict.smallest_bytes = range->low_bytes;
            verdict.anomalies = runs;
        }
    }
    return verdict;
}
