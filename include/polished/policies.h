/* polished/policies.h - the policies of this library. */
#ifndef POLISHED_POLICIES_H
#define POLISHED_POLICIES_H

#include "polished/policy.h"

/* extern const struct polished_ops polished_bump, ...: one per row. */
#define POLISHED_ROW(symbol) extern const struct polished_ops symbol;
#include "polished/policies.def"
#undef POLISHED_ROW

/* All of them in the order of the documentation, ended by NULL. */
extern const struct polished_ops *const polished_policies[];

/* The policy of that name, such as "best-fit"; NULL if there is none. */
const struct polished_ops *polished_policy(const char *name);

#endif
