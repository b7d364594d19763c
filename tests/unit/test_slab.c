/* slab: its classes, and where objects lie in data whose bus addresses begin
   at 16. */
#include "alloc/cache.h"
#include "expect_row.h"
#include "polished/policies.h"

enum { SLAB = 256, SPAN = 16 * SLAB, BUS = 16, LONGEST = 32768 };

static _Alignas(64) unsigned char memory[3 * LONGEST];
static _Alignas(16) unsigned char controls[2][16384];
static struct polished_heap heap, source;

/* Slabs and smallest objects of so many bytes, over first fit; 0 bytes of
   control: as few as can be. */
static void open_slabs(polished_size slab_bytes, polished_size least_bytes,
                       polished_size data_bytes, polished_size control_bytes)
{
    const polished_size knobs[POLISHED_KNOBS] = {0, slab_bytes, least_bytes, 1};
    struct polished_setup setup = {.ops = &polished_first_fit,
                                   .data = {memory, data_bytes, BUS},
                                   .control = controls[1],
                                   .control_bytes = sizeof controls[1]};

    assert_int_equal(polished_init(&source, &setup), POLISHED_OK);
    setup.ops = &polished_slab;
    setup.control = controls[0];
    setup.control_bytes = control_bytes;
    setup.knobs = knobs;
    setup.source = &source;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(heap.own_steps, 0);
}

static void open_heap(polished_size data_bytes, polished_size control_bytes)
{
    open_slabs(SLAB, 16, data_bytes, control_bytes);
}

static polished_size take(polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, 1, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset;
}

static void drop(polished_size offset)
{
    assert_int_equal(polished_free(&heap, offset, 0), POLISHED_OK);
}

static enum polished_status resize(polished_size offset,
                                   polished_size size_bytes,
                                   polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};

    return polished_resize(&heap, offset, 0, &request);
}

static void expect_usable(polished_size offset, polished_size expected)
{
    polished_size size_bytes = 0;

    assert_int_equal(polished_usable(&heap, offset, &size_bytes), POLISHED_OK);
    assert_int_equal(size_bytes, expected);
}

static polished_size largest(polished_size align_bytes)
{
    const struct polished_request request = {1, align_bytes, 0, 0};

    return polished_largest(&heap, &request);
}

/* Nothing is left in the source. */
static void exhaust(void)
{
    struct polished_request request = {1, 1, 0, 0};
    polished_size offset;

    while ((request.size_bytes = polished_largest(&source, &request)) != 0)
        assert_int_equal(polished_alloc(&source, &request, &offset),
                         POLISHED_OK);
}

/* Sizes from above the class before up to its stride are a class's, for its hot
   object too. */
static void try_class(polished_size below, polished_size stride)
{
    polished_size first = take(stride), second = take(below + 1);

    expect_usable(first, stride);
    expect_usable(second, stride);
    drop(first);
    drop(second);
    assert_int_equal(take(below + 1), second);
    drop(second);
    assert_int_equal(take(stride), second);
    drop(second);
    first = take(below + (below == 0));
    expect_usable(first, below == 0 ? stride : below);
    drop(first);
}

static void classes_lose_as_little_as_they_can(void **state)
{
    static const struct {
        polished_size slab_bytes, strides[40]; /* up to one of 0 */
    } rows[] = {{256, {8, 16, 32, 48, 64, 80, 128}},
                {4096, {16,  32,  48,  64,  80,  96,  112, 128,  160,  192, 224,
                        256, 336, 400, 448, 512, 672, 816, 1024, 1360, 2048}},
                {LONGEST, {64,   80,   96,   112,  128,   160,  192,  224,
                           256,  320,  384,  448,  512,   640,  768,  896,
                           1024, 1296, 1552, 1808, 2048,  2720, 3264, 3632,
                           4096, 5456, 6544, 8192, 10912, 16384}}};

    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        polished_size below = 0;

        open_slabs(rows[row].slab_bytes, rows[row].strides[0], sizeof memory,
                   sizeof controls[0]);
        for (const polished_size *at = rows[row].strides; *at != 0; at++) {
            try_class(below, *at);
            below = *at;
        }
        assert_int_equal(below, rows[row].slab_bytes / 2);
    }
}

static void control_is_as_small_as_can_be(void **state)
{
    enum { STATE = sizeof(struct cache_state) };
    static const struct {
        polished_size slab_bytes, least_bytes, data_bytes, expected;
    } rows[] = {
        {256, 64, 1, STATE + 136},
        {256, 64, 256, STATE + 136},
        {256, 64, 257, STATE + 160},
        {256, 16, 256, STATE + 136},
        {256, 8, 256, STATE + 152},
        {1024, 64, 1024, STATE + 200},
        {1024, 16, 1024, STATE + 216},
        {4096, 16, 4096, STATE + 464},
        {32768, 8, 32768, STATE + 2784},
        {256, 64, (polished_size)256 << 30,
         STATE + 112 + ((polished_size)24 << 30)},
        {256, 64, ((polished_size)256 << 30) + 1, 0},
    };

    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        const polished_size knobs[POLISHED_KNOBS] = {0, rows[row].slab_bytes,
                                                     rows[row].least_bytes, 1};

        assert_int_equal(
            polished_slab.control_bytes(knobs, rows[row].data_bytes),
            rows[row].expected);
    }
}

/* A power of two is a multiple of each alignment below. */
static void odd_classes_give_way_to_powers_of_two(void **state)
{
    static const struct {
        polished_size size_bytes, align_bytes, usable_bytes;
    } rows[] = {{33, 16, 48},  {33, 32, 64}, {48, 32, 64},
                {63, 32, 64},  {64, 32, 64}, {65, 16, 80},
                {65, 32, 128}, {1, 32, 32},  {80, 64, 128}};

    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        const struct polished_request request = {rows[row].size_bytes,
                                                 rows[row].align_bytes, 0, 0};
        polished_size offset;

        open_heap(SPAN, 0);
        assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
        assert_int_equal((BUS + offset) % rows[row].align_bytes, 0);
        expect_usable(offset, rows[row].usable_bytes);
    }
}

static void objects_stay_where_they_are_aligned(void **state)
{
    (void)state;
    open_heap(SPAN, 0);
    for (polished_size at = 16; at <= 112; at += 48)
        assert_int_equal(take(48), at);
    assert_int_equal(resize(112, 48, 64), POLISHED_OK);
    assert_int_equal(resize(112, 49, 64), POLISHED_NO_MEMORY);
    assert_int_equal(resize(64, 48, 64), POLISHED_NO_MEMORY);
    assert_int_equal(resize(64, 48, 16), POLISHED_OK);
}

/* The lowest free object is given next, whichever word its bit is in, for a
   step; an object that is free is known to be. */
static void objects_are_found_by_their_bits(void **state)
{
    static const unsigned freed[] = {0, 1, 62, 63, 64, 65, 66, 127, 128};
    polished_size objects[130];

    (void)state;
    open_slabs(4096, 16, sizeof memory, sizeof controls[0]);
    for (unsigned i = 0; i < 130; i++)
        objects[i] = take(16);
    for (size_t i = 0; i < sizeof freed / sizeof freed[0]; i++) {
        polished_size object = objects[freed[i]];
        uint64_t before;

        drop(object);
        assert_int_equal(polished_free(&heap, object, 0), POLISHED_DOUBLE_FREE);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
        before = heap.own_steps;
        assert_int_equal(take(16), object);
        assert_int_equal(heap.own_steps - before, 1);
        /* Another is the hot one. */
        assert_int_equal(take(16), objects[129] + 16 * (i + 1));
    }
}

/* The object that was freed last is the largest where nothing else is. */
static void the_hot_object_serves_as_it_is_aligned(void **state)
{
    const struct polished_request wide = {48, 64, 0, 0};
    polished_size offset;

    (void)state;
    open_heap(SPAN, 0);
    take(48);
    take(48);
    assert_int_equal(take(48), 112);
    exhaust();
    drop(112);
    assert_int_equal(polished_alloc(&heap, &wide, &offset), POLISHED_OK);
    assert_int_equal(offset, 112);
    drop(112);
    assert_int_equal(largest(64), 48);
    assert_int_equal(largest(128), 48);
    assert_int_equal(largest(256), 0);
}

/* Control has room for so many slabs, whatever the source could do. */
static void heaps_grow_as_far_as_control_reaches(void **state)
{
    (void)state;
    open_heap(SPAN - SLAB, 0);
    assert_int_equal(polished_extend(&heap, SLAB), POLISHED_LIMIT);
    assert_int_equal(source.data.size_bytes, SPAN - SLAB);
    open_heap(SPAN - SLAB, sizeof controls[0]);
    assert_int_equal(polished_extend(&heap, SLAB), POLISHED_OK);
    assert_int_equal(source.data.size_bytes, SPAN);
    /* As many slabs as control was made for are reached to their last byte. */
    open_heap(SPAN - 16, 0);
    assert_int_equal(polished_extend(&heap, 17), POLISHED_LIMIT);
    assert_int_equal(polished_extend(&heap, 16), POLISHED_OK);
}

/* A step for each slab and one for their owner. */
static void resets_look_at_each_slab(void **state)
{
    (void)state;
    open_heap(SPAN, 0);
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    assert_int_equal(heap.own_steps, SPAN / SLAB + 1);
}

static void it_says_what_it_can(void **state)
{
    static const struct polished_knob knobs[] = {
        {"pages", "", 0, 0, 0, POLISHED_POLICY},
        {"slab_bytes", "", 256, 32768, 4096, POLISHED_POWER_OF_TWO},
        {"least_bytes", "", 8, 64, 16, POLISHED_POWER_OF_TWO},
        {"keep_slabs", "", 0, 65536, 1, POLISHED_ANY},
        {0}};

    (void)state;
    expect_knobs(&polished_slab, knobs);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_lose_as_little_as_they_can),
        cmocka_unit_test(control_is_as_small_as_can_be),
        cmocka_unit_test(odd_classes_give_way_to_powers_of_two),
        cmocka_unit_test(objects_stay_where_they_are_aligned),
        cmocka_unit_test(objects_are_found_by_their_bits),
        cmocka_unit_test(the_hot_object_serves_as_it_is_aligned),
        cmocka_unit_test(heaps_grow_as_far_as_control_reaches),
        cmocka_unit_test(resets_look_at_each_slab),
        cmocka_unit_test(it_says_what_it_can),
    };

    return cmocka_run_group_tests_name("slab", tests, NULL, NULL);
}
