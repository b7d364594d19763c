/* search/symptom.c - replays in a child. */
#include "config.h"

#include "search/symptom.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "search/min_heap.h"
#include "sim/replay.h"

/* To find a smallest heap: replays of a long trace, events of a short one. */
enum { SYMPTOM_REPLAYS = 32, SYMPTOM_EVENTS = 100000 };

/* All that the child has. */
struct symptom {
    const struct search_symptom *asked;
    const struct search_lives *lives;
    struct search_look *look;
    struct sim_spec spec;
    struct measure_census census;
    struct search_tape tape;
    struct sim_replay replay;
    volatile uint64_t event, bytes;
};

static bool symptom_count(void *context, const struct trace_event *event,
                          uint64_t ended_bytes)
{
    struct symptom *symptom = context;

    measure_census_add(&symptom->census, event, 1, &ended_bytes);
    symptom->look->short_of_memory = !search_tape_add(&symptom->tape, event, 1);
    return !symptom->look->short_of_memory;
}

/* Up to the first failure, which is all that counts. */
static bool symptom_step(void *context, const struct trace_event *event,
                         uint64_t ended_bytes)
{
    struct symptom *symptom = context;

    (void)ended_bytes;
    return sim_replay_events(&symptom->replay, event, 1) &&
           (symptom->asked->kind == SEARCH_BREAKS ||
            symptom->replay.out->failures_total == 0);
}

static bool symptom_memory(const struct symptom *symptom,
                           struct sim_memory *memory, uint64_t bytes)
{
    const struct search_symptom *asked = symptom->asked;

    if (asked->map != NULL)
        return sim_memory_map(memory, asked->map, asked->map_count, bytes);
    sim_memory_plain(memory, bytes);
    return true;
}

/* Replay with all that a verdict rests on. */
static void symptom_replay(struct symptom *symptom, uint64_t bytes)
{
    const bool whole = symptom->asked->kind == SEARCH_BREAKS;
    const struct sim_options options = {.verify = whole ? SIM_VERIFY_FULL
                                                        : SIM_VERIFY_NONE,
                                        .misuse = symptom->lives->misuse};
    static struct sim_memory memory;
    static struct sim_feed feed; /* for the names of extras */
    struct sim_policy *policy = &symptom->look->policy;

    feed.reader = symptom->lives->reader;
    if (!symptom_memory(symptom, &memory, bytes))
        return;
    if (symptom->census.largest_align_bytes > memory.congruence)
        memory.congruence = symptom->census.largest_align_bytes;
    *policy = (struct sim_policy){.outcome = SIM_PASSED};
    symptom->event = 0;
    symptom->replay = (struct sim_replay){
        .options = &options,
        .align_bytes = symptom->asked->align_bytes,
        .out = policy,
        .feed = &feed,
        .event = &symptom->event,
    };
    if (sim_replay_begin(&symptom->replay, &symptom->spec, &memory,
                         &symptom->census) &&
        search_lives_play(symptom->lives, symptom_step, symptom) &&
        policy->outcome == SIM_PASSED && (policy->failures_total == 0 || whole))
        sim_replay_end(&symptom->replay);
    symptom->look->replayed += symptom->event;
    symptom->look->event = symptom->event;
    symptom->look->memory_bytes = bytes;
}

/* The smallest safe heap, as far as some replays can tell; 0: none. */
static uint64_t symptom_need(struct symptom *symptom)
{
    const struct search_ground ground = {
        .spec = &symptom->spec,
        .tape = &symptom->tape,
        .map = symptom->asked->map,
        .map_count = symptom->asked->map_count,
        .steps = &symptom->look->replayed,
        .bytes = &symptom->bytes,
    };
    struct search_min_heap answer;

    return !symptom->tape.misused &&
                   search_min_heap(&ground,
                                   SYMPTOM_EVENTS +
                                       SYMPTOM_REPLAYS * symptom->tape.count,
                                   &answer)
               ? answer.bytes
               : 0;
}

/*
 * How bad it is in so much memory: the smaller the heap, the earlier in the
 * list of verdicts, but for those that no memory changes.
 */
static enum sim_verdict symptom_verdict(struct symptom *symptom, uint64_t bytes)
{
    const struct sim_policy *policy = &symptom->look->policy;

    symptom_replay(symptom, bytes);
    return policy->failures_total != 0 ? policy->first.verdict
                                       : SIM_VERDICT_COUNT;
}

static bool symptom_wanted(const struct symptom *symptom,
                           enum sim_verdict verdict)
{
    return verdict == symptom->asked->verdict ||
           (symptom->asked->verdict == SIM_VERDICT_COUNT &&
            symptom->look->policy.failures_total != 0);
}

/* Where to look first: what is alive has shrunk so much. */
static uint64_t symptom_guess(struct symptom *symptom)
{
    const struct search_symptom *asked = symptom->asked;
    double share = 1;

    if (asked->memory_bytes == 0)
        return symptom_need(symptom) - SEARCH_GRAIN;
    if (!asked->fixed && asked->peak_bytes > symptom->tape.peak_live_bytes)
        share =
            (double)symptom->tape.peak_live_bytes / (double)asked->peak_bytes;
    return (uint64_t)((double)asked->memory_bytes * share);
}

static void symptom_fails(struct symptom *symptom)
{
    const struct search_symptom *asked = symptom->asked;
    uint64_t bytes = symptom_guess(symptom);
    uint64_t high = asked->memory_bytes + 1, low = 0;
    enum sim_verdict verdict = symptom_verdict(symptom, bytes);

    if (!symptom_wanted(symptom, verdict) && bytes < asked->memory_bytes) {
        bytes = asked->memory_bytes;
        verdict = symptom_verdict(symptom, bytes);
    }
    while (!symptom_wanted(symptom, verdict) && !asked->fixed &&
           verdict >= SIM_IMPOSSIBLE &&
           symptom->look->policy.outcome == SIM_PASSED) {
        if (verdict > asked->verdict)
            high = bytes;
        else
            low = bytes;
        if (high - low <= SEARCH_GRAIN)
            break;
        bytes = low + (high - low) / 2;
        verdict = symptom_verdict(symptom, bytes);
    }
    symptom->look->peak_bytes = symptom->tape.peak_live_bytes;
    symptom->look->shows = symptom_wanted(symptom, verdict) &&
                           symptom->look->policy.outcome == SIM_PASSED;
}

/* The same words, whatever numbers are in them. */
static bool symptom_same(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (isdigit((unsigned char)*a) || *a == ',')
            a++;
        while (isdigit((unsigned char)*b) || *b == ',')
            b++;
        if (*a != *b || *a == '\0')
            return *a == *b;
    }
}

static void symptom_breaks(struct symptom *symptom)
{
    const struct search_symptom *asked = symptom->asked;
    const struct sim_policy *policy = &symptom->look->policy;

    /* Should it crash now, this is where. */
    symptom->look->memory_bytes = asked->memory_bytes;
    symptom_replay(symptom, asked->memory_bytes);
    symptom->look->shows = policy->outcome == asked->outcome &&
                           symptom_same(policy->defect_what, asked->what);
}

static bool symptom_parse(struct symptom *symptom, const char *spec)
{
    char why[SIM_TEXT_BYTES];

    return sim_spec_parse(spec, &symptom->spec, why, sizeof why);
}

static void symptom_worse(struct symptom *symptom)
{
    struct search_look *look = symptom->look;
    const struct search_symptom *asked = symptom->asked;

    look->need_bytes = symptom_need(symptom);
    if (look->need_bytes != 0 && symptom_parse(symptom, asked->other))
        look->other_bytes = symptom_need(symptom);
    look->memory_bytes = asked->memory_bytes;
    look->shows =
        look->need_bytes != 0 && look->other_bytes != 0 &&
        (double)look->need_bytes >=
            (double)look->other_bytes * (1.0 + (double)asked->percent / 100.0);
}

static void symptom_child(struct symptom *symptom)
{
    static void (*const looks[])(struct symptom *) = {
        [SEARCH_FAILS] = symptom_fails,
        [SEARCH_BREAKS] = symptom_breaks,
        [SEARCH_WORSE] = symptom_worse,
    };
    const struct search_symptom *asked = symptom->asked;

    dup2(STDERR_FILENO, STDOUT_FILENO); /* what a plug-in prints */
    if (asked->timeout_seconds != 0)
        alarm(asked->timeout_seconds);
    measure_census_begin(&symptom->census, asked->align_bytes);
    search_tape_begin(&symptom->tape, asked->align_bytes);
    if (search_lives_play(symptom->lives, symptom_count, symptom) &&
        !symptom->look->short_of_memory && symptom_parse(symptom, asked->spec))
        looks[asked->kind](symptom);
    symptom->look->finished = true;
}

/* A child that did not come to its end shows that, and where. */
static void symptom_died(const struct search_symptom *asked, int status,
                         struct search_look *look)
{
    struct sim_policy *policy = &look->policy;
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    look->shows = false;
    policy->outcome = number == SIGALRM ? SIM_TIMEOUT : SIM_CRASHED;
    snprintf(policy->defect_what, sizeof policy->defect_what,
             number == SIGALRM ? "made no end"
             : number != 0     ? "its process was ended by a signal: %s"
                               : "its process ended",
             strsignal(number));
    if (asked->kind == SEARCH_BREAKS)
        look->shows = policy->outcome == asked->outcome &&
                      symptom_same(policy->defect_what, asked->what);
}

bool search_symptom_shows(const struct search_symptom *asked,
                          const struct search_lives *lives,
                          struct search_look *look)
{
    static struct symptom symptom;
    int status;
    pid_t pid;

    memset(look, 0, sizeof *look);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        symptom =
            (struct symptom){.asked = asked, .lives = lives, .look = look};
        symptom_child(&symptom);
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return false;
    if (!look->finished)
        symptom_died(asked, status, look);
    return !look->short_of_memory;
}

/* It passed, or it refused requests. */
static bool symptom_sound(const struct sim_policy *policy)
{
    return policy->outcome == SIM_PASSED || policy->outcome == SIM_FAILED;
}

static const struct sim_failure *symptom_first(const struct sim_policy *policy,
                                               enum sim_verdict wanted)
{
    return wanted == SIM_VERDICT_COUNT ? &policy->first
                                       : &policy->first_of[wanted];
}

uint64_t search_symptom_name(struct search_symptom *symptom,
                             const struct search_look *look,
                             enum sim_verdict wanted)
{
    const struct sim_policy *policy = &look->policy;

    if (symptom_sound(policy)) {
        symptom->kind = SEARCH_FAILS;
        symptom->verdict = symptom_first(policy, wanted)->verdict;
        return symptom_first(policy, wanted)->event;
    }
    symptom->kind = SEARCH_BREAKS;
    symptom->outcome = policy->outcome;
    memcpy(symptom->what, policy->defect_what, sizeof symptom->what);
    return policy->outcome == SIM_UNSUITED || wanted != SIM_VERDICT_COUNT
               ? 0
               : look->event + (look->event == 0);
}
