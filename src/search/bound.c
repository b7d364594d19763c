/*
 * search/bound.c - the table of bounds.
 *
 * Fit: a request of s units fails only if all holes are smaller than h.  At
 * most M - s units are alive then, in as many blocks, and there is at most one
 * hole more: M - s + (M - s + 1)(h - 1) units are too few, one more is enough.
 * A policy that takes any hole that fits has h = s.  TLSF may overlook one in
 * the class of the request, which is an eighth of an octave wide: h is at most
 * 9/8 s, and a unit for what is rounded.
 */
#include "search/bound.h"

#include <math.h>
#include <string.h>

static double bound_log2_up(double number)
{
    double log2 = 0;

    while (ldexp(1, (int)log2) < number)
        log2++;
    return log2;
}

double search_bound_forced(double live, double largest)
{
    double log2 = bound_log2_up(largest + 1) - 1; /* rounded down */

    return live * (log2 / 2 + 1) - ldexp(1, (int)log2) + 1;
}

static double bound_holes(double live, double size, double hole)
{
    return live - size + (live - size + 1) * (hole - 1) + 1;
}

static double bound_fit(double live, double largest)
{
    double most = 0, bound;

    for (double size = 1; size <= largest; size++) {
        bound = bound_holes(live, size, size);
        most = bound > most ? bound : most;
    }
    return most;
}

static double bound_tlsf(double live, double largest)
{
    double most = 0, bound;

    for (double size = 1; size <= largest; size++) {
        bound = bound_holes(live, size, ceil(size * 9 / 8) + 1);
        most = bound > most ? bound : most;
    }
    return most;
}

static double bound_first_fit(double live, double largest)
{
    double harmonic = 0;

    for (double size = 1; size <= largest; size++)
        harmonic += 1 / size;
    return live * harmonic / log(2);
}

/* Twice the bound for powers of two. */
static double bound_rounded(double live, double largest)
{
    return 2 * live * (1 + bound_log2_up(largest));
}

static const struct search_bound bound_rows[] = {
    {"first-fit", bound_first_fit, "M H(n) / ln 2",
     "Robson 1977; TAOCP 2.5, exercise 43"},
    {"best-fit", bound_fit, "M n", "no hole fits (search/bound.c)"},
    {"next-fit", bound_fit, "M n", "no hole fits (search/bound.c)"},
    {"worst-fit", bound_fit, "M n", "no hole fits (search/bound.c)"},
    {"tlsf", bound_tlsf, "M (9/8 n + 1)", "no hole fits (search/bound.c)"},
    {"half-fit", bound_rounded, "2 M (1 + ceil(log2 n))",
     "o1heap, after Herter 2014"},
    {"buddy", bound_rounded, "2 M (1 + ceil(log2 n))",
     "TAOCP 2.5, exercise 41"},
};

const struct search_bound *search_bound_of(const char *policy)
{
    for (size_t i = 0; i < sizeof bound_rows / sizeof *bound_rows; i++)
        if (strcmp(bound_rows[i].policy, policy) == 0)
            return &bound_rows[i];
    return NULL;
}
