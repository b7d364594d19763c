#include "config.h"

#include "sim/crew.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

enum { CREW_TICK_NS = 100 * 1000 * 1000 };

static double crew_now_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static unsigned crew_jobs(const struct sim_options *options)
{
    long processors;

    if (options->time) /* a neighbour would be heard */
        return 1;
    if (options->jobs != 0)
        return options->jobs;
    processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? 1 : (unsigned)processors;
}

static bool crew_to_run(const struct sim_task *task)
{
    return task->shared->policy.outcome != SIM_UNSUITED;
}

/* A task that does not move for too long is stopped. */
static bool crew_over(struct sim_task *task, double now_seconds)
{
    unsigned timeout_seconds = task->options->timeout_seconds;

    if (sim_child_ended(task))
        return true;
    if (task->shared->event != task->seen_event) {
        task->seen_event = task->shared->event;
        task->seen_seconds = now_seconds;
    }
    if (timeout_seconds == 0 ||
        now_seconds - task->seen_seconds < timeout_seconds)
        return false;
    sim_child_stop(task);
    return true;
}

static void crew_report(const struct sim_crew *crew,
                        const struct sim_options *options,
                        uint64_t total_events)
{
    struct sim_progress progress = {.total = total_events};

    if (options->progress == NULL)
        return;
    for (size_t i = 0; i < crew->count; i++) {
        progress.done += crew->shared[i].event;
        if (crew->tasks[i].pid > 0)
            progress.what = crew->shared[i].policy.spec;
    }
    options->progress(options->context, &progress);
}

/* Start what may be started; SIGCHLD is blocked only in the parent. */
static bool crew_start(struct sim_task *task, const sigset_t *before)
{
    sigset_t child;

    if (!crew_to_run(task))
        return false;
    sigprocmask(SIG_SETMASK, before, &child);
    task->seen_seconds = crew_now_seconds();
    sim_child_start(task);
    sigprocmask(SIG_SETMASK, &child, NULL);
    return task->pid != 0;
}

/* How many of these have ended since the last look. */
static size_t crew_ended(struct sim_task *tasks, size_t count)
{
    size_t ended = 0;

    for (size_t i = 0; i < count; i++)
        if (tasks[i].pid > 0 && crew_over(&tasks[i], crew_now_seconds())) {
            tasks[i].pid = 0;
            ended++;
        }
    return ended;
}

static void crew_work(struct sim_crew *crew, const struct sim_options *options,
                      uint64_t each_events, const sigset_t *child,
                      const sigset_t *before)
{
    const struct timespec tick = {0, CREW_TICK_NS};
    size_t next = 0, running = 0, tasks = 0;

    for (size_t i = 0; i < crew->count; i++)
        tasks += crew_to_run(&crew->tasks[i]);
    while (next < crew->count || running > 0) {
        while (next < crew->count && running < crew_jobs(options))
            running += crew_start(&crew->tasks[next++], before);
        if (running > 0)
            sigtimedwait(child, NULL, &tick);
        running -= crew_ended(crew->tasks, next);
        crew_report(crew, options, each_events * tasks);
    }
}

void sim_crew_run(struct sim_crew *crew, const struct sim_options *options,
                  uint64_t each_events)
{
    sigset_t child, before;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &before);
    crew_work(crew, options, each_events, &child, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
}
