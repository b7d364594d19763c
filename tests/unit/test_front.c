/* The front judges every argument once, before the row is called. */
#include <string.h>

#include "core/judged.h"
#include "fake.h"
#include "unit.h"

#define MOST POLISHED_SIZE_MAX

static struct polished_ops row;
static struct polished_heap heap;

static int open_plain(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    row = fake_row(POLISHED_ANY_ORDER);
    heap = fake_open(&row);
    return heap.ops == NULL;
}

/* The answer to this request; the row must have been asked or not. */
static enum polished_status ask(struct polished_request request, int is_asked)
{
    polished_size offset = 1;
    unsigned calls = fake.calls;
    enum polished_status status = polished_alloc(&heap, &request, &offset);

    assert_int_equal(fake.calls - calls, is_asked);
    assert_true(status == POLISHED_OK || offset == POLISHED_NOWHERE);
    return status;
}

static void front_sizes(void **state)
{
    (void)state;
    assert_int_equal(ask((struct polished_request){0, 1, 0, 0}, 0),
                     POLISHED_BAD_SIZE);
    assert_int_equal(ask((struct polished_request){1, 1, 0, 0}, 1),
                     POLISHED_OK);
    assert_int_equal(ask((struct polished_request){4000, 1, 0, 0}, 1),
                     POLISHED_OK);
    assert_int_equal(ask((struct polished_request){4001, 1, 0, 0}, 0),
                     POLISHED_NO_MEMORY);
    assert_int_equal(ask((struct polished_request){MOST, 1, 0, 0}, 0),
                     POLISHED_NO_MEMORY);
    assert_int_equal(ask((struct polished_request){MOST / 2 + 1, 1, 0, 0}, 0),
                     POLISHED_NO_MEMORY);
}

static void front_alignments(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 8 * sizeof(polished_size); bit++) {
        polished_size power = (polished_size)1 << bit;

        assert_int_equal(ask((struct polished_request){1, power, 0, 0}, 1),
                         POLISHED_OK);
        if (bit > 0)
            assert_int_equal(
                ask((struct polished_request){1, power | 1, 0, 0}, 0),
                POLISHED_BAD_ALIGN);
    }
    assert_int_equal(ask((struct polished_request){1, 0, 0, 0}, 0),
                     POLISHED_BAD_ALIGN);
    assert_int_equal(ask((struct polished_request){1, MOST, 0, 0}, 0),
                     POLISHED_BAD_ALIGN);
}

static void front_limits(void **state)
{
    (void)state;
    assert_int_equal(ask((struct polished_request){1, 1, 4096, 0}, 0),
                     POLISHED_UNSUPPORTED);
    assert_int_equal(ask((struct polished_request){1, 1, 0, 64}, 0),
                     POLISHED_UNSUPPORTED);
    row.caps |= POLISHED_LIMITS;
    assert_int_equal(ask((struct polished_request){64, 1, 4096, 64}, 1),
                     POLISHED_OK);
    assert_int_equal(ask((struct polished_request){64, 1, 4096, 0}, 1),
                     POLISHED_OK);
    /* Just possible: at bus address 0, and all of data. */
    assert_int_equal(ask((struct polished_request){64, 1, 64, 0}, 1),
                     POLISHED_OK);
    assert_int_equal(ask((struct polished_request){4000, 1, 0, 4096}, 1),
                     POLISHED_OK);
    assert_int_equal(ask((struct polished_request){65, 1, 0, 64}, 0),
                     POLISHED_CONSTRAINT);
    assert_int_equal(ask((struct polished_request){65, 1, 64, 0}, 0),
                     POLISHED_CONSTRAINT);
    assert_int_equal(ask((struct polished_request){1, 1, 0, 48}, 0),
                     POLISHED_CONSTRAINT);
    assert_int_equal(ask((struct polished_request){4001, 1, 0, 8192}, 0),
                     POLISHED_NO_MEMORY);
}

static void front_passes_the_request_on_uncopied(void **state)
{
    const struct polished_request request = {1, 1, 0, 0};
    polished_size offset;

    (void)state;
    fake.offset = 96;
    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    assert_ptr_equal(fake.request, &request);
    assert_true(offset == 96);
    polished_resize(&heap, 96, 0, &request);
    assert_ptr_equal(fake.request, &request);
}

static void front_blocks_lie_in_data(void **state)
{
    const struct polished_request request = {1, 1, 0, 0};
    polished_size size_bytes;

    (void)state;
    assert_int_equal(polished_free(&heap, 4000, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, MOST, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, 3999, 2), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 1, MOST), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_resize(&heap, 4000, 0, &request),
                     POLISHED_NOT_OWNED);
    assert_int_equal(polished_usable(&heap, 4000, &size_bytes),
                     POLISHED_NOT_OWNED);
    assert_int_equal(fake.calls, 0);
    assert_int_equal(polished_free(&heap, 3999, 1), POLISHED_OK);
    assert_true(fake.freed == 3999 && fake.freed_bytes == 1);
    row.caps |= POLISHED_NEEDS_SIZE;
    assert_int_equal(polished_free(&heap, 3999, 0), POLISHED_BAD_SIZE);
    assert_int_equal(polished_resize(&heap, 3999, 0, &request),
                     POLISHED_BAD_SIZE);
}

/* What policies assert is what gets through to them. */
static void front_lets_through_what_is_asserted(void **state)
{
    static const struct {
        struct polished_request request;
        bool is_judged;
    } requests[] = {{{1, 1, 0, 0}, true},     {{4000, 64, 0, 0}, true},
                    {{4001, 1, 0, 0}, false}, {{0, 1, 0, 0}, false},
                    {{1, 3, 0, 0}, false},    {{1, 0, 0, 0}, false}};
    static const struct {
        polished_size offset, size_bytes;
        bool is_judged;
    } blocks[] = {{0, 4000, true},    {3999, 1, true},  {3999, 0, true},
                  {4000, 0, false},   {1, 4000, false}, {MOST, 1, false},
                  {3999, MOST, false}};

    (void)state;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++)
        assert_int_equal(judged_request(&heap, &requests[i].request),
                         requests[i].is_judged);
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        assert_int_equal(
            judged_block(&heap, blocks[i].offset, blocks[i].size_bytes),
            blocks[i].is_judged);
}

static void front_absent_rows_are_unsupported(void **state)
{
    const struct polished_request request = {1, 1, 0, 0};
    polished_size out = 3;

    (void)state;
    row.free = NULL;
    row.resize = NULL;
    row.usable = NULL;
    row.extend = NULL;
    row.reserve = NULL;
    row.largest = NULL;
    row.extras = NULL;
    assert_int_equal(polished_free(&heap, 0, 0), POLISHED_UNSUPPORTED);
    assert_int_equal(polished_resize(&heap, 0, 0, &request),
                     POLISHED_UNSUPPORTED);
    assert_int_equal(polished_usable(&heap, 0, &out), POLISHED_UNSUPPORTED);
    assert_int_equal(polished_extend(&heap, 1), POLISHED_UNSUPPORTED);
    assert_int_equal(polished_reserve(&heap, 0, 1), POLISHED_UNSUPPORTED);
    assert_int_equal(polished_destroy(&heap, 1), POLISHED_UNSUPPORTED);
    assert_int_equal(polished_call(&heap, "swap", &out, &out),
                     POLISHED_UNSUPPORTED);
    assert_true(polished_largest(&heap, &request) == 0);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static void front_extend_grows_data_if_the_row_agrees(void **state)
{
    (void)state;
    assert_int_equal(polished_extend(&heap, 0), POLISHED_BAD_SIZE);
    assert_int_equal(polished_extend(&heap, 5), POLISHED_OK);
    assert_true(heap.data.size_bytes == 4005);
    fake.extend = POLISHED_LIMIT;
    assert_int_equal(polished_extend(&heap, 5), POLISHED_LIMIT);
    assert_true(heap.data.size_bytes == 4005);
    fake.extend = POLISHED_OK;
    assert_int_equal(polished_extend(&heap, MOST - 4004), POLISHED_LIMIT);
    heap.data.bus_base = UINT64_MAX - 4005;
    assert_int_equal(polished_extend(&heap, 1), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, 1), POLISHED_LIMIT);
}

static void front_reserve_stays_in_data(void **state)
{
    (void)state;
    assert_int_equal(polished_reserve(&heap, 0, 0), POLISHED_BAD_SIZE);
    assert_int_equal(polished_reserve(&heap, 4000, 1), POLISHED_NOT_OWNED);
    assert_int_equal(polished_reserve(&heap, 1, MOST), POLISHED_NOT_OWNED);
    assert_int_equal(fake.calls, 0);
    assert_int_equal(polished_reserve(&heap, 1, 3999), POLISHED_OK);
}

static void front_extras_are_called_by_their_whole_name(void **state)
{
    polished_size a = 1, b = 2;

    (void)state;
    assert_int_equal(polished_call(&heap, "swa", &a, &b), POLISHED_UNSUPPORTED);
    assert_int_equal(polished_call(&heap, "swapp", &a, &b),
                     POLISHED_UNSUPPORTED);
    assert_int_equal(polished_call(&heap, "swap", &a, &b), POLISHED_OK);
    assert_true(a == 2 && b == 1);
}

static enum polished_status front_clear(struct polished_heap *from,
                                        polished_size *a, polished_size *b)
{
    (void)from;
    *a = 0;
    *b = 0;
    return POLISHED_OK;
}

static void front_extras_are_found_one_after_the_other(void **state)
{
    const struct polished_extra extras[] = {
        fake_extras[0], {"clear", "a and b become 0", front_clear}, {0}};
    polished_size a = 1, b = 2;

    (void)state;
    row.extras = extras;
    assert_int_equal(polished_call(&heap, "swap", &a, &b), POLISHED_OK);
    assert_true(a == 2 && b == 1);
    assert_int_equal(polished_call(&heap, "clear", &a, &b), POLISHED_OK);
    assert_true(a == 0 && b == 0);
    assert_int_equal(polished_call(&heap, "clean", &a, &b),
                     POLISHED_UNSUPPORTED);
}

static void front_largest_ignores_the_size(void **state)
{
    struct polished_request request = {0, 16, 0, 0};

    (void)state;
    assert_true(polished_largest(&heap, &request) == 4000);
    request.align_bytes = 3;
    assert_true(polished_largest(&heap, &request) == 0);
}

static void front_steps_include_the_sources(void **state)
{
    struct polished_heap over = heap;

    (void)state;
    heap.own_steps = 3;
    over.source = &heap;
    over.own_steps = 4;
    assert_true(polished_steps(&over) == 7);
}

static void front_many_blocks_are_single_calls(void **state)
{
    const struct polished_request request = {8, 1, 0, 0}, none = {0, 1, 0, 0};
    polished_size offsets[4] = {1, 1, 1, 1};
    size_t count = 3;

    (void)state;
    fake.offset = 640;
    assert_int_equal(polished_alloc_many(&heap, &request, offsets, &count),
                     POLISHED_OK);
    assert_true(count == 3 && fake.calls == 3);
    assert_true(offsets[0] == 640 && offsets[2] == 640 && offsets[3] == 1);
    offsets[0] = 16;
    offsets[1] = 4000;
    assert_int_equal(polished_free_many(&heap, offsets, 8, &count),
                     POLISHED_NOT_OWNED);
    assert_true(count == 2 && fake.freed == 640 && fake.freed_bytes == 8);
    count = 1;
    assert_int_equal(polished_free_many(&heap, offsets, 8, &count),
                     POLISHED_OK);
    assert_true(count == 0 && fake.freed == 16);
    assert_int_equal(polished_free_many(&heap, offsets, 8, &count),
                     POLISHED_OK);
    count = 2;
    fake.alloc = POLISHED_NO_MEMORY;
    assert_int_equal(polished_alloc_many(&heap, &request, offsets, &count),
                     POLISHED_NO_MEMORY);
    assert_int_equal(count, 0);
    count = 2;
    assert_int_equal(polished_alloc_many(&heap, &none, offsets, &count),
                     POLISHED_BAD_SIZE);
    assert_int_equal(count, 0);
}

static void front_every_status_has_a_name(void **state)
{
    (void)state;
    for (int i = 0; i < POLISHED_STATUS_COUNT; i++)
        assert_string_not_equal(polished_status_name((enum polished_status)i),
                                "unknown status");
    assert_string_equal(polished_status_name(POLISHED_STATUS_COUNT),
                        "unknown status");
    assert_string_equal(polished_status_name(POLISHED_DOUBLE_FREE),
                        "double free");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(front_sizes, open_plain),
        cmocka_unit_test_setup(front_alignments, open_plain),
        cmocka_unit_test_setup(front_limits, open_plain),
        cmocka_unit_test_setup(front_passes_the_request_on_uncopied,
                               open_plain),
        cmocka_unit_test_setup(front_blocks_lie_in_data, open_plain),
        cmocka_unit_test_setup(front_lets_through_what_is_asserted, open_plain),
        cmocka_unit_test_setup(front_absent_rows_are_unsupported, open_plain),
        cmocka_unit_test_setup(front_extend_grows_data_if_the_row_agrees,
                               open_plain),
        cmocka_unit_test_setup(front_reserve_stays_in_data, open_plain),
        cmocka_unit_test_setup(front_extras_are_called_by_their_whole_name,
                               open_plain),
        cmocka_unit_test_setup(front_extras_are_found_one_after_the_other,
                               open_plain),
        cmocka_unit_test_setup(front_largest_ignores_the_size, open_plain),
        cmocka_unit_test_setup(front_steps_include_the_sources, open_plain),
        cmocka_unit_test_setup(front_many_blocks_are_single_calls, open_plain),
        cmocka_unit_test_setup(front_every_status_has_a_name, open_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
