/* json_explain.c - the heap around one event. */
#include "config.h"

#include "report/json_build.h"

struct json_number {
    const char *key;
    uint64_t count;
    bool always; /* 0 is an answer */
};

static void json_numbers(struct report_json *build, cJSON *object,
                         const struct json_number *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i].always || numbers[i].count != 0)
            report_json_count(build, object, numbers[i].key, numbers[i].count);
}

static void json_holder(struct report_json *build, cJSON *object,
                        const struct sim_holder *holder)
{
    const struct json_number numbers[] = {
        {"offset_bytes", holder->offset_bytes, true},
        {"size_bytes", holder->size_bytes, true},
        {"asked_bytes", holder->asked_bytes, holder->birth != 0},
        {"from_event", holder->birth, false},
        {"until_event", holder->end, false},
    };

    report_json_text(build, object, "where", sim_where_name(holder->where));
    json_numbers(build, object, numbers, sizeof numbers / sizeof *numbers);
    if (holder->site != 0)
        report_json_text(build, object, "site", holder->label);
}

static const char *json_answer(const struct sim_explained *explained)
{
    if (explained->failure.event != 0)
        return sim_verdict_name(explained->failure.verdict);
    return explained->skipped ? "skipped" : "served";
}

void report_json_explained(struct report_json *build, cJSON *object,
                           const struct sim_policy *policy)
{
    const struct sim_explained *explained = &policy->explained;
    bool of_block = explained->op <= TRACE_REALLOC;
    const struct json_number numbers[] = {
        {"size_bytes", explained->size_bytes, of_block},
        {"align_bytes", explained->align_bytes, of_block},
        {"from_event", explained->birth, false},
        {"free_bytes", explained->free_bytes, true},
        {"largest_free_bytes", explained->largest_free_bytes, true},
        {"holes", explained->holes, true},
        {"window_offset_bytes", explained->window_offset_bytes, true},
        {"window_bytes", explained->window_bytes, true},
        {"holder_count", explained->holder_count, true},
    };

    if (explained->event == 0)
        return;
    cJSON *made = report_json_object(build, object, "explained");
    report_json_count(build, made, "event", explained->event);
    report_json_text(build, made, "op", sim_op_name(explained->op));
    report_json_text(build, made, "answer", json_answer(explained));
    json_numbers(build, made, numbers, sizeof numbers / sizeof *numbers);
    cJSON *holders = report_json_array(build, made, "holders");
    for (size_t i = 0; i < SIM_HOLDERS && i < explained->holder_count; i++)
        json_holder(build, report_json_element(build, holders),
                    &explained->holders[i]);
}
