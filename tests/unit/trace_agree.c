#include "config.h"

#include "trace_agree.h"

#include <stdlib.h>
#include <string.h>

#include "trace/rules.h"

static bool agree_count(const cJSON *event, const char *key, uint64_t value)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(event, key);

    if (!item)
        return false;
    if (cJSON_IsString(item))
        return strtoull(item->valuestring, NULL, 16) == value;
    return cJSON_IsNumber(item) &&
           (value > (uint64_t)1 << 53 || item->valuedouble == (double)value);
}

static bool agree_event(const cJSON *item, const struct trace_event *event)
{
    const struct trace_rule *rule = &trace_rules[event->op];
    const cJSON *op = cJSON_GetObjectItemCaseSensitive(item, "op");

    if (!cJSON_IsString(op) || strcmp(op->valuestring, rule->name) != 0)
        return false;
    if ((rule->needs & TRACE_STATES_ID) && !agree_count(item, "id", event->id))
        return false;
    if ((rule->needs & TRACE_STATES_SIZE) &&
        !agree_count(item, "size", event->size_bytes))
        return false;
    if ((event->has & TRACE_HAS_HEAP) &&
        !agree_count(item, "heap", event->heap))
        return false;
    if ((event->has & TRACE_HAS_ALIGN) &&
        !agree_count(item, "align", event->align_bytes))
        return false;
    return !(event->has & TRACE_HAS_THREAD) ||
           agree_count(item, "thread", event->thread);
}

bool agree_events(const cJSON *tree, struct trace_reader *reader)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(tree, "events")->child;
    struct trace_event event;
    bool same = true;

    while (same && trace_read(reader, &event, 1) > 0) {
        same = item && agree_event(item, &event);
        item = item ? item->next : NULL;
    }
    return same && !item;
}
