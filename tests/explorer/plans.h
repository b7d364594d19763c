/*
 * explorer/plans.h - which tiny region each policy is explored in: a row for
 * those that need their own, else by what the policy can do.
 */
#ifndef EXPLORER_PLANS_H
#define EXPLORER_PLANS_H

#include "explorer.h"

enum plans_scale {
    PLANS_QUICK, /* a blink, for mutants */
    PLANS_CHECK, /* some seconds */
    PLANS_SOAK   /* some minutes */
};

/* The number-th plan of a policy, from 0 on; false: it has fewer, and at least
   one.  rows, ended by NULL, are those that a source is chosen from. */
bool plans_make(const struct polished_ops *ops,
                const struct polished_ops *const *rows, enum plans_scale scale,
                unsigned number, struct explorer_plan *plan);

#endif
