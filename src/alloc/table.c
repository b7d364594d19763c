/* table.c - the list of policies, made from its one source. */
#include <stddef.h>

#include "core/text.h"
#include "polished/policies.h"

const struct polished_ops *const polished_policies[] = {
#define POLISHED_ROW(symbol) &symbol,
#include "polished/policies.def"
#undef POLISHED_ROW
    NULL};

const struct polished_ops *polished_policy(const char *name)
{
    for (size_t row = 0; polished_policies[row]; row++)
        if (text_is_same(polished_policies[row]->name, name))
            return polished_policies[row];
    return NULL;
}
