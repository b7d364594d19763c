/*
 * trace/ages.h - small numbers in the order in which they were added.
 *
 *     places    0  1  2  3  4  5
 *     numbers   2  0  7  2  3            2 was added, removed, added again
 *               .  x  x  ^  x            place[2] is 3: place 0 is stale
 *
 * To remove one leaves its place as it is, until there are so many stale ones
 * that they are dropped together: neither looks at any neighbour.
 */
#ifndef TRACE_AGES_H
#define TRACE_AGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_AGELESS UINT32_MAX

/* All zero: empty. */
struct trace_ages {
    uint32_t *numbers; /* by place */
    uint32_t count, capacity;
    uint32_t *place; /* by number; TRACE_AGELESS: it is not there */
    uint32_t place_count;
};

/* Make room for a place and for this number; false when out of memory. */
bool trace_ages_grow(struct trace_ages *ages, uint32_t number);
void trace_ages_close(struct trace_ages *ages);

/* The youngest from now; it must not be there.  false when out of memory. */
static inline bool trace_ages_add(struct trace_ages *ages, uint32_t number)
{
    if ((ages->count == ages->capacity || number >= ages->place_count) &&
        !trace_ages_grow(ages, number))
        return false;
    ages->place[number] = ages->count;
    ages->numbers[ages->count++] = number;
    return true;
}

static inline void trace_ages_remove(struct trace_ages *ages, uint32_t number)
{
    ages->place[number] = TRACE_AGELESS;
}

/* Nothing that is there is at or behind this place. */
static inline void trace_ages_cut(struct trace_ages *ages, uint32_t place)
{
    ages->count = place;
}

/* The youngest before a place, which becomes its own: begin with count.
   TRACE_AGELESS: there is none. */
uint32_t trace_ages_before(const struct trace_ages *ages, uint32_t *place);

#endif
