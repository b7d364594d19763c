/* thin_free.c - the policy `polished`: what is done with a block in use. */
#include "alloc/thin.h"

/* A used block, by its head, its name and what its head says.  The size is as
   wide as an address: narrower, each use of it would be widened anew. */
struct thin_own {
    const bins_word *head;
    uint32_t block;
    size_t size;
};

/*
 * The used block whose payload starts at the offset; false: there is none, as
 * far as one look can tell.  Of a number of bytes that is no multiple of four
 * the rotated one is too large; of eight, odd.
 */
BINS_INLINE bool thin_locate(const struct polished_heap *heap,
                             const struct thin *thin, polished_size offset,
                             struct thin_own *own)
{
    polished_size word =
        arith_rotate(offset - thin->first_bytes - THIN_HEAD, 2);

    own->head = (const bins_word *)((uintptr_t)heap->data.base +
                                    (uintptr_t)offset - THIN_HEAD);
    if (word >= thin->bins->end - THIN_FIRST || word % 2 != 0 ||
        !(*own->head & THIN_USED))
        return false;
    own->block = (uint32_t)word + THIN_FIRST;
    own->size = thin_size_in(*own->head);
    return word + 2 * own->size < thin->bins->end &&
           own->head[2 * own->size] & THIN_LEFT_USED;
}

/* May a block of that size be what so many bytes, if told, were asked for?
   Rounded up and cut, it has less than 16 to spare; the least has room for 12.
 */
BINS_INLINE bool thin_agrees(polished_size size, polished_size size_bytes)
{
    polished_size room_bytes = size * THIN_GRANULE - THIN_HEAD;
    polished_size asked_bytes = size_bytes < 5 ? 5 : size_bytes;

    return size_bytes == 0 ||
           room_bytes - asked_bytes < THIN_LEAST * THIN_GRANULE;
}

/* Why a call with such an offset and size is refused. */
THIN_APART static enum polished_status
thin_explain(const struct polished_heap *heap, polished_size offset)
{
    const struct thin thin = thin_open(heap);
    polished_size distance = offset - thin.first_bytes - THIN_HEAD;
    struct thin_own own;
    uint32_t block;

    if (thin_locate(heap, &thin, offset, &own))
        return POLISHED_SIZE_MISMATCH;
    /* Before the first block it wraps: it lies behind the end as well. */
    if (distance / 4 + THIN_FIRST >= thin_end(thin.bins))
        return POLISHED_NOT_OWNED;
    if (distance % THIN_GRANULE != 0)
        return POLISHED_INTERIOR;
    block = (uint32_t)(distance / 4) + THIN_FIRST;
    return !thin_is_used(&thin, block) &&
                   thin_fits_in(&thin, block, thin_size(&thin, block))
               ? POLISHED_DOUBLE_FREE
               : POLISHED_INTERIOR;
}

/* -------------------------------------------------------------------- free */

/* What is free now, joined with its free neighbours, is to be kept. */
BINS_INLINE enum polished_status thin_release(struct polished_heap *heap,
                                              const struct thin *thin,
                                              uint32_t block, uint32_t size)
{
    thin_set_free(thin, block, size);
    thin_file(heap, thin, block, size);
    return POLISHED_OK;
}

/* A block that becomes the wild one: apart, so that the usual way need save no
   register for the old one. */
THIN_APART static enum polished_status
thin_release_wild(struct polished_heap *heap, uint32_t block, uint32_t size)
{
    const struct thin thin = thin_open(heap);

    return thin_release(heap, &thin, block, size);
}

/* A block that joins none. */
THIN_APART static enum polished_status
thin_join_none(struct polished_heap *heap, uint32_t block, size_t own_size)
{
    const struct thin thin = thin_open(heap);
    uint32_t size = (uint32_t)own_size;

    thin.words[thin_behind(block, size)] &= ~THIN_LEFT_USED;
    if (size > thin.bins->wild_size)
        return thin_release_wild(heap, block, size);
    thin_compare(heap, &thin, size);
    thin_set_free(&thin, block, size);
    bins_push(thin.bins, thin_links(&thin), bins_number(size), block,
              THIN_SPARE);
    return POLISHED_OK;
}

/* Join a block with its free right neighbour. */
THIN_APART static enum polished_status
thin_join_right(struct polished_heap *heap, uint32_t block, size_t own_size)
{
    const struct thin thin = thin_open(heap);
    uint32_t size = (uint32_t)own_size, right = thin_behind(block, size);
    uint32_t right_size = thin_size(&thin, right);

    if (!thin_ends_free(&thin, right, right_size))
        return POLISHED_CORRUPT;
    size += right_size;
    if (thin_is_loose(&thin, right)) {
        thin_move_loose(&thin, right, block, size);
        thin_set_free(&thin, block, size);
        return POLISHED_OK;
    }
    return thin_unlink(&thin, right, right_size)
               ? thin_release(heap, &thin, block, size)
               : POLISHED_CORRUPT;
}

/* A free block has grown at its end.  If it is the wild one it was not the
   last, and slack is 0 already. */
BINS_INLINE enum polished_status thin_grow(struct polished_heap *heap,
                                           const struct thin *thin,
                                           struct bins_choice left,
                                           uint32_t size)
{
    if (bins_grow(thin->bins, left.block, left.size, size)) {
        thin_compare(heap, thin, size);
        thin_set_free(thin, left.block, size);
        return POLISHED_OK;
    }
    return thin_unfile(thin, left.block, left.size)
               ? thin_release(heap, thin, left.block, size)
               : POLISHED_CORRUPT;
}

/* Both neighbours are free: one of them grows, the other is kept no more. */
THIN_APART static enum polished_status
thin_join_both(struct polished_heap *heap, struct bins_choice left,
               uint32_t size, uint32_t right)
{
    const struct thin thin = thin_open(heap);
    uint32_t right_size = thin_size(&thin, right);

    if (!thin_ends_free(&thin, right, right_size))
        return POLISHED_CORRUPT;
    size += right_size;
    if (left.block == thin.bins->wild || !thin_is_loose(&thin, right))
        return thin_unfile(&thin, right, right_size)
                   ? thin_grow(heap, &thin, left, size)
                   : POLISHED_CORRUPT;
    if (!thin_unfile(&thin, left.block, left.size))
        return POLISHED_CORRUPT;
    thin_move_loose(&thin, right, left.block, size);
    thin_set_free(&thin, left.block, size);
    return POLISHED_OK;
}

/*
 * Join a block with its free left neighbour, and the right one if that is free.
 * Its own head is left behind as one of a free block: it tells a stale pointer,
 * until somebody writes over it.
 */
THIN_APART static enum polished_status
thin_join_left(struct polished_heap *heap, uint32_t block, size_t own_size)
{
    const struct thin thin = thin_open(heap);
    uint32_t size = (uint32_t)own_size;
    bins_word *head = thin.words + block, *right = head + 2 * (size_t)size;
    struct bins_choice left = {0, head[-1]};

    left.block = block - 2 * left.size;
    if (left.size >= block / 2 ||
        thin.words[left.block] != thin_head(left.size, THIN_LEFT_USED))
        return POLISHED_CORRUPT;
    *head &= ~THIN_USED;
    if (!(*right & THIN_USED))
        return thin_join_both(heap, left, left.size + size,
                              thin_behind(block, size));
    *right &= ~THIN_LEFT_USED;
    return thin_grow(heap, &thin, left, left.size + size);
}

enum polished_status thin_free(struct polished_heap *heap, polished_size offset,
                               polished_size size_bytes)
{
    const struct thin thin = thin_open(heap);
    struct thin_own own;

    POLISHED_STEPS(heap, 4);
    if (!thin_locate(heap, &thin, offset, &own) ||
        !thin_agrees(own.size, size_bytes))
        return thin_explain(heap, offset);
    if (!(*own.head & THIN_LEFT_USED))
        return thin_join_left(heap, own.block, own.size);
    if (!(own.head[2 * own.size] & THIN_USED))
        return thin_join_right(heap, own.block, own.size);
    return thin_join_none(heap, own.block, own.size);
}

/* ------------------------------------------------------------------ resize */

/* The wild block or the victim, behind a used one, begins elsewhere. */
static enum polished_status thin_move_border(struct polished_heap *heap,
                                             struct bins_choice room,
                                             uint32_t need, uint32_t left)
{
    const struct thin thin = thin_open(heap);
    uint32_t old = thin_behind(room.block, thin_size(&thin, room.block));
    uint32_t start = thin_behind(room.block, need), rest = room.size - need;

    if (thin_behind(start, rest) == thin_end(thin.bins))
        thin_lower_slack(heap, rest, BINS_EXACT);
    thin_move_loose(&thin, old, start, rest);
    thin_set_free(&thin, start, rest);
    thin_set_used(&thin, room.block, need, left);
    return POLISHED_OK;
}

/*
 * Let the block end elsewhere.  The room it can have is its own and that of a
 * free right neighbour, which is cut again behind it.
 */
static enum polished_status thin_move_end(struct polished_heap *heap,
                                          struct bins_choice own, uint32_t need)
{
    const struct thin thin = thin_open(heap);
    uint32_t left = thin.words[own.block] & THIN_LEFT_USED;
    uint32_t right = thin_behind(own.block, own.size), right_size = 0;

    if (!thin_is_used(&thin, right)) {
        right_size = thin_size(&thin, right);
        if (!thin_is_free(&thin, right, right_size))
            return POLISHED_CORRUPT;
    }
    own.size += right_size;
    if (need > own.size)
        return POLISHED_NO_MEMORY;
    if (right_size == 0)
        thin.words[right] &= ~THIN_LEFT_USED;
    else if (thin_is_loose(&thin, right) && own.size - need >= THIN_LEAST)
        return thin_move_border(heap, own, need, left);
    else if (!thin_unfile(&thin, right, right_size))
        return POLISHED_CORRUPT;
    thin_cut(heap, own, 0, need, left, false);
    return POLISHED_OK;
}

enum polished_status thin_resize(struct polished_heap *heap,
                                 polished_size offset, polished_size size_bytes,
                                 const struct polished_request *request)
{
    const struct thin thin = thin_open(heap);
    uint32_t need = thin_need(thin_mask(heap), request->size_bytes);
    struct thin_own own;

    POLISHED_STEPS(heap, 4);
    if (!thin_locate(heap, &thin, offset, &own) ||
        !thin_agrees(own.size, size_bytes))
        return thin_explain(heap, offset);
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    return need == own.size
               ? POLISHED_OK
               : thin_move_end(
                     heap, (struct bins_choice){own.block, (uint32_t)own.size},
                     need);
}

enum polished_status thin_usable(const struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size *size_bytes)
{
    const struct thin thin = thin_open(heap);
    struct thin_own own;

    if (!thin_locate(heap, &thin, offset, &own))
        return thin_explain(heap, offset);
    *size_bytes = (polished_size)own.size * THIN_GRANULE - THIN_HEAD;
    return POLISHED_OK;
}
