/*
 * The replay against a policy that can be told to break each of its promises:
 * every one is a defect, at the event where it happened.  And against honest
 * ones: what is counted.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "polished/policies.h"
#include "sim/replay.h"

/* A bump policy with vices. */
enum vice {
    HONEST,
    OVERLAPS,
    LEAVES_DATA,
    MISALIGNS,
    GIVES_LESS,
    SCRIBBLES,
    LIES_IN_WALK,
    REFUSES_FREE,
    CONFUSED,
    VICE_COUNT,
    PACKS /* 3 bytes at 0, at 3, at 0 again */
};
static enum vice vice;

static polished_size *top_of(const struct polished_heap *heap)
{
    return heap->control;
}

static polished_size vile_control_bytes(const polished_size *knobs,
                                        polished_size data_bytes)
{
    (void)knobs;
    (void)data_bytes;
    return sizeof(polished_size);
}

static enum polished_status vile_reset(struct polished_heap *heap)
{
    *top_of(heap) = 0;
    return POLISHED_OK;
}

static enum polished_status vile_init(struct polished_heap *heap,
                                      const polished_size *knobs)
{
    (void)knobs;
    return vile_reset(heap);
}

static enum polished_status vile_alloc(struct polished_heap *heap,
                                       const struct polished_request *request,
                                       polished_size *offset)
{
    polished_size *top = top_of(heap);

    if (vice == CONFUSED)
        return POLISHED_DOUBLE_FREE;
    *offset = *top;
    *top += (request->size_bytes + 63) & ~(polished_size)63;
    if (vice == OVERLAPS && *offset != 0)
        *offset = 16;
    if (vice == LEAVES_DATA)
        *offset = heap->data.size_bytes - 16;
    if (vice == MISALIGNS)
        *offset += 8;
    if (vice == PACKS)
        *offset = *offset / 64 * 3 % 6;
    return POLISHED_OK;
}

static enum polished_status vile_free(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    (void)size_bytes;
    if (vice == REFUSES_FREE)
        return POLISHED_NOT_OWNED;
    if (vice == SCRIBBLES && offset >= 64)
        memset(polished_pointer(heap, offset - 64), 0xee, 64);
    return POLISHED_OK;
}

static enum polished_status vile_resize(struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size size_bytes,
                                        const struct polished_request *request)
{
    (void)heap;
    (void)offset;
    (void)size_bytes;
    return request->size_bytes <= 64 ? POLISHED_OK : POLISHED_NO_MEMORY;
}

static enum polished_status vile_usable(const struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size *size_bytes)
{
    (void)heap;
    (void)offset;
    *size_bytes = vice == PACKS ? 3 : vice == GIVES_LESS ? 8 : 64;
    return POLISHED_OK;
}

static enum polished_status vile_walk(const struct polished_heap *heap,
                                      polished_visit *visit, void *context)
{
    polished_size top = *top_of(heap), gap = vice == LIES_IN_WALK ? 8 : 0;
    struct polished_block used = {0, top, POLISHED_USED};
    struct polished_block rest = {top + gap, heap->data.size_bytes - top - gap,
                                  POLISHED_FREE};

    if (top == 0 || visit(context, &used) == 0)
        visit(context, &rest);
    return POLISHED_OK;
}

static const struct polished_ops vile = {
    .abi = POLISHED_ABI,
    .name = "vile",
    .summary = "breaks one promise at a time",
    .control_bytes = vile_control_bytes,
    .init = vile_init,
    .alloc = vile_alloc,
    .free = vile_free,
    .resize = vile_resize,
    .usable = vile_usable,
    .reset = vile_reset,
    .walk = vile_walk,
};

/* ---------------------------------------------------------------------- */

static struct trace_event alloc_of(uint64_t slot, uint64_t size_bytes)
{
    return (struct trace_event){
        .op = TRACE_ALLOC, .id = slot, .size_bytes = size_bytes};
}

static struct trace_event free_of(uint64_t slot)
{
    return (struct trace_event){.op = TRACE_FREE, .id = slot};
}

static struct trace_event realloc_of(uint64_t slot, uint64_t size_bytes)
{
    return (struct trace_event){
        .op = TRACE_REALLOC, .id = slot, .size_bytes = size_bytes};
}

/* Replay events in memory_bytes of plain memory; the result. */
static const struct sim_policy *replay(const struct polished_ops *ops,
                                       uint64_t memory_bytes,
                                       const struct trace_event *events,
                                       size_t count)
{
    static struct sim_policy out;
    static struct sim_replay one;
    static const struct sim_options options = {.verify = SIM_VERIFY_LAYOUT};
    struct sim_spec spec = {.layers = {{.ops = ops}}, .layer_count = 1};
    struct sim_memory memory;
    uint64_t event = 0;
    char message[SIM_TEXT_BYTES];

    /* One of the library's comes with its usual knobs and source. */
    if (polished_policy(ops->name) == ops)
        assert_true(
            sim_spec_parse(ops->name, &spec, message, sizeof message));
    memset(&out, 0, sizeof out);
    memset(&one, 0, sizeof one);
    sim_memory_plain(&memory, memory_bytes);
    one.options = &options;
    one.align_bytes = 16;
    one.out = &out;
    one.event = &event;
    assert_true(sim_replay_begin(&one, &spec, &memory, NULL));
    if (sim_replay_events(&one, events, count))
        sim_replay_end(&one);
    return &out;
}

static const struct trace_event plain[] = {
    {.op = TRACE_ALLOC, .id = 0, .size_bytes = 40},
    {.op = TRACE_ALLOC, .id = 1, .size_bytes = 40},
    {.op = TRACE_REALLOC, .id = 1, .size_bytes = 50},
    {.op = TRACE_FREE, .id = 1},
    {.op = TRACE_FREE, .id = 0},
};

static void honesty_passes(void **state)
{
    const struct sim_policy *out;

    (void)state;
    vice = HONEST;
    out = replay(&vile, 4096, plain, 5);
    assert_int_equal(out->outcome, SIM_PASSED);
    assert_int_equal(out->tally.operations, 5);
    assert_int_equal(out->tally.peak_live_bytes, 90);
    assert_int_equal(out->tally.peak_reserved_bytes, 128);
    assert_int_equal(out->tally.peak_extent_bytes, 128);
    assert_int_equal(out->tally.in_place_reallocs, 1);
    assert_int_equal(out->leaked_blocks, 0);
}

static void every_vice_is_a_defect(void **state)
{
    static const struct {
        uint64_t event;
        const char *what;
    } rows[VICE_COUNT] = {
        [OVERLAPS] = {2, "gave memory of the live block of event 1"},
        [LEAVES_DATA] = {1, "not inside its memory"},
        [MISALIGNS] = {1, "for alignment 16"},
        [GIVES_LESS] = {1, "gave 8 bytes for 40"},
        [SCRIBBLES] = {5, "the block of event 1 has lost its content"},
        [LIES_IN_WALK] = {1, "its walk says [72, +"},
        [REFUSES_FREE] = {4, "refused to free the live block of event 2"},
        [CONFUSED] = {1, "refused a proper request: double free"},
    };

    (void)state;
    for (vice = OVERLAPS; vice < VICE_COUNT; vice++) {
        const struct sim_policy *out = replay(&vile, 4096, plain, 5);

        assert_int_equal(out->outcome, SIM_DEFECT);
        assert_non_null(strstr(out->defect_what, rows[vice].what));
        assert_int_equal(out->defect_event, rows[vice].event);
    }
}

/* The trace has not been read before: that blocks may begin anywhere is known
   when the first one does. */
static void small_blocks_overlap_too(void **state)
{
    static const struct trace_event small = {.op = TRACE_ALLOC,
                                             .has = TRACE_HAS_ALIGN,
                                             .size_bytes = 3,
                                             .align_bytes = 1};
    struct trace_event events[] = {small, small, free_of(1), small};
    const struct sim_policy *out;

    (void)state;
    vice = PACKS;
    events[1].id = 1;
    events[3].id = 2;
    out = replay(&vile, 4096, events, 4);
    assert_int_equal(out->outcome, SIM_DEFECT);
    assert_int_equal(out->defect_event, 4);
    assert_non_null(
        strstr(out->defect_what, "gave memory of the live block of event 1"));
}

static void a_failed_alloc_silences_its_block(void **state)
{
    const struct trace_event events[] = {
        alloc_of(0, 100), alloc_of(1, 4000), realloc_of(1, 10), free_of(1),
        alloc_of(1, 10),  free_of(1),        free_of(0)};
    const struct sim_policy *out = replay(&polished_first_fit, 1024, events, 7);

    (void)state;
    assert_int_equal(out->outcome, SIM_FAILED);
    assert_int_equal(out->failures_total, 1);
    assert_int_equal(out->failures[SIM_IMPOSSIBLE], 1);
    assert_int_equal(out->first.event, 2);
    assert_int_equal(out->skipped_events, 2);
    assert_int_equal(out->leaked_blocks, 0);
}

static void a_failed_realloc_keeps_the_block(void **state)
{
    const struct trace_event events[] = {alloc_of(0, 500), realloc_of(0, 1020),
                                         alloc_of(1, 300), free_of(1)};
    const struct sim_policy *out = replay(&polished_first_fit, 1024, events, 4);

    (void)state;
    assert_int_equal(out->outcome, SIM_FAILED);
    assert_int_equal(out->failures_total, 1);
    assert_int_equal(out->leaked_blocks, 1);
    assert_int_equal(out->leaked_bytes, 500);
    assert_int_equal(out->tally.peak_live_bytes, 800);
}

static void the_witness_names_who_splits_the_window(void **state)
{
    struct trace_event events[64];
    const struct sim_policy *out;
    size_t count = 0;

    (void)state;
    for (uint64_t slot = 0; slot < 20; slot++)
        events[count++] = alloc_of(slot, 200);
    for (uint64_t slot = 0; slot < 20; slot += 2)
        events[count++] = free_of(slot);
    events[count++] = alloc_of(0, 600);
    out = replay(&polished_best_fit, 20 * 224, events, count);
    assert_int_equal(out->failures[SIM_FRAGMENTED], 1);
    assert_int_equal(out->first.event, 31);
    assert_true(out->first.free_bytes >= 600);
    assert_true(out->first.largest_free_bytes < 600);
    assert_int_equal(out->first.splitter_count, 1);
    assert_int_equal(out->first.splitter_event, 2);
    assert_true(out->first.window_bytes >= 600);
}

/* The stack keeps what is freed out of order, and says so. */
static void order_is_a_verdict(void **state)
{
    const struct trace_event events[] = {alloc_of(0, 10), alloc_of(1, 10),
                                         free_of(0), free_of(1)};
    const struct sim_policy *out = replay(&polished_stack, 1024, events, 4);

    (void)state;
    assert_int_equal(out->outcome, SIM_FAILED);
    assert_int_equal(out->failures[SIM_ORDER], 1);
    assert_int_equal(out->first.event, 3);
}

/* Bump never reclaims: enough has been freed, and it is of no use. */
static void what_is_not_reclaimed_is_the_policys(void **state)
{
    const struct trace_event events[] = {alloc_of(0, 600), free_of(0),
                                         alloc_of(0, 600)};
    const struct sim_policy *out = replay(&polished_bump, 1024, events, 3);

    (void)state;
    assert_int_equal(out->failures[SIM_POLICY], 1);
    assert_true(out->first.unreclaimed_bytes >= 600);
}

/* 10 GB and 2^63 bytes are proper requests; they do not fit. */
static void huge_requests_get_their_verdict(void **state)
{
    const struct trace_event events[] = {
        alloc_of(0, UINT64_C(10000000000)), alloc_of(1, UINT64_C(1) << 63),
        alloc_of(2, UINT64_MAX), alloc_of(3, 0)};

    (void)state;
    for (const struct polished_ops *const *row = polished_policies;
         *row != NULL; row++) {
        const struct sim_policy *out = replay(*row, 65536, events, 4);

        assert_int_equal(out->outcome, SIM_FAILED);
        assert_int_equal(out->failures[SIM_IMPOSSIBLE], 3);
        assert_int_equal(out->leaked_blocks, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honesty_passes),
        cmocka_unit_test(every_vice_is_a_defect),
        cmocka_unit_test(small_blocks_overlap_too),
        cmocka_unit_test(a_failed_alloc_silences_its_block),
        cmocka_unit_test(a_failed_realloc_keeps_the_block),
        cmocka_unit_test(the_witness_names_who_splits_the_window),
        cmocka_unit_test(order_is_a_verdict),
        cmocka_unit_test(what_is_not_reclaimed_is_the_policys),
        cmocka_unit_test(huge_requests_get_their_verdict),
    };

    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
