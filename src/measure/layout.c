#include "measure/layout.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether the request has a place in this FREE block. */
static bool layout_fits(const struct measure_layout *layout,
                        const struct polished_block *block)
{
    const struct polished_request *wanted = layout->wanted;
    uint64_t mask = wanted->align_bytes - 1;
    uint64_t first = layout->bus_base + block->offset_bytes;
    uint64_t start = (first + mask) & ~mask;
    uint64_t lost = start - first; /* wrong only if start wrapped: then huge */

    if (lost > block->size_bytes ||
        block->size_bytes - lost < wanted->size_bytes)
        return false;
    if (wanted->boundary != 0) {
        uint64_t room = wanted->boundary - start % wanted->boundary;

        if (room < wanted->size_bytes) {
            lost += room; /* a boundary is at least as aligned as the block */
            start += room;
        }
        if (wanted->size_bytes > wanted->boundary || lost > block->size_bytes ||
            block->size_bytes - lost < wanted->size_bytes)
            return false;
    }
    return wanted->below == 0 || (start < wanted->below &&
                                  wanted->below - start >= wanted->size_bytes);
}

/* Add [from, to) to the cells that it covers. */
static void layout_paint(polished_size *cells, polished_size cell_bytes,
                         polished_size from, polished_size to)
{
    polished_size cell = from / cell_bytes;

    while (from < to && cell < MEASURE_STRIP_CELLS) {
        polished_size end = (cell + 1) * cell_bytes;
        polished_size part = (to < end ? to : end) - from;

        cells[cell++] += part;
        from += part;
    }
}

static void layout_picture(struct measure_strip *strip,
                           const struct polished_block *block)
{
    if (block->kind != POLISHED_FREE)
        layout_paint(block->kind == POLISHED_USED ? strip->used_bytes
                                                  : strip->own_bytes,
                     strip->cell_bytes, block->offset_bytes,
                     block->offset_bytes + block->size_bytes);
}

int measure_layout_visit(void *context, const struct polished_block *block)
{
    struct measure_layout *layout = context;

    if ((unsigned)block->kind >= POLISHED_KIND_COUNT)
        return 1; /* a lie, which others tell */
    layout->bytes[block->kind] += block->size_bytes;
    layout->blocks[block->kind]++;
    if (block->kind == POLISHED_FREE) {
        if (block->size_bytes > layout->largest_free_bytes)
            layout->largest_free_bytes = block->size_bytes;
        if (layout->wanted != NULL && layout_fits(layout, block))
            layout->fits++;
    } else if (block->kind == POLISHED_USED) {
        layout->extent_bytes = block->offset_bytes + block->size_bytes;
    }
    if (layout->strip != NULL)
        layout_picture(layout->strip, block);
    return 0;
}

double measure_external(const struct measure_layout *layout)
{
    polished_size free_bytes = layout->bytes[POLISHED_FREE];

    return free_bytes == 0 ? 0
                           : (double)(free_bytes - layout->largest_free_bytes) /
                                 (double)free_bytes;
}

double measure_fragmentation_index(const struct measure_layout *layout,
                                   polished_size size_bytes)
{
    double holes = (double)layout->blocks[POLISHED_FREE];

    if (holes == 0 || size_bytes == 0)
        return 0;
    return 1 - (1 + (double)layout->bytes[POLISHED_FREE] / (double)size_bytes) /
                   holes;
}
