/* Places within limits, held against a search that tries every one. */
#include "unit.h"

#include <stdbool.h>
#include <string.h>

#include "polished/polished.h"

#define UNIT  64
#define UNITS 4700

static _Alignas(16) unsigned char control[1 << 18];
static struct polished_heap heap;
static uint64_t random_state;

static uint64_t draw(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (random_state >> 11) % limit;
}

static void open_heap(const struct polished_ops *ops, uint64_t bus_base,
                      polished_size size_bytes, polished_size unit_bytes)
{
    const polished_size knobs[POLISHED_KNOBS] = {unit_bytes};
    const struct polished_setup setup = {.ops = ops,
                                         .data = {NULL, size_bytes, bus_base},
                                         .control = control,
                                         .knobs = knobs};

    assert_true(ops->control_bytes(knobs, size_bytes) <= sizeof control);
    memset(control, 0x5a, sizeof control);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

/* Which bytes of data are free, by the walk. */
static bool is_free[UNITS * UNIT];

static int note_free(void *context, const struct polished_block *block)
{
    (void)context;
    memset(is_free + block->offset_bytes, block->kind == POLISHED_FREE,
           (size_t)block->size_bytes);
    return 0;
}

static bool fits(polished_size offset, const struct polished_request *request)
{
    uint64_t first = heap.data.bus_base + offset;
    uint64_t last = first + request->size_bytes - 1;
    polished_size end = offset + request->size_bytes;

    if (first % request->align_bytes != 0 ||
        (request->below != 0 && last >= request->below) ||
        (request->boundary != 0 &&
         first / request->boundary != last / request->boundary))
        return false;
    for (polished_size at = offset; at < end; at += UNIT)
        if (at >= heap.data.size_bytes || !is_free[at])
            return false;
    return end <= heap.data.size_bytes && is_free[end - 1];
}

/* The lowest or the highest unit where a request fits. */
static polished_size search(const struct polished_request *request,
                            bool is_down)
{
    polished_size lead = (0 - heap.data.bus_base) % UNIT;
    polished_size found = POLISHED_NOWHERE;

    memset(is_free, 0, sizeof is_free);
    polished_walk(&heap, note_free, NULL);
    for (polished_size at = lead; at < heap.data.size_bytes; at += UNIT)
        if (fits(at, request) && (is_down || found == POLISHED_NOWHERE))
            found = at;
    return found;
}

/* A heap of blocks with holes, and in it requests of every kind. */
static void hold_against_search(const struct polished_ops *ops,
                                uint64_t bus_base)
{
    static polished_size blocks[UNITS];
    size_t count = 0;
    bool is_down = ops == &polished_dma;

    open_heap(ops, bus_base, UNITS * UNIT, UNIT);
    for (int i = 0; i < 800; i++) {
        struct polished_request request = {1 + draw(i % 2 ? 300 : 6000),
                                           UINT64_C(1) << draw(14), 0, 0};
        polished_size offset, wanted;

        if (draw(2) == 0)
            request.below = bus_base + draw(UNITS * UNIT) + 1;
        if (draw(3) == 0)
            request.boundary = UINT64_C(1) << draw(16);
        wanted = search(&request, is_down);
        if (polished_alloc(&heap, &request, &offset) == POLISHED_OK) {
            assert_true(fits(offset, &request));
            if (request.boundary == 0)
                assert_true(offset == wanted);
            blocks[count++] = offset;
        } else {
            assert_true(wanted == POLISHED_NOWHERE);
        }
        while (count > draw(120)) {
            size_t which = draw(count);

            assert_int_equal(polished_free(&heap, blocks[which], 0),
                             POLISHED_OK);
            blocks[which] = blocks[--count];
        }
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

static void every_place_is_found(void **state)
{
    (void)state;
    random_state = 777;
    hold_against_search(&polished_dma, 0);
    hold_against_search(&polished_dma, 0x7f35);
    hold_against_search(&polished_dma, UINT64_MAX - UNITS * UNIT + 1);
    hold_against_search(&polished_frame_bitmap, 64);
    hold_against_search(&polished_frame_bitmap, UINT64_C(0x123456789abc0));
}

static enum polished_status ask(polished_size size_bytes,
                                polished_size align_bytes, uint64_t below,
                                uint64_t boundary, uint64_t *bus)
{
    const struct polished_request request = {size_bytes, align_bytes, below,
                                             boundary};
    polished_size offset;
    enum polished_status status = polished_alloc(&heap, &request, &offset);

    *bus = heap.data.bus_base + offset;
    return status;
}

/* arceos: a request of one page forgot its alignment. */
static void B9_one_page_is_aligned_too(void **state)
{
    uint64_t bus;

    (void)state;
    open_heap(&polished_dma, 0x1000, 1 << 20, 4096);
    for (polished_size align = 4096; align <= 1 << 19; align *= 2) {
        assert_int_equal(ask(4096, align, 0, 0, &bus), POLISHED_OK);
        assert_true(bus % align == 0);
    }
    open_heap(&polished_frame_bitmap, 0x1000, 1 << 20, 4096);
    for (polished_size align = 4096; align <= 1 << 19; align *= 2) {
        assert_int_equal(ask(4096, align, 0, 0, &bus), POLISHED_OK);
        assert_true(bus % align == 0);
    }
}

/* CMA: the index in the area was aligned, not the address. */
static void B10_the_bus_address_is_aligned(void **state)
{
    static const struct polished_ops *const rows[] = {
        &polished_dma, &polished_frame_bitmap, &polished_frame_bump};
    uint64_t bus;

    (void)state;
    for (size_t row = 0; row < 3; row++)
        for (uint64_t base = 0x100000; base < 0x110000; base += 0x1000) {
            polished_size knobs[POLISHED_KNOBS] = {4096, 8};
            const struct polished_setup setup = {.ops = rows[row],
                                                 .data = {NULL, 1 << 20, base},
                                                 .control = control,
                                                 .knobs = knobs};

            knobs[1] = rows[row] == &polished_frame_bump ? 8 : 0;
            assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
            assert_int_equal(ask(4096, 4096, 0, 0, &bus), POLISHED_OK);
            assert_int_equal(ask(3 << 16, 1 << 16, 0, 0, &bus), POLISHED_OK);
            assert_true(bus % (1 << 16) == 0);
        }
}

/* Low memory is for those who can live nowhere else. */
static void the_highest_address_comes_first(void **state)
{
    uint64_t bus;

    (void)state;
    open_heap(&polished_dma, 0, 64 << 20, 4096);
    assert_int_equal(ask(4096, 1, 0, 0, &bus), POLISHED_OK);
    assert_true(bus == (64 << 20) - 4096);
    assert_int_equal(ask(4096, 1, 16 << 20, 0, &bus), POLISHED_OK);
    assert_true(bus == (16 << 20) - 4096);
    assert_int_equal(ask(1, 1, (16 << 20) - 1, 0, &bus), POLISHED_OK);
    assert_true(bus == (16 << 20) - 8192);
    assert_int_equal(ask(65536, 1, 0, 65536, &bus), POLISHED_OK);
    assert_true(bus == (64 << 20) - 131072);
}

static enum polished_why why(polished_size size_bytes,
                             polished_size align_bytes, uint64_t below,
                             uint64_t boundary)
{
    const struct polished_request request = {size_bytes, align_bytes, below,
                                             boundary};

    return polished_why(&heap, &request);
}

static void the_refusal_has_a_name(void **state)
{
    uint64_t bus;

    (void)state;
    open_heap(&polished_dma, 0, 64 << 10, 4096);
    assert_int_equal(ask(4096, 1, 4096, 0, &bus), POLISHED_OK);
    assert_int_equal(ask(4096, 1, 4096, 0, &bus), POLISHED_NO_MEMORY);
    assert_int_equal(polished_reserve(&heap, 0x8000, 4096), POLISHED_OK);
    assert_int_equal(why(4096, 1, 0, 0), POLISHED_WHY_NOTHING);
    assert_int_equal(why(0x8000, 1, 0, 0), POLISHED_WHY_SIZE);
    assert_int_equal(why(4096, 0x8000, 0, 0), POLISHED_WHY_ALIGN);
    assert_int_equal(why(4096, 1, 4096, 0), POLISHED_WHY_BELOW);
    assert_int_equal(why(0x4001, 1, 0, 0x4000), POLISHED_WHY_BOUNDARY);
    assert_int_equal(why(0x7000, 0x1000, 0x10000, 0x8000),
                     POLISHED_WHY_NOTHING);
}

static void opened_with_holes(void)
{
    /* free: 0-3, 8-9, 16-31 of 32 pages */
    open_heap(&polished_dma, 0, 32 * 4096, 4096);
    assert_int_equal(polished_reserve(&heap, 4 * 4096, 4 * 4096), POLISHED_OK);
    assert_int_equal(polished_reserve(&heap, 10 * 4096, 6 * 4096), POLISHED_OK);
}

static void a_buffer_comes_in_pieces(void **state)
{
    struct polished_request request = {17 * 4096 + 1, 4096, 0, 0};
    struct polished_segment list[POLISHED_SEGMENTS];
    static unsigned char before[sizeof control];
    uint32_t count = 1;

    (void)state;
    opened_with_holes();
    memcpy(before, control, sizeof control);
    assert_int_equal(polished_scatter(&heap, &request, 0, list, &count),
                     POLISHED_NO_MEMORY);
    assert_memory_equal(before, control, sizeof control);
    count = 2;
    assert_int_equal(polished_scatter(&heap, &request, 0, list, &count),
                     POLISHED_OK);
    assert_int_equal(count, 2);
    assert_true(list[0].offset_bytes == 16 * 4096);
    assert_true(list[0].size_bytes == 16 * 4096);
    assert_true(list[1].offset_bytes == 0);
    assert_true(list[1].size_bytes == 4096 + 1);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(
            polished_free(&heap, list[i].offset_bytes, list[i].size_bytes),
            POLISHED_OK);

    request.boundary = 2 * 4096;
    request.below = 24 * 4096;
    request.size_bytes = 14 * 4096;
    count = 6;
    assert_int_equal(polished_scatter(&heap, &request, 0, list, &count),
                     POLISHED_NO_MEMORY);
    count = 64;
    assert_int_equal(polished_scatter(&heap, &request, 0, list, &count),
                     POLISHED_OK);
    assert_int_equal(count, 7);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(polished_free(&heap, list[i].offset_bytes, 0),
                         POLISHED_OK);
    count = 64;
    assert_int_equal(polished_scatter(&heap, &request, 4096, list, &count),
                     POLISHED_OK);
    assert_int_equal(count, 14);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static void pieces_at_random(void **state)
{
    struct polished_segment list[POLISHED_SEGMENTS];

    (void)state;
    random_state = 4242;
    for (int round = 0; round < 300; round++) {
        uint64_t base = draw(1 << 20);

        open_heap(&polished_dma, base, UNITS * UNIT, UNIT);
        for (int i = 0; i < 60; i++)
            polished_reserve(&heap, (0 - base) % UNIT + draw(UNITS) * UNIT,
                             1 + draw(500));
        for (int i = 0; i < 20; i++) {
            struct polished_request request = {
                1 + draw(5000), UINT64_C(1) << draw(10),
                draw(2) ? base + draw(UNITS * UNIT) : 0,
                draw(2) ? UINT64_C(1) << (4 + draw(10)) : 0};
            polished_size most = draw(2) ? 1 + draw(900) : 0, sum = 0;
            uint32_t limit = 1 + (uint32_t)draw(12), count = limit;

            if (polished_scatter(&heap, &request, most, list, &count) !=
                POLISHED_OK) {
                assert_int_equal(count, limit);
                continue;
            }
            assert_true(count != 0 && count <= limit);
            for (uint32_t at = 0; at < count; at++) {
                uint64_t first = base + list[at].offset_bytes;
                uint64_t last = first + list[at].size_bytes - 1;

                sum += list[at].size_bytes;
                assert_true(first % request.align_bytes == 0);
                assert_true(request.below == 0 || last < request.below);
                assert_true(request.boundary == 0 ||
                            first / request.boundary ==
                                last / request.boundary);
                assert_true(most == 0 || list[at].size_bytes <= most);
            }
            assert_true(sum == request.size_bytes);
            assert_int_equal(polished_check(&heap), POLISHED_OK);
        }
    }
}

static void pieces_one_by_one(void **state)
{
    polished_size left = 19 * 4096, segments = 3;
    unsigned count = 0;

    (void)state;
    opened_with_holes();
    while (left != 0) {
        polished_size a = left, b = segments;

        assert_int_equal(polished_call(&heap, "segment", &a, &b), POLISHED_OK);
        left -= b;
        segments--;
        count++;
    }
    assert_int_equal(count, 2);
    left = 5 * 4096;
    segments = 9;
    assert_int_equal(polished_call(&heap, "segment", &left, &segments),
                     POLISHED_NO_MEMORY);
    assert_true(left == 5 * 4096 && segments == 9);
    left = 0;
    assert_int_equal(polished_call(&heap, "segment", &left, &segments),
                     POLISHED_BAD_SIZE);
}

static void pieces_are_of_dma_alone(void **state)
{
    const struct polished_request request = {4096, 4096, 0, 0};
    struct polished_segment list[1];
    uint32_t count = 1;

    (void)state;
    open_heap(&polished_frame_bitmap, 0, 1 << 20, 4096);
    assert_int_equal(polished_scatter(&heap, &request, 0, list, &count),
                     POLISHED_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_is_found),
        cmocka_unit_test(B9_one_page_is_aligned_too),
        cmocka_unit_test(B10_the_bus_address_is_aligned),
        cmocka_unit_test(the_highest_address_comes_first),
        cmocka_unit_test(the_refusal_has_a_name),
        cmocka_unit_test(a_buffer_comes_in_pieces),
        cmocka_unit_test(pieces_at_random),
        cmocka_unit_test(pieces_one_by_one),
        cmocka_unit_test(pieces_are_of_dma_alone),
    };

    return cmocka_run_group_tests_name("dma", tests, NULL, NULL);
}
