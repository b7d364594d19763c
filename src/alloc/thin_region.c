/* thin_region.c - the policy `polished`: the region as a whole, block by
   block. */
#include "alloc/thin.h"
#include "core/walk.h"

_Static_assert(BINS_EXACT + 2 * (BINS_FINE_LOG2 - BINS_EXACT_LOG2) + 30 -
                       BINS_FINE_LOG2 <=
                   64,
               "a bit for each bin");

/* No request of the heap needs more than that, at the widest alignment. */
static uint32_t thin_granules(polished_size data_bytes)
{
    return thin_need(16 - 1, data_bytes);
}

polished_size thin_control_bytes(const polished_size *knobs,
                                 polished_size data_bytes)
{
    (void)knobs;
    return data_bytes > THIN_SPAN ? 0 : bins_bytes(thin_granules(data_bytes));
}

/* How many lists there is room for. */
static uint32_t thin_list_count(const struct polished_heap *heap)
{
    polished_size count =
        (heap->control_bytes - sizeof(struct bins)) / sizeof(bins_word);

    return count < 64 ? (uint32_t)count : 64;
}

/* Where the end mark is put in data of that size. */
static uint32_t thin_end_in(const struct polished_heap *heap,
                            polished_size data_bytes)
{
    polished_size room_bytes =
        data_bytes - thin_bins(heap)->word[THIN_FIRST_BYTES] - THIN_HEAD;

    return THIN_FIRST + 2 * ((uint32_t)(room_bytes / THIN_GRANULE) &
                             ~(thin_mask(heap) / THIN_GRANULE));
}

/* Data holds one free block and nothing else. */
static void thin_make_empty(struct polished_heap *heap)
{
    const struct thin thin = thin_open(heap);
    uint32_t end = thin_end(thin.bins);
    uint32_t size = (end - THIN_FIRST) / 2;

    bins_clear(thin.bins, thin_list_count(heap));
    thin_set_used(&thin, end, 0, 0);
    thin_set_free(&thin, THIN_FIRST, size);
    thin_file(heap, &thin, THIN_FIRST, size);
}

enum polished_status thin_init(struct polished_heap *heap,
                               const polished_size *knobs)
{
    struct bins *bins = thin_bins(heap);
    polished_size first_bytes =
        arith_gap(heap->data.bus_base + THIN_HEAD, knobs[0]);
    uint32_t end, size;

    if (first_bytes < THIN_PAD)
        first_bytes += knobs[0];
    if (heap->data.size_bytes <
        first_bytes + THIN_LEAST * THIN_GRANULE + THIN_HEAD)
        return POLISHED_BAD_SIZE;
    bins->word[THIN_FIRST_BYTES] = (uint16_t)first_bytes;
    bins->word[THIN_MASK] = (uint16_t)(knobs[0] - 1);
    end = thin_end_in(heap, heap->data.size_bytes);
    size = (end - THIN_FIRST) / 2;
    bins->end = end - 2;
    /* A shorter region is one block, too, and larger than any small one. */
    POLISHED_LOWER_SLACK(heap, size < BINS_EXACT
                                   ? 0
                                   : (polished_size)(size - BINS_EXACT) *
                                         THIN_GRANULE);
    thin_make_empty(heap);
    return POLISHED_OK;
}

/*
 * What is new becomes part of the last block if that is free, else a block of
 * its own once there is enough of it.  The end mark that then lies in a free
 * block looks like none in use: it says that its left is free.
 */
enum polished_status thin_extend(struct polished_heap *heap,
                                 polished_size more_bytes)
{
    const struct thin thin = thin_open(heap);
    polished_size size_bytes = heap->data.size_bytes + more_bytes;
    polished_size control_bytes = thin_control_bytes(NULL, size_bytes);
    uint32_t old = thin_end(thin.bins), start = old;
    uint32_t end;

    POLISHED_STEP(heap);
    if (control_bytes == 0 || control_bytes > heap->control_bytes)
        return POLISHED_LIMIT;
    end = thin_end_in(heap, size_bytes);
    if (!thin_left_is_used(&thin, old)) {
        uint32_t size = thin.words[old - 1];

        start = old - 2 * size;
        if (size >= old / 2 || !thin_is_free(&thin, start, size))
            return POLISHED_CORRUPT;
        if (end != old && !thin_unfile(&thin, start, size))
            return POLISHED_CORRUPT;
    }
    if ((end - start) / 2 < THIN_LEAST || end == old)
        return POLISHED_OK;
    thin.bins->end = end - 2;
    thin_set_used(&thin, end, 0, 0);
    thin_set_free(&thin, start, (end - start) / 2);
    thin_file(heap, &thin, start, (end - start) / 2);
    return POLISHED_OK;
}

/* The block in which a granule between the first and the end mark lies; 0 in
   a damaged heap. */
static uint32_t thin_around(struct polished_heap *heap, uint32_t word)
{
    const struct thin thin = thin_open(heap);
    uint32_t block = THIN_FIRST;

    for (;;) {
        uint32_t size = thin_size(&thin, block);

        POLISHED_STEP(heap);
        if (!thin_fits_in(&thin, block, size))
            return 0;
        if ((word - block) / 2 < size)
            return block;
        block = thin_behind(block, size);
    }
}

/* Take need granules from a word on, which lie in one free block. */
static enum polished_status thin_reserve_granules(struct polished_heap *heap,
                                                  uint32_t start, uint32_t need)
{
    const struct thin thin = thin_open(heap);
    uint32_t block = thin_around(heap, start);
    struct bins_choice choice = {block, 0};
    uint32_t gap = (start - block) / 2;

    if (block == 0)
        return POLISHED_CORRUPT;
    choice.size = thin_size(&thin, block);
    if (thin_is_used(&thin, block) || need > choice.size - gap)
        return POLISHED_OVERLAP;
    if (gap != 0 && gap < THIN_LEAST)
        return POLISHED_NO_MEMORY;
    if (!thin_is_free(&thin, block, choice.size) ||
        !thin_unfile(&thin, block, choice.size))
        return POLISHED_CORRUPT;
    thin_cut(heap, choice, gap, need, THIN_LEFT_USED, false);
    return POLISHED_OK;
}

enum polished_status thin_reserve(struct polished_heap *heap,
                                  polished_size offset,
                                  polished_size size_bytes)
{
    const struct thin thin = thin_open(heap);
    uint32_t mask = thin_mask(heap);
    polished_size distance = offset - thin.first_bytes - THIN_HEAD;

    /* Before the first block it wraps: it lies behind the end as well. */
    if (distance / 4 + THIN_FIRST >= thin_end(thin.bins))
        return POLISHED_OVERLAP;
    if ((distance & mask) != 0)
        return POLISHED_BAD_ALIGN;
    return thin_reserve_granules(heap, (uint32_t)(distance / 4) + THIN_FIRST,
                                 thin_need(mask, size_bytes));
}

/* Heads that stay behind would make stale pointers look good. */
enum polished_status thin_reset(struct polished_heap *heap)
{
    const struct thin thin = thin_open(heap);
    uint32_t block = THIN_FIRST;

    if (thin_walk(heap, NULL, NULL) != POLISHED_OK)
        return POLISHED_CORRUPT;
    while (block != thin_end(thin.bins)) {
        POLISHED_STEP(heap);
        thin.words[block] &= ~THIN_USED;
        block = thin_behind(block, thin_size(&thin, block));
    }
    thin_make_empty(heap);
    return POLISHED_OK;
}

/* Is there a block, as its left neighbour makes expect? */
static bool thin_is_block(const struct thin *thin, uint32_t block,
                          bool is_left_used)
{
    uint32_t size = thin_size(thin, block);

    if (thin_left_is_used(thin, block) != is_left_used)
        return false;
    return thin_is_used(thin, block) ? thin_fits_in(thin, block, size)
                                     : thin_is_free(thin, block, size);
}

/* The same of the end mark. */
static bool thin_is_end(const struct thin *thin, uint32_t block,
                        bool is_left_used)
{
    return thin_is_used(thin, block) &&
           thin_left_is_used(thin, block) == is_left_used;
}

enum polished_status thin_walk(const struct polished_heap *heap,
                               polished_visit *visit, void *context)
{
    const struct thin thin = thin_open(heap);
    struct walk walk = {.visit = visit, .context = context, .is_over = !visit};
    uint32_t block = THIN_FIRST;
    bool is_left_used = true;

    while (block != thin_end(thin.bins) && (!visit || !walk.is_over)) {
        bool is_used = thin_is_used(&thin, block);

        if (!thin_is_block(&thin, block, is_left_used))
            return POLISHED_CORRUPT;
        walk_to(&walk, thin_offset(&thin, block), POLISHED_OWN);
        block = thin_behind(block, thin_size(&thin, block));
        walk_to(&walk, thin_offset(&thin, block) - THIN_HEAD,
                is_used ? POLISHED_USED : POLISHED_FREE);
        is_left_used = is_used;
    }
    if (block == thin_end(thin.bins) &&
        !thin_is_end(&thin, block, is_left_used))
        return POLISHED_CORRUPT;
    walk_to(&walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
}

/* ----------------------------------------------------- largest and check */

/* A search for the largest, under way. */
struct thin_search {
    struct polished_heap reader; /* whose steps do not count */
    polished_size align_bytes;
    uint64_t largest;
};

/* Take over a number of granules that is more and that alloc would find. */
static void thin_try(struct thin_search *search, uint64_t need)
{
    need &= ~(uint64_t)(thin_mask(&search->reader) / THIN_GRANULE);
    if (need > search->largest && need >= THIN_LEAST &&
        thin_choose(&search->reader, (uint32_t)need, search->align_bytes)
                .block != 0)
        search->largest = need;
}

/* All that a block has from its first aligned place on. */
static uint64_t thin_try_block(struct thin_search *search, uint32_t block,
                               uint32_t size)
{
    uint64_t room =
        thin_room(&search->reader, block, size, search->align_bytes);

    thin_try(search, room);
    return room;
}

/*
 * If alloc, on its way from below, is held up by a list before the block's, it
 * comes to that of a size that surely holds an aligned block.  A margin that is
 * too large wraps: nothing else is tried then.
 */
static void thin_try_listed(struct thin_search *search, unsigned number,
                            uint32_t block)
{
    const struct thin thin = thin_open(&search->reader);
    uint64_t room = thin_try_block(search, block,
                                   bins_size(thin_links(&thin), number, block));
    uint64_t most =
        bins_floor(number + 1) - 1 - thin_margin(search->align_bytes);

    thin_try(search, room < most ? room : most);
}

/* The blocks of a list to which alloc may come. */
static void thin_try_list(struct thin_search *search, unsigned number)
{
    const struct thin thin = thin_open(&search->reader);
    uint32_t block = bins_heads(thin.bins)[number];

    for (unsigned i = 0; i < BINS_TRIES && bins_is_name(thin.bins, block);
         i++) {
        thin_try_listed(search, number, block);
        block = thin_links(&thin)[block];
    }
}

polished_size thin_largest(const struct polished_heap *heap,
                           const struct polished_request *request)
{
    const struct bins *bins = thin_bins(heap);
    struct thin_search search = {*heap, request->align_bytes, 0};

    thin_try_block(&search, bins->wild, bins->wild_size);
    thin_try_block(&search, bins->victim, bins->victim_size);
    for (uint64_t map = bins->map; map != 0;) {
        unsigned number = bits_highest(map);

        thin_try_list(&search, number);
        map ^= UINT64_C(1) << number;
    }
    return search.largest == 0
               ? 0
               : (polished_size)(search.largest * THIN_GRANULE - THIN_HEAD);
}

/* How many free blocks lie in data. */
static uint32_t thin_count_free(const struct thin *thin)
{
    uint32_t count = 0;

    for (uint32_t block = THIN_FIRST; block != thin_end(thin->bins);
         block = thin_behind(block, thin_size(thin, block)))
        count += !thin_is_used(thin, block);
    return count;
}

/* Is a list one of free blocks of its bin?  Takes them off the count. */
static bool thin_list_is_sound(const struct thin *thin, unsigned number,
                               uint32_t *count)
{
    const bins_word *links = thin_links(thin);
    uint32_t block = bins_heads(thin->bins)[number], previous = 0;

    while (block != 0) {
        if (*count == 0 || block >= thin->bins->end || block % 2 != 0 ||
            !thin_is_free(thin, block, links[block + 2]) ||
            links[block + 1] != previous ||
            bins_number(links[block + 2]) != number)
            return false;
        --*count;
        previous = block;
        block = links[block];
    }
    return true;
}

/* Is one of the two blocks in no list what the bins say?  Counts likewise. */
static bool thin_special_is_sound(const struct thin *thin, uint32_t block,
                                  uint32_t size, uint32_t *count)
{
    if (block == 0)
        return size == 0;
    if (*count == 0 || block >= thin->bins->end || block % 2 != 0 ||
        !thin_is_free(thin, block, size) || thin_links(thin)[block + 2] != size)
        return false;
    --*count;
    return true;
}

enum polished_status thin_check(const struct polished_heap *heap)
{
    const struct thin thin = thin_open(heap);
    const struct bins *bins = thin.bins;
    uint32_t list_count = thin_list_count(heap);
    uint32_t count = thin_count_free(&thin);
    uint64_t map = bins->map;

    if (!thin_special_is_sound(&thin, bins->wild, bins->wild_size, &count) ||
        !thin_special_is_sound(&thin, bins->victim, bins->victim_size, &count))
        return POLISHED_CORRUPT;
    for (unsigned number = 0; number < 64; number++, map >>= 1) {
        bool is_filled = number < list_count && bins_heads(bins)[number] != 0;

        if ((map & 1) != is_filled ||
            (is_filled && !thin_list_is_sound(&thin, number, &count)))
            return POLISHED_CORRUPT;
    }
    return count == 0 ? POLISHED_OK : POLISHED_CORRUPT;
}
