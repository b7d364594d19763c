/*
 * search/blocks.h - a trace as lifetimes, for questions about placement.
 *
 * Time is compressed to sections: a new one begins only where a birth
 * follows a death, so that the blocks of a section are all alive at once and
 * no larger set is alive between two sections.  Blocks overlap in time if
 * they share a section.
 *
 * A realloc is a free and an alloc at one instant.  Requests of 0 bytes take
 * no room, leaked blocks live to the end.
 */
#ifndef SEARCH_BLOCKS_H
#define SEARCH_BLOCKS_H

#include <stdbool.h>

#include "trace/event.h"

struct search_block {
    uint64_t size_bytes;   /* a multiple of the granule once built */
    uint64_t align_bytes;  /* its offset is a multiple of this */
    uint64_t lower, upper; /* events: alive from lower to before upper */
    uint32_t birth, death; /* the first and the last section */
};

/* In the order of their births. */
struct search_blocks {
    struct search_block *blocks;
    size_t count;
    uint32_t sections;
    uint64_t granule_bytes; /* the smallest alignment of any request */
    uint64_t load_bytes;    /* L: the most that is alive at once */
};

enum search_build {
    SEARCH_BUILT,
    SEARCH_SHORT_OF_MEMORY,
    SEARCH_TOO_LARGE, /* the sizes add up to more than 2^62 bytes */
    SEARCH_HAS_LIMITS /* requests have limits, which no bound here knows */
};

struct search_slot {
    uint64_t align_bytes;
    size_t block; /* its number, from 1; 0: it has none */
};

struct search_builder {
    struct search_blocks made;
    enum search_build state;
    size_t capacity;
    struct search_slot *slots;
    size_t slot_count;
    uint64_t usual_align_bytes;
    uint64_t events;
    uint32_t section;
    bool died; /* the last birth or death was a death */
};

void search_build_begin(struct search_builder *builder,
                        uint64_t usual_align_bytes);

/* One event of a resolved trace (sim/feed.h): its ids are slots. */
void search_build_add(struct search_builder *builder,
                      const struct trace_event *event);

/*
 * The blocks, which are the caller's to free, if SEARCH_BUILT; else *blocks
 * is empty.  The builder is used up.
 */
enum search_build search_build_end(struct search_builder *builder,
                                   struct search_blocks *blocks);

/* The largest load of each section: sections numbers, malloc'ed; NULL when
   out of memory. */
uint64_t *search_blocks_loads(const struct search_blocks *blocks);

/* Why there are no blocks, for people. */
const char *search_build_text(enum search_build state);

void search_blocks_free(struct search_blocks *blocks);

static inline uint64_t search_aligned(uint64_t at, uint64_t align_bytes)
{
    return (at + align_bytes - 1) & ~(align_bytes - 1);
}

static inline bool search_meet(const struct search_block *a,
                               const struct search_block *b)
{
    return a->birth <= b->death && b->birth <= a->death;
}

#endif
