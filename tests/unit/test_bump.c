#define _GNU_SOURCE
/* bump: what only nested marks, told sizes and damage bring to light. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "alloc/bump.h"
#include "polished/mark.h"
#include "polished/policies.h"
#include "unit.h"

enum { SPAN = 4096, LEVELS = BUMP_CUTS / 2 };

static unsigned char memory[SPAN];
static _Alignas(16) struct bump_state control;
static struct polished_heap heap;

static void open_with(void *its_control)
{
    const struct polished_setup setup = {.ops = &polished_bump,
                                         .data = {memory, SPAN, 0},
                                         .control = its_control};

    memset(its_control, 0xa5, sizeof control);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

static void open_heap(void)
{
    open_with(&control);
}

static polished_size take(polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, 1, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset;
}

static struct polished_mark mark(void)
{
    struct polished_mark made;

    assert_int_equal(polished_mark(&heap, &made), POLISHED_OK);
    return made;
}

/* Allocate something and take it all back. */
static void cut_to(struct polished_mark to)
{
    take(10);
    assert_int_equal(polished_rewind(&heap, to), POLISHED_OK);
}

/* What lies above a cut goes stale, however many cuts there were. */
static void a_mark_above_any_later_cut_is_stale(void **state)
{
    struct polished_mark low[BUMP_CUTS + 4], high;

    (void)state;
    open_heap();
    for (size_t i = 0; i < BUMP_CUTS + 4; i++) {
        low[i] = mark();
        take(8);
    }
    high = mark();
    for (size_t i = 0; i < BUMP_CUTS + 4; i++) {
        /* Cuts with tops that ascend: all of them are kept. */
        assert_int_equal(polished_rewind(&heap, low[0]), POLISHED_OK);
        take(8 * (i + 2));
        low[0] = mark();
        take(200);
        assert_int_equal(polished_rewind(&heap, high), POLISHED_BAD_ORDER);
        for (size_t j = 1; j < BUMP_CUTS + 4; j++)
            assert_int_equal(polished_rewind(&heap, low[j]),
                             POLISHED_BAD_ORDER);
    }
}

/* While there are no more cuts than are kept, no good mark is refused. */
static void as_many_levels_as_are_kept_are_told_apart(void **state)
{
    struct polished_mark floor[LEVELS], between[LEVELS];

    (void)state;
    open_heap();
    for (size_t i = 0; i < LEVELS; i++) {
        take(16);
        floor[i] = mark();
        cut_to(floor[i]);
        take(16);
        between[i] = mark();
        /* A cut at the same place takes the place of the one before. */
        for (int j = 0; j < 20; j++)
            cut_to(mark());
        assert_true(control.cut_count <= BUMP_CUTS);
    }
    for (size_t i = LEVELS; i-- > 0;) {
        assert_int_equal(polished_rewind(&heap, between[i]), POLISHED_OK);
        assert_true(control.top_bytes == 32 * (i + 1));
        assert_int_equal(polished_rewind(&heap, floor[i]), POLISHED_OK);
    }
}

static void when_cuts_overflow_the_lowest_two_become_one(void **state)
{
    struct polished_mark first, second, stale, good;

    (void)state;
    open_heap();
    take(100);
    first = mark();
    take(50);
    stale = mark();
    assert_int_equal(polished_rewind(&heap, first), POLISHED_OK);
    take(100);
    second = mark();
    for (size_t i = 0; i < BUMP_CUTS + 3; i++) {
        cut_to(second);
        assert_int_equal(polished_rewind(&heap, stale), POLISHED_BAD_ORDER);
        take(20);
        second = mark();
        assert_true(control.cut_count <= BUMP_CUTS);
        for (uint32_t j = 1; j < control.cut_count; j++) {
            assert_true(control.cuts[j - 1].top_bytes <
                        control.cuts[j].top_bytes);
            assert_true(control.cuts[j - 1].epoch < control.cuts[j].epoch);
        }
    }
    good = mark();
    take(1);
    assert_int_equal(polished_rewind(&heap, good), POLISHED_OK);
    assert_int_equal(polished_rewind(&heap, first), POLISHED_OK);
}

/* When the two lowest cuts become one, it is as late as the later of them. */
static void a_mark_between_the_lowest_cuts_stays_stale(void **state)
{
    struct polished_mark low, middle, stale;

    (void)state;
    open_heap();
    take(10);
    low = mark();
    cut_to(low);
    take(10);
    middle = mark();
    take(5);
    stale = mark();
    assert_int_equal(polished_rewind(&heap, middle), POLISHED_OK);
    take(100);
    for (size_t i = 0; i < BUMP_CUTS; i++) {
        assert_int_equal(polished_rewind(&heap, stale), POLISHED_BAD_ORDER);
        cut_to(mark());
        take(10);
    }
    assert_int_equal(control.cut_count, BUMP_CUTS);
    assert_int_equal(polished_rewind(&heap, stale), POLISHED_BAD_ORDER);
    /* One at the lowest place of all leaves no other. */
    assert_int_equal(polished_rewind(&heap, low), POLISHED_OK);
    assert_int_equal(control.cut_count, 1);
    take(1);
    cut_to((struct polished_mark){0, control.epoch});
    assert_int_equal(control.cut_count, 1);
}

/* All cuts count, and then one more than there is room for: at the end of
   memory, where a look behind the last one traps. */
static void no_cut_behind_the_last_is_looked_at(void **state)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t need = (sizeof control + 15) / 16 * 16;
    unsigned char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)state;
    assert_true(pages != MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    open_with(pages + page - need);
    for (size_t i = 0; i < BUMP_CUTS + 2; i++) {
        cut_to(mark());
        take(1);
    }
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_int_equal(munmap(pages, 2 * page), 0);
}

static enum polished_status rewind_to(polished_size a, polished_size b)
{
    return polished_rewind(&heap, (struct polished_mark){a, b});
}

static void marks_that_cannot_be_are_refused(void **state)
{
    struct polished_mark old;

    (void)state;
    open_heap();
    old = mark();
    take(100);
    assert_int_equal(rewind_to(101, control.epoch), POLISHED_BAD_ORDER);
    assert_int_equal(rewind_to(100, control.epoch + 1), POLISHED_BAD_ORDER);
    assert_int_equal(rewind_to(100, control.epoch), POLISHED_OK);
    cut_to((struct polished_mark){50, control.epoch});
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    assert_int_equal(control.cut_count, 0);
    assert_int_equal(polished_rewind(&heap, old), POLISHED_BAD_ORDER);
    cut_to(mark());
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_int_equal(rewind_to(0, control.reset_epoch), POLISHED_OK);
    assert_int_equal(rewind_to(0, control.reset_epoch - 1), POLISHED_BAD_ORDER);
}

static void slack_is_what_lies_above_the_highest_top(void **state)
{
    const struct polished_request more = {200, 1, 0, 0};
    polished_size offset;

    (void)state;
    open_heap();
    assert_int_equal(heap.slack_bytes, SPAN);
    offset = take(10);
    assert_int_equal(heap.slack_bytes, SPAN - 10);
    assert_int_equal(polished_resize(&heap, offset, 0, &more), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, SPAN - 200);
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, SPAN - 200);
}

static void a_block_that_shrinks_makes_marks_above_it_stale(void **state)
{
    const struct polished_request less = {10, 1, 0, 0};
    struct polished_mark above;
    polished_size offset;

    (void)state;
    open_heap();
    offset = take(100);
    above = mark();
    assert_int_equal(polished_resize(&heap, offset, 0, &less), POLISHED_OK);
    take(200);
    assert_int_equal(polished_rewind(&heap, above), POLISHED_BAD_ORDER);
    assert_int_equal(control.cut_count, 1);
    /* No block shrinks when its size stays. */
    assert_int_equal(polished_resize(&heap, 10, 200,
                                     &(struct polished_request){200, 1, 0, 0}),
                     POLISHED_OK);
    assert_int_equal(control.cut_count, 1);
}

static void sizes_that_cannot_be_are_refused(void **state)
{
    polished_size usable_bytes = 0;

    (void)state;
    open_heap();
    take(10);
    take(20);
    assert_int_equal(polished_free(&heap, 0, 30), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 0, 31), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 9, 22), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 10, 20), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 10, 19), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 10, 21), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 11, 0), POLISHED_INTERIOR);
    assert_int_equal(polished_free(&heap, 30, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_usable(&heap, 0, &usable_bytes),
                     POLISHED_UNSUPPORTED);
    assert_int_equal(polished_usable(&heap, 10, &usable_bytes), POLISHED_OK);
    assert_int_equal(usable_bytes, 20);
}

/* Only the last block is known; of others the caller has to tell the size. */
static void other_blocks_are_judged_by_what_is_told(void **state)
{
    const struct polished_request less = {5, 1, 0, 0}, more = {11, 1, 0, 0},
                                  aligned = {5, 4, 0, 0};
    polished_size usable_bytes = 7;

    (void)state;
    open_heap();
    take(10);
    take(20);
    assert_int_equal(polished_resize(&heap, 0, 0, &less), POLISHED_UNSUPPORTED);
    assert_int_equal(polished_resize(&heap, 0, 10, &less), POLISHED_OK);
    assert_int_equal(polished_resize(&heap, 0, 5, &less), POLISHED_OK);
    assert_int_equal(polished_resize(&heap, 0, 10, &more), POLISHED_NO_MEMORY);
    assert_int_equal(polished_resize(&heap, 1, 9, &aligned),
                     POLISHED_NO_MEMORY);
    assert_int_equal(polished_resize(&heap, 30, 0, &less), POLISHED_NOT_OWNED);
    assert_int_equal(polished_usable(&heap, 30, &usable_bytes),
                     POLISHED_NOT_OWNED);
    assert_int_equal(polished_usable(&heap, 12, &usable_bytes),
                     POLISHED_INTERIOR);
    assert_int_equal(usable_bytes, 7);
}

/* At the top of all addresses a gap does not wrap to the bottom. */
static void alignment_at_the_top_of_addresses_does_not_wrap(void **state)
{
    const polished_size size_bytes = POLISHED_SIZE_MAX - 15;
    const struct polished_setup setup = {.ops = &polished_bump,
                                         .data = {NULL, size_bytes, 0},
                                         .control = &control};
    const struct polished_request most = {size_bytes - 1, 1, 0, 0},
                                  huge = {1, POLISHED_SIZE_MAX / 2 + 1, 0, 0};
    polished_size offset;

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_alloc(&heap, &most, &offset), POLISHED_OK);
    assert_int_equal(polished_alloc(&heap, &huge, &offset), POLISHED_NO_MEMORY);
    assert_true(polished_largest(&heap, &huge) == 0);
    assert_true(polished_largest(&heap, &most) == 1);
}

static void expect_corrupt(const struct bump_state *sound)
{
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
    control = *sound;
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static void damage_is_seen(void **state)
{
    struct bump_state sound;

    (void)state;
    open_heap();
    take(10);
    sound = control;
    control.top_bytes = SPAN;
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    control.top_bytes = SPAN + 1;
    expect_corrupt(&sound);
    control.top_bytes = SPAN + 1; /* which the walk sees, and the check too */
    assert_int_equal(polished_bump.check(&heap), POLISHED_CORRUPT);
    expect_corrupt(&sound);
    control.cut_count = BUMP_CUTS;
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    control.cut_count = BUMP_CUTS + 1;
    expect_corrupt(&sound);
    control.reset_epoch = control.epoch + 1;
    expect_corrupt(&sound);
    control.last = control.top_bytes;
    expect_corrupt(&sound);
    control.last = POLISHED_NOWHERE;
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* A cap that nobody has is one that no test asks about. */
static void it_says_what_it_can(void **state)
{
    (void)state;
    assert_true(polished_bump.caps ==
                (POLISHED_ANY_ORDER | POLISHED_NO_TOUCH | POLISHED_SLACK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_above_any_later_cut_is_stale),
        cmocka_unit_test(as_many_levels_as_are_kept_are_told_apart),
        cmocka_unit_test(when_cuts_overflow_the_lowest_two_become_one),
        cmocka_unit_test(a_mark_between_the_lowest_cuts_stays_stale),
        cmocka_unit_test(no_cut_behind_the_last_is_looked_at),
        cmocka_unit_test(marks_that_cannot_be_are_refused),
        cmocka_unit_test(slack_is_what_lies_above_the_highest_top),
        cmocka_unit_test(a_block_that_shrinks_makes_marks_above_it_stale),
        cmocka_unit_test(sizes_that_cannot_be_are_refused),
        cmocka_unit_test(other_blocks_are_judged_by_what_is_told),
        cmocka_unit_test(alignment_at_the_top_of_addresses_does_not_wrap),
        cmocka_unit_test(damage_is_seen),
        cmocka_unit_test(it_says_what_it_can),
    };

    return cmocka_run_group_tests_name("bump", tests, NULL, NULL);
}
