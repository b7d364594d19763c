/*
 * search/generate.h - workloads made to measure: what a generator is.
 *
 * A generator is one constant row with its knobs, in a file of its own, and
 * one line in generate.def.  The same knobs make the same trace on every
 * machine: numbers are integers, and chance comes from search/random.h.
 */
#ifndef SEARCH_GENERATE_H
#define SEARCH_GENERATE_H

#include "search/emit.h"

enum { SEARCH_KNOBS = 8 };

enum search_form {
    SEARCH_COUNT,
    SEARCH_BYTES,
    SEARCH_POWER,  /* of two */
    SEARCH_POLICY, /* one of search_models, its index */
    SEARCH_FILE
};

struct search_knob {
    const char *name;    /* "blocks"; NULL ends the table */
    const char *summary; /* at most 50 columns */
    enum search_form form;
    uint64_t least, most, usual; /* not of a SEARCH_FILE, which has none */
};

/* By the index of the knob. */
struct search_values {
    uint64_t numbers[SEARCH_KNOBS];
    const char *files[SEARCH_KNOBS];
};

struct search_generator {
    const char *name;
    const char *summary;
    const struct search_knob *knobs;
    bool in_units; /* the first knob is the unit of all sizes, and the
                      alignment of the trace */
    bool adapts;   /* the second knob is the policy that it is made for */
    /* Why these values do not go together, NULL: they do. */
    const char *(*judge)(const struct search_values *values);
    /* false: out->error says why, or the writer has failed. */
    bool (*run)(struct search_emit *out, const struct search_values *values);
};

/* All of them, ended by NULL. */
extern const struct search_generator *const search_generators[];

/* The judgement of adversaries whose header leaves nothing of a unit. */
#define SEARCH_JUDGE_HEADER "--header leaves nothing of a --unit"

/* The judgement of all that draw sizes from least to most. */
const char *search_judge_sizes(uint64_t least, uint64_t most);

#endif
