/* sim/verdict.h - shortage or fragmentation? */
#ifndef SIM_VERDICT_H
#define SIM_VERDICT_H

#include <stdbool.h>

#include "sim/result.h"

/* May a policy answer so to a request that it does not serve?  Anything else
   is a defect. */
bool sim_may_refuse(enum polished_status status);

/* What the verdict rests on, beside the failure itself. */
struct sim_evidence {
    uint64_t largest_piece_bytes; /* of the memory map */
    uint64_t fits; /* free holes that would hold the request as it asks */
};

/* Does the verdict stand without a walk over the heap? */
bool sim_judge_at_once(struct sim_failure *failure,
                       const struct sim_evidence *evidence);

/* The first verdict that holds; all of failure but verdict is set. */
void sim_judge(struct sim_failure *failure,
               const struct sim_evidence *evidence);

#endif
