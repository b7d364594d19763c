/*
 * compact.c - blocks without heads: a map of two bits for each granule knows
 * where they begin, and bins know the free ones by size.
 *
 *     data      | used   | free            | used      | free    | used | end
 *     slots      01 00 00 10 00 00 00 00 00 11 00 00 00 10 00 00  11 00   01
 *
 *     control   | state | bins | slots ....................................|
 *
 * To take a block and to give it back change the same three bits of the map
 * (toggle.h), and a block's size is the distance to the next slot that is not
 * 00.  So a block is as large as what was asked, rounded up to a granule, and
 * nothing lies before or behind it: what the map takes, 2 bits in 64 or 128, is
 * less than heads or the rounding of size classes would.  Which free block to
 * cut is told by bins.h.
 *
 * Two ends: blocks of COMPACT_HIGH_BYTES or more are cut from the high end of
 * a free block, smaller ones from the low end.  Large blocks, which often live
 * long, do not settle between small ones, and where many of either kind die
 * there is one large hole instead of many.
 *
 * granule_bytes is 16 or 8.  With 8, memory for small blocks is used better,
 * but every block that has to be aligned to 16 costs a search.
 *
 * The map lies in control, where no block ends: who writes beyond a block
 * cannot make it forget what is in use.  So every misuse of an address is told,
 * whatever was written where: the lower bit of a slot is 1 just where a block
 * in use begins.  Only links and sizes of free blocks lie in data; they are
 * checked when they are used.
 *
 * Time: O(1) for alloc, free, resize and usable, misused ones too: at most 12
 * steps, and 27 where the alignment is above a granule.  init, reset and check
 * O(granules / 32), for they clear or read the map; so does reserve, at worst;
 * walk O(blocks).
 * Fails: when no higher bin has a block, and the first BINS_TRIES of the own
 * one, the victim and the wild block are too small.
 * Keeps: in control 56 bytes, 4 for each bin and 2 bits for each granule: 504
 * bytes for 8 KiB of data in granules of 8 and 368 in granules of 16, 33048
 * and 16664 for 1 MiB; in data nothing but granules.
 *
 * The bound, step by step.  A request looks up its bin, then at BINS_TRIES = 8
 * blocks there at most (of each of three bins, if an alignment is asked) and at
 * one word of bits; it takes one block out of a list and puts at most three
 * into lists: what is left on both sides, and the former victim.  A free looks
 * at one window of the map and, by the sizes that are written there, at its two
 * neighbours; it takes at most these two out of lists and puts one block in, or
 * the wild one instead of it.  To take out and to put in touches at most two
 * neighbours in a list, and there is no loop but the one over the 8 blocks.  To
 * tell one misuse from another COMPACT_LOOK = 8 words of the map are read.
 */
#include "alloc/compact.h"

#include "core/judged.h"
#include "polished/policies.h"

polished_size compact_gap(const struct polished_heap *heap, uint32_t block,
                          polished_size align_bytes)
{
    const struct compact compact = compact_open(heap);

    return arith_gap(heap->data.bus_base + compact_offset(&compact, block),
                     align_bytes) >>
           compact.shift;
}

uint32_t compact_margin(const struct polished_heap *heap,
                        polished_size align_bytes)
{
    const struct compact_state *state = compact_state(heap);
    polished_size granules = align_bytes >> state->shift;

    /* More than there is cannot be had anyway.  Where an alignment is below a
       granule it is -1: what is too small for that is refused nonetheless. */
    return granules > state->end ? state->end : (uint32_t)granules - 1;
}

/* As the bins want to know it, of a block by its name. */
static uint32_t compact_room(const struct polished_heap *heap, uint32_t name,
                             uint32_t size, polished_size align_bytes)
{
    polished_size gap = compact_gap(
        heap, compact_block(compact_state(heap)->shift, name), align_bytes);

    return gap < size ? size - (uint32_t)gap : 0;
}

struct bins_choice compact_search(struct polished_heap *heap, uint32_t need,
                                  polished_size align_bytes)
{
    const struct compact compact = compact_open(heap);
    struct bins_want want = {need, compact_margin(heap, align_bytes),
                             align_bytes, compact_room};

    return bins_choose_aligned(heap, compact.bins, compact.links, &want);
}

/* Is it a free block of that size, as the bins say? */
COMPACT_INLINE bool compact_is_free(const struct compact *compact,
                                    struct bins_choice choice)
{
    uint32_t block = compact_block(compact->shift, choice.block);
    uint32_t size = choice.size;

    return size <= compact->end - block &&
           toggle_slot(compact->map, block) == TOGGLE_FREE &&
           (!compact_has_size(compact->shift, size) ||
            (compact_words(compact, block)[2] == size &&
             compact_words(compact, block + size)[-1] == size));
}

/*
 * Take [at, at + need) out of the free block [block, block + size), and keep
 * what is left on either side.
 */
COMPACT_INLINE void compact_split(struct polished_heap *heap,
                                  const struct compact *compact, uint32_t block,
                                  uint32_t size, uint32_t at, uint32_t need)
{
    uint32_t left = at - block, right = size - need - left;

    toggle_block(compact->map, at, need);
    if (block + size == compact->end)
        compact_lower_slack(heap, compact->shift, right);
    if (right != 0)
        compact_file(heap, compact, at + need, right);
    if (left != 0)
        compact_file(heap, compact, block, left);
}

void compact_cut(struct polished_heap *heap, uint32_t block, uint32_t size,
                 uint32_t gap, uint32_t need)
{
    const struct compact compact = compact_open(heap);

    compact_split(heap, &compact, block, size, block + gap, need);
}

/* How many granules before a block the last aligned place lies. */
static uint32_t compact_excess(const struct polished_heap *heap, uint32_t block,
                               polished_size align_bytes)
{
    const struct compact compact = compact_open(heap);
    uint64_t address = heap->data.bus_base + compact_offset(&compact, block);

    return (uint32_t)(address >> compact.shift &
                      ((align_bytes >> compact.shift) - 1));
}

/* A block that has to be aligned more than granules are. */
static enum polished_status
compact_alloc_aligned(struct polished_heap *heap,
                      const struct polished_request *request,
                      polished_size *offset)
{
    const struct compact compact = compact_open(heap);
    uint32_t need = compact_need(compact.shift, request->size_bytes);
    struct bins_choice choice =
        compact_search(heap, need, request->align_bytes);
    uint32_t block = compact_block(compact.shift, choice.block);
    uint32_t at = block;

    if (choice.block == 0)
        return POLISHED_NO_MEMORY;
    if (!compact_is_free(&compact, choice) ||
        !compact_unfile(&compact, block, choice.size))
        return POLISHED_CORRUPT;
    if (compact_is_high(compact.shift, need)) {
        at += choice.size - need;
        at -= compact_excess(heap, at, request->align_bytes);
    } else {
        at += (uint32_t)compact_gap(heap, block, request->align_bytes);
    }
    compact_split(heap, &compact, block, choice.size, at, need);
    *offset = compact_offset(&compact, at);
    return POLISHED_OK;
}

/* A free block of which a request takes one end: where that lies, and what is
   left of it. */
struct compact_piece {
    uint32_t at, rest, rest_size;
};

COMPACT_INLINE struct compact_piece compact_take(struct polished_heap *heap,
                                                 const struct compact *compact,
                                                 uint32_t block, uint32_t size,
                                                 uint32_t need)
{
    bool is_high = compact_is_high(compact->shift, need);
    uint32_t rest_size = size - need;
    struct compact_piece piece = {is_high ? block + rest_size : block,
                                  is_high ? block : block + need, rest_size};

    if (block + size == compact->end)
        compact_lower_slack(heap, compact->shift, is_high ? 0 : rest_size);
    toggle_block(compact->map, piece.at, need);
    return piece;
}

/* Cut one of the two that are in no list; what is left stays what it was. */
COMPACT_INLINE polished_size compact_cut_kept(struct polished_heap *heap,
                                              const struct compact *compact,
                                              uint32_t *name, uint32_t *size,
                                              uint32_t need)
{
    struct compact_piece piece = compact_take(
        heap, compact, compact_block(compact->shift, *name), *size, need);

    *size = piece.rest_size;
    *name = 0;
    if (piece.rest_size != 0) {
        *name = compact_name(compact->shift, piece.rest);
        compact_shape(compact, piece.rest, piece.rest_size);
    }
    return compact_offset(compact, piece.at);
}

/* Cut a block that is in no list any more.  Of a small request the rest becomes
   the victim, and the old victim is filed. */
COMPACT_INLINE polished_size compact_cut_listed(struct polished_heap *heap,
                                                const struct compact *compact,
                                                struct bins_choice choice,
                                                uint32_t need)
{
    struct compact_piece piece =
        compact_take(heap, compact, compact_block(compact->shift, choice.block),
                     choice.size, need);
    struct bins_choice old;

    if (need < BINS_EXACT) {
        compact_shape(compact, piece.rest, piece.rest_size);
        old = bins_swap_victim(compact->bins,
                               compact_name(compact->shift, piece.rest),
                               piece.rest_size);
        piece.rest = compact_block(compact->shift, old.block);
        piece.rest_size = old.size;
    }
    if (piece.rest_size != 0)
        compact_file(heap, compact, piece.rest, piece.rest_size);
    return compact_offset(compact, piece.at);
}

/* Cut the victim or the wild block, if one is large enough. */
COMPACT_INLINE enum polished_status
compact_alloc_kept(struct polished_heap *heap, const struct compact *compact,
                   uint32_t need, polished_size *offset)
{
    struct bins *bins = compact->bins;

    if (bins->victim_size >= need)
        *offset = compact_cut_kept(heap, compact, &bins->victim,
                                   &bins->victim_size, need);
    else if (bins->wild_size >= need)
        *offset = compact_cut_kept(heap, compact, &bins->wild, &bins->wild_size,
                                   need);
    else
        return POLISHED_NO_MEMORY;
    return POLISHED_OK;
}

/* Take the best of the first few of the own list, else the first of a higher
   one; none: {0, 0}.  Control may have no room for a list whose bit is not set.
   False in a damaged heap. */
COMPACT_INLINE bool compact_draw(struct polished_heap *heap,
                                 const struct compact *compact, uint32_t need,
                                 struct bins_choice *choice)
{
    const struct bins_want want = {.need = need};
    struct bins *bins = compact->bins;
    unsigned number = bins_number(need);

    if (need >= BINS_EXACT && (bins->map >> number & 1) != 0) {
        *choice = bins_scan(heap, bins, compact->links, &want, number);
        if (choice->block != 0)
            return compact_is_free(compact, *choice) &&
                   bins_unlink(bins, compact->links, choice->block,
                               choice->size);
    }
    number = bins_lowest(bins, number + 1);
    if (number == 64)
        return true;
    *choice = bins_first(bins, compact->links, number);
    return choice->size > need && compact_is_free(compact, *choice) &&
           bins_pop(bins, compact->links, number, choice->block);
}

/* No block fits exactly. */
COMPACT_INLINE enum polished_status
compact_alloc_cut(struct polished_heap *heap, const struct compact *compact,
                  uint32_t need, polished_size *offset)
{
    struct bins_choice choice = {0};

    compact_count(heap, 3);
    if (need < BINS_EXACT && compact->bins->victim_size >= need)
        return compact_alloc_kept(heap, compact, need, offset);
    if (!compact_draw(heap, compact, need, &choice))
        return POLISHED_CORRUPT;
    if (choice.block == 0)
        return compact_alloc_kept(heap, compact, need, offset);
    *offset = compact_cut_listed(heap, compact, choice, need);
    return POLISHED_OK;
}

COMPACT_INLINE enum polished_status
compact_alloc_in(struct polished_heap *heap, unsigned shift,
                 const struct polished_request *request, polished_size *offset)
{
    const struct compact compact = compact_open_as(heap, shift);
    uint32_t need = compact_need(shift, request->size_bytes);
    struct bins_choice choice;
    uint32_t block;

    POLISHED_ASSERT(judged_request(heap, request));
    if (request->align_bytes >> shift > 1)
        return compact_alloc_aligned(heap, request, offset);
    if (need >= BINS_EXACT || (compact.bins->map >> need & 1) == 0)
        return compact_alloc_cut(heap, &compact, need, offset);
    choice = bins_first(compact.bins, compact.links, need);
    block = compact_block(shift, choice.block);
    compact_count(heap, 3);
    if (!compact_is_free(&compact, choice) ||
        !bins_pop(compact.bins, compact.links, need, choice.block))
        return POLISHED_CORRUPT;
    toggle_block(compact.map, block, need);
    *offset = compact_offset(&compact, block);
    return POLISHED_OK;
}

static enum polished_status
compact_alloc(struct polished_heap *heap,
              const struct polished_request *request, polished_size *offset)
{
    if (compact_state(heap)->shift == 3)
        return compact_alloc_in(heap, 3, request, offset);
    return compact_alloc_in(heap, 4, request, offset);
}

static const struct polished_knob compact_knobs[] = {
    {"granule_bytes", "sizes are multiples of this", 8, 16, 16,
     POLISHED_POWER_OF_TWO},
    {0}};

const struct polished_ops polished_polished_compact = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_EXACT_MISUSE |
            POLISHED_EXACT_WALK | COUNT_CAPS(POLISHED_SLACK),
    .name = "polished-compact",
    .summary = "no heads, a map of two bits per granule: least memory",
    .knobs = compact_knobs,
    .control_bytes = compact_control_bytes,
    .init = compact_init,
    .alloc = compact_alloc,
    .free = compact_free,
    .resize = compact_resize,
    .usable = compact_usable,
    .extend = compact_extend,
    .reserve = compact_reserve,
    .reset = compact_reset,
    .walk = compact_walk,
    .largest = compact_largest,
    .check = compact_check,
};
