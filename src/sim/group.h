/* sim/group.h - marks, and the events that end many blocks at once. */
#ifndef SIM_GROUP_H
#define SIM_GROUP_H

#include "sim/replay.h"

/* Apply it; false after a defect. */
bool sim_group_reset(struct sim_replay *replay,
                     const struct trace_event *event);
bool sim_group_destroy(struct sim_replay *replay,
                       const struct trace_event *event);
bool sim_group_mark(struct sim_replay *replay, const struct trace_event *event);
bool sim_group_rewind(struct sim_replay *replay,
                      const struct trace_event *event);

#endif
