/* compact_region.c - polished-compact: the region as a whole. */
#include "alloc/compact.h"
#include "core/walk.h"

/* ------------------------------------------------------------------ control */

/* In words of 64 bits: all that lies before the slots, for so many granules. */
static uint32_t compact_map_at(uint32_t granules)
{
    uint32_t bytes =
        (uint32_t)sizeof(struct compact_state) + bins_bytes(granules);

    return (bytes + 7) / 8;
}

static polished_size compact_control_of(uint32_t granules)
{
    return (polished_size)(8 * (compact_map_at(granules) +
                                toggle_words(granules + UINT64_C(1))));
}

polished_size compact_control_bytes(const polished_size *knobs,
                                    polished_size data_bytes)
{
    polished_size granules = data_bytes / knobs[0];

    if (granules > COMPACT_SPAN)
        return 0;
    return compact_control_of((uint32_t)granules);
}

/* The most granules that so much control is enough for. */
static uint32_t compact_fit(polished_size control_bytes)
{
    uint32_t granules = 0;

    for (uint32_t bit = (COMPACT_SPAN >> 1) + 1; bit != 0; bit >>= 1)
        if (compact_control_of(granules | bit) <= control_bytes)
            granules |= bit;
    return granules;
}

/* Nothing is in use and nothing is free: a region of no granules. */
static void compact_clear(struct polished_heap *heap)
{
    struct compact_state *state = compact_state(heap);
    uint64_t *map = compact_open(heap).map;
    uint64_t words = toggle_words(state->room);

    for (uint64_t i = 0; i < words; i++) {
        POLISHED_STEP(heap);
        map[i] = 0;
    }
    state->end = 1;
    toggle_begin(map);
    bins_clear(compact_bins(state), compact_lists(state));
}

/*
 * Where links are damaged, the size of what they lead to is read even if that
 * is the last granule of 8: so half a granule stays unused behind it.
 */
static polished_size compact_spare(unsigned shift)
{
    return shift == 3 ? sizeof(bins_word) : 0;
}

/* The number of the end in data of this size. */
static uint32_t compact_end(const struct polished_heap *heap,
                            polished_size data_bytes)
{
    const struct compact_state *state = compact_state(heap);
    polished_size bytes =
        data_bytes - state->lead_bytes - compact_spare(state->shift);

    return (uint32_t)(bytes >> state->shift);
}

/* Let the region end elsewhere; what is new becomes part of the last block if
   that is free, else a block.  False in a damaged heap. */
static bool compact_grow(struct polished_heap *heap, uint32_t end)
{
    struct compact compact = compact_open(heap);
    uint32_t old_end = compact.end, block = old_end;

    if (end == old_end)
        return true;
    if (toggle_slot(compact.map, old_end) == TOGGLE_USED_AFTER_FREE) {
        uint32_t size = compact_left_size(&compact, old_end);

        block -= size;
        if (size == 0 || !compact_unfile(&compact, block, size))
            return false;
    }
    compact.end = compact.state->end = end;
    compact.bins->end =
        compact_name(compact.shift, end) - (compact.shift == 3 ? 1 : 3);
    toggle_extend(compact.map, old_end, end);
    compact_file(heap, &compact, block, end - block);
    return true;
}

enum polished_status compact_init(struct polished_heap *heap,
                                  const polished_size *knobs)
{
    struct compact_state *state = compact_state(heap);
    polished_size first_bytes = arith_gap(heap->data.bus_base, knobs[0]);
    unsigned shift = bits_highest(knobs[0]);
    uint32_t granules = compact_fit(heap->control_bytes), end;

    if (heap->data.size_bytes < first_bytes + knobs[0] + compact_spare(shift))
        return POLISHED_BAD_SIZE;
    state->lead_bytes = first_bytes - knobs[0];
    state->room = granules + 1;
    state->shift = shift;
    state->map_at = compact_map_at(granules);
    compact_clear(heap);
    end = compact_end(heap, heap->data.size_bytes);
    compact_lower_slack(heap, shift, end - 1);
    compact_grow(heap, end);
    return POLISHED_OK;
}

enum polished_status compact_extend(struct polished_heap *heap,
                                    polished_size more_bytes)
{
    const struct compact_state *state = compact_state(heap);
    polished_size size_bytes = heap->data.size_bytes + more_bytes;

    compact_count(heap, 3);
    if (size_bytes >> state->shift >= state->room)
        return POLISHED_LIMIT;
    return compact_grow(heap, compact_end(heap, size_bytes)) ? POLISHED_OK
                                                             : POLISHED_CORRUPT;
}

enum polished_status compact_reset(struct polished_heap *heap)
{
    uint32_t end = compact_state(heap)->end;

    compact_clear(heap);
    compact_grow(heap, end);
    return POLISHED_OK;
}

/* ------------------------------------------------------------ block by block
 */

enum polished_status compact_reserve(struct polished_heap *heap,
                                     polished_size offset,
                                     polished_size size_bytes)
{
    const struct compact compact = compact_open(heap);
    polished_size number = compact_number(&compact, offset);
    uint32_t need = compact_need(compact.shift, size_bytes);
    uint32_t words = UINT32_MAX, block, size, at;

    if (offset < compact_first(compact.state) ||
        offset >= compact_offset(&compact, compact.end))
        return POLISHED_OVERLAP;
    if (number >= compact.end)
        return POLISHED_BAD_ALIGN;
    at = (uint32_t)number;
    /* It lies in the last block in use before it, or in the free one behind
       that. */
    block = toggle_before(compact.map, at, &words);
    compact_count(heap, UINT32_MAX - words);
    block = block == 0 ? 1 : block + compact_size(&compact, block);
    if (at < block)
        return POLISHED_OVERLAP;
    size = compact_size(&compact, block);
    if (size == 0)
        return POLISHED_CORRUPT;
    if (need > size - (at - block))
        return POLISHED_OVERLAP;
    if (!compact_unfile(&compact, block, size))
        return POLISHED_CORRUPT;
    compact_cut(heap, block, size, at - block, need);
    return POLISHED_OK;
}

enum polished_status compact_walk(const struct polished_heap *heap,
                                  polished_visit *visit, void *context)
{
    const struct compact compact = compact_open(heap);
    struct walk walk = {.visit = visit, .context = context};
    uint32_t block = 1;
    bool is_after_free = false;

    walk_to(&walk, compact_first(compact.state), POLISHED_OWN);
    while (block != compact.end && !walk.is_over) {
        unsigned slot = toggle_slot(compact.map, block);
        uint32_t size = compact_size(&compact, block);
        bool is_free = slot == TOGGLE_FREE;

        if (size == 0 || is_after_free != (slot == TOGGLE_USED_AFTER_FREE))
            return POLISHED_CORRUPT;
        block += size;
        walk_to(&walk, compact_offset(&compact, block),
                is_free ? POLISHED_FREE : POLISHED_USED);
        is_after_free = is_free;
    }
    walk_to(&walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
}

/* ------------------------------------------------------------------- largest
 */

struct compact_best {
    struct polished_heap reader; /* whose steps do not count */
    polished_size align_bytes;
    uint64_t most; /* granules that a search finds */
};

/* Take over a number of granules that is more and that a search finds.  What
   has wrapped round is none. */
static void compact_try(struct compact_best *best, uint64_t need)
{
    if (need > best->most && need < compact_state(&best->reader)->end &&
        compact_search(&best->reader, (uint32_t)need, best->align_bytes)
                .block != 0)
        best->most = need;
}

/* The granules from the first aligned place in a block on. */
static uint64_t compact_rest(const struct compact_best *best, uint32_t name,
                             uint32_t size)
{
    const struct polished_heap *heap = &best->reader;
    uint32_t block = compact_block(compact_state(heap)->shift, name);

    return size - (uint64_t)compact_gap(heap, block, best->align_bytes);
}

/*
 * What a block of a bin can serve at most, by both ways on which a search may
 * come to it: as one that happens to have an aligned place, and with the margin
 * that makes it sure.
 */
static void compact_try_block(struct compact_best *best, unsigned number,
                              uint32_t name, uint32_t size)
{
    compact_try(best, compact_rest(best, name, size));
    compact_try(best, bins_floor(number + 1) - 1 -
                          compact_margin(&best->reader, best->align_bytes));
}

polished_size compact_largest(const struct polished_heap *heap,
                              const struct polished_request *request)
{
    const struct compact compact = compact_open(heap);
    const struct bins *bins = compact.bins;
    struct compact_best best = {*heap, request->align_bytes, 0};
    unsigned number = compact_lists(compact.state);

    compact_try(&best, compact_rest(&best, bins->wild, bins->wild_size));
    compact_try(&best, compact_rest(&best, bins->victim, bins->victim_size));
    while (--number > 0 && bins_floor(number + 1) > best.most) {
        uint32_t name = bins_heads(bins)[number];

        for (unsigned i = 0;
             i < BINS_TRIES && compact_names_free(&compact, name); i++) {
            compact_try_block(&best, number, name,
                              bins_size(compact.links, number, name));
            name = compact.links[name];
        }
    }
    return (polished_size)best.most << compact.shift;
}
