/* json_build.c - additions to a document. */
#include "config.h"

#include "report/json_build.h"

#include <inttypes.h>
#include <stdio.h>

#include "report/number.h"
#include "report/plain.h"

enum { JSON_TEXT_BYTES = 4 * SIM_SPEC_BYTES };

void report_json_check(struct report_json *build, const void *item)
{
    if (item == NULL)
        build->short_of_memory = true;
}

void report_json_raw(struct report_json *build, cJSON *object, const char *key,
                     const char *text)
{
    report_json_check(build, cJSON_AddRawToObject(object, key, text));
}

void report_json_count(struct report_json *build, cJSON *object,
                       const char *key, uint64_t count)
{
    char text[REPORT_NUMBER_BYTES];

    snprintf(text, sizeof text, "%" PRIu64, count);
    report_json_raw(build, object, key, text);
}

void report_json_ratio(struct report_json *build, cJSON *object,
                       const char *key, double ratio)
{
    char text[REPORT_NUMBER_BYTES];

    report_json_raw(build, object, key, report_fixed(text, ratio, 6));
}

void report_json_text(struct report_json *build, cJSON *object, const char *key,
                      const char *from)
{
    char text[JSON_TEXT_BYTES];

    report_json_check(
        build, cJSON_AddStringToObject(object, key,
                                       report_utf8(text, sizeof text, from)));
}

cJSON *report_json_object(struct report_json *build, cJSON *object,
                          const char *key)
{
    cJSON *made = cJSON_AddObjectToObject(object, key);

    report_json_check(build, made);
    return made;
}

cJSON *report_json_array(struct report_json *build, cJSON *object,
                         const char *key)
{
    cJSON *made = cJSON_AddArrayToObject(object, key);

    report_json_check(build, made);
    return made;
}

/* A new object at the end of an array. */
cJSON *report_json_element(struct report_json *build, cJSON *array)
{
    cJSON *made = cJSON_CreateObject();

    report_json_check(build, made);
    if (made != NULL && !cJSON_AddItemToArray(array, made)) {
        cJSON_Delete(made);
        build->short_of_memory = true;
        return NULL;
    }
    return made;
}
