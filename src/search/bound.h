/*
 * search/bound.h - what is proven of how much memory a policy needs.
 *
 * M units alive at most, blocks of 1 to n units, nothing else counted.
 */
#ifndef SEARCH_BOUND_H
#define SEARCH_BOUND_H

#include <stdint.h>

struct search_bound {
    const char *policy;
    double (*most)(double live, double largest); /* units */
    const char *formula, *source;
};

/* So much is forced on every policy that moves no block. */
double search_bound_forced(double live, double largest);

/* The row of a policy, NULL: nothing is proven that we know. */
const struct search_bound *search_bound_of(const char *policy);

#endif
