#include "config.h"

#include "sim/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sim/pages.h"
#include "sim/touch.h"

#define WORKER_NAME    "polished-worker"
#define WORKER_PROGRAM "/proc/self/exe"

enum { WORKER_PATH_BYTES = 64, WORKER_STACK_BYTES = 64 * 1024 };

/* What stands in the pipe before the events.  Nothing in it points. */
struct worker_job {
    char module[WORKER_PATH_BYTES]; /* preloaded under this name; "": none */
    struct sim_options options;
    struct sim_memory memory;
    struct measure_census census;
    uint64_t align_bytes;
    int shared_fd;
    size_t shared_bytes, shared_offset;
};

/* Has main been so kind to call sim_worker?  Without it this program, executed
   anew, would just begin again. */
static bool worker_ready;

bool sim_worker_may_run(const char *spec)
{
    return sim_spec_is_foreign(spec) || strcmp(spec, host_system_ops.name) == 0;
}

bool sim_worker_wanted(const struct sim_task *task)
{
    const struct host_row *host = task->spec.host;

    return host != NULL && host->unbounded && task->spool != NULL &&
           (worker_ready || task->spec.preload[0] != '\0');
}

/* --- the child, until it is the worker --------------------------------- */

static void worker_unsuited(struct sim_task *task, const char *why)
{
    struct sim_policy *policy = &task->shared->policy;

    policy->outcome = SIM_UNSUITED;
    snprintf(policy->reason, sizeof policy->reason, "%s", why);
    task->shared->finished = true;
}

static void worker_fill(struct worker_job *job, const struct sim_task *task,
                        int module_fd)
{
    *job = (struct worker_job){
        .options = *task->options,
        .memory = *task->memory,
        .census = task->spool->census,
        .align_bytes = task->align_bytes,
        .shared_fd = task->shared_fd,
        .shared_bytes = task->shared_bytes,
        .shared_offset = task->shared_offset,
    };
    job->options.specs = NULL;
    job->options.progress = NULL;
    job->options.context = NULL;
    job->options.ask = NULL;
    job->options.asker = NULL;
    job->memory.holes = NULL;
    job->memory.hole_count = 0;
    if (module_fd >= 0)
        snprintf(job->module, sizeof job->module, "/proc/self/fd/%d",
                 module_fd);
}

/* The feeder: the trace once, and once more if there is a pass to time. */
static void worker_feed(const struct sim_task *task,
                        const struct worker_job *job, int pipe)
{
    static struct sim_feed feed;
    int passes = task->options->time ? 2 : 1;

    if (!sim_feed_put(pipe, job, sizeof *job))
        return;
    while (passes-- > 0) {
        if (!sim_child_feed(task, &feed) || !sim_feed_pour(&feed, pipe))
            return;
        sim_feed_close(&feed);
    }
}

/* The module by its open file, so that no sign in its path can confuse the
   loader; what was to be preloaded anyway comes behind it. */
static bool worker_preload(const struct worker_job *job)
{
    const char *before = getenv("LD_PRELOAD");
    char value[2 * SIM_SPEC_BYTES];
    int letters =
        snprintf(value, sizeof value, "%s%s%s", job->module,
                 before == NULL ? "" : ":", before == NULL ? "" : before);

    return letters < (int)sizeof value && setenv("LD_PRELOAD", value, 1) == 0;
}

/* Runs repeat only with the same addresses and with pages of one size; where
   the system does not grant it, they repeat less exactly. */
static void worker_steady(void)
{
    int now = personality(0xffffffff);

    if (now != -1)
        personality((unsigned long)now | ADDR_NO_RANDOMIZE);
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    setenv("LD_BIND_NOW", "1", 1);
}

/* Split in two: the feeder, which ends here, and who is to be the worker. */
static bool worker_split(const struct sim_task *task,
                         const struct worker_job *job)
{
    int ends[2];
    pid_t feeder;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    feeder = fork();
    if (feeder == 0) {
        close(ends[0]);
        worker_feed(task, job, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    return feeder > 0 && dup2(ends[0], STDIN_FILENO) == STDIN_FILENO &&
           fcntl(task->shared_fd, F_SETFD, 0) == 0;
}

void sim_worker_become(struct sim_task *task)
{
    char *arguments[] = {WORKER_NAME, NULL};
    struct worker_job job;
    int module_fd = -1;

    if (!worker_ready) {
        worker_unsuited(task, "this program replays no malloc");
        return;
    }
    if (task->spec.preload[0] != '\0') {
        module_fd = open(task->spec.preload, O_RDONLY);
        if (module_fd < 0) {
            worker_unsuited(task, strerror(errno));
            return;
        }
    }
    worker_fill(&job, task, module_fd);
    worker_steady();
    if (worker_split(task, &job) && (module_fd < 0 || worker_preload(&job)))
        execv(WORKER_PROGRAM, arguments);
    worker_unsuited(task, "no process to replay it in can be had");
}

/* --- the worker -------------------------------------------------------- */

/* Whatever private page this program will need, it has before the malloc's
   are counted: its variables, and some of its stack. */
static void worker_warm(void)
{
    extern char edata, end; /* the linker's, around what begins as zeros */
    unsigned char stack[WORKER_STACK_BYTES];

    sim_touch(stack, sizeof stack);
    sim_touch((unsigned char *)&edata, (uint64_t)(&end - &edata));
}

static bool worker_take(const struct worker_job *job, struct sim_task *task)
{
    char *shared = sim_pages_join(job->shared_bytes, job->shared_fd);

    if (shared == NULL)
        return false;
    task->options = &job->options;
    task->memory = &job->memory;
    task->align_bytes = job->align_bytes;
    task->shared = (struct sim_shared *)(shared + job->shared_offset);
    task->spec.layers[0].ops = &host_system_ops;
    task->spec.layer_count = 1;
    task->spec.host = host_row_of(&host_system_ops);
    return true;
}

static void worker_main(void)
{
    static struct worker_job job;
    static struct sim_task task;
    static struct sim_spool spool;
    static struct sim_feed feed;

    sim_pages_set_apart();
    worker_warm();
    if (!sim_feed_get(STDIN_FILENO, &job, sizeof job) ||
        !worker_take(&job, &task))
        return;
    spool.census = job.census;
    task.spool = &spool;
    if (job.module[0] != '\0' && !host_system_is(job.module)) {
        worker_unsuited(&task, "it cannot be preloaded into this program");
        return;
    }
    sim_feed_join(&feed, STDIN_FILENO);
    sim_child_work(&task, &feed, &feed);
}

void sim_worker(int argc, char **argv)
{
    worker_ready = true;
    if (argc != 1 || strcmp(argv[0], WORKER_NAME) != 0)
        return;
    worker_main();
    _exit(0);
}
