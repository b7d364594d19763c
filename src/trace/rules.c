/* trace/rules.c - the operations and their members. */
#include "trace/rules.h"

enum {
    RULES_LIMITS = TRACE_HAS_BELOW | TRACE_HAS_BOUNDARY,
    RULES_MISUSE = TRACE_HAS_DELTA | TRACE_HAS_CLAIM,
    RULES_BLOCK = TRACE_STATES_ID | TRACE_STATES_SIZE
};

const struct trace_rule trace_rules[TRACE_OP_COUNT + 1] = {
    [TRACE_ALLOC] = {"alloc", RULES_BLOCK,
                     TRACE_HAS_ALIGN | TRACE_HAS_ZERO | RULES_LIMITS |
                         TRACE_HAS_HEAP,
                     0, false},
    [TRACE_FREE] = {"free", TRACE_STATES_ID, TRACE_HAS_HEAP, RULES_MISUSE,
                    false},
    [TRACE_REALLOC] = {"realloc", RULES_BLOCK, TRACE_HAS_HEAP,
                       RULES_MISUSE | TRACE_HAS_ALIGN, false},
    [TRACE_DESTROY] = {"destroy", TRACE_HAS_HEAP, 0, 0, false},
    [TRACE_MARK] = {"mark", TRACE_STATES_LABEL, 0, 0, false},
    [TRACE_REWIND] = {"rewind", TRACE_STATES_LABEL, 0, 0, false},
    [TRACE_RESET] = {"reset", 0, 0, 0, false},
    [TRACE_EXTEND] = {"extend", TRACE_STATES_SIZE, 0, 0, true},
    [TRACE_EXTRA] = {"extra", TRACE_STATES_NAME, TRACE_HAS_A | TRACE_HAS_B, 0,
                     true},
};

unsigned trace_rule_takes(size_t op, bool misuse)
{
    const struct trace_rule *rule = &trace_rules[op];
    unsigned takes = rule->needs | rule->takes | TRACE_ALWAYS;

    if (rule->is_misuse && !misuse)
        return 0;
    return takes | (misuse ? rule->misuse : 0);
}

const char *trace_op_name(size_t op)
{
    return trace_rules[op].name;
}
