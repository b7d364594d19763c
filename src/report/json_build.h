/* report/json_build.h - the parts of the result document. */
#ifndef REPORT_JSON_BUILD_H
#define REPORT_JSON_BUILD_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "sim/result.h"

/*
 * A document under construction.  Additions that fail for want of memory are
 * remembered, not checked one by one: a NULL object takes additions too.
 */
struct report_json {
    bool short_of_memory;
};

void report_json_check(struct report_json *build, const void *item);
void report_json_raw(struct report_json *build, cJSON *object, const char *key,
                     const char *text);
void report_json_count(struct report_json *build, cJSON *object,
                       const char *key, uint64_t count);
void report_json_ratio(struct report_json *build, cJSON *object,
                       const char *key, double ratio);
void report_json_text(struct report_json *build, cJSON *object, const char *key,
                      const char *from);
cJSON *report_json_object(struct report_json *build, cJSON *object,
                          const char *key);
cJSON *report_json_array(struct report_json *build, cJSON *object,
                         const char *key);
/* A new object at the end of an array. */
cJSON *report_json_element(struct report_json *build, cJSON *array);

/* json_failure.c: what failed, why, and what helps. */
void report_json_failures(struct report_json *build, cJSON *object,
                          const struct sim_run *run,
                          const struct sim_policy *policy);

/* json_explain.c: the heap around one event. */
void report_json_explained(struct report_json *build, cJSON *object,
                           const struct sim_policy *policy);

/* json_blame.c: who fragments its min heap. */
void report_json_blame(struct report_json *build, cJSON *object,
                       const struct sim_policy *policy);

#endif
