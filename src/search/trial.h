/*
 * search/trial.h - replay a tape in a heap of a given size: does it pass?
 *
 * Nothing is verified or measured, and the first refused request ends it.
 * A policy that keeps its slack answers for a whole class of sizes at once:
 * all that leave it so much data that it would have decided the same.
 */
#ifndef SEARCH_TRIAL_H
#define SEARCH_TRIAL_H

#include "search/resume.h"
#include "search/tape.h"
#include "sim/arena.h"
#include "sim/marks.h"

/* Sizes are tried in steps of so many bytes. */
enum { SEARCH_GRAIN = 16 };

struct search_place {
    uint64_t offset_bytes, size_bytes;
    uint32_t align_log2;
};

/* What a trial stands on; all but the watched numbers is given. */
struct search_ground {
    const struct sim_spec *spec;
    const struct search_tape *tape;
    const struct trace_memory *map; /* NULL: none, one piece at 0 */
    size_t map_count;
    uint64_t asked_bytes;     /* a size that is known to matter; 0: none is */
    volatile uint64_t *steps; /* replayed so far, for whoever watches */
    volatile uint64_t *bytes; /* the size in work */
};

struct search_trial {
    struct search_ground ground;
    struct sim_arena arena;
    struct sim_memory memory; /* the arena's */
    struct sim_marks marks;
    struct search_place *places;
    bool swept; /* the policy has freed what is implied by itself */
    struct search_resume resume;
    unsigned char *base; /* of the memory */
    void *pages;         /* where base lies in */
    uint64_t mapped_bytes, pages_bytes, congruence;
    uint64_t roam_bytes; /* blocks may not end beyond; 0: anywhere */
    bool has_slack;
    /* Called after each step that was done; may be NULL. */
    void (*watch)(void *watcher, const struct search_trial *trial,
                  const struct search_step *step);
    void *watcher;
};

/* All sizes from low to high that have the same answer. */
struct search_class {
    uint64_t low_bytes, high_bytes;
    bool passed;
    bool roamed; /* no answer: it went beyond roam_bytes */
    enum polished_status status;
    size_t step;   /* that was refused */
    uint64_t cost; /* of the answer, in steps replayed or what takes as long */
    bool made;     /* there was a heap to refuse it */
};

/* false: out of memory. */
bool search_trial_begin(struct search_trial *trial,
                        const struct search_ground *ground);
void search_trial_end(struct search_trial *trial);

/*
 * Replay in so much memory; a map is cut from its top, or goes on there if it
 * has less.  bytes is a multiple of SEARCH_GRAIN.  What is told in found begins
 * at bytes and goes down.
 */
void search_trial_run(struct search_trial *trial, uint64_t bytes,
                      struct search_class *found);

#endif
