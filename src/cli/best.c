/* best.c - from a spooled trace to the best placement. */
#include "config.h"

#include "cli/best.h"

#include <string.h>

#include "cli/message.h"
#include "search/optimum.h"
#include "search/span.h"
#include "sim/spool.h"

static bool best_add(void *builder, const struct trace_event *events,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        search_build_add(builder, &events[i]);
    return true;
}

static void best_measure_spans(struct sim_run *run,
                               const struct search_blocks *blocks)
{
    for (const struct search_span *span = search_spans; span->policy != NULL;
         span++) {
        uint64_t reach = UINT64_MAX;
        for (size_t i = 0; i < run->policy_count; i++) {
            if (strcmp(run->policies[i].name, span->policy) != 0)
                continue;
            if (reach == UINT64_MAX)
                reach = span->measure(blocks);
            run->policies[i].span_bytes = reach == UINT64_MAX ? 0 : reach;
        }
    }
}

/* false: out of memory. */
static bool best_search(struct sim_run *run, const struct search_blocks *blocks,
                        bool asked)
{
    struct search_packing packing;
    bool fine = search_optimum(
        &packing, blocks, asked ? &search_effort_full : &search_effort_quick);

    if (fine) {
        run->trace.packing = packing.optimal ? SIM_OPTIMAL : SIM_BOUNDED;
        run->trace.load_bytes = packing.load_bytes;
        run->trace.packed_bytes = packing.packed_bytes;
        best_measure_spans(run, blocks);
    }
    search_packing_free(&packing);
    return fine;
}

bool cli_best(struct sim_run *run, const struct sim_ground *ground, bool asked,
              const char *program, struct trace_error *error)
{
    struct search_builder builder;
    struct search_blocks blocks;
    enum search_build state;
    bool read;

    search_build_begin(&builder, run->align_bytes);
    read = sim_spool_each(ground->spool, best_add, &builder, error);
    state = search_build_end(&builder, &blocks);
    if (read && state == SEARCH_BUILT && !best_search(run, &blocks, asked))
        state = SEARCH_SHORT_OF_MEMORY;
    if (read && state != SEARCH_BUILT && asked)
        cli_message(program, "%s: no best placement: %s", run->trace.path,
                    search_build_text(state));
    search_blocks_free(&blocks);
    return read;
}
