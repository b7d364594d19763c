/* compact_check.c - polished-compact: do the map, the lists and the blocks say
   the same? */
#include "alloc/compact.h"

static unsigned compact_ones(uint64_t bits)
{
    unsigned count = 0;

    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

/* Of the slots of this map so many are not 0. */
static uint64_t compact_count_slots(const struct compact *compact)
{
    uint64_t words = toggle_words(compact->state->room), count = 0;

    for (uint64_t i = 0; i < words; i++) {
        uint64_t bits = compact->map[i];

        count +=
            compact_ones((bits | bits >> 1) & UINT64_C(0x5555555555555555));
    }
    return count;
}

/* The slots that a block has: its first, and those of its code that begin no
   block. */
static unsigned compact_slots(uint64_t window)
{
    uint64_t code = 0;

    if ((window & 1) != 0 && toggle_is_wide(window))
        code = toggle_code(toggle_decode(window)) & ~(window << 1);
    return 1 + compact_ones(code);
}

/* How many free blocks there are; are there just the slots that all blocks, and
   the codes of wide ones, need?  Walk has found the blocks sound. */
static bool compact_map_is_sound(const struct compact *compact,
                                 uint32_t *free_count)
{
    uint64_t count = 1;
    unsigned end = TOGGLE_USED;

    for (uint32_t block = 1; block != compact->end;
         block += compact_size(compact, block)) {
        uint64_t window = toggle_window(compact->map, block);

        count += compact_slots(window);
        end = TOGGLE_USED;
        if ((window & 3) == TOGGLE_FREE) {
            end = TOGGLE_USED_AFTER_FREE;
            ++*free_count;
        }
    }
    return count == compact_count_slots(compact) &&
           toggle_slot(compact->map, compact->end) == end;
}

/* Is a list one of free blocks of its bin?  Takes them off the count. */
static bool compact_list_is_sound(const struct compact *compact,
                                  unsigned number, uint32_t *count)
{
    uint32_t name = bins_heads(compact->bins)[number], previous = 0;

    for (; name != 0; previous = name, name = compact->links[name]) {
        uint32_t block = compact_block(compact->shift, name);

        if (*count == 0 || !compact_names_free(compact, name) ||
            compact->links[name + 1] != previous ||
            bins_number(compact_size(compact, block)) != number)
            return false;
        --*count;
    }
    return true;
}

/* Is one of the two that are in no list what it should be? */
static bool compact_kept_is_sound(const struct compact *compact, uint32_t name,
                                  uint32_t size, uint32_t *count)
{
    uint32_t block = compact_block(compact->shift, name);

    if (name == 0)
        return size == 0;
    --*count;
    return compact_names_free(compact, name) &&
           compact_size(compact, block) == size;
}

enum polished_status compact_check(const struct polished_heap *heap)
{
    const struct compact compact = compact_open(heap);
    const struct bins *bins = compact.bins;
    unsigned lists = compact_lists(compact.state);
    uint32_t count = 0;

    if (compact.end > compact.state->room || (bins->map & 1) != 0 ||
        bins->map >> (lists - 1) >> 1 != 0 ||
        !compact_map_is_sound(&compact, &count) ||
        !compact_kept_is_sound(&compact, bins->wild, bins->wild_size, &count) ||
        !compact_kept_is_sound(&compact, bins->victim, bins->victim_size,
                               &count))
        return POLISHED_CORRUPT;
    for (unsigned number = 1; number < lists; number++)
        if ((bins->map >> number & 1) != (bins_heads(bins)[number] != 0) ||
            !compact_list_is_sound(&compact, number, &count))
            return POLISHED_CORRUPT;
    return count == 0 ? POLISHED_OK : POLISHED_CORRUPT;
}
