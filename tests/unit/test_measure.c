/* Census, layout, histogram, metrics: numbers worked out by hand. */
#include "unit.h"

#include <string.h>

#include "measure/census.h"
#include "measure/layout.h"
#include "measure/metric.h"

static void add(struct measure_census *census, int op, uint64_t id,
                uint64_t size_bytes, uint64_t old_bytes)
{
    struct trace_event event = {
        .op = (uint8_t)op, .id = id, .size_bytes = size_bytes};

    measure_census_add(census, &event, 1, &old_bytes);
}

static void census_follows_the_live_set(void **state)
{
    struct measure_census census;

    (void)state;
    measure_census_begin(&census, 16);
    add(&census, TRACE_ALLOC, 0, 100, 0);
    add(&census, TRACE_ALLOC, 1, 1, 0);
    add(&census, TRACE_REALLOC, 0, 40, 100);
    add(&census, TRACE_FREE, 1, 0, 1);
    add(&census, TRACE_ALLOC, 1, 0, 0);
    assert_int_equal(census.events, 5);
    assert_int_equal(census.peak_live_bytes, 101);
    assert_int_equal(census.peak_event, 2);
    assert_int_equal(census.peak_live_blocks, 2);
    assert_int_equal(census.load_bytes, 112 + 16);
    assert_int_equal(census.live_bytes, 40);
    assert_int_equal(census.live_blocks, 2);
    assert_int_equal(census.zero_requests, 1);
    assert_int_equal(census.requested_bytes, 141);
    assert_int_equal(census.smallest_request_bytes, 0);
    assert_int_equal(census.largest_request_bytes, 100);
    assert_int_equal(census.slots, 2);
}

static void census_saturates(void **state)
{
    struct measure_census census;

    (void)state;
    measure_census_begin(&census, 16);
    add(&census, TRACE_ALLOC, 0, UINT64_MAX, 0);
    add(&census, TRACE_ALLOC, 1, UINT64_MAX, 0);
    add(&census, TRACE_FREE, 0, 0, UINT64_MAX);
    assert_true(census.peak_live_bytes == UINT64_MAX);
    assert_true(census.live_bytes == UINT64_MAX);
}

/* However many events are added at once; those from the first on whose sum may
   overflow are counted with more care. */
static void census_is_the_same_at_once(void **state)
{
    static const uint64_t sizes[] = {100, UINT64_C(1) << 32, 1, UINT64_MAX, 7};
    enum { COUNT = sizeof sizes / sizeof sizes[0] };
    struct trace_event events[2 * COUNT] = {{.op = TRACE_ALLOC}};
    uint64_t old_bytes[2 * COUNT] = {0};
    struct measure_census at_once, one_by_one;

    (void)state;
    for (unsigned i = 0; i < COUNT; i++) {
        events[i].id = i;
        events[i].size_bytes = sizes[i];
        events[COUNT + i] = (struct trace_event){.op = TRACE_FREE, .id = i};
        old_bytes[COUNT + i] = sizes[i];
    }
    memset(&at_once, 0, sizeof at_once);
    memset(&one_by_one, 0, sizeof one_by_one);
    measure_census_begin(&at_once, 16);
    measure_census_begin(&one_by_one, 16);
    measure_census_add(&at_once, events, 2 * COUNT, old_bytes);
    for (unsigned i = 0; i < 2 * COUNT; i++)
        measure_census_add(&one_by_one, &events[i], 1, &old_bytes[i]);
    assert_memory_equal(&at_once, &one_by_one, sizeof at_once);
    assert_true(at_once.requested_bytes == UINT64_MAX);
    assert_true(at_once.peak_live_bytes == UINT64_MAX);
    assert_int_equal(at_once.peak_event, 4);
    measure_census_begin(&at_once, 16);
    measure_census_add(&at_once, events, 3, old_bytes);
    assert_int_equal(at_once.live_bytes, 101 + (UINT64_C(1) << 32));
    assert_int_equal(at_once.load_bytes, 112 + 16 + (UINT64_C(1) << 32));
}

/* Small sizes, but each is rounded up to an eighth of all addresses. */
static void census_saturates_by_rounding(void **state)
{
    struct trace_event events[9] = {{.op = TRACE_ALLOC}};
    const uint64_t old_bytes[9] = {0};
    struct measure_census census;

    (void)state;
    for (unsigned i = 0; i < 9; i++) {
        events[i].id = i;
        events[i].size_bytes = 1;
    }
    measure_census_begin(&census, UINT64_C(1) << 61);
    measure_census_add(&census, events, 9, old_bytes);
    assert_int_equal(census.live_bytes, 9);
    assert_true(census.load_bytes == UINT64_MAX);
    assert_true(census.load_now_bytes == UINT64_MAX);
}

static void census_ignores_what_misuse_does_not_end(void **state)
{
    struct measure_census census;
    struct trace_event stale = {.op = TRACE_FREE, .has = TRACE_IS_STALE};
    uint64_t old_bytes = 10;

    (void)state;
    measure_census_begin(&census, 16);
    add(&census, TRACE_ALLOC, 0, 10, 0);
    measure_census_add(&census, &stale, 1, &old_bytes);
    assert_int_equal(census.live_bytes, 10);
    assert_true(census.has_misuse);
}

static void visit_all(struct measure_layout *layout,
                      const struct polished_block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        measure_layout_visit(layout, &blocks[i]);
}

static const struct polished_block sample[] = {
    {0, 100, POLISHED_USED},  {100, 28, POLISHED_OWN},
    {128, 64, POLISHED_FREE}, {192, 8, POLISHED_OWN},
    {200, 56, POLISHED_USED}, {256, 192, POLISHED_FREE},
};

static void layout_sums_by_kind(void **state)
{
    struct measure_layout layout = {0};

    (void)state;
    visit_all(&layout, sample, 6);
    assert_int_equal(layout.bytes[POLISHED_USED], 156);
    assert_int_equal(layout.bytes[POLISHED_OWN], 36);
    assert_int_equal(layout.bytes[POLISHED_FREE], 256);
    assert_int_equal(layout.blocks[POLISHED_FREE], 2);
    assert_int_equal(layout.largest_free_bytes, 192);
    assert_int_equal(layout.extent_bytes, 256);
    assert_true(measure_external(&layout) == 0.25);
    assert_true(measure_fragmentation_index(&layout, 256) == 0);
    assert_true(measure_fragmentation_index(&layout, 512) == 0.25);
}

static polished_size fits(struct polished_request request, uint64_t bus_base)
{
    struct measure_layout layout = {.wanted = &request, .bus_base = bus_base};

    visit_all(&layout, sample, 6);
    return layout.fits;
}

static void layout_counts_holes_that_fit(void **state)
{
    (void)state;
    assert_int_equal(fits((struct polished_request){64, 16, 0, 0}, 0), 2);
    assert_int_equal(fits((struct polished_request){65, 16, 0, 0}, 0), 1);
    assert_int_equal(fits((struct polished_request){64, 128, 0, 0}, 64), 1);
    assert_int_equal(fits((struct polished_request){64, 16, 192, 0}, 0), 1);
    assert_int_equal(fits((struct polished_request){64, 16, 191, 0}, 0), 0);
    assert_int_equal(fits((struct polished_request){128, 16, 0, 128}, 0), 1);
    assert_int_equal(fits((struct polished_request){128, 16, 0, 128}, 16), 0);
    assert_int_equal(fits((struct polished_request){129, 1, 0, 128}, 0), 0);
    /* At the end of all addresses nothing wraps around. */
    assert_int_equal(
        fits((struct polished_request){64, 4096, 0, 0}, UINT64_MAX - 447), 0);
}

static void layout_paints_every_byte_once(void **state)
{
    struct measure_strip strip = {.cell_bytes = 7};
    struct measure_layout layout = {.strip = &strip};
    polished_size used = 0, own = 0;

    (void)state;
    visit_all(&layout, sample, 6);
    for (int i = 0; i < MEASURE_STRIP_CELLS; i++) {
        assert_true(strip.used_bytes[i] + strip.own_bytes[i] <= 7);
        used += strip.used_bytes[i];
        own += strip.own_bytes[i];
    }
    assert_int_equal(used, 156);
    assert_int_equal(own, 36);
    assert_int_equal(strip.used_bytes[14], 2); /* [98, 105): 98 and 99 */
    assert_int_equal(strip.own_bytes[14], 5);
}

static void histogram_is_exact_where_it_says_so(void **state)
{
    static struct measure_histogram histogram;

    (void)state;
    memset(&histogram, 0, sizeof histogram);
    assert_int_equal(measure_histogram_quantile(&histogram, 990), 0);
    for (uint64_t value = 1; value <= 60; value++)
        measure_histogram_add(&histogram, value);
    assert_int_equal(measure_histogram_quantile(&histogram, 500), 30);
    assert_int_equal(measure_histogram_quantile(&histogram, 990), 60);
    assert_int_equal(measure_histogram_quantile(&histogram, 1000), 60);
    assert_int_equal(histogram.sum, 1830);
    for (uint64_t value = 64; value > 0 && value < UINT64_MAX / 3;
         value = value * 3 + 1) {
        uint64_t found;

        memset(&histogram, 0, sizeof histogram);
        measure_histogram_add(&histogram, value);
        found = measure_histogram_quantile(&histogram, 1000);
        assert_true(found <= value && value - found <= value / 31);
    }
}

static double value_of(const char *key, const struct measure_tally *tally)
{
    const struct measure_metric *metric = measure_metric_of(key);

    assert_non_null(metric);
    return metric->value(tally);
}

static void metrics_follow_their_formulas(void **state)
{
    static struct measure_tally tally;

    (void)state;
    tally = (struct measure_tally){
        .peak_live_bytes = 800,
        .peak_reserved_bytes = 1000,
        .live_at_peak_reserved_bytes = 750,
        .peak_extent_bytes = 1200,
        .live_at_peak_extent_bytes = 600,
        .extent_at_peak_live_bytes = 1000,
        .ratio_sum_low = 3 * 65536,
        .ratio_count = 2,
        .control_bytes = 16,
        .own_at_peak_bytes = 48,
    };
    assert_true(value_of("internal", &tally) == 0.25);
    assert_true(value_of("metadata_bytes", &tally) == 64);
    assert_true(value_of("extent_mean", &tally) == 1.5);
    assert_true(value_of("extent_at_peak_live", &tally) == 1.25);
    assert_true(value_of("extent_at_peak_extent", &tally) == 2);
    assert_true(value_of("extent_peaks", &tally) == 1.5);
    assert_null(measure_metric_of("no such metric"));
    assert_false(measure_metric_of("ns_per_op")->present(&tally));
}

/* A trace without a single byte must not divide by zero. */
static void metrics_of_nothing_are_zero(void **state)
{
    static struct measure_tally tally;

    (void)state;
    memset(&tally, 0, sizeof tally);
    for (const struct measure_metric *row = measure_metrics; row->key; row++)
        assert_true(row->value(&tally) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(census_follows_the_live_set),
        cmocka_unit_test(census_saturates),
        cmocka_unit_test(census_is_the_same_at_once),
        cmocka_unit_test(census_saturates_by_rounding),
        cmocka_unit_test(census_ignores_what_misuse_does_not_end),
        cmocka_unit_test(layout_sums_by_kind),
        cmocka_unit_test(layout_counts_holes_that_fit),
        cmocka_unit_test(layout_paints_every_byte_once),
        cmocka_unit_test(histogram_is_exact_where_it_says_so),
        cmocka_unit_test(metrics_follow_their_formulas),
        cmocka_unit_test(metrics_of_nothing_are_zero),
    };

    return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
