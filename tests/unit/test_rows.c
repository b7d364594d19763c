/* The table of policies: what each says of itself.  A cap that a row has lost
   is one that no other test asks about. */
#include <string.h>

#include "polished/policies.h"
#include "unit.h"

/* Blocks come back, in any order. */
#define GENERAL (POLISHED_RECLAIMS | POLISHED_ANY_ORDER)

/* And it knows them. */
#define KNOWING (GENERAL | POLISHED_EXACT_WALK)
#define STRICT  (KNOWING | POLISHED_EXACT_MISUSE)

static const struct {
    const char *name;
    uint32_t caps;
} rows[] = {
    {"bump", POLISHED_ANY_ORDER | POLISHED_NO_TOUCH | POLISHED_SLACK},
    {"stack", POLISHED_RECLAIMS | POLISHED_EXACT_WALK | POLISHED_SLACK},
    {"first-fit", KNOWING | POLISHED_SLACK | POLISHED_GROWS},
    {"next-fit", KNOWING | POLISHED_SLACK | POLISHED_GROWS},
    {"best-fit", KNOWING | POLISHED_SLACK | POLISHED_GROWS},
    {"worst-fit", KNOWING | POLISHED_SLACK | POLISHED_GROWS},
    {"buddy", STRICT | POLISHED_SLACK},
    {"half-fit", KNOWING | POLISHED_SLACK},
    {"tlsf", KNOWING | POLISHED_SLACK},
    {"polished", KNOWING | POLISHED_SLACK},
    {"polished-compact", STRICT | POLISHED_SLACK},
    {"frame-bump", POLISHED_ANY_ORDER | POLISHED_NO_TOUCH | POLISHED_PAGES |
                       POLISHED_SLACK},
    {"frame-list", STRICT | POLISHED_NO_TOUCH | POLISHED_ONE_SIZE |
                       POLISHED_PAGES | POLISHED_SLACK},
    {"frame-bitmap", STRICT | POLISHED_NO_TOUCH | POLISHED_LIMITS |
                         POLISHED_PAGES | POLISHED_SLACK},
    {"dma", STRICT | POLISHED_NO_TOUCH | POLISHED_LIMITS},
    {"pool", STRICT | POLISHED_NO_TOUCH | POLISHED_ONE_SIZE | POLISHED_SLACK},
    {"slab", KNOWING | POLISHED_SOURCE},
    {"user", STRICT | POLISHED_SOURCE | POLISHED_OWNERS},
};

enum { COUNT = sizeof rows / sizeof *rows };

static void rows_say_what_they_can(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        const struct polished_ops *ops = polished_policy(rows[i].name);

        assert_non_null(ops);
        assert_int_equal(ops->caps, rows[i].caps);
    }
}

static void no_row_is_left_out(void **state)
{
    size_t count = 0;

    (void)state;
    while (polished_policies[count])
        count++;
    assert_int_equal(count, COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_say_what_they_can),
        cmocka_unit_test(no_row_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
