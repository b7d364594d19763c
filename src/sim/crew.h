/* sim/crew.h - the children of a run, so many at a time. */
#ifndef SIM_CREW_H
#define SIM_CREW_H

#include "sim/child.h"

struct sim_crew {
    struct sim_task *tasks;
    size_t count;
    struct sim_shared *shared; /* one per task, seen by the children */
    size_t shared_bytes;
    int shared_fd; /* good if shared is not NULL */
};

/* Run all tasks but those that are unsuited already.  each_events: how many
   events a task will count; 0: not known. */
void sim_crew_run(struct sim_crew *crew, const struct sim_options *options,
                  uint64_t each_events);

#endif
