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
 * in tlsf_list.h, requests that are not so easily met in tlsf_search.c, what is
 * done with a block in use in tlsf_free.c.
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
 * - The free block at the end is in no list.  It is looked at when nothing else
 *   will do, and all of it can be handed out.
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
#include "polished/policies.h"

/* The usual case: the first block to look at has room; or there is none, and
   the last block has. */
TLSF_INLINE enum polished_status
tlsf_alloc_in(struct polished_heap *heap, const struct tlsf *tlsf,
              const struct polished_request *request, polished_size *offset)
{
    struct tlsf_state *state = tlsf->state;
    uint32_t need = tlsf_round(tlsf->detail, tlsf_need(request->size_bytes));
    uint32_t class, block, right;

    if (request->align_bytes > TLSF_GRAIN)
        return tlsf_alloc_any(heap, request, offset);
    class =
        tlsf_seek(heap, state, tlsf->detail, tlsf_class(tlsf->detail, need));
    if (class != TLSF_NO_CLASS) {
        block = state->head[class];
        right = *tlsf_head(tlsf->words, block);
        if (right < block + need)
            return tlsf_alloc_any(heap, request, offset);
        if (right >= tlsf->end || !tlsf_pop(tlsf, class, block))
            return POLISHED_CORRUPT;
        tlsf_split(heap, tlsf, block, right, need, 0);
    } else {
        block = state->last;
        if (block == TLSF_NONE || need > tlsf->end - block)
            return tlsf_alloc_any(heap, request, offset);
        state->last = TLSF_NONE;
        tlsf_split(heap, tlsf, block, tlsf->end, need, 0);
    }
    POLISHED_STEPS(heap, 3);
    *offset = tlsf_offset(state, block);
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
            COUNT_CAPS(POLISHED_SLACK),
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
