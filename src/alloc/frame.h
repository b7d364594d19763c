/*
 * alloc/frame.h - how frames lie in data.
 *
 *     | part | frame 0 | frame 1 | ... | frame count-1 | part |
 *     0      shift                                            data end
 *
 * Frames begin at multiples of their size on the bus.  What data has of a
 * frame at either end is nobody's.
 */
#ifndef ALLOC_FRAME_H
#define ALLOC_FRAME_H

#include "core/arith.h"
#include "polished/heap.h"

/* The usual frames, and the knob to have others. */
#define FRAME_USUAL 4096
#define FRAME_KNOB                                                             \
    {"frame_bytes", "bytes of a frame", 16, (polished_size)1 << 30,            \
     FRAME_USUAL, POLISHED_POWER_OF_TWO}

struct frame_grid {
    uint64_t count; /* whole frames */
    uint64_t base;  /* the number of frame 0 on the bus */
    uint32_t shift_bytes;
    uint32_t log2; /* of a frame's size */
};

/* How many whole frames so much data has. */
static inline uint64_t frame_count(const struct frame_grid *grid,
                                   polished_size data_bytes)
{
    return data_bytes < grid->shift_bytes
               ? 0
               : (data_bytes - grid->shift_bytes) >> grid->log2;
}

static inline struct frame_grid frame_grid(const struct polished_region *data,
                                           polished_size frame_bytes)
{
    struct frame_grid grid = {.log2 = bits_highest(frame_bytes)};

    grid.shift_bytes = (uint32_t)arith_gap(data->bus_base, frame_bytes);
    grid.count = frame_count(&grid, data->size_bytes);
    if (grid.count != 0)
        grid.base = (data->bus_base + grid.shift_bytes) >> grid.log2;
    return grid;
}

static inline polished_size frame_offset(const struct frame_grid *grid,
                                         uint64_t frame)
{
    return (polished_size)(grid->shift_bytes + (frame << grid->log2));
}

/* How many frames hold so many bytes, at least 1. */
static inline uint64_t frame_need(const struct frame_grid *grid,
                                  polished_size size_bytes)
{
    return ((uint64_t)(size_bytes - 1) >> grid->log2) + 1;
}

/* An alignment in frames, at least 1. */
static inline uint64_t frame_align(const struct frame_grid *grid,
                                   polished_size align_bytes)
{
    uint64_t align = (uint64_t)align_bytes >> grid->log2;

    return align == 0 ? 1 : align;
}

/* The frame that holds this byte; false: it is not of a whole frame. */
static inline bool frame_of(const struct frame_grid *grid,
                            polished_size offset, uint64_t *frame)
{
    if (offset < grid->shift_bytes)
        return false;
    *frame = (offset - grid->shift_bytes) >> grid->log2;
    return *frame < grid->count;
}

static inline bool frame_is_start(const struct frame_grid *grid,
                                  polished_size offset)
{
    return offset >= grid->shift_bytes &&
           ((offset - grid->shift_bytes) &
            (((polished_size)1 << grid->log2) - 1)) == 0;
}

/*
 * Which frames a range to reserve takes.  BAD_ALIGN: none can start there;
 * OVERLAP: it reaches into what is no whole frame.
 */
static inline enum polished_status
frame_range(const struct frame_grid *grid, polished_size offset,
            polished_size size_bytes, uint64_t *first, uint64_t *end)
{
    if (!frame_is_start(grid, offset))
        return POLISHED_BAD_ALIGN;
    if (!frame_of(grid, offset, first) ||
        frame_need(grid, size_bytes) > grid->count - *first)
        return POLISHED_OVERLAP;
    *end = *first + frame_need(grid, size_bytes);
    return POLISHED_OK;
}

/* The first frame from here on with this alignment on the bus. */
static inline uint64_t frame_round_up(const struct frame_grid *grid,
                                      uint64_t frame, uint64_t align)
{
    return frame + ((0 - (grid->base + frame)) & (align - 1));
}

#endif
