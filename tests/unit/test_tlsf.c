/* tlsf and half-fit: what went wrong in others of their kind, and how long a
   call can take. */
#include <stdlib.h>
#include <string.h>

#include "steps.h"
#include "tlsf_both.h"

enum { MIB = 1 << 20 };

static _Alignas(4096) unsigned char memory[MIB + 4096];
static struct polished_heap heap;

static void open_heap(const struct polished_ops *ops, size_t size_bytes)
{
    assert_int_equal(
        polished_open(&heap, ops, polished_memory(memory, size_bytes), NULL),
        POLISHED_OK);
}

static polished_size largest(void)
{
    const struct polished_request request = {1, 16, 0, 0};

    return polished_largest(&heap, &request);
}

/* mattconte/tlsf and tlsf-bsd answer SIZE_MAX with their smallest block. */
static void B1_the_size_that_wraps_is_refused(void **state)
{
    open_heap(*state, MIB);
    for (size_t less = 0; less < 100; less++) {
        assert_null(polished_malloc(&heap, SIZE_MAX - less, 16));
        assert_null(polished_malloc(&heap, SIZE_MAX / 2 + 1 - less, 16));
        assert_null(polished_malloc(&heap, SIZE_MAX - less, 4096));
    }
}

/* Take all that is left, so that only what is freed then can be had. */
static void fill(void)
{
    for (polished_size bytes = largest(); bytes != 0; bytes = largest())
        assert_non_null(polished_malloc(&heap, (size_t)bytes, 16));
}

/* mattconte/tlsf cannot have 2,558 of 2,715 sizes again that were just freed,
   for it looks for more than it has kept. */
static void B2_what_was_freed_can_be_had_again(void **state)
{
    static const size_t aligns[] = {16, 64, 1024};

    for (size_t bytes = 1; bytes < 60000; bytes += bytes / 40 + 1)
        for (size_t i = 0; i < 3; i++) {
            void *block;

            open_heap(*state, MIB / 4);
            assert_non_null(polished_malloc(&heap, 40, 16));
            block = polished_malloc(&heap, bytes, aligns[i]);
            assert_non_null(block);
            assert_non_null(polished_malloc(&heap, 40, 16));
            fill();
            assert_int_equal(polished_mfree(&heap, block), POLISHED_OK);
            assert_ptr_equal(polished_malloc(&heap, bytes, aligns[i]), block);
        }
}

/* 9,832 bytes of an empty MiB are out of the reach of mattconte/tlsf. */
static void B3_the_largest_block_can_be_had_whole(void **state)
{
    void *first, *block;
    polished_size bytes;

    open_heap(*state, MIB);
    bytes = largest();
    assert_true(bytes >= heap.data.size_bytes - 32);
    first = polished_malloc(&heap, 100, 16);
    block = polished_malloc(&heap, (size_t)largest(), 16);
    assert_true(first && block && largest() == 0);
    assert_int_equal(polished_mfree(&heap, first), POLISHED_OK);
    assert_int_equal(polished_mfree(&heap, block), POLISHED_OK);
    assert_true(largest() == bytes);
    assert_non_null(polished_malloc(&heap, (size_t)bytes, 16));
}

/* mattconte/tlsf forgets an alignment when realloc moves a block, and aligns
   to 8 where a max_align_t wants 16. */
static void B4_realloc_keeps_the_alignment(void **state)
{
    for (size_t align = 16; align <= 4096; align *= 2) {
        unsigned char *block, *moved, *next;

        open_heap(*state, MIB);
        block = polished_malloc(&heap, 40, align);
        do
            next = polished_malloc(&heap, 40, 16);
        while (next && next < block); /* those before it do not bar its way */
        assert_non_null(next);
        memset(block, 0x5a, 40);
        moved = polished_mrealloc(&heap, block, 20000, align);
        assert_non_null(moved);
        assert_true(moved != block && (uintptr_t)moved % align == 0);
        assert_memory_equal(moved, "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
                            40);
    }
}

/* o1heap: half of a MiB is the most it gives, 33 bytes cost 128, and its own
   state is 576 bytes. */
static void B5_half_fit_wastes_less(void **state)
{
    const struct polished_ops *ops = &polished_half_fit;
    void *block;
    polished_size bytes;

    (void)state;
    open_heap(ops, MIB);
    assert_true(largest() > MIB - 1024);
    block = polished_malloc(&heap, 33, 16);
    assert_int_equal(
        ops->usable(&heap, (polished_size)((unsigned char *)block - memory),
                    &bytes),
        POLISHED_OK);
    assert_true(bytes + 8 == 64);
    assert_true(ops->control_bytes(NULL, MIB) < 200);
}

/* A head for each list that the region can need, and no more. */
static void control_grows_with_the_region(void **state)
{
    const struct polished_ops *ops = *state;

    assert_true(ops->control_bytes(NULL, 8192) < 400);
    assert_true(ops->control_bytes(NULL, MIB) < 600);
    assert_true(ops->control_bytes(NULL, MIB) > ops->control_bytes(NULL, 8192));
    assert_true(ops->control_bytes(NULL, POLISHED_SIZE_MAX) == 0);
}

static void tlsf_takes_constant_steps(void **state)
{
    (void)state;
    for (size_t bytes = 4096; bytes <= MIB; bytes *= 4) {
        open_heap(&polished_tlsf, bytes);
        assert_in_range(steps_most(&heap, bytes / 4, 16), 4, 14);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
        open_heap(&polished_tlsf, bytes);
        assert_in_range(steps_most(&heap, bytes / 4, 1024), 4, 27);
    }
}

static void half_fit_takes_constant_steps(void **state)
{
    (void)state;
    for (size_t bytes = 4096; bytes <= MIB; bytes *= 4) {
        open_heap(&polished_half_fit, bytes);
        assert_in_range(steps_most(&heap, bytes / 4, 16), 4, 27);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
        open_heap(&polished_half_fit, bytes);
        assert_in_range(steps_most(&heap, bytes / 4, 1024), 4, 51);
    }
}

/* A block freed a second time is told as such, also after it was merged. */
static void a_stale_pointer_is_told(void **state)
{
    void *blocks[3];

    open_heap(*state, 4096);
    for (int i = 0; i < 3; i++)
        blocks[i] = polished_malloc(&heap, 100, 16);
    for (int i = 0; i < 3; i++)
        assert_int_equal(polished_mfree(&heap, blocks[i]), POLISHED_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(polished_mfree(&heap, blocks[i]),
                         POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_mfree(&heap, memory + 4090), POLISHED_NOT_OWNED);
}

/* Who writes into a block after its free is found out. */
static void damage_is_found(void **state)
{
    uint32_t *block, *other;

    open_heap(*state, 4096);
    block = polished_malloc(&heap, 200, 16);
    other = polished_malloc(&heap, 40, 16);
    assert_non_null(polished_malloc(&heap, 200, 16));
    assert_int_equal(polished_mfree(&heap, block), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    block[0] = 12;
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
    block[0] = 0;
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    block[-2] = 4 << 2;
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
    assert_int_equal(polished_mfree(&heap, other), POLISHED_CORRUPT);
}

/* A size that is told when a block is freed is one it can have been made for:
   in half-fit rounded up, or as it came where nothing else would do. */
static void a_told_size_is_judged(void **state)
{
    const struct polished_ops *ops = *state;
    polished_size bytes, most;

    for (bytes = 1; bytes <= 400; bytes++) {
        const struct polished_request request = {bytes, 16, 0, 0};
        polished_size offset;

        open_heap(ops, MIB);
        assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
        assert_int_equal(polished_usable(&heap, offset + 16, &most),
                         POLISHED_INTERIOR);
        assert_int_equal(polished_usable(&heap, offset, &most), POLISHED_OK);
        assert_int_equal(polished_free(&heap, offset, most + 1),
                         POLISHED_SIZE_MISMATCH);
        if (bytes > 48)
            assert_int_equal(polished_free(&heap, offset, bytes / 3),
                             POLISHED_SIZE_MISMATCH);
        assert_int_equal(polished_resize(&heap, offset, most + 1, &request),
                         POLISHED_SIZE_MISMATCH);
        assert_int_equal(polished_free(&heap, offset, bytes), POLISHED_OK);
    }
    /* All of a heap: rounded up there would be too little. */
    open_heap(ops, 1024);
    bytes = largest();
    assert_non_null(polished_malloc(&heap, (size_t)bytes, 16));
    assert_int_equal(polished_free(&heap, 16, bytes - 64),
                     POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 16, bytes), POLISHED_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(B1_the_size_that_wraps_is_refused),
        BOTH(B2_what_was_freed_can_be_had_again),
        BOTH(B3_the_largest_block_can_be_had_whole),
        BOTH(B4_realloc_keeps_the_alignment),
        cmocka_unit_test(B5_half_fit_wastes_less),
        {"tlsf.control_grows_with_the_region", control_grows_with_the_region,
         NULL, NULL, (void *)&polished_tlsf},
        cmocka_unit_test(tlsf_takes_constant_steps),
        cmocka_unit_test(half_fit_takes_constant_steps),
        BOTH(a_told_size_is_judged),
        BOTH(a_stale_pointer_is_told),
        BOTH(damage_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
