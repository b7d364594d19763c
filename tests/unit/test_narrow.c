/* Compiled with the library's sources for POLISHED_SIZE_32: sizes that a
   pointer's caller can say, and the heap cannot. */
#include "polished/polished.h"
#include "unit.h"

static _Alignas(16) unsigned char memory[4096];

static void open_heap(struct polished_heap *heap,
                      const struct polished_ops *ops)
{
    assert_int_equal(sizeof(polished_size), 4);
    assert_int_equal(
        polished_open(heap, ops, polished_memory(memory, sizeof memory), NULL),
        POLISHED_OK);
}

/* Cut to 32 bits each of these would be served. */
static void sizes_of_64_bits_are_refused(void **state)
{
    const size_t beyond = (size_t)UINT32_MAX + 1;
    struct polished_heap heap;
    void *block;

    (void)state;
    if (beyond == 0) /* a pointer's caller can say no more either */
        return;
    open_heap(&heap, &polished_best_fit);
    block = polished_malloc(&heap, 100, 8);
    assert_non_null(block);
    assert_null(polished_malloc(&heap, beyond + 8, 8));
    assert_null(polished_malloc(&heap, 8, beyond + 8));
    assert_null(polished_mrealloc(&heap, block, beyond + 8, 8));
    assert_null(polished_mrealloc(&heap, block, 8, beyond + 8));
    assert_ptr_equal(polished_mrealloc(&heap, block, 8, 8), block);
    assert_int_equal(polished_mfree(&heap, block), POLISHED_OK);
    assert_int_equal(polished_mfree(&heap, memory + sizeof memory),
                     POLISHED_NOT_OWNED);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* Every general policy serves the same in sizes of 32 bits. */
static void policies_serve(void **state)
{
    static const struct polished_ops *const rows[] = {
        &polished_bump,     &polished_stack,    &polished_first_fit,
        &polished_next_fit, &polished_best_fit, &polished_worst_fit};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct polished_heap heap;
        void *low, *high;

        open_heap(&heap, rows[i]);
        low = polished_malloc(&heap, 100, 16);
        high = polished_malloc(&heap, 200, 64);
        assert_true(low && high && low != high);
        assert_null(polished_malloc(&heap, UINT32_MAX, 1));
        assert_null(polished_malloc(&heap, 1, UINT32_MAX / 2 + 1));
        assert_int_equal(polished_mfree(&heap, high), POLISHED_OK);
        assert_int_equal(polished_mfree(&heap, low), POLISHED_OK);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

/* Rounded up to their alignment, objects of nearly all of memory would have
   more than all of it. */
static void a_size_that_cannot_be_rounded_up_is_refused(void **state)
{
    enum { ALIGN = 65536, CONTROL = 16384 };
    static _Alignas(16) unsigned char control[CONTROL];
    static const polished_size knobs[POLISHED_KNOBS] = {0, ALIGN};
    const polished_size size_bytes = POLISHED_SIZE_MAX - 1;
    const struct polished_setup setup = {.ops = &polished_pool,
                                         .data = {NULL, size_bytes, 0},
                                         .control = control,
                                         .control_bytes = CONTROL,
                                         .knobs = knobs};
    struct polished_request request = {size_bytes, 1, 0, 0};
    struct polished_heap heap;
    polished_size offset;

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_alloc(&heap, &request, &offset),
                     POLISHED_NO_MEMORY);
    request.size_bytes -= ALIGN;
    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_of_64_bits_are_refused),
        cmocka_unit_test(policies_serve),
        cmocka_unit_test(a_size_that_cannot_be_rounded_up_is_refused),
    };

    return cmocka_run_group_tests_name("narrow", tests, NULL, NULL);
}
