/* The policies of the walls through the cases of all policies. */
#include "cases.h"
#include "walls.h"

int main(void)
{
    static const struct polished_ops *const rows[] = {&wall_buddy, &wall_slab,
                                                      NULL};

    return cases_run(rows);
}
