/* trace/ptrace_record.c - the rarer records of a .ptrace. */
#include "trace/ptrace_read.h"

#include <string.h>

#include "trace/json_scan.h"
#include "trace/rules.h"

const unsigned char *trace_ptrace_bad(struct trace_reader *reader,
                                      const unsigned char *at, const char *what)
{
    reader->error.line = 1;
    reader->error.column =
        reader->input.offset + (uint64_t)(at - reader->input.data) + 1;
    trace_fail(&reader->error, TRACE_BAD, "%s", what);
    return NULL;
}

const unsigned char *trace_ptrace_ends(struct trace_reader *reader,
                                       const unsigned char *at)
{
    return trace_ptrace_bad(reader, at, "the trace ends before its end mark");
}

const unsigned char *trace_ptrace_varint(struct trace_reader *reader,
                                         const unsigned char *at,
                                         uint64_t *number)
{
    const unsigned char *start = at;
    unsigned shift = 0;

    *number = 0;
    for (; shift < 64; shift += 7, at++) {
        uint64_t part = *at & 0x7f;

        if (part << shift >> shift != part)
            break;
        *number |= part << shift;
        if (*at < 0x80)
            return at + 1;
    }
    return trace_ptrace_bad(reader, start, "a number above 2^64 - 1");
}

const unsigned char *trace_ptrace_bytes(struct trace_reader *reader,
                                        uint64_t count)
{
    struct trace_input *input = &reader->input;

    if (count > TRACE_LONGEST)
        return trace_ptrace_bad(reader, input->data + input->begin,
                                "a text is longer than 1048576 bytes");
    trace_input_want(input, count, &reader->error);
    if (reader->error.kind != TRACE_FINE)
        return NULL;
    if (input->end - input->begin < count)
        return trace_ptrace_ends(reader, input->data + input->end);
    return input->data + input->begin;
}

/* UTF-8 without NUL, as every text of a reader. */
static bool ptrace_check_text(struct trace_reader *reader,
                              const unsigned char *at, size_t count)
{
    struct trace_input *input = &reader->input;
    struct json_scan scan = {.begin = input->data, .end = at + count};

    scan.offset = input->offset;
    scan.line = 1;
    scan.error = &reader->error;
    while (at && at < scan.end) {
        if (*at == 0)
            return trace_ptrace_bad(reader, at, "a NUL in a text");
        at = *at < 0x80 ? at + 1 : trace_json_utf8(&scan, at);
    }
    return at != NULL;
}

static const unsigned char *ptrace_add_text(struct trace_reader *reader,
                                            const unsigned char *at)
{
    struct trace_input *input = &reader->input;
    uint64_t count;

    at = trace_ptrace_varint(reader, at, &count);
    if (!at)
        return NULL;
    if (at > input->data + input->end)
        return trace_ptrace_ends(reader, input->data + input->end);
    input->begin = (size_t)(at - input->data);
    at = trace_ptrace_bytes(reader, count);
    if (!at || !ptrace_check_text(reader, at, count))
        return NULL;
    if (!trace_strings_add(&reader->strings, (const char *)at, count)) {
        trace_no_memory(&reader->error);
        return NULL;
    }
    return at + count;
}

static bool ptrace_is_string(struct trace_reader *reader,
                             const unsigned char *at, uint64_t number)
{
    return number < reader->strings.count ||
           trace_ptrace_bad(reader, at, "a text that was not stated before");
}

/* May the event to come have the member whose record is at `at`, with this
   value? */
static bool ptrace_check_member(struct trace_reader *reader,
                                const unsigned char *at, unsigned has,
                                uint64_t value)
{
    unsigned powers = TRACE_HAS_ALIGN | TRACE_HAS_BOUNDARY;
    unsigned above = powers | TRACE_HAS_BELOW | TRACE_HAS_DELTA;

    if ((has & above) && value == 0)
        return trace_ptrace_bad(reader, at, "expected a value above 0");
    if ((has & powers) && (value & (value - 1)) != 0)
        return trace_ptrace_bad(reader, at, "expected a power of two");
    if ((has & (TRACE_IS_STALE | TRACE_IS_IMPLIED)) && !reader->header.dense)
        return trace_ptrace_bad(reader, at, "only a dense trace has this");
    return true;
}

/* A member: keep it for the event to come. */
static const unsigned char *ptrace_take_member(struct trace_reader *reader,
                                               const unsigned char *at,
                                               unsigned bit)
{
    struct ptrace_state *state = reader->state;
    const struct ptrace_member *member = &trace_ptrace_members[bit];
    void *into = (char *)&state->next + member->offset;
    trace_string *number = into;
    const unsigned char *start = at - 1;
    uint64_t value = 1;

    if (!(PTRACE_ALL_MEMBERS >> bit & 1))
        return trace_ptrace_bad(reader, start, "an unknown record");
    if (state->has >> bit & 1)
        return trace_ptrace_bad(reader, start, "a member a second time");
    if (member->form != PTRACE_NONE)
        at = trace_ptrace_varint(reader, at, &value);
    if (!at || !ptrace_check_member(reader, start, 1u << bit, value) ||
        (member->form == PTRACE_STRING &&
         !ptrace_is_string(reader, start, value)))
        return NULL;
    if (1u << bit == TRACE_HAS_TIME)
        value = state->context.time_ns += trace_ptrace_unfold(value);
    if (member->form == PTRACE_SIGNED)
        value = trace_ptrace_unfold(value);
    if (member->form == PTRACE_STRING)
        *number = (trace_string)value;
    else if (member->form != PTRACE_NONE)
        memcpy(into, &value, sizeof value);
    if (1u << bit == TRACE_HAS_THREAD) {
        state->context.thread = value;
        state->context.thread_has = TRACE_HAS_THREAD;
    } else {
        state->has |= 1u << bit;
    }
    return at;
}

/* The event in state->next has its operation: is it one, with its members? */
bool trace_ptrace_complete(struct trace_reader *reader, const unsigned char *at,
                           struct trace_event *event)
{
    struct ptrace_state *state = reader->state;
    struct trace_event *next = &state->next;
    unsigned takes = trace_rule_takes(next->op, reader->flags & TRACE_MISUSE);
    unsigned stale = 1u << TRACE_FREE | 1u << TRACE_REALLOC;

    if (takes == 0)
        return trace_ptrace_bad(reader, at, "this operation needs --misuse");
    takes |= stale >> next->op & 1 ? TRACE_IS_STALE : 0;
    takes |= next->op == TRACE_FREE ? TRACE_IS_IMPLIED : 0;
    if (state->has & ~takes)
        return trace_ptrace_bad(reader, at,
                                "a member that this operation does not take");
    if (next->op == TRACE_DESTROY)
        state->has |= TRACE_HAS_HEAP;
    next->has = (uint16_t)(state->has | state->context.thread_has);
    next->thread = state->context.thread;
    *event = *next;
    state->has = 0;
    return true;
}

/* An operation that names one thing, at `at` its tag. */
static const unsigned char *ptrace_operation(struct trace_reader *reader,
                                             const unsigned char *at,
                                             enum ptrace_record record,
                                             struct trace_event *event)
{
    static const uint8_t ops[] = {
        [PTRACE_DESTROY] = TRACE_DESTROY, [PTRACE_MARK] = TRACE_MARK,
        [PTRACE_REWIND] = TRACE_REWIND,   [PTRACE_RESET] = TRACE_RESET,
        [PTRACE_EXTEND] = TRACE_EXTEND,   [PTRACE_EXTRA] = TRACE_EXTRA,
    };
    struct ptrace_state *state = reader->state;
    const unsigned char *start = at++;
    uint64_t value = 0;

    state->next.op = ops[record];
    if (record != PTRACE_RESET)
        at = trace_ptrace_varint(reader, at, &value);
    if (!at)
        return NULL;
    if (record == PTRACE_DESTROY)
        state->next.heap = value;
    else if (record == PTRACE_EXTEND)
        state->next.size_bytes = value;
    else if (record == PTRACE_RESET || ptrace_is_string(reader, start, value))
        state->next.label = (trace_string)value;
    else
        return NULL;
    return trace_ptrace_complete(reader, start, event) ? at : NULL;
}

const unsigned char *trace_ptrace_take_record(struct trace_reader *reader,
                                              const unsigned char *at,
                                              struct trace_event *event,
                                              bool *is_event)
{
    struct ptrace_state *state = reader->state;
    unsigned record = *at >> 2;

    *is_event = false;
    if (record >= PTRACE_MEMBER && record < PTRACE_MEMBER + 16)
        return ptrace_take_member(reader, at + 1, record - PTRACE_MEMBER);
    switch (record) {
    case PTRACE_END:
        state->done = true;
        if (state->has)
            return trace_ptrace_bad(reader, at, "members without an event");
        return at + 1;
    case PTRACE_TEXT:
        return ptrace_add_text(reader, at + 1);
    case PTRACE_NO_THREAD:
        state->context.thread_has = 0;
        return at + 1;
    case PTRACE_DESTROY:
    case PTRACE_MARK:
    case PTRACE_REWIND:
    case PTRACE_RESET:
    case PTRACE_EXTEND:
    case PTRACE_EXTRA:
        *is_event = true;
        return ptrace_operation(reader, at, record, event);
    default:
        return trace_ptrace_bad(reader, at, "an unknown record");
    }
}
