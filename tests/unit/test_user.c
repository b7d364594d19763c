/* user: a source that fails when the processes' heaps do not expect it, and
   quotas that change while they hold pages. */
#include <string.h>

#include "alloc/user.h"
#include "expect_row.h"
#include "polished/policies.h"
#include "unit.h"

enum { PAGE = 256, SPAN = 64 * PAGE, KEEP = 3, RUN = 3 * PAGE };

static _Alignas(PAGE) unsigned char memory[SPAN];
static _Alignas(16) unsigned char controls[2][16384];
static struct polished_heap heap, source;
static polished_size control_bytes; /* of the processes; 0: as few as can be */

/* What the source answers to which call of its kind from now on; 0: never. */
static struct {
    unsigned usable, free, reset;
} faulty;

static bool is_faulty(unsigned *calls)
{
    return *calls != 0 && --*calls == 0;
}

static enum polished_status faulty_usable(const struct polished_heap *from,
                                          polished_size offset,
                                          polished_size *size_bytes)
{
    if (is_faulty(&faulty.usable))
        return POLISHED_CORRUPT;
    return polished_frame_bitmap.usable(from, offset, size_bytes);
}

static enum polished_status faulty_free(struct polished_heap *from,
                                        polished_size offset,
                                        polished_size size_bytes)
{
    if (is_faulty(&faulty.free))
        return POLISHED_CORRUPT;
    return polished_frame_bitmap.free(from, offset, size_bytes);
}

static enum polished_status faulty_reset(struct polished_heap *from)
{
    if (is_faulty(&faulty.reset))
        return POLISHED_CORRUPT;
    return polished_frame_bitmap.reset(from);
}

static void open_heap(unsigned char *base, polished_size page_bytes)
{
    static struct polished_ops row;
    const polished_size frames[POLISHED_KNOBS] = {page_bytes};
    const polished_size knobs[POLISHED_KNOBS] = {0, page_bytes, 16, KEEP, 4};
    struct polished_setup setup = {.ops = &row,
                                   .data = {base, SPAN - PAGE, 0},
                                   .control = controls[1],
                                   .control_bytes = sizeof controls[1],
                                   .knobs = frames};

    row = polished_frame_bitmap;
    row.usable = faulty_usable;
    row.free = faulty_free;
    row.reset = faulty_reset;
    memset(&faulty, 0, sizeof faulty);
    assert_int_equal(polished_init(&source, &setup), POLISHED_OK);
    setup.ops = &polished_user;
    setup.control = controls[0];
    setup.control_bytes = control_bytes;
    setup.knobs = knobs;
    setup.source = &source;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    heap.owner = 1;
}

static polished_size take(polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, 1, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset;
}

static enum polished_status ask(polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, 1, 0, 0};
    polished_size offset;

    return polished_alloc(&heap, &request, &offset);
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

static enum polished_status call(const char *extra, polished_size a,
                                 polished_size b)
{
    return polished_call(&heap, extra, &a, &b);
}

/* Pages that owner 1 holds, and how many of these are empty. */
static void expect_held(polished_size pages, polished_size empty)
{
    polished_size a = 1, b = 0;

    assert_int_equal(polished_call(&heap, "held", &a, &b), POLISHED_OK);
    assert_int_equal(a, pages * PAGE);
    assert_int_equal(b, empty * PAGE);
}

/* Blocks that owner 1 has in use, and their bytes. */
static void expect_live(polished_size blocks, polished_size bytes)
{
    polished_size a = 1, b = 0;

    assert_int_equal(polished_call(&heap, "live", &a, &b), POLISHED_OK);
    assert_int_equal(a, blocks);
    assert_int_equal(b, bytes);
}

static void set_quota(polished_size bytes)
{
    assert_int_equal(call("quota", 1, bytes), POLISHED_OK);
}

/* A run, a slab with an object, and two that are kept. */
static polished_size open_busy_heap(void)
{
    polished_size objects[3 * PAGE / 128], run;
    size_t count = sizeof objects / sizeof objects[0];

    open_heap(memory, PAGE);
    run = take(RUN);
    for (size_t i = 0; i < count; i++)
        objects[i] = take(128);
    for (size_t i = 1; i < count; i++)
        assert_int_equal(drop(objects[i]), POLISHED_OK);
    expect_held(6, 2);
    return run;
}

static void destroy_tells_what_its_source_tells(void **state)
{
    static const polished_size left[] = {6, 3, 2, 1};

    (void)state;
    for (unsigned at = 1; at <= 4; at++) {
        polished_size a = 1, b = 0;

        open_busy_heap();
        faulty.free = at;
        assert_int_equal(polished_destroy(&heap, 1), POLISHED_CORRUPT);
        assert_int_equal(polished_call(&heap, "held", &a, &b), POLISHED_OK);
        assert_int_equal(a, left[at - 1] * PAGE);
    }
    open_busy_heap();
    faulty.free = 5;
    assert_int_equal(polished_destroy(&heap, 1), POLISHED_OK);
    expect_held(0, 0);
    assert_int_equal(polished_destroy(&heap, 4), POLISHED_LIMIT);
    faulty.reset = 1;
    assert_int_equal(polished_reset(&heap), POLISHED_CORRUPT);
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
}

static void extras_tell_what_their_source_tells(void **state)
{
    (void)state;
    open_busy_heap();
    faulty.usable = 1;
    assert_int_equal(call("live", 1, 0), POLISHED_CORRUPT);
    assert_int_equal(call("live", 1, 0), POLISHED_OK);
    assert_int_equal(call("live", 4, 0), POLISHED_LIMIT);
    assert_int_equal(call("held", 4, 0), POLISHED_LIMIT);
    assert_int_equal(call("quota", 4, 0), POLISHED_LIMIT);
    faulty.free = 2;
    assert_int_equal(call("shrink", 0, 0), POLISHED_CORRUPT);
    expect_held(5, 1);
}

/* The hot object is not in use, but it was of the slab's last. */
static void extras_tell_how_much_it_is(void **state)
{
    polished_size small, a = 1, b = 0;

    (void)state;
    open_busy_heap();
    expect_live(2, RUN + 128);
    small = take(1);
    expect_live(3, RUN + 128 + 16);
    expect_held(6, 1);
    assert_int_equal(drop(small), POLISHED_OK);
    expect_live(2, RUN + 128);
    expect_held(6, 2);
    heap.owner = 2;
    assert_int_equal(drop(take(1)), POLISHED_OK);
    assert_int_equal(polished_call(&heap, "shrink", &a, &b), POLISHED_OK);
    assert_int_equal(a, 3 * PAGE);
    expect_held(4, 0);
    assert_int_equal(polished_call(&heap, "shrink", &a, &b), POLISHED_OK);
    assert_int_equal(a, 0);
}

static void runs_tell_what_their_source_tells(void **state)
{
    polished_size run = open_busy_heap();

    (void)state;
    faulty.usable = 1;
    assert_int_equal(ask(RUN), POLISHED_CORRUPT);
    run = open_busy_heap();
    for (unsigned at = 1; at <= 2; at++) {
        faulty.usable = at;
        assert_int_equal(resize(run, PAGE + 1, 1), POLISHED_CORRUPT);
    }
    run = open_busy_heap();
    faulty.free = 1;
    assert_int_equal(drop(run), POLISHED_CORRUPT);
    assert_int_equal(drop(run), POLISHED_OK);
    assert_int_equal(drop(run), POLISHED_NOT_OWNED);
}

static void runs_grow_and_shrink_page_by_page(void **state)
{
    polished_size run, next, usable_bytes = 0;

    (void)state;
    open_heap(memory, PAGE);
    run = take(RUN);
    next = take(RUN);
    assert_int_equal(next, run + RUN);
    memset(memory + run, 0x77, RUN);
    assert_int_equal(resize(run, RUN + 1, 1), POLISHED_NO_MEMORY);
    assert_int_equal(resize(run, 1, 1), POLISHED_OK);
    expect_held(4, 0);
    assert_int_equal(drop(run + PAGE), POLISHED_NOT_OWNED);
    assert_int_equal(resize(run, 2 * PAGE, 1), POLISHED_OK);
    expect_held(5, 0);
    assert_int_equal(drop(run + PAGE), POLISHED_INTERIOR);
    assert_int_equal(memory[run + PAGE - 1], 0x77);
    assert_int_equal(memory[run + PAGE], 0);
    assert_int_equal(memory[run + 2 * PAGE - 1], 0);
    assert_int_equal(memory[run + 2 * PAGE], 0x77);
    assert_int_equal(polished_usable(&heap, run, &usable_bytes), POLISHED_OK);
    assert_int_equal(usable_bytes, 2 * PAGE);
    set_quota(5 * PAGE);
    assert_int_equal(resize(run, RUN, 1), POLISHED_QUOTA);
    assert_int_equal(resize(run, PAGE + 1, 1), POLISHED_OK);
    set_quota(6 * PAGE);
    assert_int_equal(resize(run, RUN, 1), POLISHED_OK);
    expect_held(6, 0);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* A quota below what is held bars all growth, but takes nothing away; pages
   that are empty give way to a run that would pass it. */
static void quotas_may_change(void **state)
{
    const struct polished_request any = {1, 1, 0, 0};
    polished_size run = open_busy_heap();

    (void)state;
    set_quota(3 * PAGE);
    assert_int_equal(ask(PAGE), POLISHED_QUOTA);
    assert_int_equal(resize(run, RUN + 1, 1), POLISHED_QUOTA);
    assert_int_equal(polished_largest(&heap, &any), 128);
    expect_held(6, 2);
    set_quota(4 * PAGE);
    assert_int_equal(ask(PAGE), POLISHED_QUOTA);
    set_quota(6 * PAGE);
    assert_int_equal(polished_largest(&heap, &any), 2 * PAGE);
    take(PAGE);
    expect_held(6, 1);
    take(PAGE);
    expect_held(6, 0);
    assert_int_equal(ask(PAGE), POLISHED_QUOTA);
    /* More pages than a number of 32 bits can say are any number. */
    set_quota((polished_size)PAGE << 32);
    take(PAGE);
    expect_held(7, 0);
    set_quota(((polished_size)PAGE << 32) + 7 * PAGE);
    take(PAGE);
    set_quota(0);
    take(PAGE);
    expect_held(9, 0);
}

static void objects_stay_where_they_are_aligned(void **state)
{
    polished_size low, high;

    (void)state;
    open_heap(memory, PAGE);
    low = take(48);
    high = take(48);
    assert_int_equal(high, low + 48);
    assert_int_equal(resize(high, 40, 32), POLISHED_NO_MEMORY);
    assert_int_equal(resize(high, 40, 16), POLISHED_OK);
    assert_int_equal(resize(high, 49, 16), POLISHED_NO_MEMORY);
    assert_int_equal(resize(low, 48, 128), POLISHED_OK);
    heap.owner = 2;
    assert_int_equal(resize(low, 40, 16), POLISHED_NOT_OWNED);
    heap.owner = 4;
    assert_int_equal(ask(8), POLISHED_LIMIT);
    assert_int_equal(drop(low), POLISHED_NOT_OWNED);
}

static void unbacked_pages_are_not_zeroed(void **state)
{
    polished_size run;

    (void)state;
    open_heap(NULL, PAGE);
    run = take(RUN);
    assert_int_equal(resize(run, 2 * RUN, 1), POLISHED_OK);
    assert_int_equal(drop(run), POLISHED_OK);
    assert_int_equal(take(8), 0);
}

/* Control has room for so many pages, whatever the source could do. */
static void heaps_grow_as_far_as_control_reaches(void **state)
{
    (void)state;
    open_heap(memory, PAGE);
    assert_int_equal(polished_extend(&heap, PAGE), POLISHED_LIMIT);
    assert_int_equal(heap.data.size_bytes, SPAN - PAGE);
    assert_int_equal(source.data.size_bytes, SPAN - PAGE);
    control_bytes = sizeof controls[0];
    open_heap(memory, PAGE);
    control_bytes = 0;
    assert_int_equal(polished_extend(&heap, PAGE), POLISHED_OK);
    assert_int_equal(heap.data.size_bytes, SPAN);
    assert_int_equal(source.data.size_bytes, SPAN);
    assert_int_equal(take(SPAN), 0);
}

static void it_says_what_it_can(void **state)
{
    static const struct polished_knob knobs[] = {
        {"pages", "", 0, 0, 0, POLISHED_POLICY},
        {"page_bytes", "", 256, 32768, 4096, POLISHED_POWER_OF_TWO},
        {"least_bytes", "", 8, 64, 16, POLISHED_POWER_OF_TWO},
        {"keep_pages", "", 0, 65536, 1, POLISHED_ANY},
        {"heaps", "", 1, 65536, 16, POLISHED_ANY},
        {"quota_bytes", "", 0, POLISHED_SIZE_MAX, 0, POLISHED_ANY},
        {0}};

    (void)state;
    expect_knobs(&polished_user, knobs);
}

/* The table of classes lies behind what is kept of the owners. */
static void each_size_has_a_class(void **state)
{
    const struct cache_state *cache;

    (void)state;
    open_heap(memory, 16 * PAGE);
    cache = cache_state(&heap);
    for (uint32_t unit = 0; unit < cache->largest_bytes / CACHE_UNIT; unit++) {
        unsigned class = cache_table(&heap)[unit];

        assert_in_range(class, 0, cache->class_count - 1);
        assert_true(cache->classes[class].stride >= (unit + 1) * CACHE_UNIT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(destroy_tells_what_its_source_tells),
        cmocka_unit_test(extras_tell_what_their_source_tells),
        cmocka_unit_test(extras_tell_how_much_it_is),
        cmocka_unit_test(runs_tell_what_their_source_tells),
        cmocka_unit_test(runs_grow_and_shrink_page_by_page),
        cmocka_unit_test(quotas_may_change),
        cmocka_unit_test(objects_stay_where_they_are_aligned),
        cmocka_unit_test(unbacked_pages_are_not_zeroed),
        cmocka_unit_test(it_says_what_it_can),
        cmocka_unit_test(heaps_grow_as_far_as_control_reaches),
        cmocka_unit_test(each_size_has_a_class),
    };

    return cmocka_run_group_tests_name("user", tests, NULL, NULL);
}
