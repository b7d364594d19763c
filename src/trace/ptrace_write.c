/* trace/ptrace_write.c - events to the bytes of a .ptrace. */
#include "trace/ptrace_write.h"

#include <cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "trace/json_header.h"
#include "trace/ptrace.h"

#define MEMBER(bit, form, member)                                              \
    [bit] = {form, (uint8_t)offsetof(struct trace_event, member)}
const struct ptrace_member trace_ptrace_members[16] = {
    MEMBER(0, PTRACE_COUNT, align_bytes),  MEMBER(1, PTRACE_NONE, op),
    MEMBER(2, PTRACE_COUNT, below),        MEMBER(3, PTRACE_COUNT, boundary),
    MEMBER(4, PTRACE_COUNT, heap),         MEMBER(5, PTRACE_COUNT, thread),
    MEMBER(6, PTRACE_COUNT, time_ns),      MEMBER(7, PTRACE_STRING, site),
    MEMBER(8, PTRACE_SIGNED, delta_bytes), MEMBER(9, PTRACE_COUNT, claim_bytes),
    MEMBER(10, PTRACE_COUNT, a),           MEMBER(11, PTRACE_COUNT, b),
    MEMBER(14, PTRACE_NONE, op),           MEMBER(15, PTRACE_NONE, op),
};

/* Seven bits a byte, the lowest first; the last has no high bit. */
static unsigned char *ptrace_put_varint(unsigned char *to, uint64_t number)
{
    for (; number > 0x7f; number >>= 7)
        *to++ = (unsigned char)(number | 0x80);
    *to++ = (unsigned char)number;
    return to;
}

static unsigned char *ptrace_put_record(unsigned char *to, unsigned record)
{
    *to++ = (unsigned char)(record << 2 | PTRACE_OTHER);
    return to;
}

bool trace_ptrace_create(struct trace_writer *writer,
                         const struct trace_header *header)
{
    char *text = trace_json_header_print(header);
    unsigned char first[PTRACE_LONGEST_RECORD] = PTRACE_MAGIC, *to;
    bool fine;

    writer->state = calloc(1, sizeof(struct ptrace_context));
    if (!text || !writer->state) {
        cJSON_free(text);
        return trace_no_memory(&writer->error);
    }
    to = first + PTRACE_MAGIC_BYTES;
    *to++ = PTRACE_VERSION;
    *to++ = header->dense ? PTRACE_DENSE : 0;
    to = ptrace_put_varint(to, strlen(text));
    fine = trace_writer_put(writer, first, (size_t)(to - first)) &&
           trace_writer_put(writer, text, strlen(text));
    cJSON_free(text);
    return fine;
}

bool trace_ptrace_text(struct trace_writer *writer, const char *text)
{
    unsigned char first[PTRACE_LONGEST_RECORD], *to;
    size_t length = strlen(text);

    if (length > TRACE_LONGEST)
        return trace_fail(&writer->error, TRACE_BAD,
                          "a string is longer than %d bytes", TRACE_LONGEST);
    to = ptrace_put_record(first, PTRACE_TEXT);
    to = ptrace_put_varint(to, length);
    return trace_writer_put(writer, first, (size_t)(to - first)) &&
           trace_writer_put(writer, text, length);
}

static uint64_t ptrace_value(struct ptrace_context *context,
                             const struct trace_event *event, unsigned bit)
{
    const struct ptrace_member *member = &trace_ptrace_members[bit];
    const void *at = (const char *)event + member->offset;
    const trace_string *number = at;
    uint64_t value;

    if (member->form == PTRACE_STRING)
        return *number;
    memcpy(&value, at, sizeof value);
    if (1u << bit != TRACE_HAS_TIME)
        return member->form == PTRACE_SIGNED ? trace_ptrace_fold(value) : value;
    value -= context->time_ns;
    context->time_ns = event->time_ns;
    return trace_ptrace_fold(value);
}

static unsigned char *ptrace_put_members(unsigned char *to,
                                         struct ptrace_context *context,
                                         const struct trace_event *event,
                                         unsigned has)
{
    for (unsigned bit = 0; has >> bit; bit++) {
        if (!(has >> bit & 1))
            continue;
        to = ptrace_put_record(to, PTRACE_MEMBER + bit);
        if (trace_ptrace_members[bit].form != PTRACE_NONE)
            to = ptrace_put_varint(to, ptrace_value(context, event, bit));
    }
    return to;
}

/* The thread is stated once for all events until it changes. */
static unsigned char *ptrace_put_thread(unsigned char *to,
                                        struct ptrace_context *context,
                                        const struct trace_event *event)
{
    if (!(event->has & TRACE_HAS_THREAD)) {
        if (context->thread_has)
            to = ptrace_put_record(to, PTRACE_NO_THREAD);
        context->thread_has = 0;
        return to;
    }
    if (context->thread_has && context->thread == event->thread)
        return to;
    context->thread_has = TRACE_HAS_THREAD;
    context->thread = event->thread;
    return ptrace_put_members(to, context, event, TRACE_HAS_THREAD);
}

/* How many of the eight lengths a number needs. */
static unsigned ptrace_length(uint64_t number)
{
    unsigned length = 0;

    while (length < 7 && number >> 8 * trace_ptrace_lengths[length] != 0)
        length++;
    return length;
}

static unsigned char *ptrace_put_number(unsigned char *to, uint64_t number,
                                        unsigned length)
{
    for (unsigned i = 0; i < trace_ptrace_lengths[length]; i++, number >>= 8)
        *to++ = (unsigned char)number;
    return to;
}

static unsigned char *ptrace_put_block(unsigned char *to,
                                       struct ptrace_context *context,
                                       const struct trace_event *event)
{
    uint64_t id = event->id - context->id - (event->op == TRACE_ALLOC);
    uint64_t folded = trace_ptrace_fold(id);
    unsigned id_length, size_length = 0;

    if (event->op == TRACE_FREE) {
        id_length = ptrace_length(folded >> 3);
        *to++ =
            (unsigned char)(TRACE_FREE | id_length << 2 | (folded & 7) << 5);
        return ptrace_put_number(to, folded >> 3, id_length);
    }
    id_length = ptrace_length(folded);
    if (event->size_bytes != context->size_bytes)
        size_length = event->size_bytes ? ptrace_length(event->size_bytes) : 1;
    *to++ = (unsigned char)(event->op | id_length << 2 | size_length << 5);
    to = ptrace_put_number(to, folded, id_length);
    context->size_bytes = event->size_bytes;
    if (event->op == TRACE_ALLOC)
        context->id = event->id;
    return ptrace_put_number(to, event->size_bytes, size_length);
}

/* The other operations: their record, and what they name. */
static unsigned char *ptrace_put_other(unsigned char *to,
                                       const struct trace_event *event)
{
    switch (event->op) {
    case TRACE_DESTROY:
        return ptrace_put_varint(ptrace_put_record(to, PTRACE_DESTROY),
                                 event->heap);
    case TRACE_MARK:
        return ptrace_put_varint(ptrace_put_record(to, PTRACE_MARK),
                                 event->label);
    case TRACE_REWIND:
        return ptrace_put_varint(ptrace_put_record(to, PTRACE_REWIND),
                                 event->label);
    case TRACE_EXTEND:
        return ptrace_put_varint(ptrace_put_record(to, PTRACE_EXTEND),
                                 event->size_bytes);
    case TRACE_EXTRA:
        return ptrace_put_varint(ptrace_put_record(to, PTRACE_EXTRA),
                                 event->label);
    default:
        return ptrace_put_record(to, PTRACE_RESET);
    }
}

bool trace_ptrace_write(struct trace_writer *writer,
                        const struct trace_event *events, size_t count)
{
    struct ptrace_context *context = writer->state;

    for (size_t i = 0; i < count; i++) {
        const struct trace_event *event = &events[i];
        unsigned has = event->has & ~TRACE_HAS_THREAD;
        unsigned char *to = trace_writer_room(writer, PTRACE_LONGEST_EVENT);

        if (!to)
            return false;
        if (event->op == TRACE_DESTROY)
            has &= ~TRACE_HAS_HEAP;
        if ((event->has & TRACE_HAS_THREAD) || context->thread_has)
            to = ptrace_put_thread(to, context, event);
        if (has)
            to = ptrace_put_members(to, context, event, has);
        to = event->op <= TRACE_REALLOC ? ptrace_put_block(to, context, event)
                                        : ptrace_put_other(to, event);
        writer->used_bytes = (size_t)(to - writer->buffer);
    }
    return true;
}

bool trace_ptrace_finish(struct trace_writer *writer)
{
    static const unsigned char end = PTRACE_END << 2 | PTRACE_OTHER;
    bool fine =
        writer->error.kind == TRACE_FINE && trace_writer_put(writer, &end, 1);

    free(writer->state);
    return fine;
}
