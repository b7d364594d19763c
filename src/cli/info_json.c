/* info_json.c - the facts as JSON, integers exact. */
#include "config.h"

#include <cjson/cJSON.h>
#include <inttypes.h>

#include "cli/info.h"
#include "report/number.h"
#include "report/plain.h"
#include "trace/rules.h"

enum { INFO_JSON_TEXT_BYTES = 4096 };

static void info_json_count(cJSON *object, const char *key, uint64_t count)
{
    char text[REPORT_NUMBER_BYTES];

    snprintf(text, sizeof text, "%" PRIu64, count);
    cJSON_AddRawToObject(object, key, text);
}

static void info_json_text(cJSON *object, const char *key, const char *from)
{
    char text[INFO_JSON_TEXT_BYTES];

    if (from != NULL)
        cJSON_AddStringToObject(object, key,
                                report_utf8(text, sizeof text, from));
}

static void info_json_memory(cJSON *object, const struct trace_header *header)
{
    if (header->memory_count == 0)
        return;
    cJSON *memory = cJSON_AddArrayToObject(object, "memory");
    for (size_t i = 0; i < header->memory_count; i++) {
        cJSON *piece = cJSON_CreateObject();
        info_json_count(piece, "base", header->memory[i].base);
        info_json_count(piece, "size_bytes", header->memory[i].size_bytes);
        if (header->memory[i].reserved)
            cJSON_AddTrueToObject(piece, "reserved");
        cJSON_AddItemToArray(memory, piece);
    }
}

void cli_info_json(struct cli_info_sink *sink, const struct cli_info *info)
{
    cJSON *object = cJSON_CreateObject();

    info_json_text(object, "name", info->header->name);
    info_json_text(object, "source", info->header->source);
    info_json_text(object, "spec", info->header->spec);
    info_json_text(object, "format", info->format);
    info_json_memory(object, info->header);
    cJSON *ops = cJSON_AddObjectToObject(object, "ops");
    for (int op = 0; op < TRACE_OP_COUNT; op++)
        info_json_count(ops, trace_op_name((size_t)op), info->ops[op]);
    for (const struct cli_info_fact *fact = cli_info_facts; fact->key; fact++)
        info_json_count(object, fact->key, cli_info_value(fact, info));
    if (ops == NULL || !cJSON_AddItemToArray(sink->traces, object)) {
        cJSON_Delete(object);
        sink->short_of_memory = true;
    }
}
