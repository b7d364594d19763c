/* json_blame.c - who fragments a heap. */
#include "config.h"

#include "report/json_build.h"

static void json_culprit(struct report_json *build, cJSON *object,
                         const struct sim_blame *blame,
                         const struct sim_culprit *culprit)
{
    if (culprit->site != 0)
        report_json_text(build, object, "site", culprit->label);
    if (culprit->least_bytes != 0) {
        report_json_count(build, object, "least_bytes", culprit->least_bytes);
        report_json_count(build, object, "most_bytes", culprit->most_bytes);
    }
    if (!culprit->own)
        report_json_count(build, object, "blocks", culprit->blocks);
    report_json_count(build, object, "hole_bytes",
                      culprit->byte_events / blame->events);
    report_json_ratio(build, object, "share",
                      (double)culprit->byte_events /
                          (double)blame->byte_events);
    if (!culprit->tried)
        return;
    report_json_count(build, object, "elsewhere_bytes",
                      culprit->elsewhere_bytes);
    report_json_count(build, object, "min_heap_bytes", culprit->min_heap_bytes);
}

void report_json_blame(struct report_json *build, cJSON *object,
                       const struct sim_policy *policy)
{
    const struct sim_blame *blame = &policy->blame;

    if (blame->memory_bytes == 0 || blame->events == 0)
        return;
    cJSON *made = report_json_object(build, object, "blame");
    report_json_text(build, made, "by", blame->by_site ? "site" : "size");
    report_json_count(build, made, "memory_bytes", blame->memory_bytes);
    report_json_count(build, made, "hole_bytes",
                      blame->byte_events / blame->events);
    report_json_count(build, made, "culprit_count", blame->culprit_count);
    cJSON *culprits = report_json_array(build, made, "culprits");
    for (size_t i = 0; i < SIM_CULPRITS && i < blame->culprit_count; i++)
        json_culprit(build, report_json_element(build, culprits), blame,
                     &blame->culprits[i]);
}
