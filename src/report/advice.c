/*
 * advice.c - what helps against a verdict: more memory, where its lack is the
 * matter; another alignment, if that is; another policy, if any does better.
 */
#include "report/advice.h"

#include <stdio.h>
#include <string.h>

#include "report/number.h"
#include "report/plain.h"
#include "report/text.h"

enum { ADVICE_NAME_BYTES = 128 };

/* How the verdicts differ; else is said where nothing else is known. */
static const struct advice_row {
    bool memory;
    const char *otherwise;
} advice_rows[SIM_VERDICT_COUNT] = {
    [SIM_UNSUPPORTED] = {false, "another policy"},
    [SIM_ORDER] = {false, "another order of frees"},
    [SIM_QUOTA] = {false, "a larger quota"},
    [SIM_IMPOSSIBLE] = {true, "more memory"},
    [SIM_EXHAUSTED] = {true, "more memory"},
    [SIM_OVERHEAD] = {true, "more memory"},
    [SIM_FRAGMENTED] = {true, "more memory (--min-heap says how much)"},
    [SIM_CONSTRAINT] = {true, "another alignment, or more memory"},
    [SIM_POLICY] = {true, "another policy"},
};

/* What the first failure alone proves: with less it could not but fail. */
static uint64_t advice_least(const struct sim_failure *failure)
{
    uint64_t more_bytes = failure->size_bytes > failure->replaced_bytes
                              ? failure->size_bytes - failure->replaced_bytes
                              : 0;

    if (failure->verdict == SIM_IMPOSSIBLE)
        return failure->size_bytes;
    if (failure->verdict == SIM_EXHAUSTED)
        return failure->live_bytes + more_bytes < more_bytes
                   ? 0
                   : failure->live_bytes + more_bytes;
    return 0;
}

/* The first in the order of the run that passed, else the one that needs
   least, if that is less. */
static void advice_policy(struct report_advice *advice,
                          const struct sim_run *run,
                          const struct sim_policy *policy)
{
    uint64_t least_bytes =
        policy->min_heap_bytes != 0 ? policy->min_heap_bytes : UINT64_MAX;

    for (size_t i = 0; i < run->policy_count; i++) {
        const struct sim_policy *other = &run->policies[i];

        if (report_competes(other)) {
            advice->policy = other;
            advice->policy_memory_bytes = 0;
            return;
        }
        if (other->worst_event == 0 || other->min_heap_bytes == 0 ||
            other->min_heap_bytes >= least_bytes)
            continue;
        least_bytes = advice->policy_memory_bytes = other->min_heap_bytes;
        advice->policy = other;
    }
}

void report_advise(struct report_advice *advice, const struct sim_run *run,
                   const struct sim_policy *policy)
{
    const struct sim_failure *failure = &policy->first;

    *advice = (struct report_advice){.align_bytes = failure->fit_align_bytes};
    if (advice_rows[failure->verdict].memory &&
        policy->min_heap_bytes > failure->memory_bytes)
        advice->memory_bytes = policy->min_heap_bytes;
    else if (policy->min_heap_bytes == 0)
        advice->least_memory_bytes = advice_least(failure);
    if (run->trace.packing != SIM_NOT_PACKED &&
        run->trace.load_bytes > failure->memory_bytes)
        advice->any_memory_bytes = run->trace.load_bytes;
    advice_policy(advice, run, policy);
}

/* --- in words ----------------------------------------------------------- */

static void advice_add(char *text, const char *what)
{
    size_t used = strlen(text);

    snprintf(text + used, REPORT_ADVICE_BYTES - used, "%s%s",
             used == 0 ? "what helps: " : ", or ", what);
}

/* "a heap of at least 39.4 KiB (40,336 bytes, 3.39 KiB more)" */
static void advice_memory(char *text, const char *least, uint64_t bytes,
                          uint64_t memory_bytes)
{
    char what[REPORT_ADVICE_BYTES], size[REPORT_NUMBER_BYTES];
    char count[REPORT_NUMBER_BYTES], more[REPORT_NUMBER_BYTES];

    snprintf(what, sizeof what, "a heap of %s%s (%s bytes, %s more)", least,
             report_size(size, bytes), report_count(count, bytes),
             report_size(more, bytes - memory_bytes));
    advice_add(text, what);
}

static void advice_other(char *text, const struct report_advice *advice,
                         int unicode)
{
    char what[REPORT_ADVICE_BYTES], name[ADVICE_NAME_BYTES];
    char size[REPORT_NUMBER_BYTES];

    report_plain(name, sizeof name, advice->policy->spec, unicode);
    if (advice->policy_memory_bytes == 0)
        snprintf(what, sizeof what, "%s, which passes", name);
    else
        snprintf(what, sizeof what, "%s, which needs %s", name,
                 report_size(size, advice->policy_memory_bytes));
    advice_add(text, what);
}

static void advice_floor(char *text, const struct report_advice *advice)
{
    char size[REPORT_NUMBER_BYTES];
    size_t used = strlen(text);

    snprintf(text + used, REPORT_ADVICE_BYTES - used,
             "; no policy needs less than %s",
             report_size(size, advice->any_memory_bytes));
}

char *report_advice_text(char *text, const struct sim_run *run,
                         const struct sim_policy *policy, int unicode)
{
    uint64_t memory_bytes = policy->first.memory_bytes;
    char align[REPORT_NUMBER_BYTES], count[REPORT_NUMBER_BYTES];
    struct report_advice advice;

    report_advise(&advice, run, policy);
    text[0] = '\0';
    if (advice.memory_bytes != 0)
        advice_memory(text, "", advice.memory_bytes, memory_bytes);
    else if (advice.least_memory_bytes > memory_bytes)
        advice_memory(text, "at least ", advice.least_memory_bytes,
                      memory_bytes);
    if (advice.align_bytes != 0) {
        snprintf(align, sizeof align, "alignment %s",
                 report_count(count, advice.align_bytes));
        advice_add(text, align);
    }
    if (advice.policy != NULL)
        advice_other(text, &advice, unicode);
    if (text[0] == '\0')
        advice_add(text, advice_rows[policy->first.verdict].otherwise);
    if (advice.any_memory_bytes != 0)
        advice_floor(text, &advice);
    return text;
}
