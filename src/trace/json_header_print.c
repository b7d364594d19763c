/* trace/json_header_print.c - the header to JSON. */
#include "trace/json_header.h"

#include <cJSON.h>

#include "trace/json_print.h"

/* A number as we write it, not as cJSON would: exact, and no exponent. */
static bool header_print_count(cJSON *object, const char *key, uint64_t number)
{
    unsigned char text[JSON_PRINT_NUMBER + 1];

    *trace_json_print_count(text, number) = '\0';
    return cJSON_AddRawToObject(object, key, (char *)text);
}

static bool header_print_text(cJSON *object, const char *key, const char *text)
{
    return !text || cJSON_AddStringToObject(object, key, text);
}

static bool header_print_piece(cJSON *array, const struct trace_memory *piece)
{
    cJSON *object = cJSON_CreateObject();

    if (!object || !cJSON_AddItemToArray(array, object)) {
        cJSON_Delete(object);
        return false;
    }
    return header_print_count(object, "base", piece->base) &&
           header_print_count(object, "size", piece->size_bytes) &&
           (!piece->reserved || cJSON_AddTrueToObject(object, "reserved"));
}

static bool header_print_memory(cJSON *object,
                                const struct trace_header *header)
{
    cJSON *array;

    if (!header->memory)
        return true;
    array = cJSON_AddArrayToObject(object, "memory");
    for (size_t i = 0; array && i < header->memory_count; i++)
        if (!header_print_piece(array, &header->memory[i]))
            return false;
    return array != NULL;
}

char *trace_json_header_print(const struct trace_header *header)
{
    cJSON *object = cJSON_CreateObject();
    char *text = NULL;

    if (header_print_text(object, "format", "polished-trace") &&
        header_print_count(object, "version", 1) &&
        header_print_text(object, "name", header->name) &&
        header_print_text(object, "source", header->source) &&
        header_print_text(object, "spec", header->spec) &&
        (!header->align_bytes ||
         header_print_count(object, "align", header->align_bytes)) &&
        header_print_memory(object, header))
        text = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    return text;
}
