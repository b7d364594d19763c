/*
 * thin.c - the policy `polished`: four bytes of header, one word of bits, two
 * ends.  Bounded time and the least memory that headers allow.
 *
 *     | small | small |    free    | small | free |      wild      | large |
 *       low end ->                                           <- high end
 *
 *     | head | payload ...                 in use: four bytes are not payload
 *     | head | next | previous | size      free: the least block is just that
 *
 * Offsets of 32 bits instead of pointers make the least free block 16 bytes,
 * so that of a used one 12 are payload.  A used block has no foot: whether its
 * left neighbour is free is a bit of its own head, and only free blocks say
 * once more at their end how large they are.
 *
 * Free blocks are found by size as told in bins.h: a request of up to 31
 * granules whose bin is not empty is served by its first block, which fits
 * exactly and need not be cut.  Else it cuts the victim, the rest of the last
 * cut; so small blocks made one after the other lie side by side, at the price
 * of no list; what is freed just before the victim joins it.  Large requests
 * get the best of a few blocks of their bin, or one of a higher bin.  What is
 * left when all fail is the wild block.
 *
 * Two ends: small blocks are cut from the low end of a free block, large ones
 * from the high end.  They die at different times; kept apart, they leave
 * whole stretches behind instead of holes between blocks that live on.  Very
 * large ones are cut from the low end again, where they can grow.
 *
 * Time: O(1) for every call but a walk over blocks (reserve, reset, walk,
 * largest, check).  Proof: (1) alloc looks at BINS_TRIES blocks of its own bin
 * and at the first of one other, found by the lowest bit of a word; with an
 * alignment above that of all blocks at so many of each of three bins.  (2) It
 * takes one block out of its list, whose two neighbours are in its links, and
 * files at most two rests, each first in its list; filing may move one more
 * block there, the old wild one or the old victim, or both.  (3) free finds
 * both its neighbours in the words beside it, takes each out of its list, and
 * files one block.  Neither merges further, for two free blocks never touch.
 * (4) resize is (3) for the right neighbour and (2) for the cut.
 * Steps: at most 14, and 34 where the alignment is above that of all blocks.
 *
 * Fails: when no higher bin has a block, the first BINS_TRIES of the own bin
 * are too small, and so are victim and wild.  A free block of twice the size
 * that a request needs is always found.
 * Keeps: 32 bytes and 4 for each bin in control, at most 288, 204 bytes for
 * 8 KiB of data; in data 4 bytes per block, whose size is a multiple of 8 and
 * at least 16; with align_bytes=16 a multiple of 16.
 *
 * After dlmalloc's designated victim (Lea, "A memory allocator", 1996), the
 * segregated fit of Masmano et al. (see tlsf.c), the chunks with offsets of
 * Zephyr's sys_heap, and the two ends of Knuth (The Art of Computer
 * Programming 1, 2.2.2 and 2.5).
 *
 * Worst case, for at most M live bytes and blocks of 1 ... n: as best fit's,
 * about M n.
 */
#include "alloc/thin_cut.h"
#include "polished/policies.h"

/* ------------------------------------------------------------- where to cut */

/* How far behind the start of a free block its first such place is. */
static uint64_t thin_gap(const struct polished_heap *heap, uint32_t block,
                         polished_size align_bytes)
{
    const struct thin thin = thin_open(heap);
    uint64_t payload = heap->data.bus_base + thin_offset(&thin, block);
    uint64_t gap = arith_gap(payload, align_bytes) / THIN_GRANULE;

    /* Too little for a block: go on to the next aligned place. */
    if (gap != 0 && gap < THIN_LEAST)
        gap += align_bytes / THIN_GRANULE;
    return gap;
}

uint32_t thin_room(const struct polished_heap *heap, uint32_t block,
                   uint32_t size, polished_size align_bytes)
{
    uint64_t gap = thin_gap(heap, block, align_bytes);

    return gap < size ? size - (uint32_t)gap : 0;
}

struct bins_choice thin_choose(struct polished_heap *heap, uint32_t need,
                               polished_size align_bytes)
{
    const struct thin thin = thin_open(heap);
    uint64_t margin = thin_margin(align_bytes);
    uint32_t end = thin.bins->end; /* larger than any block */
    const struct bins_want want = {need, margin < end ? (uint32_t)margin : end,
                                   align_bytes, thin_room};

    return bins_choose_aligned(heap, thin.bins, thin_links(&thin), &want);
}

/*
 * How far from the start of a block, which has an aligned place for need
 * granules, these are cut: the first such place, or the last.
 */
static uint32_t thin_place(const struct polished_heap *heap,
                           struct bins_choice choice, uint32_t need,
                           polished_size align_bytes)
{
    const struct thin thin = thin_open(heap);
    uint32_t gap = choice.size - need;
    uint64_t last;

    if (!thin_is_high(need))
        return (uint32_t)thin_gap(heap, choice.block, align_bytes);
    last = heap->data.bus_base +
           thin_offset(&thin, thin_behind(choice.block, gap));
    gap -= (uint32_t)((last & (align_bytes - 1)) / THIN_GRANULE);
    return gap < THIN_LEAST ? 0 : gap;
}

void thin_cut(struct polished_heap *heap, struct bins_choice choice,
              uint32_t gap, uint32_t need, uint32_t left, bool is_victim)
{
    const struct thin thin = thin_open(heap);
    uint32_t start = thin_behind(choice.block, gap);
    uint32_t right = thin_behind(choice.block, choice.size);
    uint32_t rest = choice.size - gap - need;

    if (right == thin_end(thin.bins))
        thin_lower_slack(heap, rest, BINS_EXACT);
    if (rest < THIN_LEAST) {
        need += rest;
        thin.words[right] |= THIN_LEFT_USED;
    } else {
        thin_keep(heap, &thin, thin_behind(start, need), rest, is_victim);
    }
    if (gap != 0) {
        thin_keep(heap, &thin, choice.block, gap, is_victim);
        left = 0;
    }
    thin_set_used(&thin, start, need, left);
}

/* ------------------------------------------------------------------- alloc */

/* A request with an alignment that not every block has. */
THIN_APART static enum polished_status
thin_alloc_aligned(struct polished_heap *heap, uint32_t need,
                   polished_size align_bytes, polished_size *offset)
{
    const struct thin thin = thin_open(heap);
    struct bins_choice choice = thin_choose(heap, need, align_bytes);
    uint32_t gap;

    POLISHED_ASSERT(bits_is_power_of_two(align_bytes));
    POLISHED_STEPS(heap, 3);
    if (choice.block == 0)
        return POLISHED_NO_MEMORY;
    gap = thin_place(heap, choice, need, align_bytes);
    if (!thin_is_free(&thin, choice.block, choice.size) ||
        !thin_unfile(&thin, choice.block, choice.size))
        return POLISHED_CORRUPT;
    thin_cut(heap, choice, gap, need, THIN_LEFT_USED, false);
    *offset = thin_offset(&thin, thin_behind(choice.block, gap));
    return POLISHED_OK;
}

/* The victim or the wild block for a large request. */
THIN_APART static enum polished_status
thin_alloc_loose(struct polished_heap *heap, uint32_t need,
                 polished_size *offset)
{
    const struct thin thin = thin_open(heap);
    struct bins *bins = thin.bins;
    uint32_t block;

    if (bins->victim_size >= need) {
        block = thin_cut_high(&thin, &bins->victim, &bins->victim_size, need);
    } else if (bins->wild_size < need) {
        return POLISHED_NO_MEMORY;
    } else if (thin_is_high(need)) {
        thin_lower_slack(heap, 0, 0);
        block = thin_cut_high(&thin, &bins->wild, &bins->wild_size, need);
    } else {
        thin_lower_slack(heap, bins->wild_size - need, BINS_EXACT);
        block = thin_cut_low(&thin, &bins->wild, &bins->wild_size, need);
    }
    *offset = thin_offset(&thin, block);
    return POLISHED_OK;
}

/* The wild block for a small request. */
BINS_INLINE enum polished_status thin_alloc_wild(struct polished_heap *heap,
                                                 const struct thin *thin,
                                                 uint32_t need,
                                                 polished_size *offset)
{
    struct bins *bins = thin->bins;

    if (bins->wild_size < need)
        return POLISHED_NO_MEMORY;
    thin_lower_slack(heap, bins->wild_size - need, BINS_EXACT);
    *offset = thin_offset(
        thin, thin_cut_low(thin, &bins->wild, &bins->wild_size, need));
    return POLISHED_OK;
}

/* The first block of a list, which is large enough. */
THIN_APART static enum polished_status
thin_alloc_listed(struct polished_heap *heap, unsigned number, uint32_t need,
                  polished_size *offset)
{
    const struct thin thin = thin_open(heap);
    struct bins_choice choice =
        bins_first(thin.bins, thin_links(&thin), number);

    if (choice.block == 0 ||
        thin.words[choice.block] != thin_head(choice.size, THIN_LEFT_USED) ||
        !bins_pop_with(thin.bins, thin_links(&thin), number, choice.block,
                       THIN_SPARE))
        return POLISHED_CORRUPT;
    *offset = thin_offset(&thin, thin_cut_listed(heap, &thin, choice, need));
    return POLISHED_OK;
}

/* No block fits exactly, nor does the victim: the lowest list above has what is
   needed, or a block that is in none. */
THIN_APART static enum polished_status
thin_alloc_above(struct polished_heap *heap, uint32_t need,
                 polished_size *offset)
{
    const struct thin thin = thin_open(heap);
    unsigned number = bins_lowest(thin.bins, need);

    POLISHED_STEPS(heap, 6);
    if (number < 64)
        return thin_alloc_listed(heap, number, need, offset);
    return need < THIN_HIGH ? thin_alloc_wild(heap, &thin, need, offset)
                            : thin_alloc_loose(heap, need, offset);
}

/* The same for a request whose bin has blocks of several sizes, from that list
   on. */
BINS_INLINE enum polished_status thin_alloc_large(struct polished_heap *heap,
                                                  unsigned number,
                                                  uint32_t need,
                                                  polished_size *offset)
{
    number = bins_lowest(thin_bins(heap), number);
    POLISHED_STEPS(heap, 6);
    return number < 64 ? thin_alloc_listed(heap, number, need, offset)
                       : thin_alloc_loose(heap, need, offset);
}

/* The best of the first few of the own bin, which has blocks of several sizes,
   or one of another. */
THIN_APART static enum polished_status
thin_alloc_best(struct polished_heap *heap, unsigned number, uint32_t need,
                polished_size *offset)
{
    const struct thin thin = thin_open(heap);
    struct bins_choice choice =
        bins_best(heap, thin.bins, thin_links(&thin), need, number);

    if (choice.block == 0)
        return thin_alloc_large(heap, number + 1, need, offset);
    POLISHED_STEPS(heap, 6);
    if (thin.words[choice.block] != thin_head(choice.size, THIN_LEFT_USED) ||
        !thin_unlink(&thin, choice.block, choice.size))
        return POLISHED_CORRUPT;
    *offset = thin_offset(&thin, thin_cut_listed(heap, &thin, choice, need));
    return POLISHED_OK;
}

/* A request whose bin has blocks of several sizes, or none. */
THIN_APART static enum polished_status
thin_alloc_ranged(struct polished_heap *heap, uint32_t need,
                  polished_size *offset)
{
    unsigned number = bins_number(need);

    return thin_bins(heap)->map >> number & 1
               ? thin_alloc_best(heap, number, need, offset)
               : thin_alloc_large(heap, number, need, offset);
}

/* The victim, which is large enough. */
BINS_INLINE enum polished_status
thin_alloc_victim(const struct thin *thin, uint32_t need, polished_size *offset)
{
    struct bins *bins = thin->bins;

    *offset = thin_offset(
        thin, thin_cut_low(thin, &bins->victim, &bins->victim_size, need));
    return POLISHED_OK;
}

/* The first block of a bin of one size: it fits, whole. */
BINS_INLINE enum polished_status thin_alloc_exact(const struct thin *thin,
                                                  uint32_t block, uint32_t need,
                                                  polished_size *offset)
{
    uint32_t head = thin_head(need, THIN_LEFT_USED);

    if (thin->words[block] != head ||
        !bins_pop_with(thin->bins, thin_links(thin), need, block, THIN_SPARE))
        return POLISHED_CORRUPT;
    thin->words[block] = head | THIN_USED;
    thin->words[(size_t)block + 2 * (size_t)need] |= THIN_LEFT_USED;
    *offset = thin_offset(thin, block);
    return POLISHED_OK;
}

BINS_INLINE enum polished_status
thin_alloc(struct polished_heap *heap, const struct polished_request *request,
           polished_size *offset)
{
    const struct thin thin = thin_open(heap);
    uint32_t mask = thin_mask(heap);
    uint32_t need = thin_need(mask, request->size_bytes);
    uint32_t block;

    POLISHED_ASSERT(request->size_bytes - 1 < heap->data.size_bytes);
    if (request->align_bytes - 1 > mask)
        return thin_alloc_aligned(heap, need, request->align_bytes, offset);
    if (need >= BINS_EXACT)
        return thin_alloc_ranged(heap, need, offset);
    block = bins_heads(thin.bins)[need];
    if (block == 0 && thin.bins->victim_size < need)
        return thin_alloc_above(heap, need, offset);
    POLISHED_STEPS(heap, 3);
    return block != 0 ? thin_alloc_exact(&thin, block, need, offset)
                      : thin_alloc_victim(&thin, need, offset);
}

static const struct polished_knob thin_knobs[] = {
    {"align_bytes", "what every block starts at a multiple of", 8, 16, 16,
     POLISHED_POWER_OF_TWO},
    {NULL, NULL, 0, 0, 0, POLISHED_ANY},
};

const struct polished_ops polished_polished = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_EXACT_WALK |
            COUNT_CAPS(POLISHED_SLACK),
    .name = "polished",
    .summary = "thin headers, two ends: bounded time, least memory",
    .knobs = thin_knobs,
    .control_bytes = thin_control_bytes,
    .init = thin_init,
    .alloc = thin_alloc,
    .free = thin_free,
    .resize = thin_resize,
    .usable = thin_usable,
    .extend = thin_extend,
    .reserve = thin_reserve,
    .reset = thin_reset,
    .walk = thin_walk,
    .largest = thin_largest,
    .check = thin_check,
};
