/* Making a heap: knobs, regions, control. */
#include <string.h>

#include "fake.h"
#include "unit.h"

static struct polished_ops row;

static int prepare(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    fake.control_bytes = 40;
    row = fake_row(POLISHED_ANY_ORDER);
    return 0;
}

static struct polished_setup plain(void)
{
    struct polished_setup setup = {.ops = &row};

    setup.data = polished_memory(fake_memory, 1000);
    return setup;
}

static enum polished_status init(struct polished_setup setup)
{
    struct polished_heap heap, before;
    enum polished_status status;

    memset(&heap, 0xa5, sizeof heap);
    before = heap;
    status = polished_init(&heap, &setup);
    if (status != POLISHED_OK)
        assert_memory_equal(&heap, &before, sizeof heap);
    return status;
}

static void open_knobs_have_ranges_and_forms(void **state)
{
    struct polished_setup setup = plain();
    polished_size knobs[2] = {2, 64};

    (void)state;
    assert_int_equal(init(setup), POLISHED_OK);
    assert_true(fake.knobs[0] == 5 && fake.knobs[1] == 16);
    setup.knobs = knobs;
    assert_int_equal(init(setup), POLISHED_OK);
    assert_true(fake.knobs[0] == 2 && fake.knobs[1] == 64);
    knobs[0] = 9;
    assert_int_equal(init(setup), POLISHED_OK);
    knobs[0] = 10;
    assert_int_equal(init(setup), POLISHED_BAD_KNOB);
    assert_null(polished_carve(&setup.data, &row, knobs));
    knobs[0] = 1;
    assert_int_equal(init(setup), POLISHED_BAD_KNOB);
    knobs[0] = 2;
    knobs[1] = 24;
    assert_int_equal(init(setup), POLISHED_BAD_KNOB);
}

static void open_control_is_cut_from_the_end(void **state)
{
    struct polished_heap heap;

    (void)state;
    for (polished_size base = 0; base < 64; base++)
        for (polished_size size_bytes = 1; size_bytes < 200; size_bytes++) {
            unsigned char *start = fake_memory + base;
            polished_size end;

            if (polished_open(&heap, &row, polished_memory(start, size_bytes),
                              NULL) != POLISHED_OK) {
                assert_true(size_bytes < 40 + 16);
                continue;
            }
            end = (polished_size)((unsigned char *)heap.control - start);
            assert_true((uintptr_t)heap.control % 16 == 0);
            assert_ptr_equal(heap.data.base, start);
            assert_true(heap.data.size_bytes == end && end > 0);
            assert_true(heap.control_bytes == 40);
            assert_true(end + 40 <= size_bytes && size_bytes - end < 40 + 16);
        }
}

static void open_given_control_is_judged(void **state)
{
    struct polished_setup setup = plain();

    (void)state;
    setup.control = fake_memory + 2048;
    assert_int_equal(init(setup), POLISHED_OK);
    setup.control_bytes = 39;
    assert_int_equal(init(setup), POLISHED_BAD_SIZE);
    setup.control_bytes = 400;
    assert_int_equal(init(setup), POLISHED_OK);
    setup.control = fake_memory + 2056;
    assert_int_equal(init(setup), POLISHED_BAD_ALIGN);
}

static void open_regions_are_judged(void **state)
{
    struct polished_setup setup = plain();

    (void)state;
    setup.data.size_bytes = 0;
    assert_int_equal(init(setup), POLISHED_BAD_SIZE);
    setup.data.size_bytes = 1000;
    setup.data.bus_base += 8;
    assert_int_equal(init(setup), POLISHED_BAD_ALIGN);
    setup.data.bus_base = UINT64_MAX - 0xfff;
    setup.data.size_bytes = 4000;
    assert_int_equal(init(setup), POLISHED_OK);
    /* The last address of all is one that a byte can have; one more is none. */
    setup.data.size_bytes = 4096;
    assert_int_equal(init(setup), POLISHED_OK);
    setup.data.size_bytes = 4097;
    assert_int_equal(init(setup), POLISHED_LIMIT);
    fake.control_bytes = 0;
    assert_int_equal(init(plain()), POLISHED_LIMIT);
}

static void open_unbacked_data_needs_no_touch_and_control(void **state)
{
    struct polished_setup setup = plain();

    (void)state;
    setup.data.base = NULL;
    setup.control = fake_memory;
    assert_int_equal(init(setup), POLISHED_UNSUPPORTED);
    row.caps |= POLISHED_NO_TOUCH;
    assert_int_equal(init(setup), POLISHED_OK);
    setup.control = NULL;
    assert_int_equal(init(setup), POLISHED_UNSUPPORTED);
}

static void open_sources_are_given_where_they_are_wanted(void **state)
{
    struct polished_ops over = fake_row(POLISHED_SOURCE);
    struct polished_setup setup = plain();
    struct polished_heap source, heap;

    (void)state;
    row.caps |= POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_EXACT_WALK;
    assert_int_equal(polished_init(&source, &setup), POLISHED_OK);
    setup.source = &source;
    assert_int_equal(init(setup), POLISHED_BAD_KNOB);
    setup.ops = &over;
    assert_int_equal(init(setup), POLISHED_UNSUPPORTED);
    setup.control = fake_memory + 2048;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_ptr_equal(heap.source, &source);
    assert_true(heap.data.size_bytes == source.data.size_bytes);
    source.ops = &over; /* which cannot feed another */
    assert_int_equal(init(setup), POLISHED_BAD_KNOB);
    setup.source = NULL;
    assert_int_equal(init(setup), POLISHED_BAD_KNOB);
}

/* A row of somebody else's may have more knobs than there is room for. */
static void open_refuses_too_many_knobs(void **state)
{
    static const struct polished_knob one = {"any", "any number", 0, 9,
                                             5,     POLISHED_ANY};
    struct polished_knob knobs[POLISHED_KNOBS + 2] = {{0}};

    (void)state;
    row.knobs = knobs;
    for (int i = 0; i < POLISHED_KNOBS; i++)
        knobs[i] = one;
    assert_int_equal(init(plain()), POLISHED_OK);
    knobs[POLISHED_KNOBS] = one;
    assert_int_equal(init(plain()), POLISHED_UNSUPPORTED);
    row.knobs = NULL;
    assert_int_equal(init(plain()), POLISHED_OK);
}

static void open_carves_control_that_fits(void **state)
{
    const polished_size bad[POLISHED_KNOBS] = {1};
    struct polished_region data = polished_memory(fake_memory, 1000),
                           none = {0};
    const struct polished_region before = data;

    (void)state;
    none.size_bytes = 1000;
    assert_null(polished_carve(&none, &row, NULL));
    assert_null(polished_carve(&data, &row, bad));
    fake.control_bytes = 0;
    assert_null(polished_carve(&data, &row, NULL));
    fake.control_bytes = 1001;
    assert_null(polished_carve(&data, &row, NULL));
    assert_memory_equal(&data, &before, sizeof data);
    fake.control_bytes = 1000;
    assert_ptr_equal(polished_carve(&data, &row, NULL), fake_memory);
    assert_int_equal(data.size_bytes, 0);
    data = before;
    fake.control_bytes = 1;
    assert_ptr_equal(polished_carve(&data, &row, NULL), fake_memory + 992);
    assert_int_equal(data.size_bytes, 992);
}

static void open_fills_the_heap(void **state)
{
    struct polished_setup setup = plain();
    struct polished_heap heap;

    (void)state;
    setup.host = &setup;
    setup.control_bytes = 400; /* of no control: it is cut as always */
    row.knobs = NULL;
    fake.knobs[0] = 7;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_ptr_equal(heap.host, &setup);
    assert_int_equal(heap.control_bytes, 40);
    assert_int_equal(heap.slack_bytes, heap.data.size_bytes);
    assert_true(heap.own_steps == 0 && heap.owner == 0 && !heap.source);
    assert_int_equal(fake.knobs[0], 0);
}

static void open_refuses_rows_of_another_version(void **state)
{
    (void)state;
    row.abi += 8;
    assert_int_equal(init(plain()), POLISHED_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(open_knobs_have_ranges_and_forms, prepare),
        cmocka_unit_test_setup(open_control_is_cut_from_the_end, prepare),
        cmocka_unit_test_setup(open_given_control_is_judged, prepare),
        cmocka_unit_test_setup(open_regions_are_judged, prepare),
        cmocka_unit_test_setup(open_unbacked_data_needs_no_touch_and_control,
                               prepare),
        cmocka_unit_test_setup(open_sources_are_given_where_they_are_wanted,
                               prepare),
        cmocka_unit_test_setup(open_refuses_too_many_knobs, prepare),
        cmocka_unit_test_setup(open_carves_control_that_fits, prepare),
        cmocka_unit_test_setup(open_fills_the_heap, prepare),
        cmocka_unit_test_setup(open_refuses_rows_of_another_version, prepare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
