/* user: what processes can, and cannot, know and do of each other. */
#include <string.h>

#include "cases.h"

enum { SPAN = 131072, PAGE = 4096, CONTROL = 65536 };

static _Alignas(PAGE) unsigned char memory[SPAN];
static _Alignas(16) unsigned char controls[2][CONTROL];
static struct polished_heap heap, source;

/* Over a given policy, with a quota in bytes. */
static void open_over(const struct polished_ops *below, polished_size quota)
{
    const polished_size knobs[POLISHED_KNOBS] = {0, PAGE, 16, 1, 16, quota};
    struct polished_setup setup = {.ops = below,
                                   .data = polished_memory(memory, SPAN),
                                   .control = controls[1],
                                   .control_bytes = CONTROL};

    memset(memory, 0xd7, SPAN);
    assert_int_equal(polished_init(&source, &setup), POLISHED_OK);
    setup.ops = &polished_user;
    setup.control = controls[0];
    setup.knobs = knobs;
    setup.source = &source;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

static enum polished_status try(uint32_t owner, polished_size size_bytes,
                                polished_size *offset)
{
    const struct polished_request request = {size_bytes, 16, 0, 0};

    heap.owner = owner;
    return polished_alloc(&heap, &request, offset);
}

static polished_size take(uint32_t owner, polished_size size_bytes)
{
    polished_size offset;

    assert_int_equal(try(owner, size_bytes, &offset), POLISHED_OK);
    return offset;
}

static polished_size usable(polished_size offset)
{
    polished_size size_bytes = 0;

    assert_int_equal(polished_usable(&heap, offset, &size_bytes), POLISHED_OK);
    return size_bytes;
}

static void ask(const char *extra, polished_size owner, polished_size a,
                polished_size b)
{
    polished_size answer = 0;

    assert_int_equal(polished_call(&heap, extra, &owner, &answer), POLISHED_OK);
    assert_true(owner == a && answer == b);
}

/* At no place in memory can one process do anything to another's. */
static void nobody_reaches_anothers_blocks(void **state)
{
    static unsigned char before[CONTROL];
    const struct polished_request request = {8, 1, 0, 0};
    polished_size offset;

    (void)state;
    open_over(&polished_best_fit, 0);
    for (unsigned i = 0; i < 40; i++)
        if (try(1, 24 + 90 * i, &offset) == POLISHED_OK)
            memset(polished_pointer(&heap, offset), 1, 24);
    memcpy(before, controls[0], CONTROL);
    heap.owner = 2;
    for (polished_size at = 0; at < SPAN; at++) {
        polished_size moved = at, bytes = 0;

        assert_int_equal(polished_free(&heap, at, 0), POLISHED_NOT_OWNED);
        assert_int_equal(polished_resize(&heap, at, 0, &request),
                         POLISHED_NOT_OWNED);
        assert_int_equal(polished_realloc(&heap, &moved, 0, &request),
                         POLISHED_NOT_OWNED);
        assert_int_equal(polished_usable(&heap, at, &bytes),
                         POLISHED_NOT_OWNED);
    }
    assert_memory_equal(before, controls[0], CONTROL);
}

static bool is_zero(polished_size offset, polished_size size_bytes)
{
    const unsigned char *bytes = polished_pointer(&heap, offset);

    for (polished_size i = 0; i < size_bytes; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* Allocate all there is; a block is zero, but for what its owner wrote into
   memory that it still has; then write all over it. */
static void fill(uint32_t owner, bool is_fresh)
{
    polished_size offset;

    for (unsigned i = 0; i < 4000; i++) {
        polished_size size_bytes =
            i % 5 == 0 ? 5000 + i % 7 * 900 : 1 + i * 37 % 2500;

        if (try(owner, size_bytes, &offset) != POLISHED_OK)
            continue;
        if (is_fresh)
            assert_true(is_zero(offset, usable(offset)));
        memset(polished_pointer(&heap, offset), 0x5a, (size_t)usable(offset));
    }
}

/* Whatever a process wrote, the next one finds zeros. */
static void bytes_of_one_never_reach_another(void **state)
{
    (void)state;
    for (size_t row = 0; polished_policies[row]; row++) {
        if (!POLISHED_CAN_FEED(polished_policies[row]->caps))
            continue;
        open_over(polished_policies[row], 0);
        for (uint32_t owner = 1; owner < 6; owner++) {
            fill(owner, true);
            assert_int_equal(polished_destroy(&heap, owner), POLISHED_OK);
        }
    }
}

/* The same through single frees, kept pages given back, and growing runs. */
static void bytes_do_not_pass_through_frees(void **state)
{
    const struct polished_request longer = {3 * PAGE, 1, 0, 0};
    polished_size blocks[6], run, given = 0, none = 0;

    (void)state;
    open_over(&polished_best_fit, 0);
    for (int i = 0; i < 6; i++) {
        blocks[i] = take(1, i % 2 ? 9000 : 100);
        memset(polished_pointer(&heap, blocks[i]), 0x5a,
               (size_t)usable(blocks[i]));
    }
    for (int i = 0; i < 6; i++)
        assert_int_equal(polished_free(&heap, blocks[i], 0), POLISHED_OK);
    assert_int_equal(polished_call(&heap, "shrink", &given, &none),
                     POLISHED_OK);
    run = take(2, PAGE);
    assert_int_equal(polished_resize(&heap, run, 0, &longer), POLISHED_OK);
    assert_true(is_zero(run, usable(run)));
    fill(3, true);
}

static void quota_is_not_shortage(void **state)
{
    polished_size offset, first, a = 1, b = 0;

    (void)state;
    open_over(&polished_best_fit, 4 * PAGE);
    first = take(1, 2 * PAGE);
    take(1, 100);
    take(1, 1000);
    assert_int_equal(try(1, 3000, &offset), POLISHED_QUOTA);
    assert_int_equal(try(1, 500, &offset), POLISHED_QUOTA);
    assert_int_equal(try(1, 100, &offset), POLISHED_OK);
    take(2, 4 * PAGE);
    assert_int_equal(try(2, 1, &offset), POLISHED_QUOTA);
    heap.owner = 1;
    assert_int_equal(polished_free(&heap, first, 0), POLISHED_OK);
    take(1, 3000);
    ask("held", 1, 3 * PAGE, 0);
    assert_int_equal(polished_call(&heap, "quota", &a, &b), POLISHED_OK);
    assert_int_equal(try(1, SPAN, &offset), POLISHED_NO_MEMORY);
    assert_int_equal(try(1, 8 * PAGE, &offset), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* Pages that a process keeps do not bar it from using its quota. */
static void kept_pages_make_way(void **state)
{
    polished_size small;

    (void)state;
    open_over(&polished_best_fit, 2 * PAGE);
    small = take(1, 100);
    assert_int_equal(polished_free(&heap, small, 0), POLISHED_OK);
    small = take(1, 1500);
    assert_int_equal(polished_free(&heap, small, 0), POLISHED_OK);
    small = take(1, 2 * PAGE - PAGE / 2);
    ask("live", 1, 1, usable(small));
    ask("held", 1, 2 * PAGE, 0);
}

/* What a process leaves behind is told before, and gone after. */
static void destroy_returns_everything(void **state)
{
    const struct polished_request request = {1, 1, 0, 0};
    polished_size all, small, large, bytes = 0, leaks = 3, stale;

    (void)state;
    open_over(&polished_first_fit, 0);
    all = polished_largest(&source, &request);
    small = take(3, 100);
    take(3, 2000);
    large = take(3, 9000);
    stale = take(4, 100);
    heap.owner = 3;
    assert_int_equal(polished_free(&heap, take(3, 500), 0), POLISHED_OK);
    assert_int_equal(polished_call(&heap, "live", &leaks, &bytes), POLISHED_OK);
    assert_true(leaks == 3 && bytes == usable(small) + 2048 + usable(large));
    assert_int_equal(polished_destroy(&heap, 3), POLISHED_OK);
    ask("live", 3, 0, 0);
    ask("held", 3, 0, 0);
    assert_int_equal(polished_free(&heap, small, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, large, 0), POLISHED_NOT_OWNED);
    heap.owner = 4;
    assert_int_equal(polished_free(&heap, stale, 100), POLISHED_OK);
    assert_int_equal(polished_destroy(&heap, 4), POLISHED_OK);
    assert_int_equal(polished_destroy(&heap, 4), POLISHED_OK);
    assert_true(polished_largest(&source, &request) == all);
    take(3, 100);
    ask("live", 3, 1, 112);
}

/* Inside a run of its own a process is told so, on every page of it. */
static void runs_know_their_inside(void **state)
{
    polished_size run;

    (void)state;
    open_over(&polished_first_fit, 0);
    run = take(1, 5 * PAGE);
    for (polished_size at = 1; at < 5 * PAGE; at++)
        assert_int_equal(polished_free(&heap, run + at, 0), POLISHED_INTERIOR);
    assert_int_equal(polished_free(&heap, run, 5 * PAGE), POLISHED_OK);
    for (polished_size at = 0; at < 5 * PAGE; at++)
        assert_int_equal(polished_free(&heap, run + at, 0), POLISHED_NOT_OWNED);
}

/* Where one process has a byte, no other has one on the same page. */
static void pages_are_not_shared(void **state)
{
    uint32_t owners[SPAN / PAGE] = {0};

    (void)state;
    open_over(&polished_best_fit, 0);
    for (unsigned i = 0; i < 60; i++) {
        uint32_t owner = 1 + i % 4;
        polished_size size_bytes = i % 9 == 0 ? 5000 : 30 + i * 8;
        polished_size offset;

        if (try(owner, size_bytes, &offset) != POLISHED_OK)
            continue;
        for (polished_size page = offset / PAGE;
             page <= (offset + usable(offset) - 1) / PAGE; page++) {
            assert_true(owners[page] == 0 || owners[page] == owner);
            owners[page] = owner;
        }
    }
}

static void owners_beyond_the_table_are_refused(void **state)
{
    polished_size offset, a = 16, b = 0;

    (void)state;
    open_over(&polished_best_fit, 0);
    take(15, 1);
    assert_int_equal(try(16, 1, &offset), POLISHED_LIMIT);
    assert_int_equal(polished_free(&heap, 0, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_destroy(&heap, 16), POLISHED_LIMIT);
    assert_int_equal(polished_call(&heap, "live", &a, &b), POLISHED_LIMIT);
    assert_int_equal(polished_call(&heap, "held", &a, &b), POLISHED_LIMIT);
    assert_int_equal(polished_call(&heap, "quota", &a, &b), POLISHED_LIMIT);
    assert_true(a == 16 && b == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_reaches_anothers_blocks),
        cmocka_unit_test(bytes_of_one_never_reach_another),
        cmocka_unit_test(bytes_do_not_pass_through_frees),
        cmocka_unit_test(quota_is_not_shortage),
        cmocka_unit_test(kept_pages_make_way),
        cmocka_unit_test(destroy_returns_everything),
        cmocka_unit_test(runs_know_their_inside),
        cmocka_unit_test(pages_are_not_shared),
        cmocka_unit_test(owners_beyond_the_table_are_refused),
    };

    return cmocka_run_group_tests_name("user", tests, case_watch, NULL);
}
