/*
 * recorder/test_recording.c - raw logs made by hand, and what is read there.
 *
 * Events are compared as text: a1:64 f1 r1:128, with z for zero, @N for an
 * alignment, and 'N for a thread.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/live.h"
#include "trace/recording.h"
#include "trace/trace.h"
#include "trace/wire.h"

enum { UNITS = 6, TEXT_BYTES = 4096 };

/* A log in the making; units are filled by put_*, one at a time. */
struct draft {
    uint8_t bytes[UNITS * WIRE_UNIT_BYTES];
    size_t count;
    struct wire_unit *unit;
    uint8_t *at;
    uint64_t granule;
    bool stamped;
};

static struct wire_header *draft_header(struct draft *draft)
{
    return (struct wire_header *)(void *)draft->bytes;
}

static struct draft *draft_new(unsigned threads)
{
    static const char command[] = "/opt/bin/prog\0-x";
    struct draft *draft = calloc(1, sizeof *draft);
    assert_non_null(draft);
    struct wire_header *header = draft_header(draft);
    memcpy(header->magic, WIRE_MAGIC, sizeof header->magic);
    header->version = WIRE_VERSION;
    header->byte_order = WIRE_BYTE_ORDER;
    header->started_ns = 1;
    header->thread_count = threads;
    header->command_bytes = sizeof command;
    memcpy(header->command, command, sizeof command);
    draft->count = sizeof draft->bytes;
    return draft;
}

/* Fill unit `number`; a copy of `home` as that was at `turn`. */
static void draft_unit(struct draft *draft, uint64_t number, uint64_t home,
                       uint64_t turn)
{
    void *at = draft->bytes + number * WIRE_UNIT_BYTES;
    draft->unit = at;
    draft->unit->magic = WIRE_UNIT_MAGIC;
    draft->unit->home = home;
    draft->unit->state = turn << WIRE_STATE_TURN;
    draft->at = draft->unit->bytes;
    draft->granule = 0;
    draft->stamped = false;
}

static void draft_publish(struct draft *draft)
{
    uint64_t turn = draft->unit->state >> WIRE_STATE_TURN;
    draft->unit->state =
        turn << WIRE_STATE_TURN | (uint64_t)(draft->at - draft->unit->bytes);
}

static void put_control(struct draft *draft, enum wire_control kind,
                        uint64_t value)
{
    draft->at = wire_put_control(draft->at, kind, value);
    draft->stamped |= kind == WIRE_CLOCK;
    draft_publish(draft);
}

/* One record, `after` ticks after the one before, if stamped. */
static void put(struct draft *draft, enum wire_op op, uint64_t address,
                uint64_t size_bytes, unsigned after)
{
    uint64_t value = wire_zigzag((address >> 4) - draft->granule);
    unsigned length = wire_length(value), code = wire_code(size_bytes);
    bool sized = WIRE_SIZED >> op & 1;
    if (address % 16 != 0)
        put_control(draft, WIRE_LOW, address % 16);
    draft->granule = address >> 4;
    *draft->at++ =
        (uint8_t)((unsigned)op | (sized ? code : 0) << 3 | length << 5);
    if (sized)
        draft->at = wire_put(draft->at, size_bytes, 1u << code);
    if (op == WIRE_ALIGNED)
        *draft->at++ = 6;
    draft->at = wire_put(draft->at, value, length);
    if (draft->stamped) {
        unsigned is_long = after > 0x7f;
        draft->at = wire_put(draft->at, after << 1 | is_long, 1 + is_long);
    }
    draft_publish(draft);
}

static struct trace_reader *draft_open(const struct draft *draft,
                                       struct trace_error *error)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(draft->bytes, 1, draft->count, file), draft->count);
    rewind(file);
    int fd = dup(fileno(file));
    fclose(file);
    return trace_open_fd(fd, "draft", 0, error);
}

static size_t print_event(char *to, size_t room,
                          const struct trace_event *event)
{
    int count =
        snprintf(to, room, " %c%ju", "afr"[event->op], (uintmax_t)event -> id);
    if (event->op != TRACE_FREE)
        count += snprintf(to + count, room - (size_t)count, ":%ju",
                          (uintmax_t)event->size_bytes);
    if (event->has & TRACE_HAS_ZERO)
        count += snprintf(to + count, room - (size_t)count, "z");
    if (event->has & TRACE_HAS_ALIGN)
        count += snprintf(to + count, room - (size_t)count, "@%ju",
                          (uintmax_t)event->align_bytes);
    if (event->has & TRACE_HAS_THREAD)
        count += snprintf(to + count, room - (size_t)count, "'%ju",
                          (uintmax_t)event->thread);
    return (size_t)count;
}

/* Read it all; every event has to make sense to trace/live.h. */
static void draft_read(const struct draft *draft, char *text,
                       struct recording_facts *facts)
{
    struct trace_event events[7];
    struct trace_error error;
    size_t count, used = 0;
    struct trace_live *live = trace_live_new(false);
    struct trace_reader *reader = draft_open(draft, &error);
    assert_non_null(reader);
    text[0] = '\0';
    while ((count = trace_read(reader, events, 7)) > 0)
        for (size_t i = 0; i < count; i++) {
            if (used < TEXT_BYTES - 100)
                used += print_event(text + used, 100, &events[i]);
            assert_true(trace_live_apply(live, &events[i], &error));
        }
    assert_null(trace_failed(reader));
    assert_true(recording_facts_of(reader, facts));
    trace_close(reader);
    trace_live_free(live);
}

/* The end of each case: compare, and throw the draft away. */
static struct recording_facts check(struct draft *draft, const char *wanted)
{
    char text[TEXT_BYTES];
    struct recording_facts facts;
    draft_read(draft, text, &facts);
    assert_string_equal(text, wanted);
    free(draft);
    return facts;
}

static struct draft *one_thread(void)
{
    struct draft *draft = draft_new(1);
    draft_unit(draft, 1, 1, 0);
    put_control(draft, WIRE_THREAD, 0);
    return draft;
}

static void recording_reuses_ids(void **state)
{
    struct draft *draft = one_thread();
    (void)state;
    put(draft, WIRE_MALLOC, 0x1000, 64, 0);
    put(draft, WIRE_CALLOC, 0x7fff00002000, 70000, 0);
    put(draft, WIRE_FREE, 0x1000, 0, 0);
    put(draft, WIRE_ALIGNED, 0x3000, 0x123456789a, 0);
    put(draft, WIRE_MALLOC, 0xff00000000001238, 0, 0);
    put(draft, WIRE_FREE, 0xff00000000001238, 0, 0);
    check(draft, " a1:64 a2:70000z f1 a1:78187493530@64 a3:0 f3");
}

static void recording_resizes(void **state)
{
    struct draft *draft = one_thread();
    (void)state;
    put(draft, WIRE_MALLOC, 0x1000, 64, 0);
    put(draft, WIRE_RESIZE, 0x1000, 0, 0);
    put(draft, WIRE_RESIZED, 0x2000, 128, 0);
    put(draft, WIRE_RESIZE, 0x2000, 0, 0);
    put_control(draft, WIRE_UNMOVED, 0); /* failed */
    put(draft, WIRE_RESIZE, 0x9000, 0, 0);
    put(draft, WIRE_RESIZED, 0x9000, 5, 0); /* never seen before */
    put(draft, WIRE_RESIZE, 0x9000, 0, 0);
    put_control(draft, WIRE_UNMOVED, 1); /* freed */
    put(draft, WIRE_RESIZE, 0x2000, 0, 0);
    put(draft, WIRE_RESIZED, 0x3000, 0, 0); /* to 0, with a block */
    put(draft, WIRE_RESIZE, 0x3000, 0, 0);  /* cut off */
    check(draft, " a1:64 r1:128 a2:5 f2 f1 a1:0");
}

static void recording_counts_unknown_frees(void **state)
{
    struct draft *draft = one_thread();
    (void)state;
    put(draft, WIRE_FREE, 0x1000, 0, 0);
    put(draft, WIRE_RESIZE, 0x2000, 0, 0);
    put_control(draft, WIRE_UNMOVED, 1);
    assert_int_equal(check(draft, "").unknown_frees, 2);
}

static void recording_merges_threads_by_time(void **state)
{
    struct draft *draft = draft_new(2);
    (void)state;
    draft_unit(draft, 1, 1, 0);
    put_control(draft, WIRE_THREAD, 0);
    put(draft, WIRE_MALLOC, 0x1000, 1, 0); /* before the clocks */
    put_control(draft, WIRE_CLOCK, 1000);
    put(draft, WIRE_MALLOC, 0x2000, 2, 10);
    put(draft, WIRE_MALLOC, 0x3000, 3, 5000);
    draft_unit(draft, 2, 2, 0);
    put_control(draft, WIRE_THREAD, 1);
    put_control(draft, WIRE_CLOCK, 1005);
    put(draft, WIRE_FREE, 0x1000, 0, 0);
    put(draft, WIRE_FREE, 0x2000, 0, 100);
    put(draft, WIRE_FREE, 0x3000, 0, 9000);
    check(draft, " a1:1'0 f1'1 a1:2'0 f1'1 a1:3'0 f1'1");
}

static void recording_repairs_late_frees(void **state)
{
    struct draft *draft = draft_new(2);
    (void)state;
    draft_unit(draft, 1, 1, 0);
    put_control(draft, WIRE_CLOCK, 1000);
    put(draft, WIRE_MALLOC, 0x1000, 1, 0);
    put(draft, WIRE_FREE, 0x1000, 0, 101); /* of the first, at 1101 */
    draft_unit(draft, 2, 2, 0);
    put_control(draft, WIRE_THREAD, 1);
    put_control(draft, WIRE_CLOCK, 1100);
    put(draft, WIRE_MALLOC, 0x1000, 2, 0);
    put(draft, WIRE_FREE, 0x1000, 0, 100);
    assert_int_equal(check(draft, " a1:1'0 f1'1 a2:2'1 f2'1").early_ends, 1);
}

static void recording_takes_turns_in_order(void **state)
{
    struct draft *draft = draft_new(1);
    (void)state;
    draft_unit(draft, 1, 1, 2); /* emptied twice */
    put(draft, WIRE_MALLOC, 0x3000, 3, 0);
    draft_unit(draft, 4, 1, 0);
    put(draft, WIRE_MALLOC, 0x1000, 1, 0);
    draft_unit(draft, 3, 1, 1);
    put(draft, WIRE_MALLOC, 0x2000, 2, 0);
    draft_unit(draft, 5, 1, 2); /* torn: the unit itself has it all */
    put(draft, WIRE_MALLOC, 0x4000, 4, 0);
    check(draft, " a1:1 a2:2 a3:3"); /* 2 is a hole */
}

static void recording_names_the_program(void **state)
{
    struct draft *draft = one_thread();
    struct trace_error error;
    struct trace_reader *reader = draft_open(draft, &error);
    (void)state;
    assert_non_null(reader);
    const struct trace_header *header = trace_header_of(reader);
    assert_string_equal(trace_format_name(reader), "recording");
    assert_string_equal(header->name, "prog");
    assert_string_equal(header->source, "polished-record /opt/bin/prog -x");
    assert_int_equal(header->align_bytes, 16);
    trace_close(reader);
    free(draft);
}

static void recording_refuses_other_versions(void **state)
{
    struct draft *draft = one_thread();
    struct trace_error error;
    (void)state;
    draft_header(draft)->version++;
    assert_null(draft_open(draft, &error));
    assert_int_equal(error.kind, TRACE_BAD);
    draft_header(draft)->version--;
    draft->count = 100;
    assert_null(draft_open(draft, &error));
    assert_int_equal(error.kind, TRACE_BAD);
    free(draft);
}

/* Two threads with a bit of all; what is read must always make sense. */
static struct draft *full_draft(void)
{
    struct draft *draft = draft_new(2);
    draft->count = 4 * WIRE_UNIT_BYTES;
    draft_unit(draft, 1, 1, 1);
    put_control(draft, WIRE_CLOCK, 1000);
    put(draft, WIRE_RESIZE, 0x1000, 0, 9);
    put(draft, WIRE_RESIZED, 0x2000, 1000, 200);
    put(draft, WIRE_FREE, 0x2008, 0, 1);
    draft_unit(draft, 2, 2, 0);
    put_control(draft, WIRE_CLOCK, 1100);
    put(draft, WIRE_ALIGNED, 0x1000, 7, 0);
    put(draft, WIRE_FREE, 0x2000, 0, 300);
    draft_unit(draft, 3, 1, 0);
    put(draft, WIRE_MALLOC, 0x1000, 70000, 0);
    put(draft, WIRE_MALLOC, 0x2008, 3, 0);
    return draft;
}

static void recording_survives_truncation(void **state)
{
    struct draft *draft = full_draft();
    char text[TEXT_BYTES];
    struct recording_facts facts;
    (void)state;
    while (draft->count > WIRE_HEADER_BYTES) {
        draft_read(draft, text, &facts);
        draft->count -= draft->count > 3001 ? 3001 : 1;
    }
    free(draft);
}

static void recording_survives_damage(void **state)
{
    struct draft *draft = full_draft();
    char text[TEXT_BYTES];
    struct recording_facts facts;
    (void)state;
    for (size_t unit = 1; unit < 4; unit++)
        for (size_t i = 0; i < 128; i++) {
            uint8_t *byte = draft->bytes + unit * WIRE_UNIT_BYTES + i;
            for (unsigned bit = 0; bit < 8; bit++) {
                *byte ^= (uint8_t)(1u << bit);
                draft_read(draft, text, &facts);
                *byte ^= (uint8_t)(1u << bit);
            }
        }
    free(draft);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recording_reuses_ids),
        cmocka_unit_test(recording_resizes),
        cmocka_unit_test(recording_counts_unknown_frees),
        cmocka_unit_test(recording_merges_threads_by_time),
        cmocka_unit_test(recording_repairs_late_frees),
        cmocka_unit_test(recording_takes_turns_in_order),
        cmocka_unit_test(recording_names_the_program),
        cmocka_unit_test(recording_refuses_other_versions),
        cmocka_unit_test(recording_survives_truncation),
        cmocka_unit_test(recording_survives_damage),
    };
    return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
