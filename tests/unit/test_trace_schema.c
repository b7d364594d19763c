/* The schema of traces against the reader: both know the same members of each
   operation. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "trace/rules.h"
#include "trace_dump.h"
#include "unit.h"

static const struct member {
    const char *name, *value;
    unsigned bit; /* in the rules; only those that an operation may need */
} members[] = {
    {"id", "1", TRACE_STATES_ID},
    {"size", "8", TRACE_STATES_SIZE},
    {"align", "16", 0},
    {"zero", "true", 0},
    {"below", "4096", 0},
    {"boundary", "4096", 0},
    {"heap", "0", TRACE_HAS_HEAP},
    {"label", "\"x\"", TRACE_STATES_LABEL},
    {"name", "\"x\"", TRACE_STATES_NAME},
    {"delta", "8", 0},
    {"claim", "8", 0},
    {"a", "1", 0},
    {"b", "1", 0},
};

enum { MEMBERS = sizeof members / sizeof *members };

static cJSON *schema_read(void)
{
    const char *srcdir = getenv("srcdir");
    char path[4096], text[65536];

    snprintf(path, sizeof path, "%s/docs/trace.schema.json",
             srcdir != NULL ? srcdir : ".");
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return cJSON_Parse(text);
}

/* The members that the schema lets an operation have. */
static const cJSON *schema_members(const cJSON *schema, const char *op)
{
    const cJSON *defs = cJSON_GetObjectItem(schema, "$defs");
    const cJSON *def =
        cJSON_GetObjectItem(defs, strcmp(op, "rewind") == 0 ? "mark" : op);

    return cJSON_GetObjectItem(def, "properties");
}

/* Does the reader let an event of this operation have that member, beside
   those that it needs? */
static bool reader_takes(size_t op, const struct member *extra)
{
    char text[512];
    size_t length = (size_t)snprintf(
        text, sizeof text, "{\"events\":[{\"op\":\"%s\"", trace_rules[op].name);

    for (size_t i = 0; i < MEMBERS; i++)
        if (&members[i] == extra || (trace_rules[op].needs & members[i].bit))
            length += (size_t)snprintf(text + length, sizeof text - length,
                                       ",\"%s\":%s", members[i].name,
                                       members[i].value);
    snprintf(text + length, sizeof text - length, "}]}");
    char *error = dump_error(
        &(struct dump_bytes){.bytes = text, .count = strlen(text), .chunk = 97},
        DUMP_MISUSE);
    bool takes = strstr(error, " takes no ") == NULL;
    free(error);
    return takes;
}

static void schema_and_reader_agree(void **state)
{
    cJSON *schema = schema_read();

    (void)state;
    assert_non_null(schema);
    for (size_t op = 0; op < TRACE_OP_COUNT; op++)
        for (size_t i = 0; i < MEMBERS; i++) {
            const char *name = trace_rules[op].name;
            bool known = cJSON_HasObjectItem(schema_members(schema, name),
                                             members[i].name);

            if (known != reader_takes(op, &members[i]))
                fail_msg("\"%s\" of %s: the schema says %s", members[i].name,
                         name, known ? "yes" : "no");
        }
    cJSON_Delete(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_and_reader_agree),
    };

    return cmocka_run_group_tests_name("trace schema", tests, NULL, NULL);
}
