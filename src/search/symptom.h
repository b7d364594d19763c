/*
 * search/symptom.h - does what is left of a trace still show the same?
 *
 * A symptom is a failed request with its verdict, a policy that breaks down,
 * or one that needs more memory than another.  Each look is a process of its
 * own, so that a policy may crash or hang.
 */
#ifndef SEARCH_SYMPTOM_H
#define SEARCH_SYMPTOM_H

#include "search/lives.h"
#include "sim/result.h"
#include "sim/spec.h"

enum search_symptom_kind {
    SEARCH_FAILS,  /* the first failure has this verdict; SIM_VERDICT_COUNT:
                      any */
    SEARCH_BREAKS, /* this outcome, for the same reason */
    SEARCH_WORSE   /* more memory than another policy */
};

struct search_symptom {
    enum search_symptom_kind kind;
    const char *spec;
    enum sim_verdict verdict;
    enum sim_outcome outcome;
    char what[SIM_TEXT_BYTES]; /* the reason; its numbers do not count */
    const char *other;         /* SEARCH_WORSE: the better policy, */
    uint64_t percent;          /* which needs so much less */
    uint64_t memory_bytes;     /* of the heap; 0: the largest that fails */
    bool fixed;                /* it does not shrink with the trace */
    uint64_t peak_bytes;       /* alive when it was so much; 0: not known */
    const struct trace_memory *map; /* NULL: one piece at 0 */
    size_t map_count;
    uint64_t align_bytes; /* of requests that state none */
    unsigned timeout_seconds;
};

/* What a look has found. */
struct search_look {
    bool finished, shows;
    bool short_of_memory;
    uint64_t memory_bytes; /* in a heap of so many */
    uint64_t peak_bytes;   /* of what was alive */
    uint64_t event;        /* the one that shows it, of those left; 0: all */
    uint64_t need_bytes, other_bytes; /* SEARCH_WORSE */
    uint64_t replayed;                /* events, of all tries */
    struct sim_policy policy;         /* the replay, but for SEARCH_WORSE */
};

/*
 * Look whether it shows, in memory_bytes or in a smaller heap, by bisection.
 * *look is memory shared with children.  false: nothing can be said,
 * for the system lacks memory or processes.
 */
bool search_symptom_shows(const struct search_symptom *symptom,
                          const struct search_lives *lives,
                          struct search_look *look);

/*
 * After a look for SEARCH_BREAKS: what it shows, a breakdown or else the first
 * failure of wanted (SIM_VERDICT_COUNT: of any verdict), becomes what is asked
 * for.  The event that shows it; 0: it shows nothing.
 */
uint64_t search_symptom_name(struct search_symptom *symptom,
                             const struct search_look *look,
                             enum sim_verdict wanted);

#endif
