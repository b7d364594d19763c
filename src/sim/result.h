/*
 * sim/result.h - what comes out of replays: plain data.
 *
 * A result holds runs, a run is one trace against several policies.  A child
 * process fills a struct sim_policy in shared memory, so there is no pointer
 * in it.
 */
#ifndef SIM_RESULT_H
#define SIM_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "measure/census.h"
#include "measure/layout.h"
#include "measure/tally.h"
#include "polished/policy.h"

/* Why a request failed; the first that holds (docs/metrics.md). */
enum sim_verdict {
    SIM_UNSUPPORTED, /* the policy has no such operation */
    SIM_ORDER,       /* another block has to go first */
    SIM_QUOTA,       /* refused to this owner */
    SIM_IMPOSSIBLE,  /* larger than the whole memory */
    SIM_EXHAUSTED,   /* live bytes and the request exceed the memory */
    SIM_OVERHEAD,    /* headers and rounding ate what is missing */
    SIM_FRAGMENTED,  /* free bytes suffice, no hole does */
    SIM_CONSTRAINT,  /* holes suffice, none as aligned or limited as asked */
    SIM_POLICY,      /* it was there, the policy did not find or reclaim it */
    SIM_VERDICT_COUNT
};

/* A failed request and the heap that it met. */
struct sim_failure {
    uint64_t event; /* from 1; 0: there was none */
    uint64_t size_bytes, align_bytes;
    uint64_t replaced_bytes; /* of a realloc: the size that it has */
    enum polished_status status;
    enum sim_verdict verdict;
    uint64_t memory_bytes, live_bytes; /* S and what is alive */
    uint64_t free_bytes, largest_free_bytes, holes;
    uint64_t own_bytes, control_bytes, unreclaimed_bytes; /* OWN, D */
    double fragmentation_index;
    uint64_t fit_align_bytes; /* of a constraint: the largest alignment at
                                 which a hole would do; 0: none */
    /*
     * The witness of a fragmented heap: the cheapest window, a run of free
     * holes that would hold the request, and the live blocks that split it.
     * window_bytes 0: no such window was looked for.
     */
    uint64_t window_offset_bytes, window_bytes;
    uint64_t splitter_count, splitter_bytes; /* live blocks in the window */
    uint64_t splitter_event; /* when the one of them was allocated that lives
                                there longest */
    uint64_t splitter_size_bytes;
};

enum { SIM_HOLDERS = 16, SIM_LABEL_BYTES = 64 };

/* A block that holds a window, or is next to it. */
enum sim_where { SIM_BELOW, SIM_INSIDE, SIM_ABOVE };
struct sim_holder {
    enum sim_where where;
    uint64_t offset_bytes, size_bytes; /* as the policy's walk shows it */
    uint64_t birth;       /* the event; 0: of no single block of the trace */
    uint64_t asked_bytes; /* its size, as of then */
    uint64_t end;         /* the event that frees or moves it; 0: none does */
    uint32_t site;        /* 1 + its number in the trace; 0: not told */
    char label[SIM_LABEL_BYTES]; /* of the site */
};

/* The heap around one event, once all that it implies is done. */
struct sim_explained {
    uint64_t event; /* 0: nobody asked, or the replay did not come so far */
    enum trace_op op;
    bool skipped; /* its block was never given */
    uint64_t size_bytes, align_bytes;
    uint64_t offset_bytes;      /* of its block, if it has one */
    uint64_t birth;             /* of that block */
    struct sim_failure failure; /* event 0: it was served */
    uint64_t free_bytes, largest_free_bytes, holes;
    /* The place of the block that was given; the hole that a free made; the
       cheapest place for a request that failed; else the largest hole. */
    uint64_t window_offset_bytes, window_bytes;
    uint64_t holder_count; /* those in it, and those next to it; the first */
    struct sim_holder holders[SIM_HOLDERS]; /* of them, by address */
};

enum sim_outcome {
    SIM_PASSED,
    SIM_FAILED,   /* it refused requests */
    SIM_DEFECT,   /* it broke its contract */
    SIM_CRASHED,  /* its process died */
    SIM_TIMEOUT,  /* its process hung */
    SIM_UNSUITED, /* not replayed; reason says why */
    SIM_OUTCOME_COUNT
};

/* A process of the trace that was ended, as the policy knew it. */
struct sim_heap {
    uint64_t heap;                        /* its number in the trace */
    uint64_t event;                       /* of its end */
    uint64_t leaked_blocks, leaked_bytes; /* in use then */
    uint64_t held_bytes; /* that it had taken from the others then */
};

enum { SIM_HEAPS = 16 }; /* so many ends are told */
enum { SIM_NAME_BYTES = 64, SIM_SPEC_BYTES = 512, SIM_TEXT_BYTES = 256 };

/* What is known of the least heap that a policy needs. */
enum sim_min_heap {
    SIM_MIN_HEAP_UNASKED,
    SIM_MIN_HEAP_EXACT,  /* every size above it was covered */
    SIM_MIN_HEAP_PROBED, /* some above it were tried, not all */
    SIM_MIN_HEAP_NONE    /* no heap will do; the reason says why */
};

enum { SIM_CULPRITS = 8 };

/* All blocks of one site, or of one size or a range of them. */
struct sim_culprit {
    bool own;      /* no blocks of the trace: the policy's, or a map's holes */
    uint32_t site; /* 1 + its number in the trace; 0: none told */
    char label[SIM_LABEL_BYTES];      /* of the site */
    uint64_t least_bytes, most_bytes; /* if it is sizes */
    uint64_t blocks;                  /* allocs */
    uint64_t byte_events;             /* of the holes that they keep apart */
    /* Were they placed elsewhere: what they take there at most, and what the
       others need then. */
    bool tried;
    uint64_t elsewhere_bytes, min_heap_bytes;
};

/* Who fragments the heap (search/blame.h). */
struct sim_blame {
    uint64_t memory_bytes; /* of the heap; 0: nobody asked, or there is none */
    bool by_site;
    uint64_t events, byte_events; /* of all holes between blocks */
    uint64_t culprit_count;       /* those with any; the worst of them: */
    struct sim_culprit culprits[SIM_CULPRITS];
};

/* One policy's replay of one trace. */
struct sim_policy {
    char name[SIM_NAME_BYTES]; /* "best-fit" */
    char spec[SIM_SPEC_BYTES]; /* as it was asked for */
    enum sim_outcome outcome;
    char reason[SIM_TEXT_BYTES];      /* unsuited: why */
    uint64_t defect_event;            /* defect, crashed, timeout: where */
    char defect_what[SIM_TEXT_BYTES]; /* and what happened */
    uint64_t failures[SIM_VERDICT_COUNT];
    uint64_t failures_total;
    uint64_t skipped_events;  /* of blocks whose alloc had failed */
    struct sim_failure first; /* event 0: none */
    struct sim_failure first_of[SIM_VERDICT_COUNT];
    uint64_t misuse_sent, misuse_refused, misuse_accepted;
    uint64_t leaked_blocks, leaked_bytes; /* alive at the end */
    struct sim_heap heaps[SIM_HEAPS];     /* of policies that know owners */
    size_t heap_count;
    struct measure_tally tally;
    uint64_t span_bytes; /* its reach without headers; 0: not measured */
    /* The heap when it reached furthest, or at the first failure;
       worst_event 0: never sampled. */
    uint64_t worst_event;
    struct measure_layout worst; /* its pointers are NULL */
    struct measure_strip strip;
    struct sim_explained explained;
    struct sim_blame blame;
    /* The least memory from which on every size passes, the least that does,
       and in how many runs of sizes between them the policy fails. */
    enum sim_min_heap min_heap_status;
    uint64_t min_heap_bytes, min_heap_smallest_bytes, min_heap_anomalies;
    char min_heap_reason[SIM_TEXT_BYTES]; /* none: why */
};

/* The best placement of all blocks that exists, as far as it is known. */
enum sim_packing {
    SIM_NOT_PACKED, /* nobody asked */
    SIM_BOUNDED,    /* it needs between load_bytes and packed_bytes */
    SIM_OPTIMAL     /* it needs packed_bytes */
};

struct sim_trace {
    const char *path;   /* as given on the command line */
    const char *name;   /* the header's, else the file's without suffixes */
    const char *format; /* "jsonl" */
    struct measure_census census;
    enum sim_packing packing;
    uint64_t load_bytes;   /* L, at the smallest alignment of the trace */
    uint64_t packed_bytes; /* U: a placement of that height was found */
};

struct sim_run {
    struct sim_trace trace;
    uint64_t memory_bytes; /* S, control included */
    uint64_t align_bytes;  /* of requests that state none */
    struct sim_policy *policies;
    size_t policy_count;
};

struct sim_result {
    struct sim_run *runs;
    size_t run_count;
};

/* "fragmented", "passed": as in the result document; never NULL. */
const char *sim_verdict_name(enum sim_verdict verdict);
const char *sim_outcome_name(enum sim_outcome outcome);

/* "alloc", "below": as in the result document; never NULL. */
const char *sim_op_name(enum trace_op op);
const char *sim_where_name(enum sim_where where);

/* "exact", "probed", "none"; NULL if nobody asked. */
const char *sim_min_heap_name(enum sim_min_heap status);

/*
 * One line for people: what a failure means, such as
 * "fragmented: 4,096 bytes asked for, 9,120 free in 31 holes, the largest
 * 2,048".  Returns text.
 */
char *sim_failure_text(const struct sim_failure *failure, char *text,
                       size_t text_bytes);

#endif
