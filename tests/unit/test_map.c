#define _GNU_SOURCE
/* Memory maps as firmwares write them, and handing memory over. */
#include "unit.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "polished/polished.h"

#define TOP(bytes) (UINT64_MAX - (bytes) + 1)

struct map_case {
    const char *what;
    uint64_t frame_bytes;
    struct polished_map_entry entries[6];
    struct polished_map_range ranges[6];
};

static const struct map_case cases[] = {
    {"nothing", 4096, {{0}}, {{0}}},
    {"empty entries", 4096, {{0x1000, 0, false}, {0x9000, 0, true}}, {{0}}},
    {"one piece", 4096, {{0x1000, 0x3000, false}}, {{0x1000, 0x3000}}},
    {"partial frames at both ends",
     4096,
     {{0x1234, 0x3000, false}},
     {{0x2000, 0x2000}}},
    {"less than a frame", 4096, {{0x1001, 0x1ffe, false}}, {{0}}},
    {"unsorted",
     4096,
     {{0x8000, 0x1000, false},
      {0x1000, 0x1000, false},
      {0x4000, 0x1000, false}},
     {{0x1000, 0x1000}, {0x4000, 0x1000}, {0x8000, 0x1000}}},
    {"duplicates and overlaps",
     4096,
     {{0x1000, 0x2000, false},
      {0x1000, 0x2000, false},
      {0x2000, 0x4000, false}},
     {{0x1000, 0x5000}}},
    {"halves of a frame make a whole",
     4096,
     {{0x1000, 0x1800, false}, {0x2800, 0x1800, false}},
     {{0x1000, 0x3000}}},
    {"reserved inside usable",
     4096,
     {{0x0, 0x10000, false}, {0x4000, 0x1000, true}},
     {{0x0, 0x4000}, {0x5000, 0xb000}}},
    {"reserved outward",
     4096,
     {{0x0, 0x10000, false}, {0x4fff, 0x2, true}},
     {{0x0, 0x4000}, {0x6000, 0xa000}}},
    {"reserved at both ends, and all over the middle one",
     4096,
     {{0x1000, 0x3000, false},
      {0x6000, 0x1000, false},
      {0x9000, 0x2000, false},
      {0x0, 0x2000, true},
      {0x5000, 0x4001, true}},
     {{0x2000, 0x2000}, {0xa000, 0x1000}}},
    {"reserved wins in any order",
     4096,
     {{0x1000, 0x4000, true}, {0x1000, 0x4000, false}},
     {{0}}},
    {"reserved from the first address on",
     4096,
     {{0x0, 0x4000, false}, {0x0, 0x1000, true}},
     {{0x1000, 0x3000}}},
    {"up to the end of all addresses",
     4096,
     {{TOP(0x3000), 0x3000, false}, {TOP(0x1000), 0x800, true}},
     {{TOP(0x3000), 0x2000}}},
    {"past the end of all addresses",
     4096,
     {{TOP(0x3000), 0x9000, false}},
     {{TOP(0x3000), 0x3000}}},
    {"all addresses but the last frame",
     4096,
     {{0, UINT64_MAX, false}, {UINT64_MAX, 1, false}},
     {{0, TOP(0x1000)}}},
    {"to the byte",
     1,
     {{0x10, 0x7, false}, {0x12, 0x1, true}, {UINT64_MAX, 1, false}},
     {{0x10, 0x2}, {0x13, 0x4}, {UINT64_MAX, 1}}},
    {"huge frames",
     UINT64_C(1) << 30,
     {{0x100000, UINT64_C(5) << 30, false}},
     {{UINT64_C(1) << 30, UINT64_C(4) << 30}}},
    {"the largest frames",
     UINT64_C(1) << 63,
     {{0, UINT64_MAX, false}},
     {{0, UINT64_C(1) << 63}}},
};

static size_t rows(const struct map_case *row)
{
    size_t count = 0;

    while (count < 6 && row->ranges[count].size_bytes != 0)
        count++;
    return count;
}

static void maps_of_every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct polished_map_entry entries[6];
        struct polished_map_range ranges[6];
        size_t count;

        memcpy(entries, cases[i].entries, sizeof entries);
        if (polished_map_clean(entries, 6, cases[i].frame_bytes, ranges, 6,
                               &count) != POLISHED_OK ||
            count != rows(&cases[i]) ||
            (count != 0 &&
             memcmp(ranges, cases[i].ranges, count * sizeof ranges[0]) != 0))
            fail_msg("%s: %zu ranges, the first %#llx", cases[i].what, count,
                     (unsigned long long)(count ? ranges[0].base : 0));
    }
}

static void too_small_a_buffer_is_told(void **state)
{
    struct polished_map_entry entries[] = {
        {0, 0x10000, false}, {0x4000, 0x1000, true}, {0x8000, 0x1000, true}};
    struct polished_map_range ranges[3], before[3];
    size_t count;

    (void)state;
    memset(ranges, 0x5a, sizeof ranges);
    memcpy(before, ranges, sizeof ranges);
    assert_int_equal(polished_map_clean(entries, 3, 4096, ranges, 2, &count),
                     POLISHED_LIMIT);
    assert_int_equal(count, 3);
    assert_memory_equal(ranges, before, sizeof ranges);
    assert_int_equal(polished_map_clean(entries, 3, 4096, ranges, 3, &count),
                     POLISHED_OK);
    assert_int_equal(polished_map_clean(entries, 3, 4096, NULL, 0, &count),
                     POLISHED_LIMIT);
    assert_int_equal(polished_map_clean(entries, 3, 4095, ranges, 3, &count),
                     POLISHED_BAD_ALIGN);
    assert_int_equal(polished_map_clean(entries, 3, 0, ranges, 3, &count),
                     POLISHED_BAD_ALIGN);
    assert_int_equal(count, 0);
}

/* Not even what is behind the last entry is read. */
static void entries_may_end_where_memory_does(void **state)
{
    static const struct polished_map_entry entries[] = {
        {0x3000, 0x1000, false}, {0x1000, 0x1000, false}, {0, 0x1000, true}};
    const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *pages = mmap(NULL, 2 * page_bytes, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned char *end = pages + page_bytes;

    (void)state;
    assert_true(pages != MAP_FAILED);
    assert_int_equal(mprotect(end, page_bytes, PROT_NONE), 0);
    for (size_t count = 1; count <= 3; count++) {
        void *last = end - count * sizeof entries[0];
        struct polished_map_range ranges[3];
        size_t found;

        memcpy(last, entries, count * sizeof entries[0]);
        assert_int_equal(
            polished_map_clean(last, count, 4096, ranges, 3, &found),
            POLISHED_OK);
        assert_int_equal(found, count < 2 ? 1 : 2);
    }
    munmap(pages, 2 * page_bytes);
}

static uint64_t draw(uint64_t *random, uint64_t limit)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return (*random >> 11) % limit;
}

#define BYTES 256

/* The same by looking at each byte: base is where byte 0 is. */
static void brute(const struct polished_map_entry *entries, size_t count,
                  uint64_t base, uint64_t frame_bytes, bool *usable)
{
    memset(usable, 0, BYTES);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++)
            for (uint64_t at = 0; at < BYTES; at++)
                if (entries[i].is_reserved == (pass == 1) &&
                    base + at - entries[i].base < entries[i].size_bytes &&
                    base + at >= entries[i].base)
                    usable[at] = pass == 0;
    for (uint64_t at = 0; at < BYTES; at += frame_bytes) {
        bool whole = true;

        for (uint64_t i = at; i < at + frame_bytes; i++)
            whole = whole && usable[i];
        memset(usable + at, whole, frame_bytes);
    }
}

static void maps_at_random(void **state)
{
    uint64_t random = 88172645463325252u;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct polished_map_entry entries[8];
        struct polished_map_range ranges[8];
        bool usable[BYTES], found[BYTES] = {false};
        uint64_t base = round % 2 ? TOP(BYTES) : 0;
        uint64_t frame_bytes = UINT64_C(1) << draw(&random, 6);
        size_t entry_count = draw(&random, 9), count;

        for (size_t i = 0; i < entry_count; i++) {
            uint64_t at = draw(&random, BYTES);

            entries[i] = (struct polished_map_entry){
                base + at, draw(&random, BYTES + (round % 2 ? 9 : 1) - at),
                draw(&random, 3) == 0};
        }
        brute(entries, entry_count, base, frame_bytes, usable);
        assert_int_equal(polished_map_clean(entries, entry_count, frame_bytes,
                                            ranges, entry_count, &count),
                         POLISHED_OK);
        for (size_t i = 0; i < count; i++) {
            assert_true(ranges[i].size_bytes != 0);
            assert_true(i == 0 ||
                        ranges[i].base >
                            ranges[i - 1].base + ranges[i - 1].size_bytes);
            for (uint64_t at = 0; at < ranges[i].size_bytes; at++)
                found[ranges[i].base - base + at] = true;
        }
        assert_memory_equal(found, usable, BYTES);
    }
}

/* A machine boots: from the map to frame-bump to frame-bitmap. */
static _Alignas(16) unsigned char controls[2][1 << 16];

static void open_over(struct polished_heap *heap,
                      const struct polished_ops *ops,
                      struct polished_region data, unsigned which)
{
    const struct polished_setup setup = {
        .ops = ops, .data = data, .control = controls[which]};

    assert_int_equal(polished_init(heap, &setup), POLISHED_OK);
}

static polished_size take(struct polished_heap *heap, polished_size size_bytes,
                          polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(heap, &request, &offset), POLISHED_OK);
    return offset;
}

static int count_free(void *context, const struct polished_block *block)
{
    if (block->kind == POLISHED_FREE)
        *(polished_size *)context += block->size_bytes;
    return 0;
}

static void a_boot_hands_over(void **state)
{
    struct polished_map_entry entries[] = {{0x100000, 0x1000000, false},
                                           {0x400000, 0x100000, true},
                                           {0x2000000, 0x1000000, false}};
    struct polished_map_range ranges[3];
    struct polished_heap boot, next;
    polished_size small, huge, free_bytes = 0;
    size_t count;

    (void)state;
    assert_int_equal(polished_map_clean(entries, 3, 4096, ranges, 3, &count),
                     POLISHED_OK);
    open_over(&boot, &polished_frame_bump, polished_map_span(ranges, count), 0);
    assert_true(boot.data.bus_base == 0x100000);
    assert_true(boot.data.size_bytes == 0x2f00000);
    assert_int_equal(polished_map_reserve(&boot, ranges, count), POLISHED_OK);
    small = take(&boot, 3 * 4096, 1);
    huge = take(&boot, 4 << 20, 2 << 20);
    assert_true(huge + 0x100000 == 0x600000);
    assert_int_equal(polished_check(&boot), POLISHED_OK);

    open_over(&next, &polished_frame_bitmap, boot.data, 1);
    assert_int_equal(polished_hand_over(&boot, &next), POLISHED_OK);
    assert_int_equal(polished_check(&next), POLISHED_OK);
    polished_walk(&next, count_free, &free_bytes);
    assert_true(free_bytes == 0x2000000 - 0x100000 - 3 * 4096 - (4 << 20));
    /* What the alignment of the huge block had skipped can be had now. */
    assert_true(take(&next, 4096, 1) == small + 3 * 4096);
    assert_true(take(&next, 1 << 20, 1 << 20) < huge);
    /* The hole and the blocks are no one's. */
    assert_int_equal(polished_reserve(&next, 0x300000, 4096), POLISHED_OVERLAP);
    assert_int_equal(polished_reserve(&next, 0x1000000, 4096),
                     POLISHED_OVERLAP);
    assert_int_equal(polished_reserve(&next, huge, 4096), POLISHED_OVERLAP);
    /* The new heap frees them as it found them. */
    assert_int_equal(polished_free(&next, small, 0), POLISHED_OK);
}

static void what_does_not_fit_is_not_handed_over(void **state)
{
    struct polished_heap boot, next;
    struct polished_region low = {NULL, 0x100000, 0};

    (void)state;
    open_over(&boot, &polished_frame_bitmap,
              (struct polished_region){NULL, 0x200000, 0}, 0);
    open_over(&next, &polished_frame_bitmap, low, 1);
    take(&boot, 4096, 1);
    assert_int_equal(polished_hand_over(&boot, &next), POLISHED_OK);
    assert_int_equal(polished_hand_over(&boot, &next), POLISHED_OVERLAP);
    assert_int_equal(polished_reset(&next), POLISHED_OK);
    take(&boot, 0x100000, 0x100000);
    assert_int_equal(polished_hand_over(&boot, &next), POLISHED_NOT_OWNED);
    open_over(&next, &polished_bump, low, 1);
    assert_int_equal(polished_hand_over(&boot, &next), POLISHED_UNSUPPORTED);
}

/* A heap with a hole in its memory, and one that is damaged. */
static enum polished_status walk_over_a_hole(const struct polished_heap *heap,
                                             polished_visit *visit,
                                             void *context)
{
    const struct polished_block blocks[] = {
        {0, 4096, POLISHED_FREE},
        {4096, 4096, POLISHED_HOLE},
        {8192, heap->data.size_bytes - 8192, POLISHED_OWN}};

    for (int i = 0; i < 3; i++)
        if (visit(context, &blocks[i]) != 0)
            return POLISHED_OK;
    return heap->host ? POLISHED_CORRUPT : POLISHED_OK;
}

static void holes_are_handed_over(void **state)
{
    struct polished_ops row = polished_frame_bitmap;
    struct polished_heap boot, next;
    struct polished_region low = {NULL, 0x100000, 0};
    struct polished_region high = {NULL, 0x80000, 0x1000};

    (void)state;
    open_over(&boot, &polished_frame_bitmap, high, 0);
    open_over(&next, &polished_frame_bitmap, low, 1);
    row.walk = walk_over_a_hole;
    boot.ops = &row;
    assert_int_equal(polished_hand_over(&boot, &next), POLISHED_OK);
    assert_true(take(&next, 8192, 1) == 0);
    assert_true(take(&next, 4096, 1) == 12288);
    assert_int_equal(polished_reset(&next), POLISHED_OK);
    boot.host = &boot;
    assert_int_equal(polished_hand_over(&boot, &next), POLISHED_CORRUPT);
}

static void holes_of_a_map_have_to_be_free(void **state)
{
    const struct polished_map_range ranges[] = {
        {0, 4096}, {8192, 4096}, {16384, 4096}};
    struct polished_heap heap;
    struct polished_region none = polished_map_span(ranges, 0);

    (void)state;
    assert_true(none.size_bytes == 0 && none.bus_base == 0);
    open_over(&heap, &polished_frame_bitmap, polished_map_span(ranges, 3), 0);
    assert_int_equal(polished_reserve(&heap, 12288, 4096), POLISHED_OK);
    assert_int_equal(polished_map_reserve(&heap, ranges, 3), POLISHED_OVERLAP);
    assert_int_equal(polished_reserve(&heap, 4096, 4096), POLISHED_OVERLAP);
    assert_int_equal(polished_reserve(&heap, 16384, 4096), POLISHED_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_of_every_kind),
        cmocka_unit_test(too_small_a_buffer_is_told),
        cmocka_unit_test(entries_may_end_where_memory_does),
        cmocka_unit_test(maps_at_random),
        cmocka_unit_test(a_boot_hands_over),
        cmocka_unit_test(holes_are_handed_over),
        cmocka_unit_test(holes_of_a_map_have_to_be_free),
        cmocka_unit_test(what_does_not_fit_is_not_handed_over),
    };

    return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
