/* plans.c - see plans.h. */
#include "plans.h"

#include <stdio.h>
#include <string.h>

#define PLANS_KNOBS 4

struct plans_row {
    const char *policy; /* NULL: any that can what caps say */
    uint32_t caps;
    polished_size size_bytes[3]; /* for each scale */
    polished_size more_bytes, step;
    uint32_t owner_count;
    uint32_t shift_bytes; /* of the region, against the bus */
    bool is_coarse;       /* no sizes between steps */
    struct {
        const char *name;
        polished_size value;
    } knobs[PLANS_KNOBS]; /* of the source too */
};

/* Of those that name a policy, before those that name none, it has each. */
static const struct plans_row plans_rows[] = {
    {"bump", 0, {16, 32, 40}, 8, 8, 1, 0, true, {{0}}},
    {"stack", 0, {48, 72, 104}, 24, 8, 1, 4, false, {{0}}},
    {"first-fit", 0, {120, 168, 216}, 24, 8, 1, 0, false, {{0}}},
    {"next-fit", 0, {120, 168, 216}, 24, 8, 1, 0, false, {{0}}},
    {"best-fit", 0, {120, 168, 216}, 24, 8, 1, 0, false, {{0}}},
    {"worst-fit", 0, {120, 168, 216}, 24, 8, 1, 0, false, {{0}}},
    {"half-fit", 0, {104, 168, 200}, 24, 8, 1, 0, false, {{0}}},
    {"tlsf", 0, {104, 168, 200}, 24, 8, 1, 0, false, {{0}}},
    {"polished", 0, {88, 120, 168}, 24, 8, 1, 0, false, {{0}}},
    {"polished", 0, {72, 104, 136}, 24, 8, 1, 0, false, {{"align_bytes", 8}}},
    {"polished-compact", 0, {64, 104, 168}, 24, 8, 1, 0, false, {{0}}},
    {"polished-compact",
     0,
     {48, 56, 64},
     24,
     8,
     1,
     0,
     false,
     {{"granule_bytes", 8}}},
    {"buddy", 0, {64, 80, 112}, 32, 16, 1, 0, false, {{0}}},
    {"buddy", 0, {96, 160, 224}, 32, 16, 1, 0, false, {{"grain_bytes", 32}}},
    {"dma", 0, {24, 32, 40}, 8, 4, 1, 2, false, {{"grain_bytes", 4}}},
    {"frame-list",
     0,
     {72, 104, 136},
     24,
     16,
     1,
     8,
     false,
     {{"frame_bytes", 16}, {"ranges", 2}}},
    {"frame-list",
     0,
     {72, 136, 232},
     24,
     16,
     1,
     8,
     false,
     {{"frame_bytes", 32}, {"ranges", 2}}},
    {"pool", 0, {96, 128, 192}, 32, 16, 1, 4, false, {{0}}},
    {"slab",
     0,
     {512, 256, 320},
     256,
     64,
     1,
     0,
     false,
     {{"slab_bytes", 256}, {"least_bytes", 64}, {"frame_bytes", 256}}},
    {"user",
     0,
     {256, 256, 384},
     256,
     128,
     2,
     0,
     true,
     {{"page_bytes", 256},
      {"least_bytes", 64},
      {"heaps", 2},
      {"frame_bytes", 256}}},
    {NULL, POLISHED_SOURCE, {512, 1024, 1536}, 0, 256, 1, 0, true, {{0}}},
    {NULL,
     POLISHED_PAGES,
     {72, 104, 136},
     24,
     16,
     1,
     8,
     false,
     {{"frame_bytes", 16}, {"ranges", 2}}},
    {NULL, 0, {64, 72, 88}, 24, 8, 1, 0, false, {{0}}},
};

/* The number-th of those that name the policy; if none does, the first that
   suits.  NULL: there are no more. */
static const struct plans_row *plans_row_of(const struct polished_ops *ops,
                                            unsigned number)
{
    const struct plans_row *row = plans_rows;
    unsigned named = 0;

    for (; row->policy; row++)
        if (strcmp(row->policy, ops->name) == 0 && named++ == number)
            return row;
    if (named != 0 || number != 0)
        return NULL;
    while ((row->caps & ops->caps) != row->caps)
        row++;
    return row;
}

/* As the row says, else as is usual. */
static void plans_set_knobs(const struct plans_row *row,
                            const struct polished_ops *ops,
                            polished_size values[POLISHED_KNOBS])
{
    for (int i = 0; ops->knobs && ops->knobs[i].name; i++) {
        values[i] = ops->knobs[i].usual;
        for (int j = 0; j < PLANS_KNOBS && row->knobs[j].name; j++)
            if (strcmp(row->knobs[j].name, ops->knobs[i].name) == 0)
                values[i] = row->knobs[j].value;
    }
}

/* The first that keeps its state out of data, so that data is none. */
static const struct polished_ops *
plans_source(const struct polished_ops *const *rows)
{
    while (*rows && !(POLISHED_CAN_FEED((*rows)->caps) &&
                      ((*rows)->caps & POLISHED_NO_TOUCH)))
        rows++;
    return *rows;
}

/* As a spec: the policy and the knobs that are not as usual. */
static size_t plans_name(char *name, size_t room,
                         const struct polished_ops *ops,
                         const polished_size values[POLISHED_KNOBS])
{
    size_t length = (size_t)snprintf(name, room, "%s", ops->name);
    char mark = ':';

    for (int i = 0; ops->knobs && ops->knobs[i].name; i++) {
        if (values[i] == ops->knobs[i].usual)
            continue;
        length +=
            (size_t)snprintf(name + length, room - length, "%c%s=%llu", mark,
                             ops->knobs[i].name, (unsigned long long)values[i]);
        mark = ',';
    }
    return length;
}

bool plans_make(const struct polished_ops *ops,
                const struct polished_ops *const *rows, enum plans_scale scale,
                unsigned number, struct explorer_plan *plan)
{
    const struct plans_row *row = plans_row_of(ops, number);
    /* Heaps over heaps have many states. */
    bool is_tight = scale == PLANS_QUICK && (ops->caps & POLISHED_SOURCE);
    size_t length;

    if (row == NULL)
        return false;
    *plan = (struct explorer_plan){
        .ops = ops,
        .size_bytes = row->size_bytes[scale],
        .more_bytes = is_tight ? 0 : row->more_bytes,
        .step = row->step,
        .bus_base = (UINT64_C(1) << 20) + row->shift_bytes,
        .owner_count = row->owner_count,
        .is_coarse = row->is_coarse || is_tight,
    };
    plans_set_knobs(row, ops, plan->knobs);
    length = plans_name(plan->name, sizeof plan->name, ops, plan->knobs);
    if (ops->caps & POLISHED_SOURCE) {
        plan->source_ops = plans_source(rows);
        plans_set_knobs(row, plan->source_ops, plan->source_knobs);
        snprintf(plan->name + length, sizeof plan->name - length, " over %s",
                 plan->source_ops->name);
    }
    return true;
}
