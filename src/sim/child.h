/*
 * sim/child.h - a replay in a process of its own, so that a policy that
 * crashes or hangs is a row of the table and not the end of the run.
 */
#ifndef SIM_CHILD_H
#define SIM_CHILD_H

#include <sys/types.h>

#include "sim/feed.h"
#include "sim/memory.h"
#include "sim/simulate.h"
#include "sim/spec.h"
#include "sim/spool.h"

/* What parent and child both see. */
struct sim_shared {
    volatile uint64_t event; /* in work */
    volatile bool finished;  /* the child has come to its end */
    struct sim_policy policy;
    struct measure_census census; /* of a trace read by the child */
    struct trace_error error;
};

/* All that a child has to know. */
struct sim_task {
    struct sim_spec spec; /* of a foreign one, set in the child only */
    bool foreign;
    const struct sim_options *options;
    const struct sim_memory *memory;
    uint64_t align_bytes;
    const struct sim_spool *spool; /* NULL: read from reader */
    struct trace_reader *reader;
    struct sim_shared *shared;
    int shared_fd;        /* the pages of all tasks' shared, */
    size_t shared_bytes;  /* this one's */
    size_t shared_offset; /* among them */
    /* What its process does: sim_child_replay, or another question. */
    void (*work)(struct sim_task *task);
    void *context; /* of that work */
    pid_t pid;     /* 0: not started */
    uint64_t seen_event;
    double seen_seconds; /* when event last changed */
};

/* The usual work: replay the trace, and leave all in shared. */
void sim_child_replay(struct sim_task *task);

/* Start the task's process.  pid stays 0 if the system refuses. */
void sim_child_start(struct sim_task *task);

/* What the process does, fed and with its spec parsed; again is the feed to
   time by. */
void sim_child_work(struct sim_task *task, struct sim_feed *feed,
                    struct sim_feed *again);

/* The task's spool once more from its start. */
bool sim_child_feed(const struct sim_task *task, struct sim_feed *feed);

/* Has it ended?  Then its outcome is in shared->policy. */
bool sim_child_ended(struct sim_task *task);

/* End it: it made no progress for so long. */
void sim_child_stop(struct sim_task *task);

#endif
