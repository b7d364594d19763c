#include "search/meetings.h"

#include <stdlib.h>

/* Called twice: without items it only counts. */
static void meetings_relate(const struct search_blocks *blocks,
                            struct search_lists *near,
                            struct search_lists *alive)
{
    size_t used = 0;

    for (size_t i = 0; i < blocks->count; i++) {
        near->first[i] = (uint32_t)used;
        for (size_t j = 0; j < blocks->count; j++)
            if (i != j && search_meet(&blocks->blocks[i], &blocks->blocks[j])) {
                if (near->items != NULL)
                    near->items[used] = (uint32_t)j;
                used++;
            }
    }
    near->first[blocks->count] = (uint32_t)used;
    used = 0;
    for (uint32_t s = 0; s < blocks->sections; s++) {
        alive->first[s] = (uint32_t)used;
        for (size_t i = 0; i < blocks->count; i++)
            if (blocks->blocks[i].birth <= s && s <= blocks->blocks[i].death) {
                if (alive->items != NULL)
                    alive->items[used] = (uint32_t)i;
                used++;
            }
    }
    alive->first[blocks->sections] = (uint32_t)used;
}

bool search_meetings(const struct search_blocks *blocks,
                     struct search_lists *near, struct search_lists *alive)
{
    near->first = calloc(blocks->count + 1, sizeof *near->first);
    alive->first = calloc((size_t)blocks->sections + 1, sizeof *alive->first);
    near->items = alive->items = NULL;
    if (near->first == NULL || alive->first == NULL)
        return false;
    meetings_relate(blocks, near, alive);
    size_t pairs = near->first[blocks->count];
    size_t lives = alive->first[blocks->sections];
    near->items = calloc(pairs + 1, sizeof *near->items);
    alive->items = calloc(lives + 1, sizeof *alive->items);
    if (near->items == NULL || alive->items == NULL)
        return false;
    meetings_relate(blocks, near, alive);
    return true;
}

void search_lists_free(struct search_lists *lists)
{
    free(lists->first);
    free(lists->items);
}
