/*
 * pool and slab by name: what they promise beyond the contract, and what a
 * sibling of theirs got wrong (numbers as in our notes on them).
 */
#include <string.h>

#include "cases.h"
#include "program.h"

enum { SPAN = 65536, SLAB = 4096, CONTROL = 16384 };

static _Alignas(SLAB) unsigned char memory[SPAN];
static _Alignas(16) unsigned char controls[2][CONTROL];
static struct polished_heap heap, source;

static void open_pool(polished_size object_bytes, polished_size align_bytes)
{
    const polished_size knobs[POLISHED_KNOBS] = {object_bytes, align_bytes};
    const struct polished_setup setup = {.ops = &polished_pool,
                                         .data = polished_memory(memory, SPAN),
                                         .control = controls[0],
                                         .control_bytes = CONTROL,
                                         .knobs = knobs};

    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

/* Slabs of 4096 bytes with objects from 16 bytes, over best fit. */
static void open_slab(polished_size keep_slabs)
{
    const polished_size knobs[POLISHED_KNOBS] = {0, SLAB, 16, keep_slabs};
    struct polished_setup setup = {.ops = &polished_best_fit,
                                   .data = polished_memory(memory, SPAN),
                                   .control = controls[1],
                                   .control_bytes = CONTROL};

    assert_int_equal(polished_init(&source, &setup), POLISHED_OK);
    setup.ops = &polished_slab;
    setup.control = controls[0];
    setup.knobs = knobs;
    setup.source = &source;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

static polished_size take(polished_size size_bytes, polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset;
}

static polished_size usable(polished_size offset)
{
    polished_size size_bytes = 0;

    assert_int_equal(polished_usable(&heap, offset, &size_bytes), POLISHED_OK);
    return size_bytes;
}

static polished_size source_free(void)
{
    const struct polished_request request = {1, 1, 0, 0};

    return polished_largest(&source, &request);
}

static int count_used(void *context, const struct polished_block *block)
{
    *(unsigned *)context += block->kind == POLISHED_USED;
    return 0;
}

static unsigned used_blocks(void)
{
    unsigned count = 0;

    assert_int_equal(polished_walk(&heap, count_used, &count), POLISHED_OK);
    return count;
}

/* A second free of a block made the count of blocks in use wrap around. */
static void free_twice(void)
{
    polished_size first = take(64, 16), second = take(64, 16);

    assert_int_equal(polished_free(&heap, first, 0), POLISHED_OK);
    assert_int_equal(polished_free(&heap, first, 0), POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_free(&heap, second, 0), POLISHED_OK);
    assert_int_equal(polished_free(&heap, second, 0), POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_free(&heap, first, 0), POLISHED_DOUBLE_FREE);
    assert_int_equal(used_blocks(), 0);
    assert_true(take(64, 16) != take(64, 16));
    assert_int_equal(used_blocks(), 2);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static void B11_a_second_free_leaves_the_count_alone(void **state)
{
    (void)state;
    open_pool(64, 16);
    free_twice();
    open_pool(0, 16);
    free_twice();
    open_slab(1);
    free_twice();
}

/* In one call: as many as there are, and all of them back. */
static void pool_and_slab_serve_many_at_once(void **state)
{
    static polished_size offsets[SPAN / 64 + 1];
    const struct polished_request request = {64, 16, 0, 0};
    const struct polished_request wrong = {64, 3, 0, 0};
    size_t count = SPAN / 64 + 1;

    (void)state;
    open_pool(64, 16);
    assert_int_equal(polished_alloc_many(&heap, &wrong, offsets, &count),
                     POLISHED_BAD_ALIGN);
    assert_int_equal(count, 0);
    count = SPAN / 64 + 1;
    assert_int_equal(polished_alloc_many(&heap, &request, offsets, &count),
                     POLISHED_NO_MEMORY);
    assert_int_equal(count, SPAN / 64);
    assert_true(offsets[count - 1] == SPAN - 64);
    offsets[7]++;
    assert_int_equal(polished_free_many(&heap, offsets, 64, &count),
                     POLISHED_INTERIOR);
    assert_int_equal(count, 8);
    assert_int_equal(used_blocks(), 8);
    open_slab(1);
    count = 300;
    assert_int_equal(polished_alloc_many(&heap, &request, offsets, &count),
                     POLISHED_OK);
    assert_int_equal(used_blocks(), 300);
    assert_int_equal(polished_free_many(&heap, offsets, 64, &count),
                     POLISHED_OK);
    assert_int_equal(count, 0);
    assert_int_equal(used_blocks(), 0);
}

/* All objects of a pool are handed out, side by side, then none. */
static void pool_holds_just_so_many(void **state)
{
    const struct polished_request request = {40, 8, 0, 0};
    polished_size offset;

    (void)state;
    open_pool(40, 8);
    for (unsigned i = 0; i < SPAN / 40; i++)
        assert_true(take(40, 8) == 40u * i);
    assert_int_equal(polished_alloc(&heap, &request, &offset),
                     POLISHED_NO_MEMORY);
    assert_int_equal(polished_free(&heap, 40 * 7, 40), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 40 * 3, 40), POLISHED_OK);
    assert_true(take(1, 1) == 40 * 3);
    assert_true(take(1, 1) == 40 * 7);
}

/* Alignment that the stride does not give is refused, what it gives is not. */
static void pool_aligns_every_object_or_none(void **state)
{
    const struct polished_request wide = {16, 64, 0, 0};
    polished_size offset;

    (void)state;
    open_pool(48, 16);
    take(48, 16);
    assert_int_equal(polished_alloc(&heap, &wide, &offset), POLISHED_NO_MEMORY);
    open_pool(48, 64);
    assert_true(take(48, 64) == 0 && take(48, 64) == 64);
}

/* Without a size of its own an empty pool takes that of the next request. */
static void pool_takes_the_first_size(void **state)
{
    const struct polished_request larger = {101, 16, 0, 0};
    polished_size offset;

    (void)state;
    open_pool(0, 16);
    offset = take(100, 32);
    assert_true(usable(offset) == 128);
    assert_true(take(100, 32) == 128);
    assert_int_equal(polished_free(&heap, 0, 100), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 128, 100), POLISHED_OK);
    assert_true(usable(take(SPAN, 1)) == SPAN);
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    take(96, 16);
    assert_int_equal(polished_alloc(&heap, &larger, &offset),
                     POLISHED_NO_MEMORY);
}

/* At most a third and one grain is lost to rounding; a half above SLAB / 4. */
static void slab_rounds_little(void **state)
{
    (void)state;
    open_slab(1);
    for (polished_size size_bytes = 1; size_bytes <= SLAB / 2; size_bytes++) {
        polished_size offset = take(size_bytes, 1);
        polished_size part = size_bytes <= SLAB / 4 ? 3 : 2;
        polished_size most = size_bytes + 15 + size_bytes / part;

        assert_true(usable(offset) >= size_bytes && usable(offset) <= most);
        assert_int_equal(polished_free(&heap, offset, size_bytes), POLISHED_OK);
    }
}

/* What is larger than half a slab is the source's own block. */
static void slab_hands_large_requests_on(void **state)
{
    polished_size offset;

    (void)state;
    open_slab(1);
    offset = take(SLAB / 2 + 1, 16);
    assert_int_equal(polished_free(&source, offset, SLAB / 2 + 1), POLISHED_OK);
}

/* Empty slabs come back as the knob says, and all of them when asked for. */
static void slab_keeps_as_many_as_told(void **state)
{
    polished_size offsets[8], given = 0, none = 0;
    polished_size all;

    (void)state;
    for (polished_size keep = 0; keep <= 4; keep++) {
        open_slab(keep);
        all = source_free();
        for (int i = 0; i < 8; i++)
            offsets[i] = take(SLAB / 2, 16);
        for (int i = 0; i < 8; i++)
            assert_int_equal(polished_free(&heap, offsets[i], 0), POLISHED_OK);
        if (keep == 0)
            assert_true(source_free() == all);
        assert_int_equal(polished_call(&heap, "shrink", &given, &none),
                         POLISHED_OK);
        assert_true(source_free() == all);
        /* The slab of the object freed last may be one more. */
        assert_true(given >= keep * SLAB && given <= (keep + 1) * SLAB);
    }
}

/* A kept slab serves whichever class needs one next. */
static void slab_hands_slabs_from_class_to_class(void **state)
{
    polished_size offset, held;

    (void)state;
    open_slab(1);
    offset = take(2000, 16);
    held = source_free();
    assert_int_equal(polished_free(&heap, offset, 0), POLISHED_OK);
    for (polished_size size_bytes = 16; size_bytes <= 1024; size_bytes *= 2) {
        polished_size block = take(size_bytes, 16);

        assert_int_equal(polished_free(&heap, block, 0), POLISHED_OK);
    }
    /* The hot object holds the slab of its class: no more than two in all. */
    assert_true(held - source_free() <= SLAB + 16);
}

/* Each place of a slab is judged: the tail, what is behind its objects too. */
static void slab_knows_every_place(void **state)
{
    polished_size first, second, stride;

    (void)state;
    open_slab(1);
    first = take(400, 16);
    second = take(400, 16);
    stride = usable(first);
    assert_true(second == first + stride && SLAB % stride != 0);
    for (polished_size at = 1; at < stride; at++)
        assert_int_equal(polished_free(&heap, first + at, 0),
                         POLISHED_INTERIOR);
    assert_int_equal(polished_free(&heap, second, stride + 1),
                     POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, second, 400), POLISHED_OK);
    assert_int_equal(polished_free(&heap, second, 400), POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_free(&heap, second + 16, 0), POLISHED_NOT_OWNED);
    for (polished_size at = SLAB / stride * stride; at < SLAB; at++)
        assert_int_equal(polished_free(&heap, first + at, 0),
                         POLISHED_NOT_OWNED);
}

/* Own steps of any single call: docs/allocators.md states this bound. */
static void steps_are_bounded(void **state)
{
    const uint64_t bound = 16 + 3 * (SLAB / 16 / 64);
    uint64_t random = 88172645463325252u, most = 0;
    polished_size live[256];
    unsigned count = 0;

    (void)state;
    open_slab(2);
    for (unsigned i = 0; i < 200000; i++) {
        const struct polished_request request = {
            1 + (polished_size)(random >> 20) % (random % 3 ? 200 : 3000), 16,
            0, 0};
        uint64_t before = heap.own_steps;

        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        if (count < 256 &&
            (count == 0 || random >> 60 < (i / 4096 % 2 ? 6 : 10)))
            count +=
                polished_alloc(&heap, &request, &live[count]) == POLISHED_OK;
        else {
            unsigned at = (unsigned)(random >> 8) % count;

            assert_int_equal(polished_free(&heap, live[at], 0), POLISHED_OK);
            live[at] = live[--count];
        }
        if (heap.own_steps - before > most)
            most = heap.own_steps - before;
    }
    assert_true(most <= bound);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* A policy draws only from one that takes back what it gave, in any order. */
static void unfit_sources_are_refused(void **state)
{
    (void)state;
    for (size_t row = 0; polished_policies[row]; row++) {
        const struct polished_ops *ops = polished_policies[row];
        struct polished_heap below = {.ops = ops,
                                      .data = polished_memory(memory, SPAN)};
        const struct polished_setup setup = {.ops = &polished_slab,
                                             .control = controls[0],
                                             .control_bytes = CONTROL,
                                             .source = &below};

        assert_int_equal(polished_init(&heap, &setup),
                         POLISHED_CAN_FEED(ops->caps) ? POLISHED_OK
                                                      : POLISHED_BAD_KNOB);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(B11_a_second_free_leaves_the_count_alone),
        cmocka_unit_test(pool_and_slab_serve_many_at_once),
        cmocka_unit_test(pool_holds_just_so_many),
        cmocka_unit_test(pool_aligns_every_object_or_none),
        cmocka_unit_test(pool_takes_the_first_size),
        cmocka_unit_test(slab_rounds_little),
        cmocka_unit_test(slab_hands_large_requests_on),
        cmocka_unit_test(slab_keeps_as_many_as_told),
        cmocka_unit_test(slab_hands_slabs_from_class_to_class),
        cmocka_unit_test(slab_knows_every_place),
        cmocka_unit_test(steps_are_bounded),
        cmocka_unit_test(unfit_sources_are_refused),
    };

    return cmocka_run_group_tests_name("slab", tests, case_watch, NULL);
}
