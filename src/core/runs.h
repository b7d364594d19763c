/*
 * core/runs.h - which units of a memory are free, and which begin a block.
 *
 *     unit    0 1 2 3 4 5 6 7 8 9 ...
 *     used    1 1 1 0 0 1 0 0 0 1        two bits a unit
 *     start   1 0 0 0 0 1 0 0 0 1        a block begins here
 *
 *     node    first 0, longest 3, last 0: the free runs at both ends of what
 *             it covers, and the longest free run in it; wide 2: the longest
 *             that is as aligned as it is long, here 6 and 7 (1 + log2)
 *
 * A leaf covers 512 units, a node above it four nodes; so one look a level
 * finds a free run of any length, the lowest or the highest, however full the
 * memory is.  (The page allocator of Go has such a tree, with other sizes and
 * without width.)
 *
 * A node that is all free, or wholly inside of one block, says so, and nothing
 * below it is ever read: the memory of the tree may have any content at first,
 * init, reset and a run of any length take O(log units).
 *
 * struct runs stands at the head of its heap's control.  It counts steps for
 * the heap.
 */
#ifndef CORE_RUNS_H
#define CORE_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "polished/heap.h"

/* Units in a word, words in a leaf, children of a node, units in all. */
#ifndef RUNS_WORD_BITS
#define RUNS_WORD_BITS  64
#define RUNS_LEAF_WORDS 8
#define RUNS_FAN_LOG2   2
#define RUNS_SPAN       (UINT64_C(1) << 32)
#endif

#define RUNS_LEVELS 16

enum runs_kind {
    RUNS_MIXED,
    RUNS_FREE,  /* all of it; nothing below is valid */
    RUNS_INSIDE /* all of it inside of a block; nothing below is valid */
};

struct runs_word {
    uint64_t used, start;
};

struct runs_node {
    uint32_t first, last, longest; /* of a mixed node, else 0 */
    uint16_t wide;                 /* too */
    uint16_t kind;
};

struct runs {
    struct runs_word *words;
    struct runs_node *nodes;
    uint64_t capacity;            /* units; whole words */
    uint32_t top;                 /* the level of the root; leaves are 0 */
    uint32_t levels[RUNS_LEVELS]; /* the first node of each level */
};

/* [first, end) */
struct runs_run {
    uint64_t first, end;
};

enum runs_state { RUNS_IS_FREE, RUNS_IS_START, RUNS_IS_INSIDE };

/* The bytes that so many units need beside struct runs; 0: too many. */
polished_size runs_bytes(uint64_t units);

/* Lay the tree out in this memory, as large as it can be; then clear it. */
void runs_init(struct runs *runs, void *memory, polished_size bytes);

/* Let the first so many units be free and no others: those are a block that
   nobody frees.  Or let there be more of them than before. */
void runs_clear(struct polished_heap *heap, uint64_t units);
void runs_extend(struct polished_heap *heap, uint64_t old_units,
                 uint64_t units);

/* Make [from, to) free, or the inside of the block before it. */
void runs_give(struct polished_heap *heap, uint64_t from, uint64_t to);
void runs_lengthen(struct polished_heap *heap, uint64_t from, uint64_t to);

/* Make a block of [from, to), which is free. */
void runs_take(struct polished_heap *heap, uint64_t from, uint64_t to);

enum runs_state runs_state_of(struct polished_heap *heap, uint64_t unit);

/* The first unit from here on that is not inside of a block. */
uint64_t runs_border(struct polished_heap *heap, uint64_t unit);

/* A run is sought of at least `need` units; perhaps one in which some of them
   are as aligned as they are long (`wide`, as in a node; 0: no matter). */
struct runs_wish {
    uint64_t need;
    uint32_t wide;
};

/*
 * The lowest free run within [from, to), or the highest within [0, to), of the
 * length wished for, which is not 0: all of it that lies there.  Runs that are
 * not wide enough may be left out.
 */
bool runs_next(struct polished_heap *heap, uint64_t from, uint64_t to,
               struct runs_wish wish, struct runs_run *run);
bool runs_previous(struct polished_heap *heap, uint64_t to,
                   struct runs_wish wish, struct runs_run *run);

/* Is all of [from, to) free?  It is not empty. */
bool runs_is_free(struct polished_heap *heap, uint64_t from, uint64_t to);

/* The length of the longest free run. */
uint64_t runs_longest(const struct polished_heap *heap);

/*
 * Show the pieces of [0, to) in order: each block, each free run.  O(pieces).
 * Any answer but 0 ends it.
 */
typedef int runs_visit(void *context, uint64_t end, bool is_free);
void runs_walk(const struct polished_heap *heap, uint64_t to, runs_visit *visit,
               void *context);

/* Does every node tell the truth?  Does every block begin with a start? */
bool runs_check(const struct polished_heap *heap);

static inline struct runs *runs_of(const struct polished_heap *heap)
{
    return heap->control;
}

/* --- for the files of runs alone ------------------------------------------ */

#define RUNS_LEAF ((uint64_t)RUNS_WORD_BITS * RUNS_LEAF_WORDS)
#define RUNS_FAN  (1u << RUNS_FAN_LOG2)
#define RUNS_FULL (UINT64_MAX >> (64 - RUNS_WORD_BITS))

/* A node, by its place in the tree. */
struct runs_place {
    uint32_t level;
    uint64_t index;
};

static inline uint64_t runs_min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint64_t runs_cover(uint32_t level)
{
    return RUNS_LEAF << (RUNS_FAN_LOG2 * level);
}

static inline uint64_t runs_begin(struct runs_place place)
{
    return place.index * runs_cover(place.level);
}

static inline struct runs_node *runs_node(const struct runs *runs,
                                          struct runs_place place)
{
    return &runs->nodes[runs->levels[place.level] + place.index];
}

/* The largest node that begins where this one ends; behind the root that is
   node 1 beside it, which does not exist. */
static inline struct runs_place runs_after(struct runs_place place)
{
    place.index++;
    while (place.index % RUNS_FAN == 0) {
        place.index >>= RUNS_FAN_LOG2;
        place.level++;
    }
    return place;
}

/* The largest node that ends where this one begins, which is not at 0; so it
   is never the root. */
static inline struct runs_place runs_before(struct runs_place place)
{
    place.index--;
    while (place.index % RUNS_FAN == RUNS_FAN - 1) {
        place.index >>= RUNS_FAN_LOG2;
        place.level++;
    }
    return place;
}

static inline struct runs_place runs_child(struct runs_place place,
                                           uint32_t which)
{
    place.index = (place.index << RUNS_FAN_LOG2) + which;
    place.level--;
    return place;
}

static inline bool runs_is_same(const struct runs_node *a,
                                const struct runs_node *b)
{
    return a->kind == b->kind && a->first == b->first && a->last == b->last &&
           a->longest == b->longest && a->wide == b->wide;
}

/* What to look for in words. */
enum runs_what { RUNS_SEEK_USED, RUNS_SEEK_BORDER };

/* The first such unit in [at, to), all in one leaf; `to` if there is none. */
uint64_t runs_seek(struct polished_heap *heap, uint64_t at, uint64_t to,
                   enum runs_what what);

/* What a node has to say that covers these. */
struct runs_node runs_sum_leaf(struct polished_heap *heap, uint64_t leaf);
struct runs_node runs_sum_node(struct polished_heap *heap,
                               struct runs_place place);

#endif
