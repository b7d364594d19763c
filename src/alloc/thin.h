/*
 * alloc/thin.h - blocks under a header of four bytes: what the files of the
 * policy `polished` share.  The idea is told in thin.c.
 *
 *     | pad | head payload ... | head links ... foot | head ... | end |
 *     0     first: block 4     a free block                     end
 *
 * Sizes count granules of 8 bytes, of two words each; words are numbered such
 * that the first head is word 4, and word 2, a link of no block, is in the pad.
 * A block is named by the word of its head; of block b of s granules
 *
 *     words[b]            is s, left-is-used and used, under a seal
 *     words[b + 1] ...    in use: payload; free: the next block of its list,
 *                         the one before it, s
 *     words[b + 2s - 1]   free: s, the foot; in the least block it is that s
 *
 * Heads lie 4 bytes before a multiple of the alignment of all blocks, 8 or 16.
 * The end mark is a block of no granules in use: so nothing merges past it.
 *
 * Invariants: two free blocks never touch; each is the wild one, the victim or
 * in the list of its bin, and nothing else is.
 *
 * The seal is a number that is added to a head.  Small numbers, zeros and text
 * in a payload are no heads then, and of N granules a random word is one with
 * a chance of N / 2^30.  Links look like none in use, for names are even.
 */
#ifndef ALLOC_THIN_H
#define ALLOC_THIN_H

#include "alloc/bins.h"
#include "core/arith.h"
#include "core/judged.h"

/* The largest data: a number of granules, rounded up, has 30 bits, for two
   flags share its word. */
#ifndef THIN_SPAN
#define THIN_SPAN (ARITH_SPAN(33) - 64)
#endif

/* From this size on, in granules, a block is cut from the high end. */
#ifndef THIN_HIGH
#define THIN_HIGH 16u
#endif

/* From this size on from the low end again, where it has room to grow. */
#ifndef THIN_LARGE
#define THIN_LARGE 1024u
#endif

/* Off the straight way, which shall neither save registers for it nor, as it
   would for a clone, keep for it what it can read itself. */
#if defined __GNUC__ && !defined __clang__
#define THIN_APART __attribute__((__noinline__, __noclone__))
#elif defined __GNUC__
#define THIN_APART __attribute__((__noinline__))
#else
#define THIN_APART
#endif

#define THIN_GRANULE 8u
#define THIN_HEAD    4u
#define THIN_LEAST   2u   /* granules: head, two links, foot */
#define THIN_FIRST   4u   /* the name of the first block */
#define THIN_PAD     8u   /* at least so many bytes are before it */
#define THIN_SPARE   true /* links[1], which lies there, is nobody's */

#define THIN_SEAL UINT32_C(0x9e3779b0)

#define THIN_USED      1u
#define THIN_LEFT_USED 2u
#define THIN_SIZE      2 /* by so many bits the size is shifted */

/* A heap, opened: what every step needs, in registers. */
struct thin {
    struct bins *bins;
    bins_word *words;
    size_t first_bytes; /* where the first head lies in data */
};

/* Which of the bins' words says what. */
enum { THIN_FIRST_BYTES, THIN_MASK };

BINS_INLINE struct bins *thin_bins(const struct polished_heap *heap)
{
    return heap->control;
}

/* The alignment of every block, less one. */
BINS_INLINE uint32_t thin_mask(const struct polished_heap *heap)
{
    return thin_bins(heap)->word[THIN_MASK];
}

/* Word 0 may lie before data: it is counted from, not read. */
BINS_INLINE struct thin thin_open(const struct polished_heap *heap)
{
    struct bins *bins = thin_bins(heap);
    size_t first_bytes = bins->word[THIN_FIRST_BYTES];
    uintptr_t zero = (uintptr_t)heap->data.base + first_bytes -
                     THIN_FIRST * sizeof(bins_word);
    struct thin thin = {bins, (bins_word *)zero, first_bytes};

    return thin;
}

/* What the bins see of a block begins behind its head. */
BINS_INLINE bins_word *thin_links(const struct thin *thin)
{
    return thin->words + 1;
}

/* The end mark.  The bins let no name pass whose links would touch it. */
BINS_INLINE uint32_t thin_end(const struct bins *bins)
{
    return bins->end + 2;
}

/* Is a block of that size cut from the high end? */
BINS_INLINE bool thin_is_high(uint32_t need)
{
    return need - THIN_HIGH < THIN_LARGE - THIN_HIGH;
}

/* The word behind a block of that size. */
BINS_INLINE uint32_t thin_behind(uint32_t block, uint32_t size)
{
    return block + 2 * size;
}

/* The payload of a block. */
BINS_INLINE polished_size thin_offset(const struct thin *thin, uint32_t block)
{
    return thin->first_bytes + ((polished_size)block - THIN_FIRST) * 4 +
           THIN_HEAD;
}

/* The size of a block for so much payload, which is at most data's size. */
BINS_INLINE uint32_t thin_need(uint32_t mask, polished_size payload_bytes)
{
    uint32_t need =
        (uint32_t)(((payload_bytes + THIN_HEAD + mask) & ~(polished_size)mask) /
                   THIN_GRANULE);

    return need < THIN_LEAST ? THIN_LEAST : need;
}

/* --------------------------------------------------------------- the heads */

BINS_INLINE uint32_t thin_head(uint32_t size, uint32_t flags)
{
    return (size << THIN_SIZE) + THIN_SEAL + flags;
}

/* The size that is under the seal of a head. */
BINS_INLINE uint32_t thin_size_in(uint32_t head)
{
    return (head - THIN_SEAL) >> THIN_SIZE;
}

BINS_INLINE uint32_t thin_size(const struct thin *thin, uint32_t block)
{
    return thin_size_in(thin->words[block]);
}

BINS_INLINE bool thin_is_used(const struct thin *thin, uint32_t block)
{
    return thin->words[block] & THIN_USED;
}

BINS_INLINE bool thin_left_is_used(const struct thin *thin, uint32_t block)
{
    return thin->words[block] & THIN_LEFT_USED;
}

BINS_INLINE void thin_set_used(const struct thin *thin, uint32_t block,
                               uint32_t size, uint32_t left)
{
    thin->words[block] = thin_head(size, left | THIN_USED);
}

/* The last word of a block. */
BINS_INLINE bins_word *thin_foot(const struct thin *thin, uint32_t block,
                                 uint32_t size)
{
    return thin->words + block + 2 * (size_t)size - 1;
}

/* Write head, size and foot of a free block; its neighbours are used. */
BINS_INLINE void thin_set_free(const struct thin *thin, uint32_t block,
                               uint32_t size)
{
    bins_word *head = thin->words + block;

    head[0] = thin_head(size, THIN_LEFT_USED);
    head[3] = size;
    head[2 * (size_t)size - 1] = size;
}

/* Is a size possible for a block that starts there, below the end? */
BINS_INLINE bool thin_fits_in(const struct thin *thin, uint32_t block,
                              uint32_t size)
{
    return size - 1 < (thin_end(thin->bins) - block) / 2;
}

/* Does a free block, whose head tells that size, end as one? */
BINS_INLINE bool thin_ends_free(const struct thin *thin, uint32_t block,
                                uint32_t size)
{
    return (size_t)block + 2 * (size_t)size <= thin_end(thin->bins) &&
           *thin_foot(thin, block, size) == size;
}

/* Is there the head of a free block of that size, and its foot? */
BINS_INLINE bool thin_is_free(const struct thin *thin, uint32_t block,
                              uint32_t size)
{
    return thin_fits_in(thin, block, size) &&
           thin->words[block] == thin_head(size, THIN_LEFT_USED) &&
           *thin_foot(thin, block, size) == size;
}

/* ------------------------------------------------------------- filing them */

/* In a shorter region this wild block would be smaller: it may be by what it
   has more than so many granules. */
BINS_INLINE void thin_lower_slack(struct polished_heap *heap,
                                  uint32_t wild_size, uint32_t needed)
{
    POLISHED_LOWER_SLACK(heap, wild_size < needed
                                   ? 0
                                   : (polished_size)(wild_size - needed) *
                                         THIN_GRANULE);
}

/*
 * How large the wild block is decides where another one goes.  Of a small one
 * it need not be asked: slack leaves the wild block larger than those.
 */
BINS_INLINE void thin_compare(struct polished_heap *heap,
                              const struct thin *thin, uint32_t size)
{
    if (heap->slack_bytes != 0 && size >= BINS_EXACT &&
        thin->bins->wild_size != 0)
        thin_lower_slack(heap, thin->bins->wild_size, size);
}

/* Keep a free block. */
BINS_INLINE void thin_file(struct polished_heap *heap, const struct thin *thin,
                           uint32_t block, uint32_t size)
{
    thin_compare(heap, thin, size);
    bins_file_with(thin->bins, thin_links(thin), block, size, THIN_SPARE);
}

/* Keep a free block, which is in a list, no more. */
BINS_INLINE bool thin_unlink(const struct thin *thin, uint32_t block,
                             uint32_t size)
{
    return bins_unlink_with(thin->bins, thin_links(thin), block, size,
                            THIN_SPARE);
}

/* The same, in a list or not. */
BINS_INLINE bool thin_unfile(const struct thin *thin, uint32_t block,
                             uint32_t size)
{
    return bins_unfile_with(thin->bins, thin_links(thin), block, size,
                            THIN_SPARE);
}

/* Is a free block in no list? */
BINS_INLINE bool thin_is_loose(const struct thin *thin, uint32_t block)
{
    return block == thin->bins->victim || block == thin->bins->wild;
}

/* The block that is in no list, here named by where it began, lies elsewhere
   now: what was beside it has joined it, or has taken of it. */
BINS_INLINE void thin_move_loose(const struct thin *thin, uint32_t block,
                                 uint32_t start, uint32_t size)
{
    struct bins *bins = thin->bins;

    if (block == bins->victim) {
        bins->victim = start;
        bins->victim_size = size;
    } else {
        bins->wild = start;
        bins->wild_size = size;
    }
}

/* ---------------------------------------------------------- thin.c's part */

/* How many granules a free block has from its first place on where a used one
   can start: its payload is aligned, and what is before it a block or nothing.
 */
uint32_t thin_room(const struct polished_heap *heap, uint32_t block,
                   uint32_t size, polished_size align_bytes);

/* The block that would be cut for a request of so many granules. */
struct bins_choice thin_choose(struct polished_heap *heap, uint32_t need,
                               polished_size align_bytes);

/*
 * Make a block of size granules, which is kept nowhere and whose right
 * neighbour knows it as free, into a used one of need granules that starts
 * gap behind; keep what is left of it, as the victim if that is wanted.  left
 * is THIN_LEFT_USED or 0.
 */
void thin_cut(struct polished_heap *heap, struct bins_choice free_block,
              uint32_t gap, uint32_t need, uint32_t left, bool is_victim);

/* How many granules more than needed surely hold a block with an alignment that
   not every block has. */
static inline uint64_t thin_margin(polished_size align_bytes)
{
    return align_bytes / THIN_GRANULE + THIN_LEAST - 1;
}

/* What is done with a block in use; see thin_free.c. */
enum polished_status thin_free(struct polished_heap *heap, polished_size offset,
                               polished_size size_bytes);
enum polished_status thin_resize(struct polished_heap *heap,
                                 polished_size offset, polished_size size_bytes,
                                 const struct polished_request *request);
enum polished_status thin_usable(const struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size *size_bytes);

/* The calls that concern the region as a whole; see thin_region.c. */
polished_size thin_control_bytes(const polished_size *knobs,
                                 polished_size data_bytes);
enum polished_status thin_init(struct polished_heap *heap,
                               const polished_size *knobs);
enum polished_status thin_extend(struct polished_heap *heap,
                                 polished_size more_bytes);
enum polished_status thin_reserve(struct polished_heap *heap,
                                  polished_size offset,
                                  polished_size size_bytes);
enum polished_status thin_reset(struct polished_heap *heap);
enum polished_status thin_walk(const struct polished_heap *heap,
                               polished_visit *visit, void *context);
polished_size thin_largest(const struct polished_heap *heap,
                           const struct polished_request *request);
enum polished_status thin_check(const struct polished_heap *heap);

#endif
