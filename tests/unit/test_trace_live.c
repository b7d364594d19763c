/* Which ids are alive: by tables, and against a model that is as plain as
   can be. */
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

#include "trace/ages.h"
#include "trace/format.h"
#include "trace/live.h"
#include "trace_dump.h"

/* Apply a trace; the slots and refusals as text, one event after the other. */
static void run(const char *text, bool misuse, char *out, size_t size)
{
    char path[] = "/tmp/trace-live-XXXXXX";
    int fd = mkstemp(path);
    struct trace_error error;
    struct trace_reader *reader;
    struct trace_live *live = trace_live_new(misuse);
    struct trace_event event;

    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    reader = trace_open(path, misuse ? TRACE_MISUSE : 0, &error);
    unlink(path);
    assert_non_null(reader);
    trace_live_name(live, reader);
    *out = '\0';
    while (trace_read(reader, &event, 1) > 0) {
        char *to = out + strlen(out);
        size_t room = size - strlen(out);

        if (!trace_live_apply(live, &event, &error))
            snprintf(to, room, "(%s) ", error.what);
        else if (event.op <= TRACE_REALLOC)
            snprintf(to, room, "%llu%s ", (unsigned long long)event.id,
                     event.has & TRACE_IS_STALE ? "?" : "");
        else
            snprintf(to, room, "[ ");
        while (trace_live_implied(live, &event))
            snprintf(out + strlen(out), size - strlen(out), "-%llu ",
                     (unsigned long long)event.id);
    }
    assert_null(trace_failed(reader));
    snprintf(out + strlen(out), size - strlen(out), "| %llu %llu %llu",
             (unsigned long long)trace_live_count(live),
             (unsigned long long)trace_live_bytes(live),
             (unsigned long long)trace_live_slots(live));
    trace_live_free(live);
    trace_close(reader);
}

#define A(id, size) "{\"op\":\"alloc\",\"id\":" #id ",\"size\":" #size "}\n"
#define H(id, heap)                                                            \
    "{\"op\":\"alloc\",\"id\":" #id ",\"size\":1,\"heap\":" #heap "}\n"
#define F(id)         "{\"op\":\"free\",\"id\":" #id "}\n"
#define R(id, size)   "{\"op\":\"realloc\",\"id\":" #id ",\"size\":" #size "}\n"
#define D(heap)       "{\"op\":\"destroy\",\"heap\":" #heap "}\n"
#define MARK(label)   "{\"op\":\"mark\",\"label\":\"" #label "\"}\n"
#define REWIND(label) "{\"op\":\"rewind\",\"label\":\"" #label "\"}\n"
#define RESET         "{\"op\":\"reset\"}\n"

struct row {
    const char *text, *result;
};

static void check(const struct row *rows, size_t count, bool misuse)
{
    for (size_t i = 0; i < count; i++) {
        char out[1024];

        run(rows[i].text, misuse, out, sizeof out);
        if (strcmp(out, rows[i].result) != 0)
            print_error("for %s\n", rows[i].text);
        assert_string_equal(out, rows[i].result);
    }
}

static void slots(void **state)
{
    static const struct row rows[] = {
        {A(5, 10), "0 | 1 10 1"},
        {A(5, 10) A(9, 20) F(5) A(7, 1), "0 1 0 0 | 2 21 2"},
        {A(1, 1) A(2, 1) A(3, 1) F(1) F(3) A(4, 1) A(5, 1),
         "0 1 2 0 2 2 0 | 3 3 3"},
        {A(1, 10) R(1, 30) R(1, 5), "0 0 0 | 1 5 1"},
        {A(1, 10) A(1, 1), "0 (id 1 is alive already) | 1 10 1"},
        {F(5) A(5, 1), "(id 5 is not alive) 0 | 1 1 1"},
        {A(5, 1) F(5) F(5), "0 0 (id 5 is not alive) | 0 0 1"},
        {R(5, 1) A(1, 1), "(id 5 is not alive) 0 | 1 1 1"},
        {A(1, 0) F(1), "0 0 | 0 0 1"},
    };

    (void)state;
    check(rows, sizeof rows / sizeof *rows, false);
}

static void ends(void **state)
{
    static const struct row rows[] = {
        {A(1, 1) H(2, 7) H(3, 8) H(4, 7) D(7), "0 1 2 3 [ -3 -1 | 2 2 4"},
        {A(1, 1) H(2, 7) H(3, 0) D(0) D(9), "0 1 2 [ -2 -0 [ | 1 1 3"},
        {H(1, 7) F(1) D(7) H(1, 7) D(7), "0 0 [ 0 [ -0 | 0 0 1"},
        {A(1, 1) MARK(m) A(2, 1) R(1, 5) A(3, 1) REWIND(m) REWIND(m),
         "0 [ 1 0 2 [ -2 -1 [ | 1 5 3"},
        {MARK(a) A(1, 1) MARK(b) A(2, 1) REWIND(a) REWIND(b),
         "[ 0 [ 1 [ -1 -0 (no mark \"b\") | 0 0 2"},
        {MARK(a) MARK(b) MARK(a) A(1, 1) REWIND(b) REWIND(a),
         "[ [ [ 0 [ -0 (no mark \"a\") | 0 0 1"},
        {A(1, 1) MARK(a) A(2, 1) RESET REWIND(a) A(2, 1),
         "0 [ 1 [ -1 -0 (no mark \"a\") 0 | 1 1 2"},
        {REWIND(never), "(no mark \"never\") | 0 0 0"},
        {H(1, 7) H(2, 8) H(3, 7) RESET D(7), "0 1 2 [ -2 -1 -0 [ | 0 0 3"},
        {H(1, 7) "{\"op\":\"free\",\"id\":1,\"heap\":7}", "0 0 | 0 0 1"},
        {H(1, 7) "{\"op\":\"free\",\"id\":1,\"heap\":8}",
         "0 (id 1 is of heap 7, not 8) | 1 1 1"},
    };

    (void)state;
    check(rows, sizeof rows / sizeof *rows, false);
}

static void misuse(void **state)
{
    static const struct row rows[] = {
        {A(5, 1) F(5) F(5) R(5, 9) A(6, 2) A(5, 3), "0 0 0? 0? 1 0 | 2 5 2"},
        {F(5) A(5, 1) A(5, 1), "(id 5 is not alive) 0 "
                               "(id 5 is alive already) | 1 1 1"},
        {A(1, 7) "{\"op\":\"free\",\"id\":1,\"delta\":8}\n"
                 "{\"op\":\"realloc\",\"id\":1,\"size\":9,\"delta\":-8}\n",
         "0 0 0 | 1 7 1"},
        {A(1, 7) "{\"op\":\"free\",\"id\":1,\"claim\":8}\n" F(1),
         "0 0 0? | 0 0 1"},
        {H(1, 7) "{\"op\":\"free\",\"id\":1,\"heap\":8}\n", "0 0 | 0 0 1"},
        {A(1, 1) RESET F(1) H(1, 7) D(7), "0 [ -0 0? 0 [ -0 | 0 0 1"},
    };

    (void)state;
    check(rows, sizeof rows / sizeof *rows, true);
}

/* The model: an array of blocks in the order of their birth. */
struct block {
    uint64_t id, size, heap, slot;
    bool mark;
};

struct model {
    struct block blocks[4096];
    size_t count;
    uint64_t bytes;
};

static size_t model_find(const struct model *model, uint64_t id)
{
    size_t i = 0;

    while (i < model->count &&
           (model->blocks[i].mark || model->blocks[i].id != id))
        i++;
    return i;
}

static struct block model_drop(struct model *model, size_t index)
{
    struct block block = model->blocks[index];

    memmove(&model->blocks[index], &model->blocks[index + 1],
            (--model->count - index) * sizeof block);
    if (!block.mark)
        model->bytes -= block.size;
    return block;
}

/* Every block for which ends() holds, newest first. */
static void model_end(struct model *model, struct trace_live *live,
                      uint64_t heap, bool any)
{
    struct trace_event event;

    for (size_t i = model->count; i-- > 0;) {
        if (any && model->blocks[i].mark)
            break;
        if (model->blocks[i].mark || (!any && model->blocks[i].heap != heap))
            continue;
        assert_true(trace_live_implied(live, &event));
        assert_int_equal(event.op, TRACE_FREE);
        assert_int_equal(event.has, TRACE_IS_IMPLIED);
        assert_int_equal(event.id, model_drop(model, i).slot);
    }
    assert_false(trace_live_implied(live, &event));
}

static void model_alloc(struct model *model, struct trace_live *live,
                        uint64_t id, unsigned random)
{
    struct trace_error error;
    struct trace_event event = {.op = TRACE_ALLOC, .id = id};
    struct block block = {id, random % 1000, random % 4, 0, false};

    event.has = TRACE_HAS_HEAP;
    event.heap = block.heap;
    event.size_bytes = block.size;
    if (model_find(model, id) < model->count) {
        assert_false(trace_live_apply(live, &event, &error));
        return;
    }
    assert_true(trace_live_apply(live, &event, &error));
    for (size_t i = 0; i < model->count; i++)
        assert_true(model->blocks[i].mark || model->blocks[i].slot != event.id);
    assert_int_equal(trace_live_id(live, event.id), id);
    assert_int_equal(trace_live_size(live, event.id), block.size);
    block.slot = event.id;
    model->blocks[model->count++] = block;
    model->bytes += block.size;
}

static void model_free(struct model *model, struct trace_live *live,
                       uint64_t id)
{
    struct trace_error error;
    struct trace_event event = {.op = TRACE_FREE, .id = id};
    size_t index = model_find(model, id);

    if (index == model->count) {
        assert_false(trace_live_apply(live, &event, &error));
        return;
    }
    assert_true(trace_live_apply(live, &event, &error));
    assert_int_equal(event.id, model_drop(model, index).slot);
}

static void model_step(struct model *model, struct trace_live *live,
                       unsigned random)
{
    struct trace_error error;
    struct trace_event event = {.heap = random >> 8 & 3};
    uint64_t id = (random >> 8 & 255) * 0x1000;

    if (random % 64 < 40) {
        model_alloc(model, live, id, random >> 4);
    } else if (random % 64 < 60) {
        model_free(model, live, id);
    } else if (random % 64 == 60) {
        event.op = TRACE_DESTROY;
        assert_true(trace_live_apply(live, &event, &error));
        model_end(model, live, event.heap, false);
    } else if (random % 64 == 61) {
        for (size_t i = model->count; i-- > 0;)
            if (model->blocks[i].mark)
                model_drop(model, i);
        event.op = TRACE_MARK;
        assert_true(trace_live_apply(live, &event, &error));
        model->blocks[model->count++] = (struct block){.mark = true};
    } else if (random % 64 == 62) {
        event.op = TRACE_REWIND;
        if (trace_live_apply(live, &event, &error))
            model_end(model, live, 0, true);
    }
}

static void as_the_model(void **state)
{
    static struct model model;
    struct trace_live *live = trace_live_new(false);
    unsigned random = 1;

    (void)state;
    for (unsigned i = 0; i < 200000; i++) {
        random = random * 1103515245u + 12345u;
        model_step(&model, live, random >> 7);
        assert_int_equal(trace_live_bytes(live), model.bytes);
    }
    assert_true(trace_live_slots(live) <= 256);
    trace_live_free(live);
}

/* However many were added: places are as many as there are, and some. */
static void the_dead_take_no_room(void **state)
{
    struct trace_ages ages = {0};
    uint32_t place;

    (void)state;
    assert_true(trace_ages_add(&ages, 7));
    for (uint32_t i = 0; i < 10000; i++) {
        assert_true(trace_ages_add(&ages, 1 + i % 3));
        trace_ages_remove(&ages, 1 + i % 3);
    }
    assert_int_equal(ages.capacity, 64);
    place = ages.count;
    assert_int_equal(trace_ages_before(&ages, &place), 7);
    assert_int_equal(place, 0);
    assert_int_equal(trace_ages_before(&ages, &place), TRACE_AGELESS);
    assert_true(trace_ages_add(&ages, 2));
    place = ages.count - 1;
    trace_ages_cut(&ages, place);
    assert_int_equal(ages.count, place);
    trace_ages_close(&ages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dead_take_no_room),
        cmocka_unit_test(slots),
        cmocka_unit_test(ends),
        cmocka_unit_test(misuse),
        cmocka_unit_test(as_the_model),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
