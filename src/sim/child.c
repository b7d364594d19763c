#include "config.h"

#include "sim/child.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/bare.h"
#include "sim/feed.h"
#include "sim/replay.h"

static bool child_feed(struct sim_feed *feed, const struct sim_task *task)
{
    struct trace_reader *reader = task->reader;

    if (task->spool != NULL)
        reader =
            trace_open(task->spool->path, TRACE_MISUSE, &task->shared->error);
    return reader != NULL &&
           sim_feed_open(feed, reader, task->spool == NULL,
                         task->options->misuse, task->align_bytes);
}

static void child_replay(struct sim_task *task, struct sim_feed *feed)
{
    static struct sim_replay replay;
    static struct trace_event events[SIM_FEED_EVENTS];
    const struct measure_census *census =
        task->spool != NULL ? &task->spool->census : NULL;
    size_t count;
    bool sound = true;

    replay.options = task->options;
    replay.align_bytes = task->align_bytes;
    replay.out = &task->shared->policy;
    replay.feed = feed;
    replay.event = &task->shared->event;
    if (!sim_replay_begin(&replay, &task->spec, task->memory, census))
        return;
    while (sound && (count = sim_feed_read(feed, events, SIM_FEED_EVENTS)) > 0)
        sound = sim_replay_events(&replay, events, count);
    if (sound && feed->error.kind == TRACE_FINE)
        sim_replay_end(&replay);
    task->shared->error = feed->error;
    task->shared->census = feed->census;
}

static void child_main(struct sim_task *task)
{
    static struct sim_feed feed;

    if (!child_feed(&feed, task))
        return;
    child_replay(task, &feed);
    if (task->options->time && task->shared->policy.outcome <= SIM_FAILED &&
        task->spool != NULL)
        sim_bare(&task->spec, task->memory, task->spool, task->align_bytes,
                 &task->shared->policy.tally);
}

void sim_child_start(struct sim_task *task)
{
    struct sim_policy *policy = &task->shared->policy;

    /* Until it says otherwise, it has crashed. */
    policy->outcome = SIM_CRASHED;
    snprintf(policy->defect_what, sizeof policy->defect_what,
             "its process could not be started");
    fflush(NULL);
    task->pid = fork();
    if (task->pid == 0) {
        policy->defect_what[0] = '\0';
        child_main(task);
        _exit(0);
    }
    if (task->pid < 0)
        task->pid = 0;
}

static void child_crashed(struct sim_task *task, int status)
{
    struct sim_policy *policy = &task->shared->policy;

    policy->outcome = SIM_CRASHED;
    policy->defect_event = task->shared->event;
    if (WIFSIGNALED(status))
        snprintf(policy->defect_what, sizeof policy->defect_what,
                 "its process was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(policy->defect_what, sizeof policy->defect_what,
                 "its process ended with exit code %d", WEXITSTATUS(status));
}

bool sim_child_ended(struct sim_task *task)
{
    int status;

    if (waitpid(task->pid, &status, WNOHANG) != task->pid)
        return false;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        child_crashed(task, status);
    return true;
}

void sim_child_stop(struct sim_task *task)
{
    struct sim_policy *policy = &task->shared->policy;
    int status;

    kill(task->pid, SIGKILL);
    waitpid(task->pid, &status, 0);
    policy->outcome = SIM_TIMEOUT;
    policy->defect_event = task->shared->event;
    snprintf(policy->defect_what, sizeof policy->defect_what,
             "made no progress for %u seconds", task->options->timeout_seconds);
}
