#include "sim/suit.h"

#include <stdio.h>

/* Below this no policy of pages is asked. */
enum { SUIT_PAGE_BYTES = 4096 };

static bool suit_limits(const struct measure_census *census)
{
    return census->has_limits;
}

static bool suit_sizes(const struct measure_census *census)
{
    return census->smallest_request_bytes < census->largest_request_bytes;
}

static bool suit_small(const struct measure_census *census)
{
    return census->allocs != 0 &&
           census->smallest_request_bytes < SUIT_PAGE_BYTES;
}

/* A trace that is such is not for a policy with, or without, the cap. */
static const struct {
    bool (*trace_is)(const struct measure_census *census);
    uint32_t cap;
    bool has; /* unsuited if it has the cap; else if it lacks it */
    const char *reason;
} suit_rows[] = {
    {suit_limits, POLISHED_LIMITS, false, "takes no address limits"},
    {suit_sizes, POLISHED_ONE_SIZE, true, "several sizes"},
    {suit_small, POLISHED_PAGES, true, "requests smaller than a page"},
};

bool sim_suited(const struct sim_spec *spec,
                const struct measure_census *census, char *reason,
                size_t reason_bytes)
{
    uint32_t caps = spec->layers[0].ops->caps;

    for (size_t row = 0; row < sizeof suit_rows / sizeof *suit_rows; row++) {
        if (((caps & suit_rows[row].cap) != 0) != suit_rows[row].has ||
            !suit_rows[row].trace_is(census))
            continue;
        snprintf(reason, reason_bytes, "%s", suit_rows[row].reason);
        return false;
    }
    return true;
}
