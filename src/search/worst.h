/*
 * search/worst.h - the trace that makes a policy need the most.
 *
 * Programs (search/program.h) are changed at random and kept if they are no
 * better for the policy: if a heap that was too small for the parent is so for
 * the child.  Theory is where they begin: Robson's sieve, the attack on best
 * fit, combs and sawteeth.  The seed decides all.
 */
#ifndef SEARCH_WORST_H
#define SEARCH_WORST_H

#include "search/program.h"

#define SEARCH_WORST_EVENTS UINT64_C(20000000)

enum { SEARCH_LANES = 16 };

struct search_lane {
    struct search_program program;
    uint64_t score; /* memory: the largest heap known to fail; or steps */
};

struct search_worst {
    struct search_rules rules; /* ends is set by the search */
    bool steps;                /* the most steps of one event, not memory */
    uint64_t memory_bytes;     /* steps: the heap */
    uint64_t seed, most_events;
    /* Called now and then; may be NULL. */
    void (*progress)(void *context, const struct search_worst *now);
    void *context;

    struct search_player player;
    struct search_lane lanes[SEARCH_LANES];
    struct search_lane best;
    uint64_t sieve_score; /* of Robson's program alone */
    bool short_of_memory;
};

/*
 * How many bytes a request has to be smaller than a unit, so that blocks lie
 * so far apart; UINT64_MAX: the policy does not serve such.
 */
uint64_t search_worst_header(const struct sim_spec *spec, uint64_t unit_bytes);

/* false: out of memory. */
bool search_worst(struct search_worst *worst);
void search_worst_free(struct search_worst *worst);

/* worst_seed.c: programs that theory knows, by number; false: there are no
   more, or memory is short. */
enum { SEARCH_SEED_SIEVE };
bool search_worst_seed(struct search_worst *worst, size_t number,
                       struct search_program *program);

#endif
