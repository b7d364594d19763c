/* sim/rank.h - the best policy first. */
#ifndef SIM_RANK_H
#define SIM_RANK_H

#include "sim/result.h"

void sim_rank(struct sim_policy *policies, size_t count);

#endif
