/* tlsf_region.c - tlsf and half-fit: the region as a whole, block by block. */
#include "alloc/tlsf_list.h"
#include "core/arith.h"
#include "core/walk.h"

_Static_assert(64 * TLSF_WORDS >= (32 - TLSF_DETAIL) << TLSF_DETAIL,
               "a bit for each class of TLSF_SPAN");

polished_size tlsf_control_bytes_of(polished_size data_bytes, unsigned detail)
{
    uint32_t classes;

    if (data_bytes > TLSF_SPAN)
        return 0;
    classes = tlsf_class(detail, data_bytes / TLSF_GRAIN * 2) + 1;
    return sizeof(struct tlsf_state) + classes * sizeof(uint32_t);
}

/* No list has a block. */
static void tlsf_clear_lists(struct tlsf_state *state)
{
    for (unsigned i = 0; i < TLSF_WORDS; i++)
        state->word[i] = 0;
    for (uint32_t i = 0; i < state->class_count; i++)
        state->head[i] = TLSF_NONE;
    state->last = TLSF_NONE;
}

/* Data holds one free block and nothing else. */
static void tlsf_make_empty(struct polished_heap *heap)
{
    const struct tlsf tlsf = tlsf_open(heap);

    tlsf_clear_lists(tlsf.state);
    tlsf_set_end(tlsf.words, tlsf.end);
    tlsf_file(&tlsf, TLSF_FIRST, tlsf.end);
}

/* Where the end mark of data of that size lies: in its last whole grain. */
static uint32_t tlsf_end(const struct tlsf_state *state,
                         polished_size size_bytes)
{
    return (uint32_t)((size_bytes - state->base_bytes) / TLSF_GRAIN * 2);
}

enum polished_status tlsf_init_as(struct polished_heap *heap, unsigned detail)
{
    struct tlsf_state *state = tlsf_state(heap);
    polished_size size_bytes = heap->data.size_bytes;
    polished_size base_bytes = arith_gap(heap->data.bus_base, TLSF_GRAIN);
    polished_size control_bytes = tlsf_control_bytes_of(TLSF_SPAN, detail);

    if (size_bytes < base_bytes + TLSF_CELL * (TLSF_FIRST + TLSF_LEAST))
        return POLISHED_BAD_SIZE;
    if (control_bytes > heap->control_bytes)
        control_bytes = heap->control_bytes;
    state->base_bytes = base_bytes;
    state->end = tlsf_end(state, size_bytes);
    state->class_count =
        (uint32_t)((control_bytes - sizeof *state) / sizeof state->head[0]);
    state->detail = detail;
    POLISHED_LOWER_SLACK(heap, (polished_size)TLSF_CELL *
                                   (state->end - TLSF_FIRST - TLSF_LEAST));
    tlsf_make_empty(heap);
    return POLISHED_OK;
}

/*
 * What is new becomes part of the last block if that is free, else a block of
 * its own once there is enough of it.
 */
enum polished_status tlsf_extend(struct polished_heap *heap,
                                 polished_size more_bytes)
{
    struct tlsf_state *state = tlsf_state(heap);
    struct tlsf tlsf = tlsf_open(heap);
    polished_size size_bytes = heap->data.size_bytes + more_bytes;
    uint32_t last = state->last;
    uint32_t start = last == TLSF_NONE ? state->end : last;
    uint32_t end;

    POLISHED_STEPS(heap, 2);
    if (size_bytes > TLSF_SPAN ||
        tlsf_class(state->detail, size_bytes / TLSF_GRAIN * 2) >=
            state->class_count)
        return POLISHED_LIMIT;
    /* In a shorter region, too, the last block must be there to be grown. */
    POLISHED_LOWER_SLACK(
        heap,
        last == TLSF_NONE
            ? 0
            : TLSF_CELL * (polished_size)(state->end - start - TLSF_LEAST));
    end = tlsf_end(state, size_bytes);
    if (end - start < TLSF_LEAST || end == state->end)
        return POLISHED_OK;
    tlsf.end = state->end = end;
    tlsf_set_end(tlsf.words, end);
    tlsf_file(&tlsf, start, end);
    return POLISHED_OK;
}

/* The block in which a cell below the end lies. */
static uint32_t tlsf_around(struct polished_heap *heap, uint32_t cell)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t block = TLSF_FIRST;

    for (;;) {
        uint32_t size = tlsf_size(tlsf.words, block);

        POLISHED_STEP(heap);
        if (size < TLSF_LEAST || size > tlsf.end - block)
            return TLSF_NONE;
        if (cell - block < size)
            return block;
        block += size;
    }
}

/* Take a block of that size, if it lies in a free one, out of that. */
static enum polished_status tlsf_reserve_cells(struct polished_heap *heap,
                                               uint32_t start, uint32_t need)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t block = tlsf_around(heap, start);
    uint32_t right;

    if (block == TLSF_NONE)
        return POLISHED_CORRUPT;
    right = tlsf_right(tlsf.words, block);
    if (tlsf_is_used(tlsf.words, block) || need > right - start)
        return POLISHED_OVERLAP;
    if (start != block && start - block < TLSF_LEAST)
        return POLISHED_NO_MEMORY;
    if (!tlsf_is_free(&tlsf, block) || !tlsf_unfile(&tlsf, block, right))
        return POLISHED_CORRUPT;
    tlsf_cut(heap, block, right, start - block, need, 0);
    return POLISHED_OK;
}

enum polished_status tlsf_reserve(struct polished_heap *heap,
                                  polished_size offset,
                                  polished_size size_bytes)
{
    const struct tlsf tlsf = tlsf_open(heap);
    polished_size distance = offset - tlsf.state->base_bytes;
    uint32_t start = (uint32_t)(distance / TLSF_CELL);

    if (offset < tlsf.state->base_bytes || !tlsf_is_inside(&tlsf, start))
        return POLISHED_OVERLAP;
    if (distance % TLSF_GRAIN != 0)
        return POLISHED_BAD_ALIGN;
    return tlsf_reserve_cells(heap, start, tlsf_need(size_bytes));
}

/* Heads that stay behind would make stale pointers look good. */
enum polished_status tlsf_reset(struct polished_heap *heap)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t block = TLSF_FIRST;

    if (tlsf_walk(heap, NULL, NULL) != POLISHED_OK)
        return POLISHED_CORRUPT;
    while (block != tlsf.end) {
        uint32_t right = tlsf_right(tlsf.words, block);

        POLISHED_STEP(heap);
        tlsf_bury(tlsf.words, block);
        block = right;
    }
    tlsf_make_empty(heap);
    return POLISHED_OK;
}

/* Is there a block, as its left neighbour makes expect? */
static bool tlsf_is_block(const struct tlsf *tlsf, uint32_t block,
                          bool is_left_free)
{
    uint32_t size = tlsf_size(tlsf->words, block);

    if (tlsf_left_is_free(tlsf->words, block) != is_left_free ||
        size < TLSF_LEAST || size > tlsf->end - block)
        return false;
    return tlsf_is_used(tlsf->words, block)
               ? tlsf_seal(tlsf->words, block) == TLSF_IS_USED
               : tlsf_is_free(tlsf, block);
}

enum polished_status tlsf_walk(const struct polished_heap *heap,
                               polished_visit *visit, void *context)
{
    const struct tlsf tlsf = tlsf_open(heap);
    struct walk walk = {.visit = visit, .context = context, .is_over = !visit};
    uint32_t block = TLSF_FIRST;
    bool is_left_free = false;

    while (block != tlsf.end && (!visit || !walk.is_over)) {
        bool is_used = tlsf_is_used(tlsf.words, block);

        if (!tlsf_is_block(&tlsf, block, is_left_free))
            return POLISHED_CORRUPT;
        walk_to(&walk, tlsf_offset(tlsf.state, block), POLISHED_OWN);
        block = tlsf_right(tlsf.words, block);
        walk_to(&walk, tlsf_offset(tlsf.state, block) - TLSF_CELL,
                is_used ? POLISHED_USED : POLISHED_FREE);
        is_left_free = !is_used;
    }
    walk_to(&walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
}

/* Take over a size that is more and that a search would find. */
static void tlsf_try_largest(struct polished_heap *heap, uint64_t need,
                             polished_size align_bytes, uint64_t *largest)
{
    if (need > *largest && need >= TLSF_LEAST &&
        tlsf_search(heap, need, align_bytes) != TLSF_NONE)
        *largest = need;
}

/*
 * What a block of a class can serve at most: all of it; or, where a search for
 * that does not come to its class, what one for a size that surely holds an
 * aligned block comes there for.  A number that wraps is more than there is.
 */
static void tlsf_try_block(struct polished_heap *heap, uint32_t class,
                           uint32_t block, polished_size align_bytes,
                           uint64_t *largest)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint64_t gap = tlsf_gap(heap, block, align_bytes);
    uint64_t most = tlsf_floor(tlsf.detail, class + 1) - 2;

    tlsf_try_largest(heap, tlsf_size(tlsf.words, block) - gap, align_bytes,
                     largest);
    tlsf_try_largest(heap, most - tlsf_margin(align_bytes), align_bytes,
                     largest);
}

polished_size tlsf_largest(const struct polished_heap *heap,
                           const struct polished_request *request)
{
    const struct tlsf_state *state = tlsf_state(heap);
    struct polished_heap reader = *heap; /* whose steps do not count */
    tlsf_word *words = tlsf_open(heap).words;
    uint32_t class = state->class_count;
    uint32_t last = state->last;
    uint64_t largest = 0;

    if (last != TLSF_NONE)
        tlsf_try_largest(&reader,
                         state->end - last -
                             tlsf_gap(heap, last, request->align_bytes),
                         request->align_bytes, &largest);
    while (tlsf_floor(state->detail, class) > largest) {
        uint32_t block = state->head[--class];

        for (unsigned i = 0; i < TLSF_TRIES && block != TLSF_NONE; i++) {
            tlsf_try_block(&reader, class, block, request->align_bytes,
                           &largest);
            block = *tlsf_next(words, block);
        }
    }
    return largest == 0 ? 0 : (polished_size)(TLSF_CELL * (largest - 1));
}

/* How many free blocks lie in data. */
static uint32_t tlsf_count_free(const struct tlsf *tlsf)
{
    uint32_t count = 0;

    for (uint32_t block = TLSF_FIRST; block != tlsf->end;
         block = tlsf_right(tlsf->words, block))
        count += !tlsf_is_used(tlsf->words, block);
    return count;
}

/* Is there the end mark, and before it what the state says? */
static bool tlsf_end_is_sound(const struct tlsf *tlsf, uint32_t last)
{
    if (!tlsf_is_used(tlsf->words, tlsf->end) ||
        tlsf_seal(tlsf->words, tlsf->end) != TLSF_WAS_USED)
        return false;
    return tlsf_left_is_free(tlsf->words, tlsf->end)
               ? last != TLSF_NONE && tlsf_left(tlsf, tlsf->end) == last
               : last == TLSF_NONE;
}

/* Is a list one of free blocks of its class?  Takes them off the count. */
static bool tlsf_list_is_sound(const struct tlsf *tlsf, uint32_t class,
                               uint32_t *count)
{
    uint32_t block = tlsf->state->head[class], previous = TLSF_NONE;

    while (block != TLSF_NONE) {
        if (*count == 0 || !tlsf_is_inside(tlsf, block) ||
            !tlsf_is_free(tlsf, block) ||
            (previous != TLSF_NONE &&
             *tlsf_previous(tlsf->words, block) != previous) ||
            tlsf_class(tlsf->detail, tlsf_size(tlsf->words, block)) != class)
            return false;
        --*count;
        previous = block;
        block = *tlsf_next(tlsf->words, block);
    }
    return true;
}

enum polished_status tlsf_check_lists(const struct polished_heap *heap)
{
    const struct tlsf_state *state = tlsf_state(heap);
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t count = tlsf_count_free(&tlsf) - (state->last != TLSF_NONE);

    if (!tlsf_end_is_sound(&tlsf, state->last))
        return POLISHED_CORRUPT;
    for (uint32_t class = 0; class < 64 * TLSF_WORDS; class ++) {
        uint64_t word = state->word[class / 64];
        bool is_filled =
            class < state->class_count && state->head[class] != TLSF_NONE;

        if ((word >> class % 64 & 1) != is_filled ||
            (is_filled && !tlsf_list_is_sound(&tlsf, class, &count)))
            return POLISHED_CORRUPT;
    }
    return count == 0 ? POLISHED_OK : POLISHED_CORRUPT;
}
