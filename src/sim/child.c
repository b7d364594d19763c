#include "config.h"

#include "sim/child.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/bare.h"
#include "sim/relay.h"
#include "sim/replay.h"
#include "sim/suit.h"
#include "sim/worker.h"

bool sim_child_feed(const struct sim_task *task, struct sim_feed *feed)
{
    struct trace_reader *reader = task->reader;

    if (task->spool != NULL)
        reader =
            trace_open(task->spool->path, TRACE_MISUSE, &task->shared->error);
    return reader != NULL &&
           sim_feed_open(feed, reader, task->spool == NULL,
                         task->options->misuse, task->align_bytes);
}

/* Read and replay by turns; false: a defect. */
static bool child_alternate(struct sim_replay *replay, struct sim_feed *feed)
{
    static struct trace_event events[SIM_FEED_EVENTS];
    size_t count;

    while ((count = sim_feed_read(feed, events, SIM_FEED_EVENTS)) > 0)
        if (!sim_replay_events(replay, events, count))
            return false;
    return true;
}

/* Read ahead while replaying.  After a defect the census is that of the lot in
   which it was, however far the reader has come. */
static bool child_overlap(struct sim_replay *replay, struct sim_relay *relay)
{
    struct sim_feed *feed = relay->feed;
    const struct sim_lot *lot;
    bool sound = true;

    while ((lot = sim_relay_take(relay))->count > 0) {
        sound = sim_replay_events(replay, lot->events, lot->count);
        if (!sound)
            break;
        sim_relay_give(relay);
    }
    sim_relay_stop(relay);
    if (!sound) {
        feed->census = lot->census;
        feed->error.kind = TRACE_FINE;
    }
    return sound;
}

static void child_replay(struct sim_task *task, struct sim_feed *feed)
{
    static struct sim_replay replay;
    static struct sim_relay relay;
    const struct measure_census *census =
        task->spool != NULL ? &task->spool->census : NULL;
    bool sound;

    replay.options = task->options;
    replay.align_bytes = task->align_bytes;
    replay.out = &task->shared->policy;
    replay.feed = feed;
    replay.event = &task->shared->event;
    if (!sim_replay_begin(&replay, &task->spec, task->memory, census))
        return;
    sound = feed->live != NULL && sim_relay_start(&relay, feed)
                ? child_overlap(&replay, &relay)
                : child_alternate(&replay, feed);
    if (sound && feed->error.kind == TRACE_FINE)
        sim_replay_end(&replay);
    /* It was read to its end before: now somebody has meddled. */
    if ((feed->reader == NULL || task->foreign) &&
        feed->error.kind != TRACE_FINE)
        sim_replay_defect(&replay, "%s", feed->error.what);
    else
        task->shared->error = feed->error;
    task->shared->census = feed->census;
}

void sim_child_work(struct sim_task *task, struct sim_feed *feed,
                    struct sim_feed *again)
{
    const struct sim_policy *policy = &task->shared->policy;

    child_replay(task, feed);
    if (task->options->time && policy->outcome <= SIM_FAILED &&
        task->spool != NULL && again != NULL)
        sim_bare(&task->spec, task->memory, again, &task->spool->census,
                 task->align_bytes, &task->shared->policy.tally);
    task->shared->finished = true;
}

/* What a plug-in prints is no part of the result. */
static void child_hush(void)
{
    dup2(STDERR_FILENO, STDOUT_FILENO);
}

/* A foreign spec is parsed where its code may do what it likes. */
static bool child_parse(struct sim_task *task)
{
    struct sim_policy *policy = &task->shared->policy;

    child_hush();
    if (sim_spec_parse(policy->spec, &task->spec, policy->reason,
                       sizeof policy->reason)) {
        sim_spec_name(&task->spec, policy->name, sizeof policy->name);
        if (sim_suited(&task->spec, &task->spool->census, policy->reason,
                       sizeof policy->reason))
            return true;
    }
    policy->outcome = SIM_UNSUITED;
    task->shared->finished = true;
    return false;
}

void sim_child_replay(struct sim_task *task)
{
    static struct sim_feed feed, again;
    bool timed = task->options->time && task->spool != NULL;

    if (sim_worker_wanted(task)) {
        sim_worker_become(task);
        return;
    }
    if (sim_child_feed(task, &feed))
        sim_child_work(task, &feed,
                       timed && sim_child_feed(task, &again) ? &again : NULL);
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
        if (!task->foreign || child_parse(task))
            task->work(task);
        _exit(0);
    }
    if (task->pid < 0)
        task->pid = 0;
}

static void child_crashed(struct sim_task *task, int status)
{
    struct sim_policy *policy = &task->shared->policy;
    const char *when =
        task->shared->event == 0 ? " before the first event" : "";

    policy->outcome = SIM_CRASHED;
    policy->defect_event = task->shared->event;
    if (WIFSIGNALED(status))
        snprintf(policy->defect_what, sizeof policy->defect_what,
                 "its process was ended by signal %d (%s)%s", WTERMSIG(status),
                 strsignal(WTERMSIG(status)), when);
    else
        snprintf(policy->defect_what, sizeof policy->defect_what,
                 "its process ended with exit code %d%s", WEXITSTATUS(status),
                 when);
}

/* Foreign code can write to what it shares with us: strings end, and what is
   an index is in range. */
static void child_distrust(struct sim_policy *policy)
{
    char *const texts[] = {policy->name, policy->spec, policy->reason,
                           policy->defect_what};
    const size_t bytes[] = {sizeof policy->name, sizeof policy->spec,
                            sizeof policy->reason, sizeof policy->defect_what};
    bool sane = policy->outcome < SIM_OUTCOME_COUNT &&
                policy->first.verdict < SIM_VERDICT_COUNT;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        texts[i][bytes[i] - 1] = '\0';
    for (int i = 0; i < SIM_VERDICT_COUNT; i++)
        sane = sane && policy->first_of[i].verdict < SIM_VERDICT_COUNT;
    if (sane)
        return;
    policy->outcome = SIM_DEFECT;
    snprintf(policy->defect_what, sizeof policy->defect_what,
             "wrote to memory of the replay");
}

bool sim_child_ended(struct sim_task *task)
{
    int status;

    if (waitpid(task->pid, &status, WNOHANG) != task->pid)
        return false;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 ||
        !task->shared->finished)
        child_crashed(task, status);
    child_distrust(&task->shared->policy);
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
             "made no progress for %u seconds%s",
             task->options->timeout_seconds,
             task->shared->event == 0 ? " before the first event" : "");
    child_distrust(policy);
}
