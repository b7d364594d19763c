/*
 * cache: slots, lists and bits of a slab heap that somebody wrote over.
 *
 *     slab A   64 and 1 of 128 objects of 16 bytes in use: partial
 *     slab B   2 of 2 objects of 1024 bytes in use: full
 *     slab C   of objects of 32 bytes, none in use: kept
 *     slab D   of objects of 48 bytes, none in use since the last free: idle
 *     slab E   of objects of 64 bytes; the one used last rests: the hot one
 */
#include "alloc/cache.h"
#include "damage.h"
#include "polished/policies.h"

enum { SLAB = 2048, SPAN = 16 * SLAB, SMALL = 16, LARGE = 1024, BEGUN = 65 };

static _Alignas(64) unsigned char memory[SPAN];
static _Alignas(16) unsigned char controls[2][4096];
static struct polished_heap heap, source;
static struct damage_row row; /* the one that is tried */

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

static void open_heap(void)
{
    static const polished_size knobs[POLISHED_KNOBS] = {0, SLAB, SMALL, 4};
    struct polished_setup setup = {.ops = &polished_first_fit,
                                   .data = {memory, SPAN, 0},
                                   .control = controls[1]};
    polished_size kept, idle;

    assert_int_equal(polished_init(&source, &setup), POLISHED_OK);
    setup.ops = &polished_slab;
    setup.control = controls[0];
    setup.knobs = knobs;
    setup.source = &source;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    for (int i = 0; i < BEGUN; i++)
        take(SMALL);
    take(LARGE);
    take(LARGE);
    kept = take(32);
    idle = take(48);
    take(64);
    drop(kept);
    drop(idle);
    drop(take(64));
}

/* The slot of the slab that is first in a list. */
static uint32_t first_of(const uint32_t *list)
{
    assert_true(*list < cache_state(&heap)->slot_count);
    return *list;
}

static uint32_t *partial(polished_size size_bytes)
{
    return &cache_set(&heap, 0)->partial[cache_class(&heap, size_bytes, 1)];
}

/* A word of control is written over: own check and walk see it. */
static void try_word(const char *what, const void *word, size_t width,
                     enum damage_how how, uint64_t value)
{
    size_t at = (size_t)((const unsigned char *)word - controls[0]);

    row = (struct damage_row){what,
                              {{DAMAGE_CONTROL, at, width, how, value}},
                              POLISHED_CORRUPT,
                              damage_own_check,
                              0,
                              0};
    damage_try(&heap, &row, 1);
}
#define TRY(what, word, how, value)                                            \
    try_word(what, &(word), sizeof(word), how, value)

static void checks_see_lists_that_are_damaged(void **state)
{
    struct cache_set *set;
    struct cache_slot *small, *large, *kept;

    (void)state;
    open_heap();
    set = cache_set(&heap, 0);
    small = cache_slot(&heap, first_of(partial(SMALL)));
    large = cache_slot(&heap, first_of(&set->full));
    kept = cache_slot(&heap, first_of(&set->kept));
    TRY("a list that leads out", *partial(SMALL), DAMAGE_SET, 1000);
    TRY("a list round and round", small->next, DAMAGE_SET,
        first_of(partial(SMALL)));
    TRY("a link back", small->prev, DAMAGE_SET, 0);
    TRY("a slab of another class", small->kind, DAMAGE_ADD, 1);
    TRY("a run where only slabs are", small->kind, DAMAGE_SET, CACHE_RUN);
    TRY("nothing in a list", large->kind, DAMAGE_SET, CACHE_EMPTY);
    TRY("the inside of a run in a list", large->kind, DAMAGE_SET, CACHE_BODY);
    TRY("a full slab that is not full", large->used, DAMAGE_ADD, -1);
    TRY("a kept slab that is full", kept->used, DAMAGE_SET,
        cache_count(&heap, first_of(&set->kept)));
    TRY("more slabs kept than there are", set->kept_count, DAMAGE_ADD, 1);
    TRY("a list of full ones that leads out", set->full, DAMAGE_SET, 1000);
    TRY("full ones forgotten", set->full, DAMAGE_SET, CACHE_NONE);
    TRY("a slab in no list",
        cache_slot(&heap, cache_state(&heap)->slot_count - 1)->kind, DAMAGE_SET,
        CACHE_RUN);
}

static void checks_see_objects_that_are_damaged(void **state)
{
    struct cache_set *set;
    struct cache_slot *small;
    uint64_t *bits;

    (void)state;
    open_heap();
    set = cache_set(&heap, 0);
    small = cache_slot(&heap, first_of(partial(SMALL)));
    bits = cache_bits(&heap, first_of(partial(SMALL)));
    assert_int_equal(small->first, 1);
    TRY("a free object before the first word", bits[0], DAMAGE_EACH,
        UINT64_MAX);
    TRY("an object in use or not", bits[1], DAMAGE_EACH, UINT64_MAX);
    TRY("the number in use", small->used, DAMAGE_ADD, 1);
    assert_true(cache_is_resting(&set->hot));
    TRY("the hot object is free twice",
        cache_bits(&heap, set->hot.slot)[set->hot.index / 64], DAMAGE_FLIP,
        UINT64_C(1) << set->hot.index % 64);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_see_lists_that_are_damaged),
        cmocka_unit_test(checks_see_objects_that_are_damaged),
    };

    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
