/* explorer/rule.h - what the explorer knows of single policies, so that it
   sees as equal what is.  A policy without a row is explored as well; it may
   only have more states than it needs to. */
#ifndef EXPLORER_RULE_H
#define EXPLORER_RULE_H

#include "state.h"

const struct state_rule *rule_of(const char *policy);

#endif
