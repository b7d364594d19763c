/*
 * tlsf.c - two-level segregated fit: a list for each class of sizes, found by
 * the bits of the size; alloc, free and resize take bounded time.
 *
 *     class   0 ... 31 | 32 ... 47 | 48 ... 63 | 64 ...         (detail 4)
 *     grains  0 ... 31 | 32 ... 63 | 64 .. 127 | 128 ...    of 16 bytes each
 *     width       1    |     2     |     4     |  8 ...
 *
 *     map      . . 1 . . . . 1      bit i: word i is not 0
 *                  |
 *     word 2   . 1 . . . 1 . .      bit j: list 64 * 2 + j is not empty
 *                |
 *     head     block -> block -> block      newest first
 *
 * The first level says in which octave a size lies, the second in which of 16
 * equal parts of the octave: its class.  Any block of a higher class is large
 * enough, and the lowest such class is found by looking for a bit in two words
 * instead of for a block in a list.  Blocks and lists are in tlsf.h.
 *
 * After Masmano, Ripoll, Crespo and Real, "TLSF: a new dynamic memory
 * allocator for real-time systems" (2004), with these differences:
 * - The first few blocks of the request's own class are tried before a higher
 *   one is taken.  Without that a block of 63 grains could not serve 63
 *   grains, for its class begins at 62; nor could the largest free block be
 *   handed out whole, nor what was just freed be had again.
 * - So sizes are not rounded up to a class: a block is cut to what is asked.
 * - The free block at the end is in no list; it is cut when nothing else will do.
 * - Lists there are as many as the region needs.
 *
 * Time: O(1) for every call but a walk over blocks (reserve, reset, walk,
 * largest, check).  No call visits more than TLSF_STEPS words and blocks.
 * Fails: when all blocks of higher classes are gone, and the first TLSF_TRIES
 * of the own class are too small.
 * Keeps: 112 bytes and 4 for each class in control, about 0.5 KiB for 8 KiB
 * of data and 1.1 KiB for 1 MiB; in data 8 bytes per block, whose size is a
 * multiple of 16 and at least 32.
 *
 * Worst case, for at most M live bytes and blocks of 1 ... n: as best fit's,
 * about M n.
 */
#include "alloc/tlsf.h"

#include "core/arith.h"
#include "polished/policies.h"

uint64_t tlsf_gap(const struct polished_heap *heap, uint32_t block,
                  polished_size align_bytes)
{
    uint64_t payload = heap->data.bus_base + tlsf_offset(heap, block);
    uint64_t gap = arith_gap(payload, align_bytes) / TLSF_GRAIN;

    /* Too little for a block: go on to the next aligned place. */
    if (gap != 0 && gap < TLSF_LEAST)
        gap += align_bytes / TLSF_GRAIN;
    return gap;
}

/* The first of the first few blocks of a class that has room. */
static inline uint32_t tlsf_scan(const struct polished_heap *heap,
                                 uint32_t class, uint64_t need,
                                 polished_size align_bytes, unsigned *steps)
{
    const struct tlsf_state *state = tlsf_state(heap);
    uint32_t block = state->head[class];

    for (unsigned i = 0; i < TLSF_TRIES && block < state->end; i++) {
        ++*steps;
        if (tlsf_has_room(heap, block, need, align_bytes))
            return block;
        block = *tlsf_next(tlsf_words(heap), block);
    }
    return TLSF_NONE;
}

/*
 * A block of the class of `want` grains, or of the lowest class above it that
 * has one, with room for `need`.
 */
static inline uint32_t tlsf_find(const struct polished_heap *heap,
                                 uint64_t want, uint64_t need,
                                 polished_size align_bytes, unsigned *steps)
{
    const struct tlsf_state *state = tlsf_state(heap);
    uint32_t class = tlsf_class(state->detail, want);
    uint32_t at = class / 64;
    uint64_t bits = state->word[at] >> class % 64;
    uint32_t block;

    ++*steps;
    if (bits & 1) {
        block = tlsf_scan(heap, class, need, align_bytes, steps);
        if (block != TLSF_NONE)
            return block;
        bits--;
    }
    if (bits == 0) {
        uint64_t words = state->map >> at & ~UINT64_C(1);

        ++*steps;
        if (words == 0)
            return TLSF_NONE;
        at += bits_lowest(words);
        bits = state->word[at];
        class = at * 64;
    }
    class += bits_lowest(bits);
    return tlsf_scan(heap, class, need, align_bytes, steps);
}

/* The last block comes last: to keep it large, and so that nothing that is
   found elsewhere depends on its size. */
static inline uint32_t tlsf_search_counted(const struct polished_heap *heap,
                                           uint64_t need,
                                           polished_size align_bytes,
                                           unsigned *steps)
{
    const struct tlsf_state *state = tlsf_state(heap);
    uint64_t margin = tlsf_margin(align_bytes);
    uint32_t block;

    if (need > state->end)
        return TLSF_NONE;
    block = tlsf_find(heap, need, need, align_bytes, steps);
    if (block == TLSF_NONE && margin != 0 && margin <= state->end - need)
        block = tlsf_find(heap, need + margin, need, align_bytes, steps);
    if (block != TLSF_NONE || state->last == TLSF_NONE)
        return block;
    ++*steps;
    return tlsf_has_room(heap, state->last, need, align_bytes) ? state->last
                                                               : TLSF_NONE;
}

uint32_t tlsf_search(struct polished_heap *heap, uint64_t need,
                     polished_size align_bytes)
{
    unsigned steps = 0;
    uint32_t block = tlsf_search_counted(heap, need, align_bytes, &steps);

    tlsf_count(heap, steps);
    return block;
}

/* No shorter region could hold a block that ends there. */
static inline void tlsf_note_end(struct polished_heap *heap, uint32_t end)
{
    POLISHED_LOWER_SLACK(heap, (polished_size)(tlsf_state(heap)->end - end) *
                                   TLSF_GRAIN);
}

void tlsf_cut(struct polished_heap *heap, uint32_t block, uint32_t size,
              uint32_t gap, uint32_t need, uint64_t left)
{
    struct tlsf_state *state = tlsf_state(heap);
    memory_word *words = tlsf_words(heap);
    uint32_t rest = size - gap - need;

    block += gap;
    tlsf_note_end(heap, block + need);
    if (gap != 0) {
        tlsf_file(state, words, block - gap, gap);
        left = 0;
    }
    if (rest < TLSF_LEAST) {
        need += rest;
        *tlsf_head(words, block + need) |= TLSF_LEFT_USED;
    } else {
        tlsf_file(state, words, block + need, rest);
    }
    *tlsf_head(words, block) = tlsf_seal(block, need) | left;
}

enum polished_status tlsf_alloc(struct polished_heap *heap,
                                const struct polished_request *request,
                                polished_size *offset)
{
    struct tlsf_state *state = tlsf_state(heap);
    polished_size align_bytes = request->align_bytes;
    uint32_t need = tlsf_need(request->size_bytes);
    uint64_t rounded = tlsf_round(state, need);
    unsigned steps = 1;
    uint32_t block = tlsf_search_counted(heap, rounded, align_bytes, &steps);
    uint32_t size, gap = 0;

    if (block == TLSF_NONE && rounded != need) {
        block = tlsf_search_counted(heap, need, align_bytes, &steps);
    } else {
        need = (uint32_t)rounded;
    }
    tlsf_count(heap, steps);
    if (block == TLSF_NONE)
        return POLISHED_NO_MEMORY;
    size = tlsf_size(tlsf_words(heap), block);
    if (size > state->end - block ||
        !tlsf_unfile(state, tlsf_words(heap), block, size))
        return POLISHED_CORRUPT;
    if (align_bytes > TLSF_GRAIN)
        gap = (uint32_t)tlsf_gap(heap, block, align_bytes);
    tlsf_cut(heap, block, size, gap, need, TLSF_LEFT_USED);
    *offset = tlsf_offset(heap, block + gap);
    return POLISHED_OK;
}

/* Why no used block starts there, as far as one look can tell. */
static enum polished_status tlsf_explain(const struct polished_heap *heap,
                                         polished_size offset)
{
    const struct tlsf_state *state = tlsf_state(heap);
    memory_word *words = tlsf_words(heap);
    polished_size distance = offset - state->first_bytes - TLSF_HEAD;
    uint32_t block;

    if (offset < state->first_bytes + TLSF_HEAD ||
        distance / TLSF_GRAIN >= state->end)
        return POLISHED_NOT_OWNED;
    if (distance % TLSF_GRAIN != 0)
        return POLISHED_INTERIOR;
    block = (uint32_t)(distance / TLSF_GRAIN);
    return tlsf_is_buried(words, block) || tlsf_is_free(state, words, block)
               ? POLISHED_DOUBLE_FREE
               : POLISHED_INTERIOR;
}

/* Can a block of this size have been made for so many bytes? */
static bool tlsf_is_made_for(const struct tlsf_state *state, uint32_t size,
                             polished_size size_bytes)
{
    uint32_t need = tlsf_need(size_bytes);
    uint64_t rounded = tlsf_round(state, need);

    return need <= size && (size - need < TLSF_LEAST ||
                            (rounded <= size && size - rounded < TLSF_LEAST));
}

/* The used block whose payload starts at the offset. */
static inline enum polished_status tlsf_locate(
    const struct polished_heap *heap, polished_size offset,
    polished_size size_bytes, uint32_t *block)
{
    const struct tlsf_state *state = tlsf_state(heap);
    memory_word *words = tlsf_words(heap);
    polished_size distance = offset - state->first_bytes - TLSF_HEAD;
    uint32_t found = (uint32_t)(distance / TLSF_GRAIN);
    uint32_t size;

    *block = found;
    if (distance % TLSF_GRAIN != 0 || distance / TLSF_GRAIN >= state->end ||
        !tlsf_is_sealed(words, found))
        return tlsf_explain(heap, offset);
    size = tlsf_size(words, found);
    if (size > state->end - found || size == 0 ||
        !tlsf_left_is_used(words, found + size))
        return tlsf_explain(heap, offset);
    if (size_bytes != 0 && !tlsf_is_made_for(state, size, size_bytes))
        return POLISHED_SIZE_MISMATCH;
    return POLISHED_OK;
}

enum polished_status tlsf_free(struct polished_heap *heap,
                               polished_size offset, polished_size size_bytes)
{
    struct tlsf_state *state = tlsf_state(heap);
    memory_word *words = tlsf_words(heap);
    uint32_t block, size, right, left = TLSF_NONE;
    enum polished_status status =
        tlsf_locate(heap, offset, size_bytes, &block);

    tlsf_count(heap, 3);
    if (status != POLISHED_OK)
        return status;
    size = tlsf_size(words, block);
    right = block + size;
    if (!tlsf_left_is_used(words, block)) {
        left = tlsf_left(state, words, block);
        if (left == TLSF_NONE)
            return POLISHED_CORRUPT;
    }
    if (tlsf_is_used(words, right)) {
        *tlsf_head(words, right) &= ~TLSF_LEFT_USED;
    } else {
        uint32_t right_size = tlsf_size(words, right);

        if (!tlsf_is_free(state, words, right) ||
            !tlsf_unfile(state, words, right, right_size))
            return POLISHED_CORRUPT;
        tlsf_bury(words, right);
        size += right_size;
    }
    if (left != TLSF_NONE) {
        if (!tlsf_unfile(state, words, left, block - left))
            return POLISHED_CORRUPT;
        tlsf_bury(words, block);
        size += block - left;
        block = left;
    }
    tlsf_file(state, words, block, size);
    return POLISHED_OK;
}

/*
 * Let the block end elsewhere.  The room it can have is its own and that of a
 * free right neighbour, which is cut again behind it.
 */
static enum polished_status tlsf_move_end(struct polished_heap *heap,
                                          uint32_t block, uint32_t need)
{
    struct tlsf_state *state = tlsf_state(heap);
    memory_word *words = tlsf_words(heap);
    uint32_t size = tlsf_size(words, block);
    uint32_t right = block + size, room = size;
    uint64_t rounded = tlsf_round(state, need);

    if (!tlsf_is_used(words, right)) {
        if (!tlsf_is_free(state, words, right))
            return POLISHED_CORRUPT;
        room += tlsf_size(words, right);
    }
    if (rounded <= room)
        need = (uint32_t)rounded;
    if (need > room)
        return POLISHED_NO_MEMORY;
    if (need == size) {
        tlsf_note_end(heap, right);
        return POLISHED_OK;
    }
    if (room > size) {
        if (!tlsf_unfile(state, words, right, room - size))
            return POLISHED_CORRUPT;
        tlsf_bury(words, right);
    } else {
        *tlsf_head(words, right) &= ~TLSF_LEFT_USED;
    }
    tlsf_cut(heap, block, room, 0, need,
             *tlsf_head(words, block) & TLSF_LEFT_USED);
    return POLISHED_OK;
}

enum polished_status tlsf_resize(struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size size_bytes,
                                 const struct polished_request *request)
{
    uint32_t block;
    enum polished_status status =
        tlsf_locate(heap, offset, size_bytes, &block);

    tlsf_count(heap, 2);
    if (status != POLISHED_OK)
        return status;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    return tlsf_move_end(heap, block, tlsf_need(request->size_bytes));
}

enum polished_status tlsf_usable(const struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size *size_bytes)
{
    uint32_t block;
    enum polished_status status = tlsf_locate(heap, offset, 0, &block);

    if (status == POLISHED_OK)
        *size_bytes = (polished_size)tlsf_size(tlsf_words(heap), block) *
                          TLSF_GRAIN -
                      TLSF_HEAD;
    return status;
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
    return tlsf_init_as(heap, TLSF_DETAIL, false);
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
    .free = tlsf_free,
    .resize = tlsf_resize,
    .usable = tlsf_usable,
    .extend = tlsf_extend,
    .reserve = tlsf_reserve,
    .reset = tlsf_reset,
    .walk = tlsf_walk,
    .largest = tlsf_largest,
    .check = tlsf_check,
};
