/* Which condition a request fails by: the first that makes it too large. */
#include "fake.h"
#include "unit.h"

/* What can be had without a condition, and with each of them added. */
static struct {
    polished_size plain, aligned, below, within;
} room;

static polished_size largest(const struct polished_heap *heap,
                             const struct polished_request *request)
{
    (void)heap;
    if (request->boundary != 0)
        return room.within;
    if (request->below != 0)
        return room.below;
    return request->align_bytes != 1 ? room.aligned : room.plain;
}

/* Why 100 bytes, with all conditions, are not to be had. */
static enum polished_why ask(polished_size plain, polished_size aligned,
                             polished_size below, polished_size within)
{
    const struct polished_request request = {100, 64, 4096, 128};
    struct polished_ops row = fake_row(POLISHED_ANY_ORDER | POLISHED_LIMITS);
    struct polished_heap heap = fake_open(&row);

    row.largest = largest;
    room.plain = plain;
    room.aligned = aligned;
    room.below = below;
    room.within = within;
    return polished_why(&heap, &request);
}

static void the_first_condition_that_bars_it_is_told(void **state)
{
    (void)state;
    assert_int_equal(ask(99, 100, 100, 100), POLISHED_WHY_SIZE);
    assert_int_equal(ask(0, 0, 0, 0), POLISHED_WHY_SIZE);
    assert_int_equal(ask(100, 99, 100, 100), POLISHED_WHY_ALIGN);
    assert_int_equal(ask(100, 0, 0, 0), POLISHED_WHY_ALIGN);
    assert_int_equal(ask(100, 100, 99, 100), POLISHED_WHY_BELOW);
    assert_int_equal(ask(101, 100, 0, 0), POLISHED_WHY_BELOW);
    assert_int_equal(ask(100, 100, 100, 99), POLISHED_WHY_BOUNDARY);
    assert_int_equal(ask(100, 100, 100, 100), POLISHED_WHY_NOTHING);
    assert_int_equal(ask(101, 101, 101, 101), POLISHED_WHY_NOTHING);
}

static void a_policy_that_cannot_say_does_not(void **state)
{
    const struct polished_request request = {100, 64, 0, 0};
    struct polished_ops row = fake_row(POLISHED_ANY_ORDER);
    struct polished_heap heap = fake_open(&row);

    (void)state;
    row.largest = NULL;
    assert_int_equal(polished_why(&heap, &request), POLISHED_WHY_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_condition_that_bars_it_is_told),
        cmocka_unit_test(a_policy_that_cannot_say_does_not),
    };

    return cmocka_run_group_tests_name("why", tests, NULL, NULL);
}
