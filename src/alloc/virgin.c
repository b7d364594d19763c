/* virgin.c - see virgin.h. */
#include "alloc/virgin.h"

#include "core/count.h"

uint32_t virgin_find(struct polished_heap *heap, const struct virgin *virgin,
                     uint64_t frame)
{
    uint32_t low = 0, high = virgin->range_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        POLISHED_STEP(heap);
        if (virgin->ranges[middle].end <= frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool virgin_place(struct polished_heap *heap, const struct virgin *virgin,
                  uint64_t need, uint64_t align, uint64_t *first)
{
    const struct frame_grid *grid = &virgin->grid;
    uint64_t frame = frame_round_up(grid, virgin->mark, align);

    for (uint32_t at = virgin_find(heap, virgin, frame);
         at < virgin->range_count && virgin->ranges[at].first < frame + need;
         at++) {
        POLISHED_STEP(heap);
        if (virgin->ranges[at].end > frame)
            frame = frame_round_up(grid, virgin->ranges[at].end, align);
    }
    *first = frame;
    return frame < grid->end && need <= grid->end - frame;
}

uint64_t virgin_largest(const struct virgin *virgin, uint64_t align)
{
    const struct frame_grid *grid = &virgin->grid;
    uint64_t from = virgin->mark, most = 0;

    for (uint32_t at = 0; at <= virgin->range_count; at++) {
        bool is_last = at == virgin->range_count;
        uint64_t to = is_last ? grid->end : virgin->ranges[at].first;
        uint64_t first = frame_round_up(grid, from, align);

        if (first < to && to - first > most)
            most = to - first;
        if (!is_last && virgin->ranges[at].end > from)
            from = virgin->ranges[at].end;
    }
    return most;
}

void virgin_insert(struct polished_heap *heap, struct virgin *virgin,
                   uint32_t at, struct virgin_range range)
{
    for (uint32_t i = virgin->range_count++; i > at; i--) {
        POLISHED_STEP(heap);
        virgin->ranges[i] = virgin->ranges[i - 1];
    }
    virgin->ranges[at] = range;
}

void virgin_remove(struct polished_heap *heap, struct virgin *virgin,
                   uint32_t at)
{
    virgin->range_count--;
    for (; at < virgin->range_count; at++) {
        POLISHED_STEP(heap);
        virgin->ranges[at] = virgin->ranges[at + 1];
    }
}

bool virgin_check(const struct virgin *virgin)
{
    uint64_t end = virgin->grid.first;

    if (virgin->range_count > virgin->range_most || virgin->mark < end ||
        virgin->mark > virgin->grid.end)
        return false;
    for (uint32_t at = 0; at < virgin->range_count; at++) {
        if (virgin->ranges[at].first < end ||
            virgin->ranges[at].end <= virgin->ranges[at].first)
            return false;
        end = virgin->ranges[at].end;
    }
    return end <= virgin->grid.end;
}
