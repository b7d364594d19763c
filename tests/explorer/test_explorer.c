/* The explorer, tested: it finds what was planted in rows that behave almost
   always, and nothing in one that does always. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "explorer.h"
#include "plans.h"
#include "polished/policies.h"
#include "state.h"

static struct explorer_result result;

/* What a walk says of the blocks in use. */
struct used {
    unsigned count;
    polished_size last;
};

static int see_used(void *context, const struct polished_block *block)
{
    struct used *used = context;

    if (block->kind != POLISHED_USED)
        return 0;
    used->count++;
    used->last = block->offset_bytes;
    return 0;
}

static struct used look(const struct polished_heap *heap)
{
    struct used used = {0, 0};

    polished_best_fit.walk(heap, see_used, &used);
    return used;
}

/* The third block lies where the second one does. */
static enum polished_status
alloc_overlap(struct polished_heap *heap,
              const struct polished_request *request, polished_size *offset)
{
    struct used used = look(heap);

    if (used.count < 2)
        return polished_best_fit.alloc(heap, request, offset);
    *offset = used.last;
    return POLISHED_OK;
}

/* The third block is refused, though there is room for it. */
static enum polished_status alloc_two(struct polished_heap *heap,
                                      const struct polished_request *request,
                                      polished_size *offset)
{
    return look(heap).count < 2 ? polished_best_fit.alloc(heap, request, offset)
                                : POLISHED_NO_MEMORY;
}

/* What is refused leaves a trace. */
static enum polished_status alloc_trace(struct polished_heap *heap,
                                        const struct polished_request *request,
                                        polished_size *offset)
{
    enum polished_status status =
        polished_best_fit.alloc(heap, request, offset);

    if (status != POLISHED_OK && look(heap).count == 2)
        ((unsigned char *)heap->control)[heap->control_bytes - 1] ^= 1;
    return status;
}

/* A size that overflows is had. */
static polished_size largest_all(const struct polished_heap *heap,
                                 const struct polished_request *request)
{
    polished_size bytes = polished_best_fit.largest(heap, request);

    return look(heap).count == 2 && bytes > 0 ? bytes - 1 : bytes;
}

/* One of three stays in use. */
static enum polished_status free_leak(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    return look(heap).count == 3
               ? POLISHED_OK
               : polished_best_fit.free(heap, offset, size_bytes);
}

static enum polished_status free_twice(struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes)
{
    enum polished_status status =
        polished_best_fit.free(heap, offset, size_bytes);

    return status == POLISHED_DOUBLE_FREE && look(heap).count == 2 ? POLISHED_OK
                                                                   : status;
}

/* The last of two blocks is scribbled on when the other is resized.  That the
   sanitizer would tell too; here the oracle shall. */
__attribute__((no_sanitize("address"))) static enum polished_status
resize_scribble(struct polished_heap *heap, polished_size offset,
                polished_size size_bytes, const struct polished_request *new)
{
    struct used used = look(heap);
    enum polished_status status =
        polished_best_fit.resize(heap, offset, size_bytes, new);

    if (status == POLISHED_OK && used.count == 2 && used.last != offset)
        *(unsigned char *)polished_pointer(heap, used.last) ^= 1;
    return status;
}

static void explore(const struct polished_ops *ops)
{
    struct explorer_plan plan;

    assert_true(plans_make(ops, polished_policies, PLANS_CHECK, 0, &plan));
    assert_true(explorer_run(&plan, &result));
}

/* A line for each move, before what is broken. */
static unsigned story_moves(const char *story)
{
    const char *end = strstr(story, "broken: ");
    unsigned count = 0;

    for (; story < end; story++)
        count += *story == '\n';
    return count;
}

static void expect_found(const struct polished_ops *ops, unsigned depth,
                         const char *what)
{
    explore(ops);
    assert_false(result.is_closed);
    assert_non_null(strstr(result.story, "broken: "));
    assert_non_null(strstr(result.story, what));
    assert_int_equal(story_moves(result.story), depth);
}

static void nothing_is_found_in_what_is_right(void **state)
{
    size_t state_count;

    (void)state;
    explore(&polished_best_fit);
    assert_true(result.is_closed);
    assert_string_equal(result.story, "");
    assert_true(result.depth >= 5);
    state_count = result.state_count;
    explore(&polished_best_fit);
    assert_true(result.state_count == state_count);
}

static void planted_bugs_are_found_with_the_shortest_story(void **state)
{
    struct polished_ops ops = polished_best_fit;

    (void)state;
    ops.alloc = alloc_overlap;
    expect_found(&ops, 3, "other->offset");
    ops.alloc = alloc_two;
    expect_found(&ops, 3, "status == POLISHED_OK");
    ops.alloc = alloc_trace;
    expect_found(&ops, 3, "heap.control");
    ops = polished_best_fit;
    ops.largest = largest_all;
    expect_found(&ops, 3, "status");
    ops = polished_best_fit;
    ops.free = free_leak;
    expect_found(&ops, 3, "inside == 1");
    ops = polished_best_fit;
    ops.free = free_twice;
    expect_found(&ops, 3, "polished_free");
    ops = polished_best_fit;
    ops.resize = resize_scribble;
    expect_found(&ops, 3, "state_is_intact");
}

static void a_search_can_be_bounded(void **state)
{
    struct explorer_plan plan;

    (void)state;
    assert_true(plans_make(&polished_best_fit, polished_policies, PLANS_CHECK,
                           0, &plan));
    plan.state_most = 20;
    assert_true(explorer_run(&plan, &result));
    assert_false(result.is_closed);
    assert_true(result.state_count >= 20);
    plan.size_bytes = 8;
    assert_false(explorer_run(&plan, &result));
}

/* Whatever was written where it cannot matter, the state is the same. */
static void states_that_have_the_same_future_are_one(void **state)
{
    const struct oracle_plan plan = {.ops = &polished_best_fit,
                                     .size_bytes = 256};
    static struct state heap;
    static unsigned char bytes[3][4096];
    size_t size;

    (void)state;
    assert_true(state_open(&heap, &plan));
    assert_true(heap.most_bytes <= sizeof bytes[0]);
    size = state_store(&heap, bytes[0]);
    oracle_alloc(&heap.oracle, 24, 1);
    assert_true(state_store(&heap, bytes[1]) > size);
    oracle_alloc(&heap.oracle, 40, 1);
    oracle_free(&heap.oracle, 0, true);
    oracle_free(&heap.oracle, 0, true);
    assert_true(state_store(&heap, bytes[2]) == size);
    assert_memory_equal(bytes[0], bytes[2], size);
    state_load(&heap, bytes[1]);
    assert_true(heap.oracle.count == 1 && state_is_intact(&heap));
    heap.oracle.data[heap.oracle.live[0].offset] ^= 1;
    assert_false(state_is_intact(&heap));
    state_close(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_in_what_is_right),
        cmocka_unit_test(planted_bugs_are_found_with_the_shortest_story),
        cmocka_unit_test(a_search_can_be_bounded),
        cmocka_unit_test(states_that_have_the_same_future_are_one),
    };

    return cmocka_run_group_tests_name("explorer", tests, NULL, NULL);
}
