/*
 * alloc/block.h - memory cut into blocks with boundary tags.
 *
 *     | pad | head payload.... | head left right ... foot | head ... | end |
 *     0     first              a free block                          end
 *
 *     used   head: size, left-is-used, used, and a tag made of all these and
 *            of the place: 16 bits that no stranger's bytes have by chance
 *     free   head: size and, with left and right, its node in a tree;
 *            foot: size once more, for the neighbour behind it
 *     end    a head of size 0 that is used, so that nothing merges past it
 *
 * Heads lie 8 bytes before a multiple of 16 of the bus address; sizes count
 * the head and are multiples of 16.  Two free blocks never touch.
 *
 * A block is named by the offset of its head.  Nothing outside this file
 * knows which bits mean what.
 */
#ifndef ALLOC_BLOCK_H
#define ALLOC_BLOCK_H

#include <stdbool.h>

#include "core/arith.h"
#include "core/memory.h"
#include "polished/heap.h"

/* The largest data: a size in grains then has 42 bits. */
#ifndef BLOCK_SPAN
#define BLOCK_SPAN ARITH_SPAN(46)
#endif

#define BLOCK_GRAIN 16u
#define BLOCK_HEAD  8u
#define BLOCK_LEAST 32u /* head, left, right, foot */
#define BLOCK_NONE  POLISHED_NOWHERE

struct block_state {
    polished_size first; /* the first block */
    polished_size end;   /* the end mark */
    polished_size root;  /* of the tree of free blocks; BLOCK_NONE: empty */
    polished_size rover; /* where next fit goes on */
    uint32_t fit;        /* enum fit */
};

/* What lies in a word. */
#define BLOCK_USED      UINT64_C(1)
#define BLOCK_LEFT_USED UINT64_C(2)
#define BLOCK_SIZE      UINT64_C(0x0000fffffffffff0) /* or a link */
#define BLOCK_TAG_SHIFT 48

static inline struct block_state *block_state(const struct polished_heap *heap)
{
    return heap->control;
}

static inline memory_word *block_word(const struct polished_heap *heap,
                                      polished_size offset)
{
    return polished_pointer(heap, offset);
}

static inline polished_size block_size(const struct polished_heap *heap,
                                       polished_size block)
{
    return (polished_size)(*block_word(heap, block) & BLOCK_SIZE);
}

static inline bool block_is_used(const struct polished_heap *heap,
                                 polished_size block)
{
    return *block_word(heap, block) & BLOCK_USED;
}

static inline bool block_left_is_used(const struct polished_heap *heap,
                                      polished_size block)
{
    return *block_word(heap, block) & BLOCK_LEFT_USED;
}

/* The whole head of a used block. */
static inline uint64_t block_seal(polished_size block, uint64_t size_and_flags)
{
    uint64_t spread = size_and_flags * UINT64_C(0x9e3779b97f4a7c15);

    return size_and_flags | bits_mix(block ^ spread) << BLOCK_TAG_SHIFT;
}

static inline void block_set_used(const struct polished_heap *heap,
                                  polished_size block, polished_size size_bytes,
                                  bool left_is_used)
{
    POLISHED_ASSERT(size_bytes % BLOCK_GRAIN == 0);
    *block_word(heap, block) = block_seal(
        block, size_bytes | BLOCK_USED | (left_is_used ? BLOCK_LEFT_USED : 0));
}

/* A free block has used neighbours; its node is still to be made. */
static inline void block_set_free(const struct polished_heap *heap,
                                  polished_size block, polished_size size_bytes)
{
    POLISHED_ASSERT(size_bytes % BLOCK_GRAIN == 0);
    POLISHED_ASSERT(size_bytes >= BLOCK_LEAST);
    POLISHED_ASSERT(size_bytes <= block_state(heap)->end - block);
    *block_word(heap, block) = size_bytes | BLOCK_LEFT_USED;
    *block_word(heap, block + size_bytes - BLOCK_HEAD) = size_bytes;
}

/* Tell a used block whether its left neighbour is used. */
static inline void block_tell_left(const struct polished_heap *heap,
                                   polished_size block, bool left_is_used)
{
    block_set_used(heap, block, block_size(heap, block), left_is_used);
}

/* Make the head of a used block that has become payload unlike any head. */
static inline void block_clear(const struct polished_heap *heap,
                               polished_size block)
{
    *block_word(heap, block) = 0;
}

/* Does an intact head of a used block stand there?  The end mark is one. */
static inline bool block_is_sealed(const struct polished_heap *heap,
                                   polished_size block)
{
    uint64_t head = *block_word(heap, block);
    uint64_t bare = head & (BLOCK_SIZE | BLOCK_USED | BLOCK_LEFT_USED);

    return (head & BLOCK_USED) && head == block_seal(block, bare);
}

/* Is a size possible for a block that starts there? */
static inline bool block_fits_in(const struct polished_heap *heap,
                                 polished_size block, polished_size size_bytes)
{
    return size_bytes >= BLOCK_LEAST &&
           size_bytes <= block_state(heap)->end - block;
}

/* Do head and foot of a free block, and the head behind it, agree? */
static inline bool block_is_free(const struct polished_heap *heap,
                                 polished_size block)
{
    polished_size size_bytes = block_size(heap, block);

    return !block_is_used(heap, block) && block_left_is_used(heap, block) &&
           block_fits_in(heap, block, size_bytes) &&
           *block_word(heap, block + size_bytes - BLOCK_HEAD) == size_bytes &&
           block_is_used(heap, block + size_bytes) &&
           !block_left_is_used(heap, block + size_bytes);
}

/* The free left neighbour; BLOCK_NONE if its foot does not lead to one. */
static inline polished_size block_left(const struct polished_heap *heap,
                                       polished_size block)
{
    uint64_t size_bytes = *block_word(heap, block - BLOCK_HEAD);

    if (size_bytes % BLOCK_GRAIN != 0 || size_bytes < BLOCK_LEAST ||
        size_bytes > block - block_state(heap)->first)
        return BLOCK_NONE;
    return block - (polished_size)size_bytes;
}

/*
 * The node in a free block: two links, the height of the tree below it, and
 * the greatest size in it.  The latter, in grains, is spread over the upper
 * bits of the three words: 16 beside left, 16 beside right, 10 in the head.
 */
struct block_node {
    polished_size child[2]; /* BLOCK_NONE: no child */
    unsigned height;
    polished_size most_bytes;
};

#define BLOCK_HEIGHT_SHIFT 48
#define BLOCK_HEIGHT       UINT64_C(63)
#define BLOCK_MOST_SHIFT   54
#define BLOCK_PART         UINT64_C(0xffff)

/* A link counts from the first block, plus a grain; 0 is none.  One that
   leads out of data, for somebody wrote over it, is none as well. */
static inline polished_size block_child(const struct polished_heap *heap,
                                        polished_size block, int side)
{
    const struct block_state *state = block_state(heap);
    polished_size place = block + (side ? 2 * BLOCK_HEAD : BLOCK_HEAD);
    uint64_t link = *block_word(heap, place) & BLOCK_SIZE;

    if (link == 0 || link > state->end - state->first)
        return BLOCK_NONE;
    return (polished_size)(state->first + link - BLOCK_GRAIN);
}

static inline unsigned block_height(const struct polished_heap *heap,
                                    polished_size block)
{
    if (block == BLOCK_NONE)
        return 0;
    return *block_word(heap, block) >> BLOCK_HEIGHT_SHIFT & BLOCK_HEIGHT;
}

/* The greatest size in the tree below this block, itself included. */
static inline polished_size block_most(const struct polished_heap *heap,
                                       polished_size block)
{
    uint64_t grains;

    if (block == BLOCK_NONE)
        return 0;
    grains = *block_word(heap, block + BLOCK_HEAD) >> 48 |
             *block_word(heap, block + 2 * BLOCK_HEAD) >> 48 << 16 |
             *block_word(heap, block) >> BLOCK_MOST_SHIFT << 32;
    return (polished_size)(grains * BLOCK_GRAIN);
}

static inline uint64_t block_link(const struct polished_heap *heap,
                                  polished_size block)
{
    return block == BLOCK_NONE ? 0
                               : block - block_state(heap)->first + BLOCK_GRAIN;
}

static inline void block_set_node(const struct polished_heap *heap,
                                  polished_size block,
                                  const struct block_node *node)
{
    uint64_t grains = node->most_bytes / BLOCK_GRAIN;

    *block_word(heap, block) = block_size(heap, block) | BLOCK_LEFT_USED |
                               (uint64_t)node->height << BLOCK_HEIGHT_SHIFT |
                               grains >> 32 << BLOCK_MOST_SHIFT;
    *block_word(heap, block + BLOCK_HEAD) =
        block_link(heap, node->child[0]) | grains << 48;
    *block_word(heap, block + 2 * BLOCK_HEAD) =
        block_link(heap, node->child[1]) | (grains >> 16 & BLOCK_PART) << 48;
}

#endif
