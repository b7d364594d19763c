/* Reduction: units, what is legal without some, and the least that shows. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "search/reduce.h"
#include "sim/pages.h"

static struct search_look *look;

static struct trace_reader *reader_of(const char *text)
{
    struct trace_error error;
    FILE *file = tmpfile();

    fputs(text, file);
    rewind(file);
    struct trace_reader *reader =
        trace_open_fd(dup(fileno(file)), "-", 0, &error);
    fclose(file);
    assert_non_null(reader);
    return reader;
}

static void lives_of(struct search_lives *lives, const char *text)
{
    struct trace_error error;

    assert_true(search_lives_read(lives, reader_of(text), false, &error));
}

static const char units_text[] =
    "{\"format\":\"polished-trace\",\"version\":1}\n"
    "{\"op\":\"alloc\",\"id\":5,\"size\":100}\n"
    "{\"op\":\"mark\",\"label\":\"m\"}\n"
    "{\"op\":\"alloc\",\"id\":6,\"size\":50,\"heap\":3}\n"
    "{\"op\":\"realloc\",\"id\":5,\"size\":120}\n"
    "{\"op\":\"rewind\",\"label\":\"m\"}\n"
    "{\"op\":\"free\",\"id\":5}\n"
    "{\"op\":\"alloc\",\"id\":5,\"size\":7}\n"
    "{\"op\":\"destroy\",\"heap\":3}\n";

struct seen {
    size_t allocs, frees, implied, others;
    uint64_t ended_bytes;
};

static bool see(void *context, const struct trace_event *event,
                uint64_t ended_bytes)
{
    struct seen *seen = context;

    seen->allocs += event->op == TRACE_ALLOC;
    seen->frees += event->op == TRACE_FREE;
    seen->implied += (event->has & TRACE_IS_IMPLIED) != 0;
    seen->others += event->op > TRACE_REALLOC;
    if (event->op == TRACE_FREE)
        seen->ended_bytes += ended_bytes;
    return true;
}

static void units_go_together(void **state)
{
    struct search_lives lives;
    struct seen seen = {0};

    (void)state;
    lives_of(&lives, units_text);
    assert_int_equal(lives.count, 8);
    /* Two lives of id 5, one of 6, the mark with its rewind, the destroy. */
    assert_int_equal(lives.units, 5);
    assert_true(search_lives_play(&lives, see, &seen));
    assert_int_equal(seen.allocs, 3);
    assert_int_equal(seen.frees, 2);
    assert_int_equal(seen.implied, 1);
    assert_int_equal(seen.others, 3);
    assert_int_equal(seen.ended_bytes, 120 + 50);
    search_lives_drop(&lives, 0, true);
    assert_int_equal(search_lives_left(&lives), 5);
    search_lives_drop(&lives, 1, true);
    assert_int_equal(search_lives_left(&lives), 3);
    seen = (struct seen){0};
    assert_true(search_lives_play(&lives, see, &seen));
    assert_int_equal(seen.allocs, 2);
    assert_int_equal(seen.implied, 1); /* by the destroy now */
    assert_int_equal(seen.ended_bytes, 50);
    search_lives_drop(&lives, 0, false);
    assert_int_equal(search_lives_left(&lives), 6);
    search_lives_free(&lives);
}

/* Holes before and behind block 2, of which the last request needs both; all
   else only hides that. */
static const char holes_text[] =
    "{\"format\":\"polished-trace\",\"version\":1}\n"
    "{\"op\":\"alloc\",\"id\":7,\"size\":8,\"thread\":4}\n"
    "{\"op\":\"free\",\"id\":7}\n"
    "{\"op\":\"alloc\",\"id\":1,\"size\":300}\n"
    "{\"op\":\"alloc\",\"id\":2,\"size\":200,\"zero\":true}\n"
    "{\"op\":\"alloc\",\"id\":3,\"size\":300}\n"
    "{\"op\":\"alloc\",\"id\":4,\"size\":16}\n"
    "{\"op\":\"realloc\",\"id\":4,\"size\":30}\n"
    "{\"op\":\"free\",\"id\":1}\n"
    "{\"op\":\"free\",\"id\":3}\n"
    "{\"op\":\"alloc\",\"id\":8,\"size\":500}\n"
    "{\"op\":\"free\",\"id\":2}\n";

static void reduce_holes(struct search_reduction *reduction,
                         struct search_lives *lives, bool fixed)
{
    *reduction = (struct search_reduction){
        .lives = lives,
        .look = look,
        .most_events = 100000,
        .symptom = {.kind = SEARCH_BREAKS,
                    .spec = "first-fit",
                    .memory_bytes = 1000,
                    .align_bytes = 16,
                    .fixed = fixed},
    };
    lives_of(lives, holes_text);
    assert_true(search_symptom_shows(&reduction->symptom, lives, look));
    assert_int_equal(
        search_symptom_name(&reduction->symptom, look, SIM_VERDICT_COUNT), 10);
    assert_int_equal(reduction->symptom.kind, SEARCH_FAILS);
    assert_int_equal(reduction->symptom.verdict, SIM_FRAGMENTED);
    assert_true(search_reduce(reduction));
}

/* It shows, and without any unit or with any size less by one it does not. */
static void assert_minimal(struct search_reduction *reduction)
{
    struct search_lives *lives = reduction->lives;
    const struct search_symptom *symptom = &reduction->symptom;

    assert_true(search_symptom_shows(symptom, lives, look));
    assert_true(look->shows);
    assert_int_equal(look->policy.first.verdict, SIM_FRAGMENTED);
    for (size_t unit = 0; unit < lives->units; unit++) {
        if (lives->gone[lives->firsts[unit]])
            continue;
        search_lives_drop(lives, unit, true);
        assert_true(search_symptom_shows(symptom, lives, look));
        assert_false(look->shows);
        search_lives_drop(lives, unit, false);
    }
    for (size_t i = 0; i < lives->count; i++) {
        if (lives->gone[i] || lives->events[i].size_bytes < 2 ||
            lives->events[i].op != TRACE_ALLOC)
            continue;
        lives->events[i].size_bytes--;
        assert_true(search_symptom_shows(symptom, lives, look));
        assert_false(look->shows);
        lives->events[i].size_bytes++;
    }
}

static void the_heap_shrinks_too(void **state)
{
    struct search_lives lives;
    struct search_reduction reduction;

    (void)state;
    reduce_holes(&reduction, &lives, false);
    assert_minimal(&reduction);
    assert_true(search_lives_left(&lives) <= 4);
    assert_true(reduction.symptom.memory_bytes < 300);
    search_lives_free(&lives);
}

static void the_heap_stays(void **state)
{
    struct search_lives lives;
    struct search_reduction reduction;

    (void)state;
    reduce_holes(&reduction, &lives, true);
    assert_int_equal(reduction.symptom.memory_bytes, 1000);
    assert_minimal(&reduction);
    search_lives_free(&lives);
}

static void a_budget_ends_it(void **state)
{
    struct search_lives lives;
    struct search_reduction reduction;

    (void)state;
    reduce_holes(&reduction, &lives, false);
    search_lives_free(&lives);
    lives_of(&lives, holes_text);
    reduction.replayed = 0;
    reduction.most_events = 20;
    reduction.symptom.memory_bytes = 1000;
    reduction.symptom.peak_bytes = 0;
    assert_false(search_reduce(&reduction));
    assert_false(reduction.failed);
    assert_in_range(reduction.replayed, 20, 40);
    /* What is left shows it all the same. */
    assert_true(search_symptom_shows(&reduction.symptom, &lives, look));
    assert_true(look->shows);
    search_lives_free(&lives);
}

/* What comes behind the failure goes at the first look. */
static void what_is_late_goes_at_once(void **state)
{
    struct search_lives lives;
    struct search_reduction reduction = {.lives = &lives,
                                         .look = look,
                                         .most_events = 1,
                                         .symptom = {.kind = SEARCH_FAILS,
                                                     .verdict = SIM_FRAGMENTED,
                                                     .spec = "first-fit",
                                                     .memory_bytes = 1000,
                                                     .align_bytes = 16}};

    (void)state;
    lives_of(&lives, holes_text);
    assert_false(search_reduce(&reduction));
    assert_int_equal(reduction.tries, 1);
    assert_int_equal(search_lives_left(&lives), 10);
    search_lives_free(&lives);
}

/* In a smaller heap than the one that is given, and not in any smaller one. */
static void the_verdict_is_looked_for(void **state)
{
    struct search_symptom symptom = {.kind = SEARCH_FAILS,
                                     .verdict = SIM_FRAGMENTED,
                                     .spec = "first-fit",
                                     .memory_bytes = 100000,
                                     .align_bytes = 16};
    struct search_lives lives;

    (void)state;
    lives_of(&lives, holes_text);
    assert_true(search_symptom_shows(&symptom, &lives, look));
    assert_true(look->shows);
    assert_in_range(look->memory_bytes, 816 + 16, 1500);
    symptom.verdict = SIM_EXHAUSTED;
    assert_true(search_symptom_shows(&symptom, &lives, look));
    assert_true(look->shows);
    assert_in_range(look->memory_bytes, 1, 816);
    symptom.verdict = SIM_CONSTRAINT;
    assert_true(search_symptom_shows(&symptom, &lives, look));
    assert_false(look->shows);
    symptom.fixed = true;
    symptom.verdict = SIM_FRAGMENTED;
    assert_true(search_symptom_shows(&symptom, &lives, look));
    assert_false(look->shows);
    search_lives_free(&lives);
}

/* The buddy system rounds up to a power of two. */
static void one_is_worse(void **state)
{
    struct search_symptom symptom = {.kind = SEARCH_WORSE,
                                     .spec = "buddy",
                                     .other = "first-fit",
                                     .align_bytes = 16};
    struct search_lives lives;

    (void)state;
    lives_of(&lives, "{\"format\":\"polished-trace\",\"version\":1}\n"
                     "{\"op\":\"alloc\",\"id\":1,\"size\":2100}\n");
    assert_true(search_symptom_shows(&symptom, &lives, look));
    assert_true(look->need_bytes >= 4096);
    assert_in_range(look->other_bytes, 2100, 2200);
    symptom.percent = look->need_bytes * 100 / look->other_bytes - 100;
    assert_true(search_symptom_shows(&symptom, &lives, look));
    assert_true(look->shows);
    symptom.percent++;
    assert_true(search_symptom_shows(&symptom, &lives, look));
    assert_false(look->shows);
    search_lives_free(&lives);
}

/* The Android trace, at 0.98 of what it needs. */
static void a_long_trace_comes_down(void **state)
{
    static const char *const specs[] = {"best-fit", "tlsf"};
    char path[4096];

    (void)state;
    snprintf(path, sizeof path, "%s/systemui.txt.xz", getenv("POLISHED_DATA"));
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        struct search_lives lives;
        struct search_reduction reduction = {
            .lives = &lives,
            .look = look,
            .most_events = SEARCH_REDUCE_EVENTS,
            .symptom = {.kind = SEARCH_FAILS,
                        .verdict = SIM_VERDICT_COUNT,
                        .spec = specs[i],
                        .align_bytes = 16}};
        struct search_symptom *symptom = &reduction.symptom;
        struct trace_error error;

        assert_true(search_lives_read(&lives, trace_open(path, 0, &error),
                                      false, &error));
        assert_true(search_symptom_shows(symptom, &lives, look));
        assert_true(look->shows); /* in the largest heap that fails */
        symptom->memory_bytes = (look->memory_bytes + 16) * 98 / 100;
        symptom->kind = SEARCH_BREAKS;
        assert_true(search_symptom_shows(symptom, &lives, look));
        assert_true(search_symptom_name(symptom, look, SIM_VERDICT_COUNT) >
                    100000);
        assert_int_equal(symptom->kind, SEARCH_FAILS);
        assert_true(search_reduce(&reduction));
        assert_true(search_lives_left(&lives) < 50);
        assert_true(search_symptom_shows(symptom, &lives, look));
        assert_int_equal(look->policy.first.verdict, symptom->verdict);
        search_lives_free(&lives);
    }
}

static int begin(void **state)
{
    int fd;

    (void)state;
    look = sim_pages_shared(sizeof *look, &fd);
    return look == NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_go_together),
        cmocka_unit_test(the_heap_shrinks_too),
        cmocka_unit_test(the_heap_stays),
        cmocka_unit_test(a_budget_ends_it),
        cmocka_unit_test(what_is_late_goes_at_once),
        cmocka_unit_test(the_verdict_is_looked_for),
        cmocka_unit_test(one_is_worse),
        cmocka_unit_test(a_long_trace_comes_down),
    };
    size_t count = sizeof tests / sizeof *tests;

    /* The last one is of others' data: only where POLISHED_DATA says so. */
    return _cmocka_run_group_tests(
        "tests", tests, count - !getenv("POLISHED_DATA"), begin, NULL);
}
