#include "config.h"

#include "sim/operation_tell.h"

#include <stdio.h>
#include <string.h>

/* The number of a text, which is of the kind that lives on. */
static trace_string tell_number(struct operation_trace *trace, const char *text)
{
    uint32_t i = 0;

    while (i < trace->text_count && strcmp(trace->texts[i], text) != 0)
        i++;
    if (i == trace->text_count && i < TELL_TEXTS) {
        trace_write_text(trace->writer, text);
        trace->texts[trace->text_count++] = text;
    }
    return i;
}

static void tell_has(struct operation_trace *trace, unsigned bit)
{
    trace->event.has |= (uint16_t)bit;
}

/* An event of a block that the trace knows by its id. */
static void tell_block(struct operation_trace *trace, enum trace_op op,
                       uint64_t id, polished_size told_bytes,
                       polished_size size_bytes)
{
    trace->event.op = (uint8_t)op;
    trace->event.id = id;
    if (told_bytes != size_bytes) {
        tell_has(trace, TRACE_HAS_CLAIM);
        trace->event.claim_bytes = told_bytes;
    }
}

/* A call by place: for blocks that no id stands for, and for calls that a
   trace would take to have ended a block. */
static void tell_place(struct operation_trace *trace, const char *name,
                       polished_size a, polished_size b)
{
    trace->event.op = TRACE_EXTRA;
    trace->event.label = tell_number(trace, name);
    trace->event.has = TRACE_HAS_A | TRACE_HAS_B;
    trace->event.a = a;
    trace->event.b = b;
}

static void tell_add(struct operation_trace *trace, polished_size offset,
                     const struct operation_call *call, bool has_id)
{
    const struct operation_block block = {offset, call->request.size_bytes,
                                          call->request.align_bytes,
                                          call->owner};

    operation_book_add(&trace->book, &block);
    if (!has_id)
        trace->book.live[trace->book.live_count - 1].id = 0;
}

static bool tell_alloc(struct operation_trace *trace,
                       const struct operation_call *call)
{
    const struct polished_request *request = &call->request;
    polished_size offset;
    enum polished_status status =
        polished_alloc(&trace->heap, request, &offset);

    trace->event.op = TRACE_ALLOC;
    trace->event.id = trace->book.next_id + 1;
    trace->event.size_bytes = request->size_bytes;
    trace->event.align_bytes = request->align_bytes;
    trace->event.below = request->below;
    trace->event.boundary = request->boundary;
    trace->event.heap = call->owner;
    tell_has(trace, TRACE_HAS_ALIGN | (request->below ? TRACE_HAS_BELOW : 0) |
                        (request->boundary ? TRACE_HAS_BOUNDARY : 0) |
                        (call->owner ? TRACE_HAS_HEAP : 0));
    if (status == POLISHED_OK)
        tell_add(trace, offset, call, true);
    else
        trace->book.next_id++;
    if ((request->below | request->boundary) != 0 &&
        !(trace->ops->caps & POLISHED_LIMITS))
        return false;
    return request->size_bytes != 0 && request->align_bytes != 0 &&
           (request->align_bytes & (request->align_bytes - 1)) == 0 &&
           (request->boundary & (request->boundary - 1)) == 0;
}

static bool tell_reserve(struct operation_trace *trace,
                         const struct operation_call *call)
{
    tell_place(trace, "@reserve", call->offset, call->request.size_bytes);
    if (polished_reserve(&trace->heap, call->offset,
                         call->request.size_bytes) == POLISHED_OK)
        tell_add(trace, call->offset, call, false);
    return true;
}

static bool tell_realloc(struct operation_trace *trace,
                         const struct operation_call *call)
{
    struct operation_entry entry = trace->book.live[call->index];
    const struct polished_request *request = &call->request;
    polished_size offset = entry.block.offset;
    enum polished_status status;

    tell_block(trace, TRACE_REALLOC, entry.id, call->told_bytes,
               entry.block.size_bytes);
    trace->event.size_bytes = request->size_bytes;
    if (request->align_bytes != entry.block.align_bytes) {
        tell_has(trace, TRACE_HAS_ALIGN);
        trace->event.align_bytes = request->align_bytes;
    }
    if (entry.id == 0)
        tell_place(trace, "@realloc", offset, request->size_bytes);
    status = polished_realloc(&trace->heap, &offset, call->told_bytes, request);
    if (status == POLISHED_OK)
        operation_book_change(&trace->book, call->index, offset, request);
    return request->size_bytes != 0;
}

static bool tell_free(struct operation_trace *trace,
                      const struct operation_call *call)
{
    struct operation_entry entry = trace->book.live[call->index];
    enum polished_status status =
        polished_free(&trace->heap, call->offset, call->told_bytes);

    tell_block(trace, TRACE_FREE, entry.id, call->told_bytes,
               entry.block.size_bytes);
    if (entry.id == 0 || status != POLISHED_OK)
        tell_place(trace, "@free", call->offset, call->told_bytes);
    if (status == POLISHED_OK)
        operation_book_drop(&trace->book, call->index);
    return true;
}

static bool tell_extend(struct operation_trace *trace,
                        const struct operation_call *call)
{
    trace->event.op = TRACE_EXTEND;
    trace->event.size_bytes = call->request.size_bytes;
    polished_extend(&trace->heap, call->request.size_bytes);
    return call->request.size_bytes != 0 &&
           call->request.size_bytes <= trace->setup.more_bytes;
}

static bool tell_reset(struct operation_trace *trace,
                       const struct operation_call *call)
{
    (void)call;
    trace->event.op = TRACE_RESET;
    polished_reset(&trace->heap);
    operation_book_drop_all(&trace->book);
    return true;
}

static bool tell_destroy(struct operation_trace *trace,
                         const struct operation_call *call)
{
    trace->event.op = TRACE_DESTROY;
    trace->event.heap = call->owner;
    tell_has(trace, TRACE_HAS_HEAP);
    if (polished_destroy(&trace->heap, call->owner) == POLISHED_OK)
        operation_book_drop_owner(&trace->book, call->owner);
    return true;
}

/* Extras that a trace has operations for: it has to know which blocks end. */
void sim_tell_mark(struct operation_trace *trace, polished_size a,
                   polished_size b)
{
    struct tell_mark *mark = &trace->marks[trace->mark_count];

    if (trace->mark_count == TELL_MARKS)
        return;
    snprintf(mark->label, sizeof mark->label, "m%u", trace->mark_count);
    mark->a = a;
    mark->b = b;
    mark->last_id = trace->book.next_id;
    trace->mark_count++;
    trace->event = (struct trace_event){
        .op = TRACE_MARK, .label = tell_number(trace, mark->label)};
}

/* false: blocks ended, and there is no mark that says which. */
static bool tell_rewind(struct operation_trace *trace, polished_size a,
                        polished_size b)
{
    for (unsigned i = trace->mark_count; i-- > 0;) {
        const struct tell_mark *mark = &trace->marks[i];

        if (mark->a != a || mark->b != b)
            continue;
        trace->event = (struct trace_event){
            .op = TRACE_REWIND, .label = tell_number(trace, mark->label)};
        for (size_t at = trace->book.live_count; at-- > 0;)
            if (trace->book.live[at].id > mark->last_id)
                operation_book_drop(&trace->book, at);
        return true;
    }
    return false;
}

static bool tell_extra(struct operation_trace *trace,
                       const struct operation_call *call)
{
    polished_size a = call->a, b = call->b;

    tell_place(trace, call->extra, a, b);
    if (polished_call(&trace->heap, call->extra, &a, &b) != POLISHED_OK)
        return true;
    operation_book_answer(&trace->book, a, b);
    if (strcmp(call->extra, "mark") == 0)
        sim_tell_mark(trace, a, b);
    if (strcmp(call->extra, "rewind") == 0)
        trace->is_over = !tell_rewind(trace, call->a, call->b);
    if (strcmp(call->extra, "segment") == 0) {
        struct operation_call made = *call;

        made.request.size_bytes = b;
        tell_add(trace, a, &made, false);
    }
    return true;
}

/* The block that an event of misuse names, and how far off it points. */
static bool tell_target(struct operation_trace *trace,
                        const struct operation_call *call)
{
    const struct operation_book *book = &trace->book;
    bool is_stale = call->misuse == OPERATION_STALE;
    const struct operation_entry *entry =
        is_stale ? &book->ended[call->index] : &book->live[call->index];

    if (call->misuse == OPERATION_ASTRAY || is_stale || entry->id == 0)
        return false;
    tell_block(trace, call->is_resize ? TRACE_REALLOC : TRACE_FREE, entry->id,
               call->told_bytes, entry->block.size_bytes);
    if (call->offset != entry->block.offset) {
        tell_has(trace, TRACE_HAS_DELTA);
        trace->event.delta_bytes =
            (int64_t)(call->offset - entry->block.offset);
    }
    if (call->misuse == OPERATION_STRANGER) {
        tell_has(trace, TRACE_HAS_HEAP);
        trace->event.heap = call->owner;
    }
    return true;
}

static bool tell_misuse(struct operation_trace *trace,
                        const struct operation_call *call)
{
    const struct polished_request *request = &call->request;
    enum polished_status status;

    /* Who does not know where blocks begin takes much of it. */
    if (call->misuse != OPERATION_CLAIM &&
        !(trace->ops->caps & POLISHED_EXACT_WALK) &&
        call->offset < trace->heap.data.size_bytes)
        return false;
    if (!tell_target(trace, call))
        tell_place(trace, call->is_resize ? "@resize" : "@free", call->offset,
                   call->is_resize ? request->size_bytes : call->told_bytes);
    trace->event.size_bytes = request->size_bytes;
    status = call->is_resize
                 ? polished_resize(&trace->heap, call->offset, call->told_bytes,
                                   request)
                 : polished_free(&trace->heap, call->offset, call->told_bytes);
    if (status == POLISHED_OK && call->misuse == OPERATION_CLAIM) {
        if (!call->is_resize)
            operation_book_drop(&trace->book, call->index);
    } else if (status == POLISHED_OK &&
               (trace->ops->caps & POLISHED_EXACT_WALK)) {
        trace->is_over = true;
    }
    return !call->is_resize || request->size_bytes != 0;
}

bool sim_tell_operation(struct operation_trace *trace,
                        const struct operation *operation)
{
    static bool (*const kinds[OPERATION_KIND_COUNT])(
        struct operation_trace * trace, const struct operation_call *call) = {
        [OPERATION_ALLOC] = tell_alloc,     [OPERATION_RESERVE] = tell_reserve,
        [OPERATION_REALLOC] = tell_realloc, [OPERATION_FREE] = tell_free,
        [OPERATION_EXTEND] = tell_extend,   [OPERATION_RESET] = tell_reset,
        [OPERATION_DESTROY] = tell_destroy, [OPERATION_EXTRA] = tell_extra,
        [OPERATION_MISUSE] = tell_misuse,
    };
    polished_size room_bytes = trace->setup.size_bytes +
                               trace->setup.more_bytes -
                               trace->heap.data.size_bytes;
    const struct operation_view view =
        operation_book_view(&trace->book, &trace->heap, room_bytes);
    struct operation_call call;

    if (!operation_resolve(operation, &view, &call))
        return true;
    trace->event = (struct trace_event){.op = TRACE_ALLOC};
    trace->heap.owner = call.owner;
    return !kinds[call.kind](trace, &call) ||
           trace_write(trace->writer, &trace->event, 1);
}
