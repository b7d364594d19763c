/*
 * tlsf.c - two-level segregated fit: a list for each class of sizes, found by
 * the bits of the size; alloc, free and resize take bounded time.
 *
 *     class   0 ... 15 | 16 ... 23 | 24 ... 31 | 32 ...
 *     grains  0 ... 15 | 16 ... 31 | 32 ... 63 | 64 ...     of 16 bytes each
 *     width       1    |     2     |     4     |  8 ...
 *
 *     word 2   . 1 . . . 1 . .      bit j: list 64 * 2 + j is not empty
 *                |
 *     head     block -> block -> block      newest first
 *
 * The size's highest bit says in which octave it lies, the next three in which
 * of 8 equal parts of the octave: its class.  Any block of a higher class is
 * large enough, and the lowest such class is found by looking for a bit in up
 * to four words instead of for a block in a list.  Blocks are in tlsf.h, lists
 * in tlsf_list.h, what is done with a block in use in tlsf_free.c.
 *
 * After Masmano, Ripoll, Crespo and Real, "TLSF: a new dynamic memory
 * allocator for real-time systems" (2004), with these differences:
 * - The first few blocks of the request's own class are tried before a higher
 *   one is taken.  Without that a block of 63 grains could not serve 63
 *   grains, for its class begins at 60; nor could what was just freed be had
 *   again.
 * - So sizes need not be rounded up to a class: a block is cut to what is
 *   asked.  And classes can be wider: 8 in an octave were measured to need no
 *   more memory than 16, and half the lists.
 * - The free block at the end has a class to itself, which is looked at when
 *   nothing else will do.  All of it can be handed out.
 * - Lists there are as many as the region needs; their bits fill so few words
 *   that a word above those, of which is not 0, would cost more than it saves.
 *
 * Time: O(1) for every call but a walk over blocks (reserve, reset, walk,
 * largest, check): with TLSF_TRIES = 4 at most 14 steps, and 27 where the
 * alignment is above 16.
 * Fails: when no higher class has a block, and the first TLSF_TRIES of the own
 * class and the last block are too small.
 * Keeps: 56 bytes and 4 for each class in control, 284 bytes for 8 KiB of data
 * and 508 for 1 MiB; in data 8 bytes per block, whose size is a multiple of 16
 * and at least 32.
 *
 * Worst case, for at most M live bytes and blocks of 1 ... n: as best fit's,
 * about M n.
 */
#include "alloc/tlsf_list.h"
#include "core/arith.h"
#include "polished/policies.h"

uint64_t tlsf_gap(const struct polished_heap *heap, uint32_t block,
                  polished_size align_bytes)
{
    uint64_t payload = heap->data.bus_base + tlsf_offset(heap, block);
    uint64_t gap = arith_gap(payload, align_bytes) / 4;

    /* Too little for a block: go on to the next aligned place. */
    if (gap != 0 && gap < TLSF_LEAST)
        gap += align_bytes / 4;
    return gap;
}

/* Has a block room for that size, where alignment lets it start? */
static bool tlsf_has_room(const struct polished_heap *heap, uint32_t block,
                          uint64_t need, polished_size align_bytes)
{
    uint32_t size = tlsf_size(tlsf_open(heap).words, block);

    return need <= size && (align_bytes <= TLSF_GRAIN ||
                            tlsf_gap(heap, block, align_bytes) <= size - need);
}

/* The first of the first few blocks of a class that has room. */
static uint32_t tlsf_scan(struct polished_heap *heap, uint32_t class,
                          uint64_t need, polished_size align_bytes)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t block = tlsf.state->head[class];

    for (unsigned i = 0; i < TLSF_TRIES && tlsf_is_inside(&tlsf, block); i++) {
        POLISHED_STEP(heap);
        if (tlsf_has_room(heap, block, need, align_bytes))
            return block;
        block = *tlsf_next(tlsf.words, block);
    }
    return TLSF_NONE;
}

/* The lowest class, from this one on, that has a block; if none has, that of
   the last block. */
TLSF_INLINE uint32_t tlsf_seek(struct polished_heap *heap,
                               const struct tlsf_state *state, unsigned detail,
                               uint32_t class)
{
    uint32_t at = class / 64, words = detail == 0 ? 1 : TLSF_WORDS;
    uint64_t bits = state->word[at] >> class % 64;

    if (bits != 0)
        return class + bits_lowest(bits);
    while (++at < words) {
        POLISHED_STEP(heap);
        if (state->word[at] != 0)
            return at * 64 + bits_lowest(state->word[at]);
    }
    return TLSF_LAST;
}

/*
 * A block of the class of size want, or of the lowest class above it that has
 * one, with room for need.
 */
static uint32_t tlsf_find(struct polished_heap *heap, uint64_t want,
                          uint64_t need, polished_size align_bytes)
{
    const struct tlsf_state *state = tlsf_state(heap);
    uint32_t own = tlsf_class(state->detail, want);
    uint32_t class = tlsf_seek(heap, state, state->detail, own);
    uint32_t block = TLSF_NONE;

    tlsf_count(heap, 2);
    if (class != TLSF_LAST)
        block = tlsf_scan(heap, class, need, align_bytes);
    if (block != TLSF_NONE || class != own)
        return block;
    class = tlsf_seek(heap, state, state->detail, own + 1);
    return class == TLSF_LAST ? TLSF_NONE
                              : tlsf_scan(heap, class, need, align_bytes);
}

/*
 * If need be, once more for as much as surely holds an aligned block.  The
 * last block comes last: to keep it large, and so that nothing that is found
 * elsewhere depends on its size.
 */
uint32_t tlsf_search(struct polished_heap *heap, uint64_t need,
                     polished_size align_bytes)
{
    const struct tlsf_state *state = tlsf_state(heap);
    uint64_t margin = tlsf_margin(align_bytes);
    uint32_t block;

    if (need > state->end)
        return TLSF_NONE;
    block = tlsf_find(heap, need, need, align_bytes);
    if (block == TLSF_NONE && margin != 0 && margin <= state->end - need)
        block = tlsf_find(heap, need + margin, need, align_bytes);
    return block != TLSF_NONE ? block
                              : tlsf_scan(heap, TLSF_LAST, need, align_bytes);
}

/* Cut a block in a used one of size need and, if enough is left for one, a
   free one. */
TLSF_INLINE void tlsf_split(struct polished_heap *heap, const struct tlsf *tlsf,
                            uint32_t block, uint32_t size, uint32_t need,
                            uint32_t left)
{
    uint32_t rest = size - need;

    /* No shorter region could hold a block that ends there. */
    POLISHED_LOWER_SLACK(heap,
                         4 * (polished_size)(tlsf->end - block - need));
    if (rest < TLSF_LEAST) {
        need = size;
        *tlsf_head(tlsf->words, block + size) |= TLSF_LEFT_USED;
    } else {
        tlsf_file(tlsf, block + need, rest);
    }
    tlsf_set_used(tlsf->words, block, need, left);
}

void tlsf_cut(struct polished_heap *heap, uint32_t block, uint32_t size,
              uint32_t gap, uint32_t need, uint32_t left)
{
    const struct tlsf tlsf = tlsf_open(heap);

    if (gap != 0) {
        tlsf_file(&tlsf, block, gap);
        left = 0;
    }
    tlsf_split(heap, &tlsf, block + gap, size - gap, need, left);
}

/* Any request; half-fit's goes without rounding if nothing else will do. */
static enum polished_status tlsf_alloc_any(
    struct polished_heap *heap, const struct polished_request *request,
    polished_size *offset)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint64_t bare = tlsf_need(request->size_bytes);
    uint64_t need = tlsf_round(tlsf.detail, bare);
    uint32_t block = tlsf_search(heap, need, request->align_bytes);
    uint32_t size, gap;

    if (block == TLSF_NONE && need != bare) {
        need = bare;
        block = tlsf_search(heap, need, request->align_bytes);
    }
    if (block == TLSF_NONE)
        return POLISHED_NO_MEMORY;
    size = tlsf_size(tlsf.words, block);
    gap = (uint32_t)tlsf_gap(heap, block, request->align_bytes);
    if (!tlsf_is_free(&tlsf, block) || !tlsf_unfile(&tlsf, block, size))
        return POLISHED_CORRUPT;
    tlsf_cut(heap, block, size, gap, (uint32_t)need, TLSF_LEFT_USED);
    *offset = tlsf_offset(heap, block + gap);
    return POLISHED_OK;
}

/* The usual case: the first block to look at has room; or there is none, and
   the last block has. */
TLSF_INLINE enum polished_status tlsf_alloc_in(
    struct polished_heap *heap, const struct tlsf *tlsf,
    const struct polished_request *request, polished_size *offset)
{
    uint64_t need = tlsf_round(tlsf->detail, tlsf_need(request->size_bytes));
    uint32_t class, block, size;

    if (request->align_bytes > TLSF_GRAIN)
        return tlsf_alloc_any(heap, request, offset);
    class = tlsf_seek(heap, tlsf->state, tlsf->detail,
                      tlsf_class(tlsf->detail, need));
    block = tlsf->state->head[class];
    if (!tlsf_is_inside(tlsf, block))
        return tlsf_alloc_any(heap, request, offset);
    size = tlsf_size(tlsf->words, block);
    if (size < need)
        return tlsf_alloc_any(heap, request, offset);
    if (size > tlsf->end - block || tlsf_is_used(tlsf->words, block) ||
        !tlsf_pop(tlsf, class, block))
        return POLISHED_CORRUPT;
    tlsf_count(heap, 3);
    tlsf_split(heap, tlsf, block, size, (uint32_t)need, TLSF_LEFT_USED);
    *offset = tlsf_offset(heap, block);
    return POLISHED_OK;
}

static enum polished_status tlsf_alloc(struct polished_heap *heap,
                                       const struct polished_request *request,
                                       polished_size *offset)
{
    const struct tlsf tlsf = tlsf_open_as(heap, TLSF_DETAIL);

    return tlsf_alloc_in(heap, &tlsf, request, offset);
}

enum polished_status tlsf_alloc_half(struct polished_heap *heap,
                                     const struct polished_request *request,
                                     polished_size *offset)
{
    const struct tlsf tlsf = tlsf_open_as(heap, 0);

    return tlsf_alloc_in(heap, &tlsf, request, offset);
}

static polished_size tlsf_control_bytes(const polished_size *knobs,
                                        polished_size data_bytes)
{
    (void)knobs;
    return tlsf_control_bytes_of(data_bytes, TLSF_DETAIL);
}

static enum polished_status tlsf_init(struct polished_heap *heap,
                                      const polished_size *knobs)
{
    (void)knobs;
    return tlsf_init_as(heap, TLSF_DETAIL);
}

const struct polished_ops polished_tlsf = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_EXACT_WALK |
            POLISHED_SLACK,
    .name = "tlsf",
    .summary = "two-level segregated fit: bounded time, good fit",
    .control_bytes = tlsf_control_bytes,
    .init = tlsf_init,
    .alloc = tlsf_alloc,
    .free = tlsf_free_fine,
    .resize = tlsf_resize,
    .usable = tlsf_usable,
    .extend = tlsf_extend,
    .reserve = tlsf_reserve,
    .reset = tlsf_reset,
    .walk = tlsf_walk,
    .largest = tlsf_largest,
    .check = tlsf_check_lists,
};
