#define _GNU_SOURCE
/* polished-compact: how much control a region takes, where blocks begin in it,
   and how large they can be.  Built once more with small constants. */
#include <sys/mman.h>
#include <unistd.h>

#include "expect_walk.h"

enum { MEMORY = 1 << 16, CONTROL = 1 << 13 };

#include "compact_heap.h"

static const struct polished_ops *const ops = &polished_polished_compact;

/* What is left unused at the end of data. */
static polished_size spare(polished_size bytes)
{
    return bytes == 8 ? 4 : 0;
}

static enum polished_status open_with(struct polished_region data,
                                      polished_size bytes,
                                      polished_size control_bytes)
{
    const struct polished_setup setup = {.ops = ops,
                                         .data = data,
                                         .control = control,
                                         .control_bytes = control_bytes,
                                         .knobs = &bytes};

    memset(control, 0xa5, sizeof control);
    return polished_init(&heap, &setup);
}

/* With just the control that it needs. */
static void open_tight(polished_size granules, polished_size bytes)
{
    polished_size size_bytes = granules * bytes + spare(bytes);

    assert_int_equal(open_with(polished_memory(memory, size_bytes), bytes,
                               ops->control_bytes(&bytes, size_bytes)),
                     POLISHED_OK);
}

/* Behind its control nothing was written. */
static void expect_tight(void)
{
    for (size_t i = (size_t)heap.control_bytes; i < sizeof control; i++)
        assert_int_equal(control[i], 0xa5);
    expect_sound();
}

/* State and bins, a list for each size, and the map with a word to spare. */
static void control_is_told_exactly(void **state)
{
    const bool is_full = TOGGLE_SIZE_BITS == 29;
    polished_size bytes = granule(state), most = TOGGLE_MOST * bytes;

    for (polished_size granules = 1; granules < BINS_EXACT; granules++)
        assert_int_equal(
            ops->control_bytes(&bytes, granules * bytes + bytes - 1),
            56 + (granules + 2) / 2 * 8 + (granules == 31 ? 24 : 16));
    assert_int_equal(ops->control_bytes(&bytes, 8192 / 16 * bytes),
                     is_full ? 368 : 272);
    assert_int_equal(ops->control_bytes(&bytes, 8192 / 8 * bytes),
                     is_full ? 504 : 400);
    assert_int_equal(ops->control_bytes(&bytes, most + bytes - 1),
                     is_full ? 134218056 : 2200);
    assert_int_equal(ops->control_bytes(&bytes, most + bytes), 0);
}

/* A heap of any size is one free block, with room for one of it all, and may
   grow to what control is for. */
static void control_is_for_so_many_granules(void **state)
{
    const struct compact_state *own = heap_state();
    polished_size bytes = granule(state);

    for (polished_size n = 1; n <= 140; n++) {
        polished_size slack = n < BINS_EXACT ? 0 : (n - BINS_EXACT) * bytes;
        polished_size most = n, words;

        open_tight(n, bytes);
        while (ops->control_bytes(&bytes, (most + 1) * bytes) ==
               heap.control_bytes)
            most++;
        words = (most + 1) / 32 + 2;
        assert_int_equal(own->end, n + 1);
        assert_int_equal(own->room, most + 1);
        assert_int_equal(heap.own_steps, words);
        assert_int_equal(heap.slack_bytes, slack);
        assert_int_equal(
            polished_extend(&heap, (most + 1 - n) * bytes - 1 - spare(bytes)),
            POLISHED_OK);
        assert_int_equal(polished_extend(&heap, 1), POLISHED_LIMIT);
        assert_int_equal(own->end, most + 1);
        assert_int_equal(alloc(most * bytes), 0);
        assert_int_equal(heap.slack_bytes, 0);
        assert_int_equal(polished_reset(&heap), POLISHED_OK);
        assert_int_equal(heap.own_steps, 2 * words + 9);
        expect_tight();
    }
}

/* Of control as much is used as is there. */
static void room_is_what_control_is_for(void **state)
{
    const struct compact_state *own = heap_state();
    polished_size bytes = granule(state), least = 12 * bytes;

    for (polished_size size = ops->control_bytes(&bytes, least);
         size <= CONTROL; size += size < 800 ? 8 : 800) {
        polished_size room;

        assert_int_equal(open_with(polished_memory(memory, least), bytes, size),
                         POLISHED_OK);
        room = own->room - 1;
        assert_true(ops->control_bytes(&bytes, room * bytes) <= size);
        assert_true(room == TOGGLE_MOST ||
                    ops->control_bytes(&bytes, (room + 1) * bytes) > size);
        expect_tight();
    }
}

/* Wherever data begins: the first granule is aligned, and what lies before it
   or behind the last is nobody's. */
static void data_begins_anywhere(void **state)
{
    polished_size bytes = granule(state);

    for (unsigned shift = 0; shift < 2 * bytes; shift++) {
        struct polished_region data = polished_memory(memory + shift, 0);
        polished_size first = (2 * bytes - shift) % bytes;
        polished_size end = first + 3 * bytes;
        const struct polished_block blocks[] = {
            {0, first, POLISHED_OWN},
            {first, bytes, POLISHED_USED},
            {first + bytes, 2 * bytes, POLISHED_FREE},
            {end, spare(bytes) + 1, POLISHED_OWN},
            {0, 0, POLISHED_OWN}};

        data.size_bytes = first + bytes + spare(bytes) - 1;
        assert_int_equal(open_with(data, bytes, CONTROL), POLISHED_BAD_SIZE);
        data.size_bytes++;
        assert_int_equal(open_with(data, bytes, CONTROL), POLISHED_OK);
        assert_int_equal(alloc(bytes), first);
        expect_tight();
        data.size_bytes = end + spare(bytes) + 1;
        assert_int_equal(open_with(data, bytes, CONTROL), POLISHED_OK);
        assert_int_equal(polished_reserve(&heap, end, 1), POLISHED_OVERLAP);
        assert_int_equal(alloc(1), first);
        assert_int_equal(release(end), POLISHED_NOT_OWNED);
        assert_int_equal(release(end - 1), POLISHED_DOUBLE_FREE);
        expect_walk(&heap, first != 0 ? blocks : blocks + 1);
        if (first == 0)
            continue;
        assert_int_equal(polished_reserve(&heap, first - 1, 1),
                         POLISHED_OVERLAP);
        assert_int_equal(release(first - 1), POLISHED_NOT_OWNED);
    }
}

/* What lies outside of data is not looked at, whatever size is written where:
   behind it, and before it, where there might be a block if there is no wild
   one. */
static void sizes_lie_in_data(void **state)
{
    struct bins *bins = compact_bins(heap_state());
    polished_size bytes = granule(state);
    uint32_t *words = (void *)memory;

    open_tight(20, bytes);
    assert_int_equal(alloc(bytes), 0);
    words[bytes / 4 + 2] = 20;
    words[21 * bytes / 4 - 1] = 20;
    assert_int_equal(release(0), POLISHED_CORRUPT);
    assert_int_equal(
        open_with(polished_memory(words + 16, 20 * bytes), bytes, CONTROL),
        POLISHED_OK);
    assert_int_equal(
        polished_reserve(&heap, 5 * bytes, 15 * bytes - (bytes == 8 ? 8 : 0)),
        POLISHED_OK);
    words[16 + 5 * bytes / 4 - 1] = 6;
    words[16 - bytes / 4 + 2] = 6;
    bins->wild = bins->wild_size = 0;
    assert_int_equal(release(5 * bytes), POLISHED_CORRUPT);
}

static enum polished_status reserve(polished_size granule_at,
                                    polished_size granules, polished_size bytes)
{
    return polished_reserve(&heap, granule_at * bytes, granules * bytes);
}

/* Only all of what is asked for, and only if all of it is free. */
static void reserve_takes_what_is_free(void **state)
{
    polished_size bytes = granule(state);

    open_tight(200, bytes);
    assert_int_equal(reserve(10, 3, bytes), POLISHED_OK);
    assert_int_equal(reserve(30, 1, bytes), POLISHED_OK);
    for (polished_size i = 10; i < 13; i++)
        assert_int_equal(reserve(i, 1, bytes), POLISHED_OVERLAP);
    assert_int_equal(reserve(13, 18, bytes), POLISHED_OVERLAP);
    assert_int_equal(reserve(20, 11, bytes), POLISHED_OVERLAP);
    assert_int_equal(reserve(9, 2, bytes), POLISHED_OVERLAP);
    assert_int_equal(reserve(0, 11, bytes), POLISHED_OVERLAP);
    assert_int_equal(polished_reserve(&heap, 15 * bytes + 1, 1),
                     POLISHED_BAD_ALIGN);
    assert_int_equal(reserve(20, 10, bytes), POLISHED_OK);
    assert_int_equal(reserve(13, 7, bytes), POLISHED_OK);
    assert_int_equal(reserve(0, 10, bytes), POLISHED_OK);
    assert_int_equal(reserve(31, 169, bytes), POLISHED_OK);
    expect_tight();
}

/* Back to the last block in use, or to the first word. */
static void reserve_reads_the_map_backwards(void **state)
{
    polished_size bytes = granule(state);

    open_tight(300, bytes);
    heap.own_steps = 0;
    assert_int_equal(reserve(100, 1, bytes), POLISHED_OK);
    assert_int_equal(heap.own_steps, 4);
    assert_int_equal(reserve(290, 1, bytes), POLISHED_OK);
    assert_int_equal(heap.own_steps, 11);
    assert_int_equal(reserve(100, 1, bytes), POLISHED_OVERLAP);
    assert_int_equal(heap.own_steps, 12);
}

/* A free block is sound in its list, even if it is all there is. */
static void all_of_data_may_be_in_a_list(void **state)
{
    struct bins *bins = compact_bins(heap_state());
    polished_size bytes = granule(state);

    open_tight(30, bytes);
    bins_heads(bins)[bins_number(30)] = bins->wild;
    bins->map = UINT64_C(1) << bins_number(30);
    bins->wild = bins->wild_size = 0;
    memset(memory, 0, 8);
    expect_tight();
}

static int visit_largest(void *context, const struct polished_block *block)
{
    polished_size *most = context;

    if (block->kind == POLISHED_FREE && *most < block->size_bytes)
        *most = block->size_bytes;
    return 0;
}

/* The first that is accepted, from the largest free block downwards. */
static void expect_largest(polished_size align_bytes, polished_size bytes)
{
    static unsigned char data[MEMORY], own[CONTROL];
    const struct polished_heap was = heap;
    struct polished_request request = {1, align_bytes, 0, 0};
    polished_size told = polished_largest(&heap, &request), size = 0, at;

    assert_int_equal(heap.own_steps, was.own_steps);
    polished_walk(&heap, visit_largest, &size);
    memcpy(data, memory, (size_t)heap.data.size_bytes);
    memcpy(own, control, (size_t)heap.control_bytes);
    for (; size != 0; size -= bytes) {
        request.size_bytes = size;
        if (polished_alloc(&heap, &request, &at) == POLISHED_OK)
            break;
    }
    assert_int_equal(told, size);
    memcpy(memory, data, (size_t)heap.data.size_bytes);
    memcpy(control, own, (size_t)heap.control_bytes);
    heap = was;
}

/* In a random life, for each alignment. */
static void largest_is_what_is_accepted(void **state)
{
    enum { SLOTS = 32, CALLS = 1000 };
    polished_size bytes = granule(state), at[SLOTS];
    uint64_t random = 12345;

    open_tight(500, bytes);
    memset(at, 0xff, sizeof at);
    for (unsigned call = 0; call < CALLS; call++) {
        struct polished_request request = {1, bytes, 0, 0};
        polished_size *offset;

        random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
        offset = &at[random >> 33 & (SLOTS - 1)];
        request.align_bytes <<= random >> 40 & 3;
        request.size_bytes +=
            (random >> 44) % (8 * bytes << (random >> 60 & 3));
        if (*offset != POLISHED_NOWHERE) {
            assert_int_equal(release(*offset), POLISHED_OK);
            *offset = POLISHED_NOWHERE;
        } else {
            polished_alloc(&heap, &request, offset);
        }
        for (polished_size align = bytes / 2; align <= 1024; align *= 2)
            expect_largest(align, bytes);
    }
    expect_tight();
}

/* Used and free by turns, from so many granules on. */
static void cut_up(const unsigned *at, unsigned count, polished_size bytes)
{
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(reserve(at[i], at[i + 1] - at[i], bytes), POLISHED_OK);
    for (unsigned i = 1; i < count; i += 2)
        assert_int_equal(release(at[i] * bytes), POLISHED_OK);
}

/* Aligned to 32: wild holds 2, one as large 20; but whoever asks for so many is
   led to a smaller one first, which holds none, and only he who asks for 16 is
   sure of that one. */
static const unsigned sure[] = {0, 1, 34, 51, 84, 97, 119, 130};

static void largest_is_what_is_sure(void **state)
{
    static const unsigned single[] = {0, 1, 2, 4, 5, 6};
    polished_size bytes = granule(state);

    open_tight(130, bytes);
    cut_up(sure, 7, bytes);
    expect_largest(32 * bytes, bytes);
    open_tight(6, bytes); /* wild has no place for two, the other has one */
    cut_up(single, 5, bytes);
    expect_largest(2 * bytes, bytes);
}

/* Not even where a list ends; a page before data is nobody's. */
static void nothing_before_data_is_read(void **state)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    polished_size bytes = granule(state);
    const struct polished_request request = {1, 32 * bytes, 0, 0};
    unsigned char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_true(pages != MAP_FAILED);
    assert_int_equal(mprotect(pages, page, PROT_NONE), 0);
    assert_int_equal(
        open_with(polished_memory(pages + page, 130 * bytes + spare(bytes)),
                  bytes, CONTROL),
        POLISHED_OK);
    cut_up(sure, 7, bytes);
    assert_int_equal(polished_largest(&heap, &request),
                     BINS_EXACT == 32 ? 16 * bytes : 20 * bytes);
    munmap(pages, 2 * page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(control_is_told_exactly),
        BOTH(control_is_for_so_many_granules),
        BOTH(room_is_what_control_is_for),
        BOTH(data_begins_anywhere),
        BOTH(all_of_data_may_be_in_a_list),
        BOTH(sizes_lie_in_data),
        BOTH(reserve_takes_what_is_free),
        BOTH(reserve_reads_the_map_backwards),
        BOTH(largest_is_what_is_accepted),
        BOTH(largest_is_what_is_sure),
        BOTH(nothing_before_data_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
