/* search/seen.h - the sizes that were tried, and what follows from them. */
#ifndef SEARCH_SEEN_H
#define SEARCH_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct search_seen {
    struct search_range {
        uint64_t low_bytes, high_bytes;
        bool passed;
    } * ranges;
    size_t count, room;
};

/* What is known of all sizes together. */
struct search_verdict {
    uint64_t safe_bytes;     /* from here on none failed; 0: there is no such */
    uint64_t smallest_bytes; /* that passed */
    uint64_t anomalies;      /* runs of failing sizes between the two */
};

/* All sizes from low to high behave so.  false: out of memory. */
bool search_seen_add(struct search_seen *seen, uint64_t low_bytes,
                     uint64_t high_bytes, bool passed);

/* Puts the ranges in order, the greatest first. */
struct search_verdict search_seen_judge(struct search_seen *seen);

void search_seen_free(struct search_seen *seen);

#endif
