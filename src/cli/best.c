/* best.c - from watched events to the best placement. */
#include "config.h"

#include "cli/best.h"

#include <string.h>

#include "cli/message.h"
#include "search/optimum.h"
#include "search/span.h"

enum { BEST_EVENTS_MOST = 20000 }; /* unless asked */

void cli_best_begin(struct cli_best *best, bool asked)
{
    best->asked = asked;
    best->begun = false;
}

void cli_best_watch(void *watcher, const struct trace_event *events,
                    size_t count, uint64_t align_bytes)
{
    struct cli_best *best = watcher;

    if (!best->begun)
        search_build_begin(&best->builder, align_bytes,
                           best->asked ? 0 : BEST_EVENTS_MOST);
    best->begun = true;
    for (size_t i = 0; i < count; i++)
        search_build_add(&best->builder, &events[i]);
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
static bool best_search(const struct cli_best *best, struct sim_run *run,
                        const struct search_blocks *blocks)
{
    struct search_packing packing;
    bool fine = search_optimum(&packing, blocks,
                               best->asked ? &search_effort_full
                                           : &search_effort_quick);

    if (fine) {
        run->trace.packing = packing.optimal ? SIM_OPTIMAL : SIM_BOUNDED;
        run->trace.load_bytes = packing.load_bytes;
        run->trace.packed_bytes = packing.packed_bytes;
        best_measure_spans(run, blocks);
    }
    search_packing_free(&packing);
    return fine;
}

void cli_best_end(struct cli_best *best, struct sim_run *run,
                  const char *program)
{
    struct search_blocks blocks;

    if (!best->begun)
        return;
    enum search_build state = search_build_end(&best->builder, &blocks);
    if (state == SEARCH_BUILT && run != NULL &&
        !best_search(best, run, &blocks))
        state = SEARCH_SHORT_OF_MEMORY;
    if (state != SEARCH_BUILT && run != NULL && best->asked)
        cli_message(program, "%s: no best placement: %s", run->trace.path,
                    search_build_text(state));
    search_blocks_free(&blocks);
}
