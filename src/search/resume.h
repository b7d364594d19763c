/*
 * search/resume.h - begin a trial where it first differs from those before.
 *
 * Trials of neighbouring sizes begin alike; until which step, the slack tells.
 * A policy that takes memory which comes late as if it had been there from
 * the start (POLISHED_GROWS) is replayed in as little data as decides alike,
 * is kept as it is then, and goes on from there in as much as is asked for.
 */
#ifndef SEARCH_RESUME_H
#define SEARCH_RESUME_H

#include <stdbool.h>
#include <stddef.h>

#include "polished/heap.h"

enum { RESUME_POINTS = 16 };

struct search_trial;

/* A moment of a trial, from which others can go on. */
struct search_point {
    uint64_t low_bytes;  /* of data it was made in; up to high_bytes all */
    uint64_t high_bytes; /* sizes had decided alike by then */
    size_t steps;        /* done so far */
    size_t notes;        /* of the trail, so far */
    struct polished_heap heap;
    bool swept;
    unsigned char *kept; /* data, control and places */
    size_t kept_room;
};

struct search_resume {
    bool can;   /* this policy, in this memory */
    void *base; /* of the memory that all of this is about */
    void *control;
    size_t control_bytes;
    /* The trail of the last trial, which had high_bytes of data: with so many
       steps done, all sizes from low_bytes up to it had decided alike. */
    struct search_note {
        size_t steps;
        uint64_t low_bytes;
    } * trail;
    size_t notes;
    uint64_t high_bytes;
    uint64_t known_bytes; /* of the trail before this one: its high_bytes */
    struct search_point points[RESUME_POINTS]; /* the latest last */
    unsigned count;
    size_t kept_bytes; /* by all of them */
    uint64_t cost;     /* of copying in this trial, in steps */
};

/* Where a trial stops to be kept, and the data that it has until then. */
struct search_stop {
    size_t steps;
    uint64_t data_bytes;
};

/* false: out of memory. */
bool search_resume_open(struct search_trial *trial);
void search_resume_close(struct search_trial *trial);

/*
 * Plan the trial in so much data: the moment to begin from, which is then the
 * last of the points (of none: from the start), and where to stop on the way;
 * the number of stops is returned.
 */
unsigned search_resume_plan(struct search_trial *trial, uint64_t data_bytes,
                            struct search_stop stops[RESUME_POINTS]);

/* Make the heap as planned, with so much data unless it is resumed.  The steps
   done in it so far are in *steps. */
enum polished_status search_resume_begin(struct search_trial *trial,
                                         uint64_t data_bytes, size_t *steps);

/* Let the heap have so much data from now on. */
enum polished_status search_resume_grow(struct search_trial *trial,
                                        uint64_t data_bytes);

/* Keep this moment, if there is memory for it. */
void search_resume_keep(struct search_trial *trial, size_t steps);

/* So many steps are done: note what the slack has come to. */
void search_resume_note(struct search_trial *trial, size_t steps);

#endif
