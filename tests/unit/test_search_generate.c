/* Generators: legal traces, the same each time, and Robson's bound. */
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

#include "search/generate.h"
#include "search/model.h"
#include "trace/live.h"

static struct search_emit out;

/* The trace that these values make, in a file read from its start. */
static FILE *make(const struct search_generator *generator,
                  const struct search_values *values)
{
    const struct trace_header header = {.name = NULL};
    struct trace_error error;
    FILE *file = tmpfile();

    out = (struct search_emit){
        .writer = trace_create(file, "ptrace", &header, &error)};
    assert_non_null(out.writer);
    assert_true(generator->run(&out, values));
    assert_true(search_emit_flush(&out));
    assert_true(trace_finish(out.writer, &error));
    rewind(file);
    return file;
}

static const struct search_generator *named(const char *name)
{
    size_t i = 0;

    while (strcmp(search_generators[i]->name, name) != 0)
        i++;
    return search_generators[i];
}

static struct search_values usual(const struct search_generator *generator)
{
    struct search_values values = {.numbers = {0}};

    for (size_t i = 0; generator->knobs[i].name; i++)
        values.numbers[i] = generator->knobs[i].usual;
    return values;
}

/* Memory as a row of bytes, in which an independent first fit looks for room
   byte by byte. */
enum { GROUND = 400 };
struct ground {
    bool used[GROUND];
    size_t at[GROUND], size[GROUND]; /* by slot */
    size_t extent;
};

static size_t ground_find(const struct ground *ground, size_t size)
{
    for (size_t at = 0;; at++) {
        size_t run = 0;

        assert_true(at + size <= GROUND);
        while (run < size && !ground->used[at + run])
            run++;
        if (run == size)
            return at;
    }
}

static void ground_apply(struct ground *ground, const struct trace_event *event)
{
    size_t slot = (size_t)event->id;

    assert_true(slot < GROUND);
    if (event->op == TRACE_ALLOC) {
        ground->size[slot] = (size_t)event->size_bytes;
        ground->at[slot] = ground_find(ground, ground->size[slot]);
    }
    memset(ground->used + ground->at[slot], event->op == TRACE_ALLOC,
           ground->size[slot]);
    if (ground->at[slot] + ground->size[slot] > ground->extent)
        ground->extent = ground->at[slot] + ground->size[slot];
}

/* Every event judged; the peak of live bytes.  ground may be NULL. */
static uint64_t judge(FILE *file, struct ground *ground)
{
    struct trace_error error;
    struct trace_reader *reader =
        trace_open_fd(dup(fileno(file)), "-", 0, &error);
    struct trace_live *live = trace_live_new(false);
    struct trace_event events[64];
    uint64_t peak = 0;

    assert_non_null(reader);
    for (size_t count; (count = trace_read(reader, events, 64)) > 0;)
        for (size_t i = 0; i < count; i++) {
            assert_true(trace_live_apply(live, &events[i], &error));
            if (ground)
                ground_apply(ground, &events[i]);
            if (trace_live_bytes(live) > peak)
                peak = trace_live_bytes(live);
        }
    assert_null(trace_failed(reader));
    trace_live_free(live);
    trace_close(reader);
    return peak;
}

static bool same(FILE *a, FILE *b)
{
    int first, second;

    rewind(a);
    rewind(b);
    do {
        first = getc(a);
        second = getc(b);
    } while (first == second && first != EOF);
    return first == second;
}

static void every_kind_is_legal_and_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; search_generators[i]; i++) {
        const struct search_generator *generator = search_generators[i];
        struct search_values values = usual(generator);
        bool chance = strcmp(generator->knobs[0].name, "seed") == 0;

        if (generator->judge && generator->judge(&values))
            continue; /* It needs a file. */
        FILE *a = make(generator, &values), *b = make(generator, &values);

        assert_true(judge(a, NULL) > 0);
        assert_true(same(a, b));
        fclose(b);
        values.numbers[0] = 2;
        b = make(generator, &values);
        assert_true(!chance || !same(a, b));
        fclose(a);
        fclose(b);
    }
}

static uint64_t robson(uint64_t most, uint64_t log2)
{
    return most * (log2 + 2) / 2 - (1u << log2) + 1;
}

/* Forced on each policy is what Robson proved, to the byte. */
static void sieve_is_robsons_bound(void **state)
{
    const struct search_generator *sieve = named("sieve");

    (void)state;
    for (uint64_t policy = 0; search_models[policy]; policy++)
        for (uint64_t log2 = 4; log2 <= 8; log2 += 4) {
            struct search_values values = {{1, policy, 16384, 1u << log2}, {0}};
            FILE *file = make(sieve, &values);
            bool buddy = strcmp(search_models[policy], "buddy") == 0;

            assert_int_equal(judge(file, NULL), 16384);
            /* The buddy system's last block is whole. */
            assert_int_equal(out.extent_bytes, buddy ? 16384 * (log2 + 2) / 2
                                                     : robson(16384, log2));
            fclose(file);
        }
    assert_int_equal(robson(16384, 8), 81665);
}

static void sieve_on_an_independent_first_fit(void **state)
{
    struct search_values values = {{1, 0, 128, 16}, {0}};
    FILE *file = make(named("sieve"), &values);
    static struct ground ground;

    (void)state;
    assert_int_equal(judge(file, &ground), 128);
    assert_int_equal(ground.extent, robson(128, 4));
    assert_int_equal(out.extent_bytes, ground.extent);
    fclose(file);
}

/* What the attack makes a policy need, with live units and largest blocks. */
static uint64_t attack(uint64_t policy, uint64_t live, uint64_t largest)
{
    struct search_values values = {{1, policy, live, largest}, {0}};
    FILE *file = make(named("best-fit-attack"), &values);

    assert_int_equal(judge(file, NULL), live);
    fclose(file);
    return out.extent_bytes;
}

/* Robson's bound, and two blocks of what is left. */
static uint64_t attack_bound(uint64_t live, uint64_t largest)
{
    return (live - 4 * largest + 11) * (largest - 2) + 2 * largest;
}

static void attack_on_best_fit(void **state)
{
    static const uint64_t cases[][2] = {
        {32, 8}, {57, 9}, {256, 16}, {1024, 16}, {1024, 64}};
    enum { FIRST, BEST };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t live = cases[i][0], largest = cases[i][1];

        assert_int_equal(attack(BEST, live, largest),
                         attack_bound(live, largest));
        assert_in_range(attack(FIRST, live, largest), live, 2 * live);
    }
    assert_true(attack_bound(256, 16) > 10 * 256);
    assert_true(attack_bound(1024, 64) > 45 * 1024);
}

/* The model of first fit against the row of bytes, at random. */
static void model_is_first_fit(void **state)
{
    struct search_values values = {{7, 200, 3000, 1, 20, 0}, {0}};
    FILE *file = make(named("random"), &values);
    static struct ground ground;
    struct search_model model = {.policy = 0};
    struct trace_error error;
    struct trace_reader *reader =
        trace_open_fd(dup(fileno(file)), "-", 0, &error);
    struct trace_live *live = trace_live_new(false);
    struct trace_event event;
    uint64_t offset;

    (void)state;
    while (trace_read(reader, &event, 1) > 0) {
        assert_true(trace_live_apply(live, &event, &error));
        if (event.op == TRACE_FREE)
            assert_true(search_model_free(&model, ground.at[event.id],
                                          ground.size[event.id]));
        ground_apply(&ground, &event);
        if (event.op == TRACE_FREE)
            continue;
        assert_true(search_model_alloc(&model, event.size_bytes, &offset));
        assert_int_equal(offset, ground.at[event.id]);
    }
    assert_int_equal(model.extent, ground.extent);
    search_model_close(&model);
    trace_live_free(live);
    trace_close(reader);
    fclose(file);
}

static void models_choose(void **state)
{
    /* Holes of 8 at 0, of 4 at 9, of 6 at 14, after which all is used. */
    static const uint64_t used[][2] = {{8, 1}, {13, 1}, {20, 4}};
    static const uint64_t wanted[] = {0, 9, 0};
    uint64_t offset;

    (void)state;
    for (size_t policy = 0; policy < 3; policy++) {
        struct search_model model = {.policy = policy};

        for (unsigned i = 0; i < 24; i++)
            assert_true(search_model_alloc(&model, 1, &offset));
        for (uint64_t at = 0; at < 24; at++) {
            bool stays = false;

            for (size_t i = 0; i < 3; i++)
                stays |= at >= used[i][0] && at < used[i][0] + used[i][1];
            if (!stays)
                assert_true(search_model_free(&model, at, 1));
        }
        assert_int_equal(model.count, 3);
        assert_true(search_model_alloc(&model, 3, &offset));
        assert_int_equal(offset, wanted[policy]);
        assert_true(search_model_alloc(&model, 9, &offset));
        assert_int_equal(offset, 24);
        search_model_close(&model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_legal_and_the_same),
        cmocka_unit_test(sieve_is_robsons_bound),
        cmocka_unit_test(sieve_on_an_independent_first_fit),
        cmocka_unit_test(attack_on_best_fit),
        cmocka_unit_test(model_is_first_fit),
        cmocka_unit_test(models_choose),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
