/* Every policy of the library, or those that are named, through the same
   cases. */
#include <string.h>

#include "cases.h"

enum { ROWS = 64 };

static bool is_named(const char *name, int count, char *const *names)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return count == 0;
}

int main(int argc, char **argv)
{
    const struct polished_ops *rows[ROWS] = {NULL};
    size_t count = 0;

    for (size_t i = 0; polished_policies[i] && count + 1 < ROWS; i++)
        if (is_named(polished_policies[i]->name, argc - 1, argv + 1))
            rows[count++] = polished_policies[i];
    return count == 0 ? 2 : cases_run(rows);
}
