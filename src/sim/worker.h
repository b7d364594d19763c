/*
 * sim/worker.h - the replay in a program executed anew, whose malloc is the
 * one that is measured.
 *
 * A malloc cannot be loaded like a policy: of what it calls, dlopen would bind
 * malloc and free to the C library's.  It is preloaded, into a process
 * that is this same program and does nothing but replay:
 *
 *     polished-sim -- forks, executes --> worker     LD_PRELOAD=the malloc
 *          +--------- forks --> feeder --pipe--+     no reader, no stdio
 *
 * The feeder reads the trace, and the worker's own tables are shared pages:
 * every private page that it gains is the malloc's.
 */
#ifndef SIM_WORKER_H
#define SIM_WORKER_H

#include "sim/child.h"

/*
 * A program that replays calls this first of all in main.  In a worker it
 * does not return.
 */
void sim_worker(int argc, char **argv);

/* Is this task for a worker? */
bool sim_worker_wanted(const struct sim_task *task);

/* The same before a task is made: true if in doubt. */
bool sim_worker_may_run(const char *spec);

/* In a child: turn into the worker of the task.  Returns if that fails, and
   then the task's policy says why. */
void sim_worker_become(struct sim_task *task);

#endif
