/* sim/marks.h - marks that a policy can go back to by itself. */
#ifndef SIM_MARKS_H
#define SIM_MARKS_H

#include "sim/replay.h"

/* Remember this moment under a label, if the policy can. */
void sim_marks_set(struct sim_replay *replay, trace_string label);

/* Go back to the latest mark of that label.  false: the policy cannot, and
   its blocks have to be freed one by one. */
bool sim_marks_rewind(struct sim_replay *replay, trace_string label);

#endif
