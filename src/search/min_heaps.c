#include "config.h"

#include "search/min_heaps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "search/blame.h"
#include "sim/crew.h"
#include "sim/pages.h"
#include "sim/rank.h"
#include "sim/spool.h"

enum { MIN_HEAPS_BLAME_SHARE = 3 }; /* of the steps, for each what-if */

/* What a child leaves for its parent. */
struct min_heaps_shared {
    volatile uint64_t bytes; /* the size in work */
    struct search_min_heap answer;
    struct sim_blame blame;
};

/* All that children have to know. */
struct min_heaps {
    const struct sim_ground *ground;
    const struct search_asked *asked;
    struct search_tape tape;
    uint64_t memory_bytes;           /* of the replay */
    struct min_heaps_shared *shared; /* one per task */
    int shared_fd;                   /* good if shared is not NULL */
    struct sim_crew crew;
    size_t *rows; /* of the run, by task */
};

static bool min_heaps_refuse(struct trace_error *error)
{
    *error = (struct trace_error){.kind = TRACE_INTERNAL};
    snprintf(error->what, sizeof error->what, "out of memory");
    return false;
}

/* What no heap size changes: nothing to search for. */
static bool min_heaps_at_once(const struct min_heaps *work,
                              const struct sim_spec *spec,
                              struct search_min_heap *answer)
{
    if (spec->host != NULL && spec->host->unbounded) {
        answer->status = SIM_MIN_HEAP_UNASKED; /* no heap bounds it */
        return true;
    }
    if (work->tape.misused) {
        answer->status = SIM_MIN_HEAP_NONE;
        strcpy(answer->reason, "the trace misuses its heap");
        return true;
    }
    if (spec->host == NULL || !spec->host->placeless)
        return false;
    answer->status = SIM_MIN_HEAP_EXACT;
    answer->bytes = answer->smallest_bytes = work->tape.peak_live_bytes;
    return true;
}

/* Only of a heap in which all passes can be said who fragments it. */
static bool min_heaps_blame(const struct min_heaps *work,
                            const struct search_ground *ground,
                            struct min_heaps_shared *shared)
{
    return !work->asked->blame || shared->answer.bytes == 0 ||
           search_blame(ground, shared->answer.bytes,
                        work->asked->most_steps / MIN_HEAPS_BLAME_SHARE,
                        &shared->blame);
}

/* The child's work; it has passed once it has come to its end. */
static void min_heaps_search(struct sim_task *task)
{
    struct min_heaps *work = task->context;
    struct min_heaps_shared *shared =
        &work->shared[task->shared - work->crew.shared];
    const struct search_ground ground = {
        .spec = &task->spec,
        .tape = &work->tape,
        .map = work->ground->map,
        .map_count = work->ground->map_count,
        .asked_bytes = work->memory_bytes,
        .steps = &task->shared->event,
        .bytes = &shared->bytes,
    };

    task->shared->finished = true;
    if (min_heaps_at_once(work, &task->spec, &shared->answer) ||
        (search_min_heap(&ground, work->asked->most_steps, &shared->answer) &&
         min_heaps_blame(work, &ground, shared)))
        task->shared->policy.outcome = SIM_PASSED;
    else
        snprintf(task->shared->policy.defect_what, SIM_TEXT_BYTES,
                 "no memory left for the search");
}

/* Is there anything to search for, for this policy? */
static bool min_heaps_task(struct min_heaps *work,
                           const struct sim_policy *policy,
                           struct sim_task *task)
{
    char why[SIM_TEXT_BYTES];

    if (policy->outcome != SIM_PASSED && policy->outcome != SIM_FAILED)
        return false;
    task->foreign = sim_spec_is_foreign(policy->spec);
    if (!task->foreign &&
        !sim_spec_parse(policy->spec, &task->spec, why, sizeof why))
        return false;
    if (!task->foreign)
        sim_spec_heaps(&task->spec, work->ground->spool->census.heaps);
    task->options = work->ground->options;
    task->spool = work->ground->spool;
    task->work = min_heaps_search;
    task->context = work;
    task->shared = &work->crew.shared[work->crew.count];
    memcpy(task->shared->policy.spec, policy->spec, sizeof policy->spec);
    return true;
}

static double min_heaps_pace(const struct sim_policy *policy)
{
    const struct measure_histogram *steps = &policy->tally.steps;

    return steps->count == 0 ? 0 : (double)steps->sum / (double)steps->count;
}

/* The slowest first, lest it works on alone when all others are done. */
static void min_heaps_order(const struct sim_run *run, size_t *rows)
{
    for (size_t i = 0; i < run->policy_count; i++) {
        double pace = min_heaps_pace(&run->policies[i]);
        size_t at = i;

        for (; at > 0 && min_heaps_pace(&run->policies[rows[at - 1]]) < pace;
             at--)
            rows[at] = rows[at - 1];
        rows[at] = i;
    }
}

static bool min_heaps_plan(struct min_heaps *work, struct sim_run *run)
{
    struct sim_crew *crew = &work->crew;
    size_t count = run->policy_count;

    crew->tasks = calloc(count, sizeof *crew->tasks);
    crew->shared_bytes = count * sizeof *crew->shared;
    crew->shared = sim_pages_shared(crew->shared_bytes, &crew->shared_fd);
    work->shared =
        sim_pages_shared(count * sizeof *work->shared, &work->shared_fd);
    work->rows = calloc(count, sizeof *work->rows);
    if (crew->tasks == NULL || crew->shared == NULL || work->shared == NULL ||
        work->rows == NULL)
        return false;
    min_heaps_order(run, work->rows);
    for (size_t i = 0; i < count; i++)
        if (min_heaps_task(work, &run->policies[work->rows[i]],
                           &crew->tasks[crew->count]))
            work->rows[crew->count++] = work->rows[i];
    return true;
}

/* It broke down in a heap of another size than that of the replay. */
static void min_heaps_broke(const struct min_heaps_shared *shared,
                            const struct sim_policy *child,
                            struct sim_policy *policy)
{
    policy->outcome = child->outcome;
    policy->defect_event = 0;
    snprintf(policy->defect_what, sizeof policy->defect_what,
             "in a heap of %" PRIu64 " bytes: %.200s", shared->bytes,
             child->defect_what);
}

static void min_heaps_collect(const struct min_heaps_shared *shared,
                              const struct sim_policy *child,
                              struct sim_policy *policy)
{
    const struct search_min_heap *answer = &shared->answer;

    if (child->outcome != SIM_PASSED) {
        min_heaps_broke(shared, child, policy);
        return;
    }
    if (answer->defect_event != 0) {
        policy->outcome = SIM_DEFECT;
        policy->defect_event = answer->defect_event;
        snprintf(policy->defect_what, sizeof policy->defect_what,
                 "in a heap of %" PRIu64 " bytes: refused a proper call: %s",
                 answer->defect_bytes,
                 polished_status_name(answer->defect_status));
        return;
    }
    policy->min_heap_status = answer->status;
    policy->min_heap_bytes = answer->bytes;
    policy->min_heap_smallest_bytes = answer->smallest_bytes;
    policy->min_heap_anomalies = answer->anomalies;
    memcpy(policy->min_heap_reason, answer->reason, sizeof answer->reason);
    policy->blame = shared->blame;
}

static void min_heaps_free(struct min_heaps *work, size_t count)
{
    search_tape_free(&work->tape);
    if (work->crew.shared != NULL)
        close(work->crew.shared_fd);
    if (work->shared != NULL)
        close(work->shared_fd);
    sim_pages_free(work->crew.shared, work->crew.shared_bytes);
    sim_pages_free(work->shared, count * sizeof *work->shared);
    free(work->crew.tasks);
    free(work->rows);
}

/* The names of the sites to blame. */
static bool min_heaps_sites(struct sim_run *run, const struct sim_spool *spool,
                            struct trace_error *error)
{
    for (size_t p = 0; p < run->policy_count; p++)
        for (size_t i = 0; i < SIM_CULPRITS; i++) {
            struct sim_culprit *culprit = &run->policies[p].blame.culprits[i];

            if (culprit->site != 0 && !sim_spool_text(spool, culprit->site - 1,
                                                      culprit->label, error))
                return false;
        }
    return true;
}

bool search_min_heaps(struct sim_run *run, const struct sim_ground *ground,
                      const struct search_asked *asked,
                      struct trace_error *error)
{
    struct min_heaps work = {
        .ground = ground, .asked = asked, .memory_bytes = run->memory_bytes};
    bool fine;

    search_tape_begin(&work.tape, run->align_bytes);
    fine = sim_spool_each(ground->spool, search_tape_add, &work.tape, error);
    if (fine && !min_heaps_plan(&work, run))
        fine = min_heaps_refuse(error);
    if (fine) {
        sim_crew_run(&work.crew, ground->options, 0);
        for (size_t i = 0; i < work.crew.count; i++)
            min_heaps_collect(&work.shared[i], &work.crew.shared[i].policy,
                              &run->policies[work.rows[i]]);
        sim_rank(run->policies, run->policy_count);
        fine = min_heaps_sites(run, ground->spool, error);
    }
    min_heaps_free(&work, run->policy_count);
    return fine;
}
