/*
 * min_heap.c - the search for the safe minimum, over the whole memory in
 * steps of SEARCH_GRAIN bytes.
 *
 * Of a policy that keeps its slack each trial settles a class of sizes.  A
 * scan from a size that no placement can exceed down through one class after
 * the other leaves none out: the first that fails bounds the safe minimum
 * exactly.  (Of first fit the first class reaches down to its extent.)
 *
 * Other policies, and those whose classes are too many for the budget: a size
 * that passes is bisected against one that fails; evenly spaced sizes above
 * the answer and all of those just above it are tried; and one that fails
 * there raises it.
 */
#include "config.h"

#include "search/min_heap.h"

#include <inttypes.h>
#include <stdio.h>

#include "search/seen.h"
#include "sim/verdict.h"

enum {
    MIN_HEAP_PROBES = 64,       /* evenly spaced */
    MIN_HEAP_CLOSER = 4,        /* and again in so small a part of the range */
    MIN_HEAP_RANGES = 6,        /* about */
    MIN_HEAP_NEAR_BYTES = 4096, /* scanned above the answer */
    MIN_HEAP_BISECTION = 32,    /* trials, about */
    MIN_HEAP_TRIAL_STEPS = 64,  /* what it costs to make a heap, in steps */
    MIN_HEAP_ROOM_BYTES = 65536,
    MIN_HEAP_WINDOW = 64,   /* trials after which a scan is judged */
    MIN_HEAP_HOPE = 4,      /* it may become so many times as fast */
    MIN_HEAP_PATIENCE = 16, /* times what holds every request apart */
    MIN_HEAP_BELOW = 16     /* of the budget that part: below the answer */
};
static const uint64_t min_heap_most_bytes = UINT64_C(1) << 40;
static const uint64_t min_heap_enough_bytes = UINT64_C(1) << 32;
static const uint64_t min_heap_roam_bytes = UINT64_C(1) << 28;

struct min_heap {
    struct search_trial trial;
    struct search_seen seen;
    struct search_min_heap *answer;
    struct search_class last; /* trial's */
    uint64_t floor_bytes;     /* less cannot hold what is alive */
    uint64_t top_bytes;       /* the largest size that was tried */
    uint64_t spent, budget;   /* in steps */
    bool short_of_memory;
};

static uint64_t min_heap_round(uint64_t bytes)
{
    return bytes / SEARCH_GRAIN * SEARCH_GRAIN;
}

/* May one more trial be made?  Two are always: a top and what is below. */
static bool min_heap_may(const struct min_heap *search)
{
    return search->answer->defect_event == 0 && !search->short_of_memory &&
           (search->answer->trials < 2 || search->spent < search->budget);
}

/* Was it refused as no policy may? */
static bool min_heap_broke(const struct min_heap *search)
{
    const struct search_class *last = &search->last;
    const struct search_step *steps = search->trial.ground.tape->steps;

    if (last->passed || last->roamed || !last->made)
        return false;
    return !sim_may_refuse(last->status) ||
           (steps[last->step].op == TRACE_FREE &&
            last->status != POLISHED_BAD_ORDER &&
            last->status != POLISHED_UNSUPPORTED);
}

/* Try a size.  What it answers is in search->last, and seen. */
static bool min_heap_try(struct min_heap *search, uint64_t bytes)
{
    struct search_class *last = &search->last;
    struct search_min_heap *answer = search->answer;

    search_trial_run(&search->trial, bytes, last);
    answer->trials++;
    search->spent += MIN_HEAP_TRIAL_STEPS + last->cost;
    if (min_heap_broke(search)) {
        answer->defect_status = last->status;
        answer->defect_bytes = bytes;
        answer->defect_event =
            search_tape_event(search->trial.ground.tape, last->step);
    }
    if (!last->roamed && !search_seen_add(&search->seen, last->low_bytes,
                                          last->high_bytes, last->passed))
        search->short_of_memory = true;
    if (bytes > search->top_bytes)
        search->top_bytes = bytes;
    return last->passed;
}

/* The largest size that can tell anything: every request could have memory
   of its own, whatever it is rounded up to, behind all holes of a map. */
static uint64_t min_heap_ceiling(const struct min_heap *search)
{
    const struct search_ground *ground = &search->trial.ground;
    const uint64_t most_need_bytes = min_heap_most_bytes / 8;
    uint64_t bytes = min_heap_most_bytes / 2;

    if (ground->tape->need_bytes < most_need_bytes)
        bytes = 4 * ground->tape->need_bytes + MIN_HEAP_ROOM_BYTES;
    for (size_t i = 0; i < ground->map_count; i++)
        bytes += ground->map[i].size_bytes < min_heap_most_bytes - bytes
                     ? ground->map[i].size_bytes
                     : min_heap_most_bytes - bytes;
    return min_heap_round(bytes);
}

/* Why no memory cures what was refused; NULL: some may. */
static const char *min_heap_incurable(const struct min_heap *search)
{
    static const char *const reasons[POLISHED_STATUS_COUNT] = {
        [POLISHED_QUOTA] = "its owner may have no more",
        [POLISHED_BAD_ORDER] = "it frees in another order only",
        [POLISHED_UNSUPPORTED] = "it has no such operation",
    };

    return search->last.made ? reasons[search->last.status] : NULL;
}

/* What fails in so much memory fails for another reason than shortage; control
   for all that could be tried would take gigabytes. */
static uint64_t min_heap_top(const struct min_heap *search)
{
    uint64_t bytes = min_heap_ceiling(search);

    if (bytes > min_heap_most_bytes / MIN_HEAP_PATIENCE)
        return min_heap_most_bytes;
    bytes *= MIN_HEAP_PATIENCE;
    return bytes < min_heap_enough_bytes ? min_heap_enough_bytes : bytes;
}

/* Double a size until it passes.  false: none does. */
static bool min_heap_double(struct min_heap *search)
{
    uint64_t bytes = 2 * search->floor_bytes + MIN_HEAP_NEAR_BYTES;
    uint64_t top_bytes = min_heap_top(search);

    for (;;) {
        if (bytes > top_bytes)
            bytes = top_bytes;
        if (!min_heap_may(search))
            return false;
        if (min_heap_try(search, bytes))
            return true;
        if (min_heap_incurable(search) != NULL || bytes == top_bytes)
            return false;
        bytes *= 2;
    }
}

/* The part of the budget that probing may come to need, at what a trial has
   cost so far. */
static uint64_t min_heap_reserve(const struct min_heap *search)
{
    const uint64_t trials = MIN_HEAP_BISECTION +
                            MIN_HEAP_RANGES * MIN_HEAP_PROBES +
                            MIN_HEAP_NEAR_BYTES / SEARCH_GRAIN;
    uint64_t reserve = search->spent / search->answer->trials * trials;
    uint64_t most = search->budget / 4 * 3;

    return reserve < most ? reserve : most;
}

/* What is left of the budget for a scan. */
static uint64_t min_heap_left(const struct min_heap *search)
{
    uint64_t kept = search->spent + min_heap_reserve(search);

    return search->budget > kept ? search->budget - kept : 0;
}

/* Where a scan was a window of trials ago, and what had been spent. */
struct min_heap_window {
    uint64_t bytes, spent;
};

/*
 * Would the rest of a scan cost several times what is left?  So it looks from
 * how far the last window of trials came, and for how much.
 */
static bool min_heap_is_hopeless(const struct min_heap *search, uint64_t bytes,
                                 const struct min_heap_window *window)
{
    uint64_t left = min_heap_left(search);
    uint64_t windows = (bytes - search->floor_bytes) / (window->bytes - bytes);

    return windows > left / (search->spent - window->spent) * MIN_HEAP_HOPE;
}

/* The answer is known: what lies below it is worth no more than a part. */
static void min_heap_found(struct min_heap *search)
{
    uint64_t most = search->spent + search->budget / MIN_HEAP_BELOW;

    if (most < search->budget)
        search->budget = most;
}

/* Go down from bytes, class by class.  The least size of the last class that
   passed; false: it is not known that the next one fails. */
static bool min_heap_scan(struct min_heap *search, uint64_t bytes,
                          uint64_t *safe_bytes)
{
    bool failed = false;
    struct min_heap_window window = {bytes, search->spent};

    for (uint64_t trial = 1;
         bytes >= search->floor_bytes && min_heap_may(search) &&
         (search->answer->trials < 2 || min_heap_left(search) > 0);
         trial++) {
        if (min_heap_try(search, bytes) && !failed)
            *safe_bytes = search->last.low_bytes;
        if (!search->last.passed && !failed)
            min_heap_found(search);
        failed = failed || !search->last.passed;
        bytes = search->last.low_bytes - SEARCH_GRAIN;
        if (failed || trial % MIN_HEAP_WINDOW != 0 ||
            bytes < search->floor_bytes)
            continue;
        if (min_heap_is_hopeless(search, bytes, &window))
            break;
        window = (struct min_heap_window){bytes, search->spent};
    }
    return failed || bytes < search->floor_bytes;
}

/* Halve what lies between a size that fails and one that passes. */
static uint64_t min_heap_bisect(struct min_heap *search, uint64_t fails,
                                uint64_t passes)
{
    while (passes - fails > SEARCH_GRAIN && min_heap_may(search)) {
        uint64_t middle = fails + min_heap_round((passes - fails) / 2);

        if (!min_heap_try(search, middle))
            fails = middle;
        else
            passes = search->last.low_bytes > fails ? search->last.low_bytes
                                                    : middle;
    }
    return passes;
}

/*
 * Try sizes from top down to answer, so many bytes apart.  What fails raises
 * the answer to above it; then no other has to be tried.
 */
static uint64_t min_heap_comb(struct min_heap *search, uint64_t answer,
                              uint64_t top, uint64_t apart_bytes)
{
    uint64_t passes = top;

    while (passes > answer && passes - answer > apart_bytes &&
           min_heap_may(search)) {
        uint64_t bytes = passes - apart_bytes;

        if (!min_heap_try(search, bytes))
            return min_heap_bisect(search, bytes, passes);
        passes = search->last.low_bytes;
    }
    return answer;
}

/* The greatest size below passes that is known to fail: the one that is known
   to matter, or what is less than what is alive. */
static uint64_t min_heap_failing(struct min_heap *search, uint64_t passes)
{
    uint64_t asked = min_heap_round(search->trial.ground.asked_bytes);

    return asked >= search->floor_bytes && asked < passes &&
                   min_heap_may(search) && !min_heap_try(search, asked)
               ? asked
               : search->floor_bytes - SEARCH_GRAIN;
}

/* Look for the answer below a size that passes; then ever closer above it,
   where most of what belies it lies. */
static void min_heap_probe(struct min_heap *search, uint64_t passes)
{
    uint64_t fails = min_heap_failing(search, passes);
    uint64_t answer = min_heap_bisect(search, fails, passes);
    uint64_t range_bytes = passes - answer;

    for (; range_bytes > MIN_HEAP_NEAR_BYTES; range_bytes /= MIN_HEAP_CLOSER)
        answer = min_heap_comb(search, answer,
                               answer + range_bytes < passes
                                   ? answer + min_heap_round(range_bytes)
                                   : passes,
                               min_heap_round(range_bytes / MIN_HEAP_PROBES));
    range_bytes = passes - answer < MIN_HEAP_NEAR_BYTES ? passes - answer
                                                        : MIN_HEAP_NEAR_BYTES;
    min_heap_comb(search, answer, answer + range_bytes, SEARCH_GRAIN);
}

static void min_heap_none(struct min_heap *search)
{
    const struct search_class *last = &search->last;
    struct search_min_heap *answer = search->answer;
    uint64_t event = search_tape_event(search->trial.ground.tape, last->step);
    const char *why = min_heap_incurable(search);

    answer->status = SIM_MIN_HEAP_NONE;
    if (!last->made)
        snprintf(answer->reason, sizeof answer->reason,
                 "it cannot manage %" PRIu64 " bytes", search->top_bytes);
    else if (why != NULL)
        snprintf(answer->reason, sizeof answer->reason,
                 "at event %" PRIu64 ": %s", event, why);
    else
        snprintf(answer->reason, sizeof answer->reason,
                 "it fails in %" PRIu64 " bytes too, at event %" PRIu64,
                 search->top_bytes, event);
}

/*
 * A top that passes, above which nothing changes if it can be had.  A policy
 * that would roam all over so large a memory gets a smaller one.
 */
static bool min_heap_begin(struct min_heap *search, bool *covered)
{
    search->trial.roam_bytes =
        search->trial.ground.spec->layers[0].ops->caps & POLISHED_NO_TOUCH
            ? 0
            : min_heap_roam_bytes + 4 * search->floor_bytes;
    *covered = search->trial.has_slack;
    if (*covered) {
        if (min_heap_try(search, min_heap_ceiling(search)))
            return true;
        if (!search->last.roamed)
            return false;
    }
    *covered = false;
    search->top_bytes = 0;
    search->trial.roam_bytes = 0;
    return min_heap_double(search);
}

static void min_heap_work(struct min_heap *search)
{
    uint64_t safe_bytes;
    bool covered, scanned = false;

    if (!min_heap_begin(search, &covered)) {
        min_heap_none(search);
        return;
    }
    safe_bytes = search->last.low_bytes;
    if (search->trial.has_slack)
        scanned = min_heap_scan(search, safe_bytes - SEARCH_GRAIN, &safe_bytes);
    if (!scanned)
        min_heap_probe(search, safe_bytes);
    search->answer->status =
        covered && scanned ? SIM_MIN_HEAP_EXACT : SIM_MIN_HEAP_PROBED;
}

static void min_heap_judge(struct min_heap *search)
{
    struct search_verdict verdict = search_seen_judge(&search->seen);
    struct search_min_heap *answer = search->answer;

    if (answer->status == SIM_MIN_HEAP_NONE || verdict.safe_bytes == 0)
        return;
    answer->bytes = verdict.safe_bytes;
    answer->smallest_bytes = verdict.smallest_bytes;
    answer->anomalies = verdict.anomalies;
}

bool search_min_heap(const struct search_ground *ground, uint64_t most_steps,
                     struct search_min_heap *answer)
{
    struct min_heap search = {.answer = answer, .budget = most_steps};
    uint64_t live_bytes = ground->tape->peak_live_bytes;

    *answer = (struct search_min_heap){.status = SIM_MIN_HEAP_NONE};
    if (live_bytes > min_heap_most_bytes) {
        snprintf(answer->reason, sizeof answer->reason,
                 "%" PRIu64 " bytes are alive at once", live_bytes);
        return true;
    }
    search.floor_bytes = min_heap_round(live_bytes + SEARCH_GRAIN - 1);
    if (search.floor_bytes == 0)
        search.floor_bytes = SEARCH_GRAIN;
    if (!search_trial_begin(&search.trial, ground))
        return false;
    min_heap_work(&search);
    min_heap_judge(&search);
    search_trial_end(&search.trial);
    search_seen_free(&search.seen);
    return !search.short_of_memory;
}
