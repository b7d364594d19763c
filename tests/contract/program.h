/*
 * contract/program.h - long lives of heaps, made from a seed.
 *
 * The same seed, bound and heap give the same program, and a program depends
 * on the heap only by what its calls decided.
 */
#ifndef CONTRACT_PROGRAM_H
#define CONTRACT_PROGRAM_H

#include "oracle.h"

struct program {
    uint64_t random;           /* the seed; not 0 */
    polished_size bound_bytes; /* of most sizes */
    bool is_wild;       /* sizes also from all of the number range, and the
                           largest one that works */
    size_t live_limit;  /* no more blocks at once */
    uint64_t decisions; /* a digest of all answers */
    uint64_t decision_count;
};

/* A number below limit. */
uint64_t program_draw(struct program *program, uint64_t limit);

/* Let the heap live so many calls longer. */
void program_run(struct program *program, struct oracle *oracle,
                 unsigned calls);

#endif
