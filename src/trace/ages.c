/* trace/ages.c - room for ages, and going back through them. */
#include "trace/ages.h"

#include <stdlib.h>
#include <string.h>

enum { AGES_LEAST = 64 };

/* Room for twice as many; what there is stays. */
static bool ages_double(uint32_t **array, uint32_t *capacity)
{
    uint64_t most = *capacity ? (uint64_t)*capacity * 2 : AGES_LEAST;
    uint32_t *grown;

    if (most > UINT32_MAX)
        most = UINT32_MAX;
    if (most == *capacity)
        return false;
    grown = realloc(*array, (size_t)most * sizeof *grown);
    if (!grown)
        return false;
    *array = grown;
    *capacity = (uint32_t)most;
    return true;
}

/* Drop the stale places. */
static void ages_tidy(struct trace_ages *ages)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < ages->count; i++) {
        uint32_t number = ages->numbers[i];

        if (ages->place[number] != i)
            continue;
        ages->place[number] = kept;
        ages->numbers[kept++] = number;
    }
    ages->count = kept;
}

bool trace_ages_grow(struct trace_ages *ages, uint32_t number)
{
    uint32_t known = ages->place_count;

    while (number >= ages->place_count)
        if (!ages_double(&ages->place, &ages->place_count))
            return false;
    if (known < ages->place_count)
        memset(ages->place + known, 0xff,
               (size_t)(ages->place_count - known) * sizeof *ages->place);
    if (ages->count < ages->capacity)
        return true;
    ages_tidy(ages);
    return ages->count < ages->capacity / 4 ||
           ages_double(&ages->numbers, &ages->capacity) ||
           ages->count < ages->capacity;
}

void trace_ages_close(struct trace_ages *ages)
{
    free(ages->numbers);
    free(ages->place);
    memset(ages, 0, sizeof *ages);
}

uint32_t trace_ages_before(const struct trace_ages *ages, uint32_t *place)
{
    while (*place > 0) {
        uint32_t number = ages->numbers[--*place];

        if (ages->place[number] == *place)
            return number;
    }
    return TRACE_AGELESS;
}
