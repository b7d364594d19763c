#include "search/incumbent.h"

#include <stdlib.h>

bool search_incumbent_begin(struct search_incumbent *best,
                            const struct search_blocks *blocks)
{
    size_t count = blocks->count + 1;

    *best = (struct search_incumbent){
        .blocks = blocks,
        .height = UINT64_MAX,
        .offsets = malloc(count * sizeof *best->offsets),
        .trial = malloc(count * sizeof *best->trial),
    };
    return best->offsets != NULL && best->trial != NULL;
}

void search_incumbent_free(struct search_incumbent *best)
{
    free(best->offsets);
    free(best->trial);
}

void search_incumbent_offer(struct search_incumbent *best)
{
    uint64_t *trial = best->trial, height = 0;

    for (size_t i = 0; i < best->blocks->count; i++) {
        uint64_t top = trial[i] + best->blocks->blocks[i].size_bytes;
        height = top > height ? top : height;
    }
    if (height >= best->height)
        return;
    best->height = height;
    best->trial = best->offsets;
    best->offsets = trial;
}

bool search_incumbent_is_load(const struct search_incumbent *best)
{
    return best->height == best->blocks->load_bytes;
}
