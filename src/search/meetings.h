/* search/meetings.h - who meets whom in time, of some hundred blocks. */
#ifndef SEARCH_MEETINGS_H
#define SEARCH_MEETINGS_H

#include "search/blocks.h"

/* A list of block numbers per item, one list behind the other. */
struct search_lists {
    uint32_t *first; /* of each item; one more at the end */
    uint32_t *items;
};

/* near: per block, those that it meets; alive: per section, its blocks.
   false: out of memory; free both in either case. */
bool search_meetings(const struct search_blocks *blocks,
                     struct search_lists *near, struct search_lists *alive);

void search_lists_free(struct search_lists *lists);

#endif
