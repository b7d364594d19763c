/* The search for the worst: records, where it begins, bounds, the same again.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "search/bound.h"
#include "search/worst.h"

enum { UNIT = 64, LIVE = 64, LARGEST = 8, HEAP = 1 << 16 };

static void parse(const char *text, struct sim_spec *spec)
{
    char why[256];

    assert_true(sim_spec_parse(text, spec, why, sizeof why));
}

/* What is alive after a program, sizes by address, as a string of digits. */
static const char *played(struct search_player *player,
                          const struct search_record *records, size_t count)
{
    static char text[LIVE + 1];
    struct search_program program = {0};

    for (size_t i = 0; i < count; i++)
        assert_true(search_program_add(&program, records[i]));
    assert_true(search_player_play(player, &program, HEAP));
    search_program_free(&program);
    for (uint64_t i = 0; i < player->count; i++)
        text[i] = (char)('0' + player->blocks[i].size);
    text[player->count] = '\0';
    return text;
}

#define PLAYED(...)                                                            \
    played(&player, (struct search_record[]){__VA_ARGS__},                     \
           sizeof((struct search_record[]){__VA_ARGS__}) /                     \
               sizeof(struct search_record))

static void records_do_what_they_say(void **state)
{
    const struct search_record three = {
        .macro = SEARCH_RUN, .size = 1, .count = 3};
    const struct search_record two = {
        .macro = SEARCH_RUN, .size = 2, .count = 2};
    struct search_rules rules = {
        .unit_bytes = UNIT, .header_bytes = 8, .live = 20, .largest = LARGEST};
    struct sim_spec spec;
    struct search_player player;

    (void)state;
    parse("first-fit", &spec);
    rules.spec = &spec;
    assert_true(search_player_begin(&player, &rules));
    assert_string_equal(PLAYED(three, two), "11122");
    assert_int_equal(player.live, 7);
    assert_int_equal(player.events, 5);
    assert_string_equal(
        PLAYED(three, two, {.macro = SEARCH_FREE, .which = 5 + 1}), "1122");
    assert_string_equal(
        PLAYED(three, two, {.macro = SEARCH_FREE_EVERY, .count = 2}), "12");
    assert_string_equal(
        PLAYED(three, two,
               {.macro = SEARCH_FREE_EVERY, .count = 2, .which = 1}),
        "112");
    assert_string_equal(
        PLAYED(three, two, {.macro = SEARCH_KEEP_EVERY, .count = 2}), "112");
    assert_string_equal(
        PLAYED(three, two, {.macro = SEARCH_FREE_SIZE, .size = 1}), "22");
    /* Blocks at 0, 1, 2, 3 to 4, 5 to 6: three of them cover an odd one. */
    assert_string_equal(PLAYED(three, two, {.macro = SEARCH_SIEVE, .size = 2}),
                        "1122");
    /* As many as there is room for. */
    assert_string_equal(PLAYED({.macro = SEARCH_RUN, .size = 6}), "666");
    assert_false(player.failed);
    search_player_end(&player);
}

static void headers_are_seen(void **state)
{
    static const struct {
        const char *policy;
        uint64_t unit_bytes, header_bytes;
    } cases[] = {{"first-fit", 64, 8},
                 {"tlsf", 64, 8},
                 {"buddy", 64, 0},
                 {"half-fit", 64, 8},
                 {"frame-bitmap", 4096, 0}};
    struct sim_spec spec;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parse(cases[i].policy, &spec);
        assert_int_equal(search_worst_header(&spec, cases[i].unit_bytes),
                         cases[i].header_bytes);
    }
    parse("frame-bitmap", &spec);
    assert_int_equal(search_worst_header(&spec, 64), UINT64_MAX);
}

static void search(struct search_worst *worst, const struct sim_spec *spec,
                   uint64_t seed)
{
    *worst = (struct search_worst){
        .rules = {.spec = spec,
                  .unit_bytes = UNIT,
                  .header_bytes = search_worst_header(spec, UNIT),
                  .live = LIVE,
                  .largest = LARGEST},
        .seed = seed,
        .most_events = 300000,
    };
    assert_true(search_worst(worst));
}

/* Data of a heap of so many bytes, in units of what is alive. */
static double units(struct search_worst *worst, uint64_t bytes)
{
    const struct search_program none = {0};

    assert_true(search_player_play(&worst->player, &none, bytes));
    return (double)worst->player.data_bytes / UNIT;
}

/* No less than the theory that it begins with, no more than is proven. */
static void between_theory_and_proof(void **state)
{
    static const char *const policies[] = {"first-fit", "best-fit", "next-fit",
                                           "worst-fit", "tlsf",     "half-fit",
                                           "buddy"};
    unsigned beaten = 0;

    (void)state;
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        const struct search_bound *bound = search_bound_of(policies[i]);
        static struct search_worst worst;
        struct sim_spec spec;

        assert_non_null(bound);
        parse(policies[i], &spec);
        search(&worst, &spec, 1);
        assert_true(worst.best.score >= worst.sieve_score);
        beaten += worst.best.score >= worst.sieve_score + UNIT;
        assert_true(units(&worst, worst.sieve_score) + 1 >=
                    search_bound_forced(LIVE, LARGEST));
        assert_true(units(&worst, worst.best.score) <
                    bound->most(LIVE, LARGEST));
        /* It is what it says. */
        assert_true(search_player_play(&worst.player, &worst.best.program,
                                       worst.best.score));
        assert_true(worst.player.failed);
        assert_true(worst.player.live <= LIVE);
        search_worst_free(&worst);
    }
    assert_true(beaten >= 5);
}

static void the_same_seed_finds_the_same(void **state)
{
    static struct search_worst a, b;
    struct sim_spec spec;

    (void)state;
    parse("next-fit", &spec);
    search(&a, &spec, 5);
    search(&b, &spec, 5);
    assert_int_equal(a.best.score, b.best.score);
    assert_int_equal(a.best.program.count, b.best.program.count);
    assert_memory_equal(a.best.program.records, b.best.program.records,
                        a.best.program.count * sizeof *a.best.program.records);
    search_worst_free(&b);
    search(&b, &spec, 6);
    assert_true(a.best.program.count != b.best.program.count ||
                memcmp(a.best.program.records, b.best.program.records,
                       a.best.program.count * sizeof *a.best.program.records) !=
                    0);
    search_worst_free(&a);
    search_worst_free(&b);
}

static void bounds_are_the_formulas(void **state)
{
    (void)state;
    assert_true(search_bound_forced(16384, 256) == 81665);
    assert_true(search_bound_forced(16384, 300) == 81665);
    assert_true(search_bound_forced(5, 1) == 5);
    /* One alive in the middle: 3 are too few for 2 more, 4 are not. */
    assert_true(search_bound_of("best-fit")->most(3, 2) == 4);
    assert_true(search_bound_of("buddy")->most(10, 16) == 100);
    assert_true(search_bound_of("half-fit")->most(10, 9) == 100);
    assert_true(search_bound_of("tlsf")->most(100, 16) >
                search_bound_of("best-fit")->most(100, 16));
    assert_null(search_bound_of("bump"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_do_what_they_say),
        cmocka_unit_test(headers_are_seen),
        cmocka_unit_test(between_theory_and_proof),
        cmocka_unit_test(the_same_seed_finds_the_same),
        cmocka_unit_test(bounds_are_the_formulas),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
