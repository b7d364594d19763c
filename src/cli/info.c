/* info.c - the facts as a table, for people and for programs. */
#include "config.h"

#include "cli/info.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#include "cli/terminal.h"
#include "report/number.h"
#include "report/plain.h"
#include "trace/rules.h"

enum { INFO_TEXT_BYTES = 4096, INFO_LABEL = 14 };

#define FACT(in, member, label, is_size, always)                               \
    {                                                                          \
#member, label, is_size, always, offsetof(struct cli_info, in member)  \
    }
const struct cli_info_fact cli_info_facts[] = {
    FACT(census., events, "events", false, true),
    FACT(census., allocs, "allocs", false, true),
    FACT(census., frees, "frees", false, true),
    FACT(census., reallocs, "reallocs", false, true),
    FACT(census., zero_requests, "of 0 bytes", false, false),
    FACT(census., requested_bytes, "requested", true, true),
    FACT(census., smallest_request_bytes, "smallest", true, true),
    FACT(census., largest_request_bytes, "largest", true, true),
    FACT(census., smallest_align_bytes, "align from", true, true),
    FACT(census., largest_align_bytes, "align to", true, true),
    FACT(census., usual_align_bytes, "align usually", true, true),
    FACT(census., peak_live_bytes, "peak live", true, true),
    FACT(census., peak_event, "  at event", false, true),
    FACT(census., peak_live_blocks, "peak blocks", false, true),
    FACT(census., load_bytes, "peak aligned", true, true),
    FACT(census., live_blocks, "leaked blocks", false, true),
    FACT(census., live_bytes, "leaked", true, true),
    FACT(, threads, "threads", false, false),
    FACT(, sites, "sites", false, false),
    {NULL, NULL, false, false, 0},
};
#undef FACT

uint64_t cli_info_value(const struct cli_info_fact *fact,
                        const struct cli_info *info)
{
    uint64_t value;

    memcpy(&value, (const char *)info + fact->offset, sizeof value);
    return value;
}

static void info_line(struct cli_info_sink *sink, const char *label,
                      const char *text)
{
    char plain[INFO_TEXT_BYTES];

    if (text == NULL)
        return;
    report_plain(plain, sizeof plain, text, sink->unicode);
    fprintf(sink->out, "%-*s %s\n", INFO_LABEL, label, plain);
}

/* The kinds of events that allocs, frees and reallocs do not tell of. */
static void info_ops(struct cli_info_sink *sink, const struct cli_info *info)
{
    char text[REPORT_NUMBER_BYTES];

    for (int op = TRACE_REALLOC + 1; op < TRACE_OP_COUNT; op++)
        if (info->ops[op] != 0)
            info_line(sink, trace_op_name((size_t)op),
                      report_count(text, info->ops[op]));
}

static void info_memory(struct cli_info_sink *sink,
                        const struct trace_header *header)
{
    char text[INFO_TEXT_BYTES], size[REPORT_NUMBER_BYTES];

    for (size_t i = 0; i < header->memory_count; i++) {
        const struct trace_memory *memory = &header->memory[i];
        snprintf(text, sizeof text, "0x%" PRIx64 " %s%s", memory->base,
                 report_size_exact(size, memory->size_bytes),
                 memory->reserved ? ", reserved" : "");
        info_line(sink, "memory", text);
    }
}

void cli_info_text(struct cli_info_sink *sink, const struct cli_info *info)
{
    const struct trace_header *header = info->header;
    char text[REPORT_NUMBER_BYTES];

    if (sink->count > 0)
        putc('\n', sink->out);
    info_line(sink, "trace", info->path);
    info_line(sink, "name", header->name);
    info_line(sink, "source", header->source);
    info_line(sink, "spec", header->spec);
    info_line(sink, "format", info->format);
    info_memory(sink, header);
    for (const struct cli_info_fact *fact = cli_info_facts; fact->key; fact++) {
        uint64_t value = cli_info_value(fact, info);
        if (value == 0 && !fact->always)
            continue;
        info_line(sink, fact->label,
                  fact->is_size ? report_size_exact(text, value)
                                : report_count(text, value));
    }
    info_ops(sink, info);
}

void cli_info_begin(struct cli_info_sink *sink, FILE *out, bool json)
{
    *sink = (struct cli_info_sink){.out = out};
    sink->unicode = cli_style(true, CLI_COLOR_NEVER).unicode;
    if (!json)
        return;
    sink->document = cJSON_CreateObject();
    cJSON_AddStringToObject(sink->document, "format", "polished-info");
    cJSON_AddNumberToObject(sink->document, "version", 1);
    sink->traces = cJSON_AddArrayToObject(sink->document, "traces");
    sink->short_of_memory = sink->traces == NULL;
}

void cli_info_add(struct cli_info_sink *sink, const struct cli_info *info)
{
    if (sink->document != NULL)
        cli_info_json(sink, info);
    else if (!sink->short_of_memory)
        cli_info_text(sink, info);
    sink->count++;
}

bool cli_info_end(struct cli_info_sink *sink)
{
    char *text = NULL;

    if (sink->document == NULL)
        return !sink->short_of_memory;
    if (!sink->short_of_memory)
        text = cJSON_Print(sink->document);
    cJSON_Delete(sink->document);
    if (text == NULL)
        return false;
    fprintf(sink->out, "%s\n", text);
    cJSON_free(text);
    return true;
}
