/* trace/rules.h - which members an operation has: the grammar of an event,
   whatever its bytes. */
#ifndef TRACE_RULES_H
#define TRACE_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/event.h"

/* Members that are not optional, beside the bits of enum trace_has. */
enum trace_states {
    TRACE_STATES_OP = 1 << 16,
    TRACE_STATES_ID = 1 << 17,
    TRACE_STATES_SIZE = 1 << 18,
    TRACE_STATES_LABEL = 1 << 19,
    TRACE_STATES_NAME = 1 << 20 /* of an extra; lies in label too */
};

/* What every operation takes. */
enum { TRACE_ALWAYS = TRACE_HAS_THREAD | TRACE_HAS_TIME | TRACE_HAS_SITE };

extern const struct trace_rule {
    const char *name;
    unsigned needs, takes;
    unsigned misuse; /* members that only TRACE_MISUSE allows */
    bool is_misuse;  /* the operation itself is such */
} trace_rules[TRACE_OP_COUNT + 1];

/* The bits of enum trace_has that an event of this operation may have; 0 if
   the operation itself is refused. */
unsigned trace_rule_takes(size_t op, bool misuse);

/* The name of an operation; NULL behind the last. */
const char *trace_op_name(size_t op);

#endif
