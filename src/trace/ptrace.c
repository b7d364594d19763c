/*
 * trace/ptrace.c - .ptrace, the compact form: two or three bytes an event.
 *
 *     magic, version, flags, header as JSON | event event text event ... end
 *
 * An alloc, free or realloc goes by a table of all tags, so that reading it
 * takes no branch but the one that asks whether it is one.
 */
#include "trace/ptrace_read.h"

#include <stdlib.h>
#include <string.h>

#include "trace/json_header.h"
#include "trace/ptrace_write.h"

static uint64_t ptrace_mask(unsigned bytes)
{
    return bytes == 8 ? UINT64_MAX : ((uint64_t)1 << 8 * bytes) - 1;
}

static struct ptrace_tag ptrace_tag(unsigned tag)
{
    unsigned op = tag & PTRACE_OP_MASK, high = tag >> 5;
    unsigned id_bytes = trace_ptrace_lengths[tag >> 2 & 7];
    unsigned size_bytes = op == TRACE_FREE ? 0 : trace_ptrace_lengths[high];

    return (struct ptrace_tag){
        .id_mask = ptrace_mask(id_bytes),
        .size_mask = ptrace_mask(size_bytes),
        .op = (uint8_t)op,
        .id_bytes = (uint8_t)id_bytes,
        .all_bytes = (uint8_t)(1 + id_bytes + size_bytes),
        .is_alloc = op == TRACE_ALLOC,
        .id_shift = op == TRACE_FREE ? 3 : 0,
        .id_low = op == TRACE_FREE ? (uint8_t)high : 0,
        .states_size = size_bytes > 0,
    };
}

static int ptrace_bid(const unsigned char *first, size_t count)
{
    return count >= PTRACE_MAGIC_BYTES &&
                   memcmp(first, PTRACE_MAGIC, PTRACE_MAGIC_BYTES) == 0
               ? 100
               : 0;
}

/* A header that lies there, with a NUL behind it, and nothing else that could
   be taken for its rest. */
static bool ptrace_header_is(struct trace_reader *reader,
                             const unsigned char *text, uint64_t count)
{
    struct trace_input *input = &reader->input;
    struct json_scan scan = {.begin = text, .end = text + count, .line = 1};
    struct json_header head = {0};
    const unsigned char *behind;
    bool fine;

    scan.error = &reader->error;
    scan.offset = input->offset + input->begin;
    trace_json_header_make(&head);
    behind = trace_json_header_object(&head, &scan, text);
    if (behind && behind != scan.end)
        behind = trace_ptrace_bad(reader,
                                  input->data + input->begin + (behind - text),
                                  "expected the header's end");
    fine = behind && trace_json_header_take(&head, &reader->header, false,
                                            &reader->error);
    trace_json_header_close(&head);
    free(scan.scratch);
    return fine;
}

static bool ptrace_header(struct trace_reader *reader, uint64_t count)
{
    const unsigned char *at = trace_ptrace_bytes(reader, count);
    unsigned char *text = at ? calloc(1, count + TRACE_INPUT_PAD) : NULL;
    bool fine;

    if (!at)
        return false;
    if (!text)
        return trace_no_memory(&reader->error);
    memcpy(text, at, count);
    fine = ptrace_header_is(reader, text, count);
    free(text);
    reader->input.begin += count;
    return fine;
}

static bool ptrace_open(struct trace_reader *reader)
{
    struct trace_input *input = &reader->input;
    struct ptrace_state *state = calloc(1, sizeof *state);
    const unsigned char *at = input->data + PTRACE_MAGIC_BYTES;
    uint64_t header_bytes;

    reader->state = state;
    if (!state)
        return trace_no_memory(&reader->error);
    for (unsigned tag = 0; tag < 256; tag++)
        state->tags[tag] = ptrace_tag(tag);
    if (at[0] != PTRACE_VERSION)
        return trace_ptrace_bad(reader, at,
                                "version 1 is the only one known here");
    if (at[1] & ~PTRACE_DENSE)
        return trace_ptrace_bad(reader, at + 1, "an unknown flag is set");
    reader->header.dense = at[1] & PTRACE_DENSE;
    at = trace_ptrace_varint(reader, at + 2, &header_bytes);
    if (!at)
        return false;
    if ((size_t)(at - input->data) > input->end)
        return trace_ptrace_ends(reader, input->data + input->end);
    input->begin = (size_t)(at - input->data);
    return ptrace_header(reader, header_bytes);
}

static void ptrace_close(struct trace_reader *reader)
{
    free(reader->state);
}

#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static inline uint64_t ptrace_load(const unsigned char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return word;
}
#else
static inline uint64_t ptrace_load(const unsigned char *at)
{
    uint64_t word = 0;

    for (int i = 7; i >= 0; i--)
        word = word << 8 | at[i];
    return word;
}
#endif

/* An alloc, free or realloc. */
static inline const unsigned char *ptrace_block(struct ptrace_context *context,
                                                const struct ptrace_tag *tag,
                                                const unsigned char *at,
                                                struct trace_event *event)
{
    uint64_t folded = (ptrace_load(at + 1) & tag->id_mask) << tag->id_shift;
    uint64_t size = ptrace_load(at + 1 + tag->id_bytes) & tag->size_mask;

    event->op = tag->op;
    event->id =
        context->id + tag->is_alloc + trace_ptrace_unfold(folded | tag->id_low);
    context->id = tag->is_alloc ? event->id : context->id;
    context->size_bytes = tag->states_size ? size : context->size_bytes;
    event->size_bytes = context->size_bytes;
    event->has = (uint16_t)context->thread_has;
    event->thread = context->thread;
    return at + tag->all_bytes;
}

/* What a block's event needs beyond that; rarely anything. */
static bool ptrace_finish_block(struct trace_reader *reader,
                                const unsigned char *at,
                                struct trace_event *event)
{
    struct ptrace_state *state = reader->state;

    if (event->op == TRACE_REALLOC && event->size_bytes == 0)
        return trace_ptrace_bad(reader, at, "realloc to 0 bytes");
    if (state->has == 0)
        return true;
    state->next.op = event->op;
    state->next.id = event->id;
    state->next.size_bytes = event->size_bytes;
    return trace_ptrace_complete(reader, at, event);
}

/* Have a record in the buffer; false at the trace's end and after errors. */
static bool ptrace_want(struct trace_reader *reader)
{
    struct ptrace_state *state = reader->state;
    struct trace_input *input = &reader->input;

    if (input->end - input->begin < PTRACE_LONGEST_RECORD)
        trace_input_want(input, PTRACE_LONGEST_RECORD, &reader->error);
    if (reader->error.kind != TRACE_FINE)
        return false;
    if (input->begin < input->end) {
        if (state->done)
            trace_ptrace_bad(reader, input->data + input->begin,
                             "expected nothing behind the end mark");
        return !state->done;
    }
    if (!state->done)
        trace_ptrace_ends(reader, input->data + input->end);
    return false;
}

/* The blocks that lie in the buffer as a run, without any other record. */
static size_t ptrace_run(struct trace_reader *reader,
                         struct trace_event *events, size_t capacity,
                         size_t count)
{
    struct ptrace_state *state = reader->state;
    struct trace_input *input = &reader->input;
    struct ptrace_context context = state->context;
    struct trace_place *place = reader->places + count;
    const unsigned char *begin = input->data, *at = begin + input->begin;
    const unsigned char *end = begin + input->end;
    uint64_t base = input->offset + 1;

    while (count < capacity && end - at >= PTRACE_LONGEST_RECORD) {
        const struct ptrace_tag *tag = &state->tags[*at];
        struct trace_event *event = &events[count];
        const unsigned char *next;

        if (tag->op == PTRACE_OTHER)
            break;
        next = ptrace_block(&context, tag, at, event);
        if (event->op == TRACE_REALLOC && event->size_bytes == 0)
            break;
        *place++ = (struct trace_place){1, base + (uint64_t)(at - begin)};
        at = next;
        count++;
    }
    state->context = context;
    input->begin = (size_t)(at - begin);
    return count;
}

/* One record of any kind, which lies in the buffer unless the trace ends
   inside; 1: it was or ended an event, 0: it was not, -1: an error. */
static int ptrace_one(struct trace_reader *reader, struct trace_event *event)
{
    struct ptrace_state *state = reader->state;
    struct trace_input *input = &reader->input;
    const unsigned char *at = input->data + input->begin, *next;
    const struct ptrace_tag *tag = &state->tags[*at];
    bool is_event = true;

    if (tag->op != PTRACE_OTHER) {
        next = ptrace_block(&state->context, tag, at, event);
        if (next <= input->data + input->end &&
            !ptrace_finish_block(reader, at, event))
            return -1;
    } else {
        next = trace_ptrace_take_record(reader, at, event, &is_event);
        if (!next)
            return -1;
    }
    if (next > input->data + input->end) {
        trace_ptrace_ends(reader, input->data + input->end);
        return -1;
    }
    input->begin = (size_t)(next - input->data);
    return is_event;
}

static size_t ptrace_read(struct trace_reader *reader,
                          struct trace_event *events, size_t capacity)
{
    struct ptrace_state *state = reader->state;
    struct trace_input *input = &reader->input;
    size_t count = 0;
    int got = 0;

    while (got >= 0 && count < capacity && ptrace_want(reader)) {
        size_t left;

        if (state->has == 0)
            count = ptrace_run(reader, events, capacity, count);
        left = input->end - input->begin;
        if (count == capacity || left == 0 ||
            (left < PTRACE_LONGEST_RECORD && !input->ended))
            continue;
        reader->places[count].line = 1;
        reader->places[count].column = input->offset + input->begin + 1;
        got = ptrace_one(reader, &events[count]);
        count += got > 0;
    }
    if (reader->error.kind != TRACE_FINE && !state->done)
        reader->error.event = reader->event_count + count + 1;
    return count;
}

const struct trace_format trace_format_ptrace = {
    .name = "ptrace",
    .summary = "the compact binary form",
    .suffixes = ".ptrace",
    .bid = ptrace_bid,
    .open = ptrace_open,
    .read = ptrace_read,
    .close = ptrace_close,
    .create = trace_ptrace_create,
    .text = trace_ptrace_text,
    .write = trace_ptrace_write,
    .finish = trace_ptrace_finish,
};
