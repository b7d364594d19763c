/*
 * check.c - sweep over time with the live blocks in a search tree.
 *
 * The tree's order calls two blocks equal if they overlap: among disjoint
 * intervals that is an order, and the first block that breaks it is found by
 * looking for its own place.
 */
#include "config.h"

#include "search/check.h"

#include <search.h>
#include <stdlib.h>

struct check_moment {
    uint64_t time;
    bool begins;
    size_t number;
};

/* Ends stand before beginnings: lives are half open. */
static int check_compare_moments(const void *left, const void *right)
{
    const struct check_moment *a = left, *b = right;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->begins != b->begins)
        return a->begins ? 1 : -1;
    return (a->number > b->number) - (a->number < b->number);
}

static int check_compare_blocks(const void *left, const void *right)
{
    const struct search_placed *a = left, *b = right;

    if (a->offset + a->size_bytes <= b->offset)
        return -1;
    return b->offset + b->size_bytes <= a->offset;
}

/* Blocks without life or size overlap nothing. */
static size_t check_moments(struct check_moment *moments,
                            const struct search_placed *blocks, size_t count)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        if (blocks[i].lower >= blocks[i].upper || blocks[i].size_bytes == 0)
            continue;
        moments[used++] = (struct check_moment){blocks[i].lower, true, i};
        moments[used++] = (struct check_moment){blocks[i].upper, false, i};
    }
    qsort(moments, used, sizeof *moments, check_compare_moments);
    return used;
}

static void check_nothing(void *block)
{
    (void)block;
}

static bool check_sweep(struct search_findings *findings,
                        const struct search_placed *blocks,
                        const struct check_moment *moments, size_t count)
{
    void *alive = NULL;
    uint64_t load = 0;
    bool fine = true;

    for (size_t i = 0; fine && !findings->overlap && i < count; i++) {
        const struct search_placed *block = &blocks[moments[i].number];
        if (!moments[i].begins) {
            tdelete(block, &alive, check_compare_blocks);
            load -= block->size_bytes;
            continue;
        }
        const struct search_placed **found =
            tsearch(block, &alive, check_compare_blocks);
        load += block->size_bytes;
        fine = found != NULL;
        if (!fine)
            break;
        if (*found != block) {
            findings->overlap = true;
            findings->first = (size_t)(*found - blocks);
            findings->second = moments[i].number;
        }
        if (load > findings->load_bytes)
            findings->load_bytes = load;
    }
    tdestroy(alive, check_nothing);
    return fine;
}

bool search_check(struct search_findings *findings,
                  const struct search_placed *blocks, size_t count)
{
    struct check_moment *moments = calloc(2 * count + 1, sizeof *moments);

    *findings = (struct search_findings){0};
    if (moments == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (blocks[i].offset + blocks[i].size_bytes > findings->height_bytes)
            findings->height_bytes = blocks[i].offset + blocks[i].size_bytes;
    bool fine = check_sweep(findings, blocks, moments,
                            check_moments(moments, blocks, count));
    free(moments);
    return fine;
}
