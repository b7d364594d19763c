#include "sim/result.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const names_verdicts[SIM_VERDICT_COUNT] = {
    [SIM_UNSUPPORTED] = "unsupported",
    [SIM_ORDER] = "order",
    [SIM_QUOTA] = "quota",
    [SIM_IMPOSSIBLE] = "impossible",
    [SIM_EXHAUSTED] = "exhausted",
    [SIM_OVERHEAD] = "overhead",
    [SIM_FRAGMENTED] = "fragmented",
    [SIM_CONSTRAINT] = "constraint",
    [SIM_POLICY] = "policy",
};

static const char *const names_outcomes[SIM_OUTCOME_COUNT] = {
    [SIM_PASSED] = "passed",   [SIM_FAILED] = "failed",
    [SIM_DEFECT] = "defect",   [SIM_CRASHED] = "crashed",
    [SIM_TIMEOUT] = "timeout", [SIM_UNSUITED] = "unsuited",
};

const char *sim_min_heap_name(enum sim_min_heap status)
{
    static const char *const names[] = {
        [SIM_MIN_HEAP_UNASKED] = NULL,
        [SIM_MIN_HEAP_EXACT] = "exact",
        [SIM_MIN_HEAP_PROBED] = "probed",
        [SIM_MIN_HEAP_NONE] = "none",
    };

    return names[status];
}

const char *sim_op_name(enum trace_op op)
{
    static const char *const names[TRACE_OP_COUNT] = {
        [TRACE_ALLOC] = "alloc",     [TRACE_FREE] = "free",
        [TRACE_REALLOC] = "realloc", [TRACE_DESTROY] = "destroy",
        [TRACE_MARK] = "mark",       [TRACE_REWIND] = "rewind",
        [TRACE_RESET] = "reset",     [TRACE_EXTEND] = "extend",
        [TRACE_EXTRA] = "extra",
    };

    return names[op];
}

const char *sim_where_name(enum sim_where where)
{
    static const char *const names[] = {
        [SIM_BELOW] = "below", [SIM_INSIDE] = "inside", [SIM_ABOVE] = "above"};

    return names[where];
}

const char *sim_verdict_name(enum sim_verdict verdict)
{
    return names_verdicts[verdict];
}

const char *sim_outcome_name(enum sim_outcome outcome)
{
    return names_outcomes[outcome];
}

/* Digits in groups of three, a comma between them. */
enum { NAMES_NUMBER_BYTES = 28 };

static const char *names_number(uint64_t number, char text[NAMES_NUMBER_BYTES])
{
    char *at = text + NAMES_NUMBER_BYTES;
    unsigned digits = 0;

    *--at = '\0';
    do {
        if (digits != 0 && digits % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + number % 10);
        digits++;
        number /= 10;
    } while (number != 0);
    return at;
}

/* The numbers that a verdict is told with, in words: one row a verdict, its
   parts in the order in which they are asked for. */
enum names_part {
    NAMES_END,
    NAMES_SIZE,
    NAMES_LIVE,
    NAMES_MEMORY,
    NAMES_FREE,
    NAMES_LARGEST,
    NAMES_HOLES,
    NAMES_OWN,
    NAMES_LOST,
    NAMES_ALIGN
};

static uint64_t names_value(const struct sim_failure *failure,
                            enum names_part part)
{
    const uint64_t values[] = {
        [NAMES_SIZE] = failure->size_bytes,
        [NAMES_LIVE] = failure->live_bytes,
        [NAMES_MEMORY] = failure->memory_bytes,
        [NAMES_FREE] = failure->free_bytes,
        [NAMES_LARGEST] = failure->largest_free_bytes,
        [NAMES_HOLES] = failure->holes,
        [NAMES_OWN] = failure->own_bytes + failure->control_bytes,
        [NAMES_LOST] = failure->unreclaimed_bytes,
        [NAMES_ALIGN] = failure->align_bytes,
    };

    return values[part];
}

static const struct {
    const char *words; /* %s for each part */
    enum names_part parts[5];
} names_rows[SIM_VERDICT_COUNT] = {
    [SIM_UNSUPPORTED] = {"unsupported: the policy cannot do this", {NAMES_END}},
    [SIM_ORDER] = {"order: another block has to be freed first", {NAMES_END}},
    [SIM_QUOTA] = {"quota: %s bytes are more than this owner may have",
                   {NAMES_SIZE}},
    [SIM_IMPOSSIBLE] = {"impossible: %s bytes asked for, the memory has %s",
                        {NAMES_SIZE, NAMES_MEMORY}},
    [SIM_EXHAUSTED] = {"exhausted: %s bytes asked for while %s of %s are alive",
                       {NAMES_SIZE, NAMES_LIVE, NAMES_MEMORY}},
    [SIM_OVERHEAD] = {"overhead: %s bytes asked for, %s free; headers and"
                      " rounding hold the rest",
                      {NAMES_SIZE, NAMES_FREE}},
    [SIM_FRAGMENTED] = {"fragmented: %s bytes asked for, %s free in %s holes,"
                        " the largest %s",
                        {NAMES_SIZE, NAMES_FREE, NAMES_HOLES, NAMES_LARGEST}},
    [SIM_CONSTRAINT] = {"constraint: %s bytes asked for at alignment %s; the"
                        " largest hole has %s, none as asked",
                        {NAMES_SIZE, NAMES_ALIGN, NAMES_LARGEST}},
    [SIM_POLICY] = {"policy: %s bytes asked for, %s free and %s freed but not"
                    " reclaimed; it did not use them",
                    {NAMES_SIZE, NAMES_FREE, NAMES_LOST}},
};

char *sim_failure_text(const struct sim_failure *failure, char *text,
                       size_t text_bytes)
{
    char numbers[4][NAMES_NUMBER_BYTES];
    const char *at[4] = {"", "", "", ""};
    const enum names_part *parts = names_rows[failure->verdict].parts;

    for (int i = 0; i < 4 && parts[i] != NAMES_END; i++)
        at[i] = names_number(names_value(failure, parts[i]), numbers[i]);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, text_bytes, names_rows[failure->verdict].words, at[0], at[1],
             at[2], at[3]);
#pragma GCC diagnostic pop
    return text;
}
