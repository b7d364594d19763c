/* user: where pages and runs lie, in data whose bus addresses begin inside a
   page, and over frames that are smaller than pages. */
#include "alloc/user.h"
#include "polished/policies.h"
#include "unit.h"

enum { PAGE = 256, HALF = PAGE / 2, SPAN = 32 * PAGE, BUS = 16 };
enum { FIRST = PAGE - BUS }; /* where the first page begins */

static _Alignas(PAGE) unsigned char memory[SPAN];
static _Alignas(16) unsigned char controls[2][8192];
static struct polished_heap heap, source;

/* Four processes, over frames of so many bytes. */
static void open_heap(polished_size data_bytes, polished_size bus_base,
                      polished_size frame_bytes)
{
    const polished_size frames[POLISHED_KNOBS] = {frame_bytes};
    static const polished_size knobs[POLISHED_KNOBS] = {0, PAGE, 16, 2, 4};
    struct polished_setup setup = {.ops = &polished_frame_bitmap,
                                   .data = {memory, data_bytes, bus_base},
                                   .control = controls[1],
                                   .control_bytes = sizeof controls[1],
                                   .knobs = frames};

    assert_int_equal(polished_init(&source, &setup), POLISHED_OK);
    setup.ops = &polished_user;
    setup.control = controls[0];
    setup.control_bytes = 0;
    setup.knobs = knobs;
    setup.source = &source;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    heap.owner = 1;
}

static enum polished_status
ask(polished_size size_bytes, polished_size align_bytes, polished_size *offset)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};

    return polished_alloc(&heap, &request, offset);
}

static polished_size take(polished_size size_bytes)
{
    polished_size offset;

    assert_int_equal(ask(size_bytes, 1, &offset), POLISHED_OK);
    return offset;
}

static enum polished_status drop(polished_size offset)
{
    return polished_free(&heap, offset, 0);
}

static enum polished_status resize(polished_size offset,
                                   polished_size size_bytes,
                                   polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};

    return polished_resize(&heap, offset, 0, &request);
}

static polished_size largest(const struct polished_heap *of,
                             polished_size align_bytes)
{
    const struct polished_request request = {1, align_bytes, 0, 0};

    return polished_largest(of, &request);
}

/* From here to there each place answers so when it is freed. */
static void expect_all(polished_size from, polished_size to,
                       enum polished_status expected)
{
    for (polished_size at = from; at < to; at++)
        assert_int_equal(drop(at), expected);
}

static void runs_are_known_from_first_byte_to_last(void **state)
{
    const polished_size second = FIRST + 3 * PAGE, end = second + 2 * PAGE;

    (void)state;
    open_heap(SPAN, BUS, PAGE);
    assert_int_equal(take(3 * PAGE), FIRST);
    assert_int_equal(take(2 * PAGE), second);
    expect_all(0, FIRST, POLISHED_NOT_OWNED);
    expect_all(FIRST + 1, second, POLISHED_INTERIOR);
    expect_all(second + 1, end, POLISHED_INTERIOR);
    expect_all(end, SPAN, POLISHED_NOT_OWNED);
    assert_int_equal(drop(second), POLISHED_OK);
    expect_all(FIRST + 1, second, POLISHED_INTERIOR);
    expect_all(second, SPAN, POLISHED_NOT_OWNED);
    assert_int_equal(resize(FIRST, PAGE, 1), POLISHED_OK);
    expect_all(FIRST + 1, FIRST + PAGE, POLISHED_INTERIOR);
    expect_all(FIRST + PAGE, SPAN, POLISHED_NOT_OWNED);
    assert_int_equal(drop(FIRST), POLISHED_OK);
    expect_all(0, SPAN, POLISHED_NOT_OWNED);
}

static void objects_are_aligned_on_the_bus(void **state)
{
    (void)state;
    open_heap(SPAN, BUS, PAGE);
    for (polished_size i = 0; i < 5; i++)
        assert_int_equal(take(48), FIRST + 48 * i);
    assert_int_equal(resize(FIRST + 4 * 48, 48, 64), POLISHED_OK);
    assert_int_equal(resize(FIRST + 4 * 48, 49, 64), POLISHED_NO_MEMORY);
    assert_int_equal(resize(FIRST + 3 * 48, 48, 64), POLISHED_NO_MEMORY);
    assert_int_equal(resize(FIRST + 3 * 48, 48, 16), POLISHED_OK);
}

/* What is less than a page serves no object, but a request that is aligned as
   no object is. */
static void less_than_a_page_serves_runs_alone(void **state)
{
    polished_size offset;

    (void)state;
    open_heap(2 * PAGE + HALF, 0, HALF);
    take(2 * PAGE);
    assert_int_equal(largest(&source, PAGE), HALF);
    assert_int_equal(largest(&heap, 1), 0);
    assert_int_equal(largest(&heap, HALF), 0);
    assert_int_equal(ask(HALF, HALF, &offset), POLISHED_NO_MEMORY);
    assert_int_equal(largest(&heap, PAGE), HALF);
    assert_int_equal(ask(HALF, PAGE, &offset), POLISHED_OK);
    assert_int_equal(offset, 2 * PAGE);
}

/* Where no run may be had, with any alignment that objects have. */
static void empty_pages_serve_the_widest_objects(void **state)
{
    polished_size wide, offset, a = 1, b = PAGE;

    (void)state;
    open_heap(SPAN, BUS, PAGE);
    wide = take(HALF);
    take(1);
    assert_int_equal(drop(wide), POLISHED_OK);
    assert_int_equal(polished_call(&heap, "quota", &a, &b), POLISHED_OK);
    assert_int_equal(largest(&heap, 1), HALF);
    assert_int_equal(largest(&heap, HALF), HALF);
    assert_int_equal(largest(&heap, PAGE), 0);
    assert_int_equal(ask(HALF, HALF, &offset), POLISHED_OK);
    assert_int_equal(offset, wide);
}

/* Who has more than it may need not give it back, and may have as much. */
static void runs_may_stay_as_long_as_they_are(void **state)
{
    polished_size run, a = 1, b = PAGE;

    (void)state;
    open_heap(SPAN, BUS, PAGE);
    run = take(3 * PAGE);
    assert_int_equal(polished_call(&heap, "quota", &a, &b), POLISHED_OK);
    assert_int_equal(resize(run, 3 * PAGE + 1, 1), POLISHED_QUOTA);
    assert_int_equal(resize(run, 3 * PAGE - 1, 1), POLISHED_OK);
    assert_int_equal(resize(run, 2 * PAGE, 1), POLISHED_OK);
    assert_int_equal(resize(run, 3 * PAGE, 1), POLISHED_QUOTA);
}

/* The smallest objects and the last process as well. */
static void destroy_gives_all_back(void **state)
{
    (void)state;
    open_heap(SPAN, BUS, PAGE);
    for (heap.owner = 0; heap.owner < 4; heap.owner++) {
        polished_size kept = take(80), idle = take(48);

        take(1);
        take(16 + 1);
        take(HALF);
        take(2 * PAGE);
        assert_int_equal(drop(kept), POLISHED_OK);
        assert_int_equal(drop(idle), POLISHED_OK);
    }
    for (uint32_t owner = 0; owner < 4; owner++)
        assert_int_equal(polished_destroy(&heap, owner), POLISHED_OK);
    assert_int_equal(largest(&source, PAGE), SPAN - PAGE);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* Nothing is looked at for a process that there cannot be. */
static void owners_beyond_the_last_are_refused(void **state)
{
    polished_size block, offset;
    uint64_t before;

    (void)state;
    open_heap(SPAN, 0, PAGE);
    block = take(1);
    heap.owner = 4;
    before = heap.own_steps;
    assert_int_equal(drop(block), POLISHED_NOT_OWNED);
    assert_int_equal(ask(1, 1, &offset), POLISHED_LIMIT);
    assert_int_equal(polished_destroy(&heap, 4), POLISHED_LIMIT);
    assert_int_equal(largest(&heap, 1), 0);
    assert_int_equal(heap.own_steps - before, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_known_from_first_byte_to_last),
        cmocka_unit_test(objects_are_aligned_on_the_bus),
        cmocka_unit_test(less_than_a_page_serves_runs_alone),
        cmocka_unit_test(empty_pages_serve_the_widest_objects),
        cmocka_unit_test(runs_may_stay_as_long_as_they_are),
        cmocka_unit_test(destroy_gives_all_back),
        cmocka_unit_test(owners_beyond_the_last_are_refused),
    };

    return cmocka_run_group_tests_name("user_place", tests, NULL, NULL);
}
