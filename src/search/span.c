/*
 * span.c - first fit and best fit over plain address ranges.
 *
 * Best fit keeps the gaps a second time, as pairs of size and address.  The
 * endless rest is no such pair: it is chosen last.
 */
#include "search/span.h"

#include <stdlib.h>

#include "search/gaps.h"

struct span {
    struct search_gaps gaps;
    uint32_t root;  /* by address */
    uint32_t sizes; /* by size, then address */
};

/* Where a block goes; UINT64_MAX when out of memory. */
typedef uint64_t span_fit(const struct span *span,
                          const struct search_block *block);

static uint64_t span_fit_first(const struct span *span,
                               const struct search_block *block)
{
    uint64_t at = 0, found;

    for (;;) {
        found =
            search_gaps_seek(&span->gaps, span->root, at, block->size_bytes);
        if (found == at || found == UINT64_MAX)
            return found;
        at = search_aligned(found, block->align_bytes);
    }
}

static uint64_t span_fit_best(const struct span *span,
                              const struct search_block *block)
{
    const struct search_gap *nodes = span->gaps.nodes;
    uint32_t pair =
        search_gaps_from(&span->gaps, span->sizes, block->size_bytes, 0);

    while (pair != 0) {
        uint64_t size = nodes[pair].lower, gap = nodes[pair].upper;
        uint64_t at = search_aligned(gap, block->align_bytes);
        if (at - gap <= size - block->size_bytes)
            return at;
        pair = search_gaps_from(&span->gaps, span->sizes, size, gap + 1);
    }
    uint32_t rest = search_gaps_find(&span->gaps, span->root, UINT64_MAX - 1);
    return rest == 0 ? UINT64_MAX
                     : search_aligned(nodes[rest].lower, block->align_bytes);
}

static void span_list(struct span *span, uint64_t lower, uint64_t upper)
{
    if (lower < upper && upper != UINT64_MAX)
        span->sizes =
            search_gaps_add(&span->gaps, span->sizes, upper - lower, lower);
}

static void span_unlist(struct span *span, uint64_t lower, uint64_t upper)
{
    if (lower < upper && upper != UINT64_MAX)
        span->sizes =
            search_gaps_remove(&span->gaps, span->sizes, upper - lower, lower);
}

static void span_occupy(struct span *span, uint64_t lower, uint64_t upper)
{
    uint32_t found = search_gaps_find(&span->gaps, span->root, lower);
    struct search_gap gap = span->gaps.nodes[found];

    span_unlist(span, gap.lower, gap.upper);
    span->root = search_gaps_occupy(&span->gaps, span->root, lower, upper);
    span_list(span, gap.lower, lower);
    span_list(span, upper, gap.upper);
}

static void span_release(struct span *span, uint64_t lower, uint64_t upper)
{
    const struct search_gap *nodes = span->gaps.nodes;
    uint32_t above = search_gaps_find(&span->gaps, span->root, upper);
    uint32_t below =
        lower == 0 ? 0 : search_gaps_find(&span->gaps, span->root, lower - 1);
    uint64_t first = lower, last = upper;

    if (below != 0 && nodes[below].lower < lower)
        first = nodes[below].lower;
    if (above != 0 && nodes[above].lower == upper)
        last = nodes[above].upper;
    span_unlist(span, first, lower);
    span_unlist(span, upper, last);
    span->root = search_gaps_release(&span->gaps, span->root, lower, upper);
    span_list(span, first, last);
}

/* A block's end, to be sorted by time. */
struct span_end {
    uint64_t time;
    size_t block;
};

static int span_compare(const void *left, const void *right)
{
    const struct span_end *a = left, *b = right;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->block > b->block) - (a->block < b->block);
}

/* Replay the blocks; the span so far, UINT64_MAX when out of memory. */
static uint64_t span_replay(const struct search_blocks *blocks, span_fit *fit,
                            const struct span_end *ends, uint64_t *offsets)
{
    struct span span = {.sizes = 0};
    uint64_t reach = 0;
    size_t end = 0;

    search_gaps_begin(&span.gaps);
    span.root = search_gaps_all(&span.gaps);
    for (size_t i = 0; i < blocks->count && !span.gaps.short_of_memory; i++) {
        const struct search_block *block = &blocks->blocks[i];
        for (; ends[end].time <= block->lower; end++) {
            size_t gone = ends[end].block;
            span_release(&span, offsets[gone],
                         offsets[gone] + blocks->blocks[gone].size_bytes);
        }
        offsets[i] = fit(&span, block);
        if (offsets[i] == UINT64_MAX)
            break;
        span_occupy(&span, offsets[i], offsets[i] + block->size_bytes);
        if (offsets[i] + block->size_bytes > reach)
            reach = offsets[i] + block->size_bytes;
    }
    search_gaps_free(&span.gaps);
    return span.gaps.short_of_memory ? UINT64_MAX : reach;
}

static uint64_t span_measure(const struct search_blocks *blocks, span_fit *fit)
{
    struct span_end *ends = calloc(blocks->count + 1, sizeof *ends);
    uint64_t *offsets = calloc(blocks->count + 1, sizeof *offsets);
    uint64_t reach = UINT64_MAX;

    if (ends != NULL && offsets != NULL) {
        for (size_t i = 0; i < blocks->count; i++)
            ends[i] = (struct span_end){blocks->blocks[i].upper, i};
        qsort(ends, blocks->count, sizeof *ends, span_compare);
        ends[blocks->count].time = UINT64_MAX;
        reach = span_replay(blocks, fit, ends, offsets);
    }
    free(ends);
    free(offsets);
    return reach;
}

static uint64_t span_first(const struct search_blocks *blocks)
{
    return span_measure(blocks, span_fit_first);
}

static uint64_t span_best(const struct search_blocks *blocks)
{
    return span_measure(blocks, span_fit_best);
}

const struct search_span search_spans[] = {
    {"first-fit", span_first},
    {"best-fit", span_best},
    {NULL, NULL},
};
