#include "config.h"

#include "sim/operation_trace.h"

#include <inttypes.h>
#include <string.h>

#include "polished/policies.h"
#include "sim/operation_tell.h"
#include "sim/pages.h"
#include "trace/fail.h"

enum { TRACE_CONGRUENCE = 1 << 21 };

static enum polished_status trace_make(struct operation_trace *trace,
                                       bool is_source)
{
    const struct operation_setup *setup = &trace->setup;
    polished_size all_bytes = setup->size_bytes + setup->more_bytes;
    struct polished_setup made = {
        .ops = is_source ? setup->source_ops : trace->ops,
        .knobs = is_source ? setup->source_knobs : setup->knobs,
        .source = !is_source && setup->source_ops ? &trace->source : NULL,
        .data = {.size_bytes = setup->size_bytes, .bus_base = setup->bus_base}};

    made.data.base =
        is_source || !setup->source_ops
            ? sim_pages_at(all_bytes, setup->bus_base, TRACE_CONGRUENCE)
            : trace->source.data.base;
    made.control_bytes = made.ops->control_bytes(made.knobs, all_bytes);
    if (!made.data.base || made.control_bytes == 0)
        return POLISHED_LIMIT;
    made.control = sim_pages(made.control_bytes);
    return polished_init(is_source ? &trace->source : &trace->heap, &made);
}

static enum polished_status trace_open_heap(struct operation_trace *trace)
{
    enum polished_status status = POLISHED_OK;

    if ((trace->ops->caps & POLISHED_SOURCE) && !trace->setup.source_ops)
        return POLISHED_BAD_KNOB;
    if (trace->setup.source_ops)
        status = trace_make(trace, true);
    return status == POLISHED_OK ? trace_make(trace, false) : status;
}

/* The spec of a policy with its knobs, that of its source in parentheses. */
static int trace_spec(const struct operation_trace *trace, bool is_source,
                      char *text, size_t bytes)
{
    const struct operation_setup *setup = &trace->setup;
    const struct polished_ops *ops = is_source ? setup->source_ops : trace->ops;
    const polished_size *values =
        is_source ? setup->source_knobs : setup->knobs;
    int length = snprintf(text, bytes, "%s", ops->name);

    for (int i = 0; ops->knobs && ops->knobs[i].name; i++) {
        length += snprintf(text + length, bytes - (size_t)length,
                           "%c%s=", i == 0 ? ':' : ',', ops->knobs[i].name);
        if (ops->knobs[i].form != POLISHED_POLICY) {
            length += snprintf(text + length, bytes - (size_t)length,
                               "%" PRIu64, (uint64_t)values[i]);
            continue;
        }
        length += snprintf(text + length, bytes - (size_t)length, "(");
        length +=
            trace_spec(trace, true, text + length, bytes - (size_t)length);
        length += snprintf(text + length, bytes - (size_t)length, ")");
    }
    return length;
}

static struct trace_writer *trace_begin(struct operation_trace *trace,
                                        FILE *out, const char *format,
                                        struct trace_error *error)
{
    char spec[1024];
    struct trace_memory memory = {.base = trace->setup.bus_base,
                                  .size_bytes = trace->setup.size_bytes};
    char source[] = "operations of a fuzzer";
    const struct trace_header header = {.source = source,
                                        .spec = spec,
                                        .memory = &memory,
                                        .memory_count = 1,
                                        .align_bytes = 1};

    trace_spec(trace, false, spec, sizeof spec);
    return trace_create(out, format, &header, error);
}

/* A heap that will be extended has its control elsewhere, so let there be an
   extension at the end: what lies behind data is then as here. */
static void trace_end(struct operation_trace *trace)
{
    trace->event = (struct trace_event){.op = TRACE_EXTEND};
    trace->event.size_bytes = trace->setup.size_bytes +
                              trace->setup.more_bytes -
                              trace->heap.data.size_bytes;
    if (trace->event.size_bytes != 0)
        trace_write(trace->writer, &trace->event, 1);
}

static bool trace_fill(struct operation_trace *trace, const uint8_t *bytes,
                       size_t size)
{
    if (size < OPERATION_SETUP_BYTES)
        return false;
    if (!trace->ops) {
        size_t count = 0;

        while (polished_policies[count])
            count++;
        trace->ops =
            polished_policies[bytes[OPERATION_SETUP_BYTES - 1] % count];
    }
    operation_setup_decode(trace->ops, polished_policies, bytes, &trace->setup);
    return true;
}

static void trace_operations(struct operation_trace *trace,
                             const uint8_t *bytes, size_t size)
{
    struct operation operation;

    /* A fresh heap's mark is 0, 0; so are answers that never were. */
    sim_tell_mark(trace, 0, 0);
    trace_write(trace->writer, &trace->event, 1);
    for (size_t at = OPERATION_SETUP_BYTES;
         at + OPERATION_RECORD_BYTES <= size && !trace->is_over;
         at += OPERATION_RECORD_BYTES) {
        operation_decode(bytes + at, &operation);
        if (!sim_tell_operation(trace, &operation))
            return;
    }
    trace_end(trace);
}

bool sim_operation_trace(const struct polished_ops *ops, const uint8_t *bytes,
                         size_t size, FILE *out, const char *format,
                         struct trace_error *error)
{
    static struct operation_trace trace;
    enum polished_status status;

    memset(&trace, 0, sizeof trace);
    trace.ops = ops;
    if (!trace_fill(&trace, bytes, size))
        return trace_fail(error, TRACE_BAD, "shorter than a setup, %d bytes",
                          OPERATION_SETUP_BYTES);
    status = trace_open_heap(&trace);
    if (status != POLISHED_OK)
        return trace_fail(error, TRACE_BAD, "its heap is refused: %s",
                          polished_status_name(status));
    trace.writer = trace_begin(&trace, out, format, error);
    if (!trace.writer)
        return false;
    trace_operations(&trace, bytes, size);
    return trace_finish(trace.writer, error);
}
