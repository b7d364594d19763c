/* Every policy of the library through the same cases. */
#include "cases.h"

int main(void)
{
    return cases_run(polished_policies);
}
