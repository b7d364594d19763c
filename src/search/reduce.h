/*
 * search/reduce.h - the smallest trace that still shows the same.
 *
 * Parts are left out as long as the rest shows it: first units of the trace,
 * half of them, then quarters, down to single ones (the greedy half of
 * A. Zeller and R. Hildebrandt's delta debugging, IEEE TSE 28, 2002), then
 * single events; then sizes shrink, and what events state besides is dropped;
 * and all over again until nothing helps.
 */
#ifndef SEARCH_REDUCE_H
#define SEARCH_REDUCE_H

#include "search/symptom.h"

#define SEARCH_REDUCE_EVENTS UINT64_C(2000000000)

struct search_reduction {
    struct search_lives *lives;
    struct search_symptom symptom; /* its memory shrinks */
    struct search_look *look;      /* shared with children */
    struct search_look best;       /* the last one that showed it */
    uint64_t most_events;          /* replayed at most */
    uint64_t replayed, tries;
    bool failed; /* the system lacks memory or processes */
    /* Called after each try; may be NULL. */
    void (*progress)(void *context, const struct search_reduction *now);
    void *context;
};

/*
 * lives, symptom, look and most_events are given, and lives shows the symptom.
 * true: no single part can be left out; false: the events are used up, or it
 * has failed.
 */
bool search_reduce(struct search_reduction *reduction);

#endif
