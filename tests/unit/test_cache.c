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
#include "expect_walk.h"
#include "polished/policies.h"

enum { SLAB = 2048, SPAN = 16 * SLAB, SMALL = 16, LARGE = 1024, BEGUN = 65 };

static _Alignas(64) unsigned char memory[SPAN];
static _Alignas(16) unsigned char controls[2][4096];
static struct polished_heap heap, source;
static struct damage_row row; /* the one that is tried */
static polished_size small[BEGUN];

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
        small[i] = take(SMALL);
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

/* Words of control are written over: own check and walk see it. */
#define WORD(word, how, value)                                                 \
    {                                                                          \
        DAMAGE_CONTROL, (size_t)((const unsigned char *)&(word)-controls[0]),  \
            sizeof(word), how, (uint64_t)(value)                               \
    }
#define TRY_ALL(what, ...)                                                     \
    do {                                                                       \
        row = (struct damage_row){                                             \
            what, {__VA_ARGS__}, POLISHED_CORRUPT, damage_own_check, 0, 0};    \
        damage_try(&heap, &row, 1);                                            \
    } while (0)
#define TRY(what, word, how, value) TRY_ALL(what, WORD(word, how, value))

/* OK if no block leads out of data, whatever the kinds of slots are. */
static enum polished_status walk_stays(struct polished_heap *of,
                                       polished_size a, polished_size b)
{
    const struct polished_ops *ops = of->ops;
    struct polished_ops unchecked = *ops;
    enum polished_status status;

    (void)a;
    (void)b;
    unchecked.check = NULL;
    of->ops = &unchecked;
    status = polished_check(of);
    of->ops = ops;
    return status;
}

static void checks_see_lists_that_are_damaged(void **state)
{
    struct cache_set *set;
    struct cache_slot *slab, *large, *kept;

    (void)state;
    open_heap();
    set = cache_set(&heap, 0);
    slab = cache_slot(&heap, first_of(partial(SMALL)));
    large = cache_slot(&heap, first_of(&set->full));
    kept = cache_slot(&heap, first_of(&set->kept));
    TRY("a list that leads out", *partial(SMALL), DAMAGE_SET, 1000);
    TRY("a list round and round", slab->next, DAMAGE_SET,
        first_of(partial(SMALL)));
    TRY("a link back", slab->prev, DAMAGE_SET, 0);
    TRY("a slab of another class", slab->kind, DAMAGE_ADD, 1);
    TRY("a run where only slabs are", slab->kind, DAMAGE_SET, CACHE_RUN);
    TRY("nothing in a list", large->kind, DAMAGE_SET, CACHE_EMPTY);
    TRY("the inside of a run in a list", large->kind, DAMAGE_SET, CACHE_BODY);
    TRY("a full slab that is not full", large->used, DAMAGE_ADD, -1);
    TRY("a kept slab that is full", kept->used, DAMAGE_SET,
        cache_count(&heap, first_of(&set->kept)));
    TRY("a run among those kept", kept->kind, DAMAGE_SET, CACHE_RUN);
    TRY("no kind at all", large->kind, DAMAGE_SET, CACHE_CLASSES);
    row.call = walk_stays;
    row.expect = POLISHED_OK;
    damage_try(&heap, &row, 1);
    TRY("more slabs kept than there are", set->kept_count, DAMAGE_ADD, 1);
    TRY("a list of full ones that leads out", set->full, DAMAGE_SET, 1000);
    TRY("full ones forgotten", set->full, DAMAGE_SET, CACHE_NONE);
    TRY("a slab in no list",
        cache_slot(&heap, cache_state(&heap)->slot_count - 1)->kind, DAMAGE_SET,
        CACHE_RUN);
    /* The bits of slot 0 look like a run in the slot behind the last. */
    assert_int_equal(first_of(partial(SMALL)), 0);
    TRY_ALL("a list that leads just out",
            WORD(set->full, DAMAGE_SET, cache_state(&heap)->slot_count),
            WORD(cache_bits(&heap, 0)[0], DAMAGE_SET, UINT64_MAX),
            WORD(cache_bits(&heap, 0)[1], DAMAGE_SET,
                 ((uint64_t)CACHE_RUN << 48) | ~(UINT64_C(255) << 48)),
            WORD(slab->used, DAMAGE_SET, 1), WORD(slab->first, DAMAGE_SET, 0));
}

static void checks_see_objects_that_are_damaged(void **state)
{
    struct cache_set *set;
    struct cache_slot *slab;
    uint64_t *bits;

    (void)state;
    open_heap();
    set = cache_set(&heap, 0);
    slab = cache_slot(&heap, first_of(partial(SMALL)));
    bits = cache_bits(&heap, first_of(partial(SMALL)));
    assert_int_equal(slab->first, 1);
    TRY("a free object before the first word", bits[0], DAMAGE_EACH,
        UINT64_MAX);
    TRY_ALL("one that is counted",
            WORD(bits[0], DAMAGE_FLIP, UINT64_C(1) << 63),
            WORD(slab->used, DAMAGE_ADD, -1));
    TRY("an object in use or not", bits[1], DAMAGE_EACH, UINT64_MAX);
    TRY("the number in use", slab->used, DAMAGE_ADD, 1);
    assert_true(cache_is_resting(&set->hot));
    TRY("the hot object is free twice",
        cache_bits(&heap, set->hot.slot)[set->hot.index / 64], DAMAGE_FLIP,
        UINT64_C(1) << set->hot.index % 64);
    drop(small[BEGUN - 1]);
    assert_int_equal(slab->first, 1);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* Two words of bits are full, and then empty. */
static void objects_come_and_go_one_by_one(void **state)
{
    (void)state;
    open_heap();
    for (int i = 0; i < BEGUN; i++) {
        drop(small[i]);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
        assert_int_equal(polished_free(&heap, small[i], 0),
                         POLISHED_DOUBLE_FREE);
    }
    for (int i = 0; i < BEGUN; i++)
        assert_int_equal(take(SMALL), small[i]);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* What is kept, what was emptied last, and not what is in use. */
static void empty_slabs_are_given_back(void **state)
{
    polished_size bytes = 0, none = 0;

    (void)state;
    open_heap();
    assert_int_equal(polished_call(&heap, "shrink", &bytes, &none),
                     POLISHED_OK);
    assert_int_equal(bytes, 2 * SLAB);
    assert_int_equal(polished_call(&heap, "shrink", &bytes, &none),
                     POLISHED_OK);
    assert_int_equal(bytes, 0);
}

/* Two processes' heap, but somebody else draws from its source as well: before
   a run and behind it, where the run's last page goes on. */
static void strangers_are_not_shown(void **state)
{
    static const struct polished_block blocks[] = {
        {0, 16, POLISHED_OWN},    {16, 2024, POLISHED_OWN},
        {2040, 8, POLISHED_OWN},  {2048, 1032, POLISHED_USED},
        {3080, 8, POLISHED_OWN},  {3088, 24, POLISHED_OWN},
        {3112, 8, POLISHED_OWN},  {3120, 29640, POLISHED_FREE},
        {32760, 8, POLISHED_OWN}, {0}};
    static const polished_size knobs[POLISHED_KNOBS] = {0, SLAB, SMALL, 4, 2};
    struct polished_request request = {SLAB - 32, 1, 0, 0};
    struct polished_setup setup = {.ops = &polished_first_fit,
                                   .data = {memory, SPAN, 0},
                                   .control = controls[1]};
    polished_size offset;

    (void)state;
    assert_int_equal(polished_init(&source, &setup), POLISHED_OK);
    setup.ops = &polished_user;
    setup.control = controls[0];
    setup.knobs = knobs;
    setup.source = &source;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(take(LARGE + 1), SLAB);
    assert_int_equal(polished_alloc(&source, &request, &offset), POLISHED_OK);
    request.size_bytes = 24;
    assert_int_equal(polished_alloc(&source, &request, &offset), POLISHED_OK);
    expect_walk(&heap, blocks);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_see_lists_that_are_damaged),
        cmocka_unit_test(checks_see_objects_that_are_damaged),
        cmocka_unit_test(objects_come_and_go_one_by_one),
        cmocka_unit_test(empty_slabs_are_given_back),
        cmocka_unit_test(strangers_are_not_shown),
    };

    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
