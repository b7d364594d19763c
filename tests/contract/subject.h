/*
 * contract/subject.h - what the cases are run for: each policy, with the usual
 * and with the least values of its knobs, and each SOURCE policy over each
 * policy that it may draw from.  Made from the table, by caps.
 */
#ifndef CONTRACT_SUBJECT_H
#define CONTRACT_SUBJECT_H

#include <stddef.h>

#include "oracle.h"

#define SUBJECT_NAME_BYTES 80

struct subject {
    const struct polished_ops *ops;
    const struct polished_ops *source_ops; /* NULL: draws from none */
    polished_size knobs[POLISHED_KNOBS], source_knobs[POLISHED_KNOBS];
    char name[SUBJECT_NAME_BYTES]; /* "slab over best-fit, least" */
};

/* All subjects of these rows, which end with NULL; free() the answer. */
struct subject *subjects_make(const struct polished_ops *const *rows,
                              size_t *count);

#endif
