/* buddy: what went wrong in others of its kind, and how long a call takes.
   Built once more with few orders, so that two blocks of the top order are at
   hand. */
#include <string.h>

#include "expect_row.h"
#include "steps.h"
#include "unit.h"

enum { MIB = 1 << 20, ORDERS = 17 /* of a MiB in grains of 16 bytes */ };

static _Alignas(MIB) unsigned char memory[2 * MIB];
static _Alignas(16) unsigned char control[MIB / 8];
static struct polished_heap heap;

/* A heap that has all of data: control lies elsewhere. */
static void open_at(unsigned char *base, polished_size size_bytes,
                    polished_size grain_bytes)
{
    struct polished_setup setup = {.ops = &polished_buddy,
                                   .data = polished_memory(base, size_bytes),
                                   .control = control,
                                   .control_bytes = sizeof control,
                                   .knobs = &grain_bytes};

    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

static polished_size largest(polished_size align_bytes)
{
    const struct polished_request request = {1, align_bytes, 0, 0};

    return polished_largest(&heap, &request);
}

static int add_free(void *context, const struct polished_block *block)
{
    if (block->kind == POLISHED_FREE)
        *(polished_size *)context += block->size_bytes;
    return 0;
}

static polished_size free_bytes(void)
{
    polished_size bytes = 0;

    assert_int_equal(polished_walk(&heap, add_free, &bytes), POLISHED_OK);
    return bytes;
}

/* buddy_system_allocator loses both buddies of the top order when they are
   freed: they cannot merge, and are not put back. */
static void B6_buddies_of_the_top_order_are_kept(void **state)
{
    polished_size bytes;
    void *blocks[2];

    (void)state;
    open_at(memory, MIB, 16);
    bytes = largest(16);
    for (int i = 0; i < 2; i++) {
        blocks[i] = polished_malloc(&heap, (size_t)(bytes / 2), 16);
        assert_non_null(blocks[i]);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(polished_mfree(&heap, blocks[i]), POLISHED_OK);
    assert_true(free_bytes() == MIB && largest(16) == bytes);
    for (polished_size at = 0; at < MIB; at += bytes)
        assert_non_null(polished_malloc(&heap, (size_t)bytes, 16));
    assert_true(largest(16) == 0);
    for (polished_size at = 0; at < MIB; at += bytes)
        assert_int_equal(polished_free(&heap, at, bytes), POLISHED_OK);
    assert_true(free_bytes() == MIB && largest(16) == bytes);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* buddy_system_allocator aligns blocks to absolute addresses: 6 KiB at base
   + 8 cannot serve 2.9 KB, and regions that touch never merge. */
static void B7_the_base_costs_nothing_and_regions_merge(void **state)
{
    (void)state;
    open_at(memory + 8, 6144, 16);
    assert_non_null(polished_malloc(&heap, 2900, 16));
    open_at(memory + 4096 + 48, 4096, 16);
    assert_true(largest(16) == 4096);
    assert_int_equal(polished_extend(&heap, 4096), POLISHED_OK);
    assert_true(largest(16) == 8192);
    assert_non_null(polished_malloc(&heap, 8192, 16));
}

/* Freeing 5,000 fragments takes buddy_system_allocator a time that grows with
   their square: it searches a list for each buddy. */
static void B8_frees_take_the_same_time_however_many(void **state)
{
    static void *blocks[10000];

    (void)state;
    open_at(memory, MIB, 16);
    for (int i = 0; i < 10000; i++)
        blocks[i] = polished_malloc(&heap, 32, 16);
    for (int odd = 0; odd < 2; odd++)
        for (int i = odd; i < 10000; i += 2) {
            uint64_t before = polished_steps(&heap);

            assert_int_equal(polished_mfree(&heap, blocks[i]), POLISHED_OK);
            assert_in_range(polished_steps(&heap) - before, 1, ORDERS);
        }
    assert_true(free_bytes() == MIB);
}

/* The seed used 32 of 1,056 bytes, 512 of 1,536 and 2,048 of 6,144. */
static void S12_any_size_is_used_fully(void **state)
{
    static const polished_size sizes[] = {1056, 1536, 6144, 32, 992, 8191};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        polished_size used = 0;

        open_at(memory, sizes[i], 32);
        assert_true(free_bytes() == sizes[i] / 32 * 32);
        while (polished_malloc(&heap, 32, 16))
            used += 32;
        assert_true(used == sizes[i] / 32 * 32);
    }
}

/* The seed's search for the order of more than 2^63 bytes never ended. */
static void S13_sizes_beyond_half_of_all_are_refused(void **state)
{
    (void)state;
    open_at(memory, MIB, 16);
    for (size_t less = 0; less < 100; less++) {
        assert_null(polished_malloc(&heap, SIZE_MAX - less, 16));
        assert_null(polished_malloc(&heap, SIZE_MAX / 2 + 50 - less, 16));
    }
}

/* The seed took every double free and every wrong size, asked nothing of a
   pointer past the end, panicked at one before the start, and aligned to no
   more than its smallest block. */
static void S14_misuse_is_told_exactly(void **state)
{
    const polished_size free_size = 128;
    polished_size whole;

    (void)state;
    open_at(memory + 4096 + 16, 4096, 16);
    whole = free_bytes();
    assert_int_equal(polished_reserve(&heap, 0, free_size), POLISHED_OK);
    memset(memory + 4096 + 16, 0x41, free_size);
    assert_int_equal(polished_free(&heap, 0, 64), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 0, 129), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 16, 0), POLISHED_INTERIOR);
    assert_int_equal(polished_free(&heap, 7, 0), POLISHED_INTERIOR);
    assert_int_equal(polished_free(&heap, 4096, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_mfree(&heap, memory + 4096), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, 0, free_size), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 0, 0), POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_free(&heap, 64, 0), POLISHED_DOUBLE_FREE);
    assert_true(free_bytes() == whole);
    for (size_t align = 16; align <= 1024; align *= 2) {
        void *block;

        open_at(memory + 4096 + 16, 4096, 16);
        block = polished_malloc(&heap, 100, align);
        assert_non_null(block);
        assert_true((uintptr_t)block % align == 0);
        assert_int_equal(polished_mfree(&heap, block), POLISHED_OK);
        assert_true(free_bytes() == whole);
    }
}

/* Free every second of some blocks of a grain: none merges.  Then write over a
   word of one of them. */
static void free_half(unsigned char *blocks[8], int victim, int word)
{
    const uint32_t nowhere = UINT32_MAX - 1;

    open_at(memory, MIB, 16);
    for (int i = 0; i < 8; i++)
        blocks[i] = polished_malloc(&heap, 16, 16);
    for (int i = 0; i < 8; i += 2)
        assert_int_equal(polished_mfree(&heap, blocks[i]), POLISHED_OK);
    memcpy(blocks[victim] + 4 * word, &nowhere, 4);
}

/* A link is not followed before the tag it leads to was seen. */
static void links_that_were_written_over_are_not_followed(void **state)
{
    static const struct polished_request request = {16, 16, 0, 0};
    unsigned char *blocks[8];
    polished_size offset;

    (void)state;
    free_half(blocks, 6, 0);
    assert_int_equal(polished_alloc(&heap, &request, &offset),
                     POLISHED_CORRUPT);
    free_half(blocks, 6, 0);
    assert_int_equal(polished_mfree(&heap, blocks[7]), POLISHED_CORRUPT);
    free_half(blocks, 2, 0);
    assert_int_equal(polished_mfree(&heap, blocks[3]), POLISHED_CORRUPT);
    free_half(blocks, 2, 1);
    assert_int_equal(polished_mfree(&heap, blocks[3]), POLISHED_CORRUPT);
    free_half(blocks, 0, 1);
    assert_int_equal(polished_mfree(&heap, blocks[1]), POLISHED_CORRUPT);
}

/* A page source: grains of a page, whatever the base. */
static void pages_are_aligned_to_pages(void **state)
{
    unsigned found = 0;

    (void)state;
    open_at(memory + 48, 65536, 4096);
    for (void *page; (page = polished_malloc(&heap, 4096, 4096)) != NULL;
         found++)
        assert_true((uintptr_t)page % 4096 == 0);
    assert_int_equal(found, 15);
}

/* A block grows into its buddies, and gives its tail back. */
static void resize_stays_in_place(void **state)
{
    struct polished_request request = {4096, 16, 0, 0};
    polished_size offset;

    (void)state;
    open_at(memory, 8192, 16);
    assert_int_equal(polished_alloc(&heap,
                                    &(struct polished_request){16, 16, 0, 0},
                                    &offset),
                     POLISHED_OK);
    assert_int_equal(polished_resize(&heap, offset, 0, &request), POLISHED_OK);
    assert_true(free_bytes() == 4096);
    request.size_bytes = 17;
    assert_int_equal(polished_resize(&heap, offset, 4096, &request),
                     POLISHED_OK);
    assert_true(free_bytes() == 8192 - 32);
    assert_int_equal(polished_free(&heap, offset, 17), POLISHED_OK);
    assert_true(largest(16) == 8192);
}

/* What is told and what is asked is judged, even if the order would stay. */
static void resize_believes_nothing(void **state)
{
    struct polished_request request = {64, 16, 0, 0};
    polished_size offset;

    (void)state;
    open_at(memory + 16, 8192, 16);
    for (polished_size i = 0; i < 2; i++) {
        assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
        assert_int_equal(offset, 64 * i);
    }
    for (polished_size told = 1; told < 80; told++)
        assert_int_equal(polished_resize(&heap, 64, told, &request),
                         told > 32 && told <= 64 ? POLISHED_OK
                                                 : POLISHED_SIZE_MISMATCH);
    request = (struct polished_request){16, 16, 0, 0};
    assert_int_equal(polished_resize(&heap, 0, 0, &request), POLISHED_OK);
    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    assert_int_equal(offset, 16);
    request.align_bytes = 32;
    assert_int_equal(polished_resize(&heap, 16, 0, &request), POLISHED_OK);
    request.align_bytes = 64;
    assert_int_equal(polished_resize(&heap, 16, 0, &request),
                     POLISHED_NO_MEMORY);
}

/* Where alignment makes runs: the most steps of alloc, free and resize. */
static void most_of_runs(uint64_t most[3])
{
    struct steps steps = {.heap = &heap,
                          .random = 4711,
                          .size_most = MIB / 8,
                          .align_most = 4096};
    polished_size offset, blocks[64];
    unsigned count = 0;

    for (unsigned i = 0; i < 60000; i++) {
        struct polished_request request = steps_request(&steps);
        unsigned call = count == 64 ? 1 : (unsigned)steps_draw(&steps, 3);
        uint64_t before = polished_steps(&heap);
        unsigned at = count ? (unsigned)steps_draw(&steps, count) : 0;

        if (count == 0 || call == 0) {
            call = 0;
            count += polished_alloc(&heap, &request, &offset) == POLISHED_OK;
            if (offset != POLISHED_NOWHERE)
                blocks[count - 1] = offset;
        } else if (call == 1) {
            polished_free(&heap, blocks[at], 0);
            blocks[at] = blocks[--count];
        } else {
            request.align_bytes = 1;
            polished_resize(&heap, blocks[at], 0, &request);
        }
        before = polished_steps(&heap) - before;
        most[call] = before > most[call] ? before : most[call];
    }
}

static void calls_take_two_steps_per_order(void **state)
{
    uint64_t most[3] = {0, 0, 0};

    (void)state;
    open_at(memory, MIB, 16);
    assert_in_range(steps_most(&heap, MIB / 4, 1024), ORDERS / 2, 2 * ORDERS);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    open_at(memory + 48, MIB, 16);
    most_of_runs(most);
    assert_in_range(most[0], ORDERS, 2 * ORDERS);
    assert_in_range(most[1], ORDERS, 2 * ORDERS);
    assert_in_range(most[2], ORDERS, 2 * ORDERS);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* A cap that nobody has is one that no test asks about. */
static void it_says_what_it_can(void **state)
{
    static const struct polished_knob knobs[] = {
        {"grain_bytes", "", 16, 1 << 30, 16, POLISHED_POWER_OF_TWO}, {0}};

    (void)state;
    expect_knobs(&polished_buddy, knobs);
    assert_true(polished_buddy.caps ==
                (POLISHED_RECLAIMS | POLISHED_ANY_ORDER |
                 POLISHED_EXACT_MISUSE | POLISHED_EXACT_WALK | POLISHED_SLACK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(B6_buddies_of_the_top_order_are_kept),
        cmocka_unit_test(B7_the_base_costs_nothing_and_regions_merge),
        cmocka_unit_test(B8_frees_take_the_same_time_however_many),
        cmocka_unit_test(S12_any_size_is_used_fully),
        cmocka_unit_test(S13_sizes_beyond_half_of_all_are_refused),
        cmocka_unit_test(S14_misuse_is_told_exactly),
        cmocka_unit_test(links_that_were_written_over_are_not_followed),
        cmocka_unit_test(pages_are_aligned_to_pages),
        cmocka_unit_test(resize_stays_in_place),
        cmocka_unit_test(resize_believes_nothing),
        cmocka_unit_test(calls_take_two_steps_per_order),
        cmocka_unit_test(it_says_what_it_can),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
