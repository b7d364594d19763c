#include "sim/verdict.h"

bool sim_may_refuse(enum polished_status status)
{
    return status == POLISHED_NO_MEMORY || status == POLISHED_QUOTA ||
           status == POLISHED_BAD_ORDER || status == POLISHED_CONSTRAINT ||
           status == POLISHED_LIMIT || status == POLISHED_UNSUPPORTED;
}

typedef bool verdict_holds(const struct sim_failure *failure,
                           const struct sim_evidence *evidence);

/* How much more memory the request wants: a realloc has some already. */
static uint64_t verdict_more(const struct sim_failure *failure)
{
    return failure->size_bytes > failure->replaced_bytes
               ? failure->size_bytes - failure->replaced_bytes
               : 0;
}

static bool verdict_unsupported(const struct sim_failure *failure,
                                const struct sim_evidence *evidence)
{
    (void)evidence;
    return failure->status == POLISHED_UNSUPPORTED;
}

static bool verdict_order(const struct sim_failure *failure,
                          const struct sim_evidence *evidence)
{
    (void)evidence;
    return failure->status == POLISHED_BAD_ORDER;
}

static bool verdict_quota(const struct sim_failure *failure,
                          const struct sim_evidence *evidence)
{
    (void)evidence;
    return failure->status == POLISHED_QUOTA;
}

static bool verdict_impossible(const struct sim_failure *failure,
                               const struct sim_evidence *evidence)
{
    return failure->size_bytes > evidence->largest_piece_bytes;
}

static bool verdict_exhausted(const struct sim_failure *failure,
                              const struct sim_evidence *evidence)
{
    (void)evidence;
    return failure->live_bytes > failure->memory_bytes ||
           verdict_more(failure) > failure->memory_bytes - failure->live_bytes;
}

/* What was freed would suffice, had the policy taken it back. */
static bool verdict_unreclaimed(const struct sim_failure *failure,
                                const struct sim_evidence *evidence)
{
    (void)evidence;
    return failure->free_bytes < verdict_more(failure) &&
           verdict_more(failure) - failure->free_bytes <=
               failure->unreclaimed_bytes;
}

static bool verdict_overhead(const struct sim_failure *failure,
                             const struct sim_evidence *evidence)
{
    (void)evidence;
    return failure->free_bytes < verdict_more(failure);
}

static bool verdict_fragmented(const struct sim_failure *failure,
                               const struct sim_evidence *evidence)
{
    (void)evidence;
    return failure->largest_free_bytes < failure->size_bytes;
}

static bool verdict_constraint(const struct sim_failure *failure,
                               const struct sim_evidence *evidence)
{
    (void)failure;
    return evidence->fits == 0;
}

static bool verdict_missed(const struct sim_failure *failure,
                           const struct sim_evidence *evidence)
{
    (void)failure;
    (void)evidence;
    return true;
}

/* In this order; the first of them need no walk over the heap. */
enum { VERDICT_AT_ONCE = 5 };
static const struct {
    verdict_holds *holds;
    enum sim_verdict verdict;
} verdict_rows[] = {
    {verdict_unsupported, SIM_UNSUPPORTED},
    {verdict_order, SIM_ORDER},
    {verdict_quota, SIM_QUOTA},
    {verdict_impossible, SIM_IMPOSSIBLE},
    {verdict_exhausted, SIM_EXHAUSTED},
    {verdict_unreclaimed, SIM_POLICY},
    {verdict_overhead, SIM_OVERHEAD},
    {verdict_fragmented, SIM_FRAGMENTED},
    {verdict_constraint, SIM_CONSTRAINT},
    {verdict_missed, SIM_POLICY},
};

bool sim_judge_at_once(struct sim_failure *failure,
                       const struct sim_evidence *evidence)
{
    for (size_t row = 0; row < VERDICT_AT_ONCE; row++) {
        failure->verdict = verdict_rows[row].verdict;
        if (verdict_rows[row].holds(failure, evidence))
            return true;
    }
    return false;
}

void sim_judge(struct sim_failure *failure, const struct sim_evidence *evidence)
{
    size_t row = 0;

    while (!verdict_rows[row].holds(failure, evidence))
        row++;
    failure->verdict = verdict_rows[row].verdict;
}
