/*
 * alloc/frame.h - how frames lie in data.
 *
 *     bus   |<- skew ->|                                     |
 *           0 ... first-1 | first | first+1 | ... | end-1 |  |
 *                      data starts                      data ends
 *
 * Frames begin at multiples of their size on the bus, and are counted from a
 * multiple of a larger number of them.  What data has of a frame at either end
 * is nobody's.
 */
#ifndef ALLOC_FRAME_H
#define ALLOC_FRAME_H

#include "core/arith.h"
#include "polished/heap.h"

/* The usual frames, and the knob to have others. */
#define FRAME_USUAL 4096
#define FRAME_KNOB                                                             \
    {                                                                          \
        "frame_bytes", "bytes of a frame", 16, (polished_size)1 << 30,         \
            FRAME_USUAL, POLISHED_POWER_OF_TWO                                 \
    }

struct frame_grid {
    uint64_t first, end; /* the whole frames */
    uint64_t base;       /* the number of frame 0 on the bus */
    uint64_t skew_bytes; /* from where frame 0 begins to where data does */
    uint32_t log2;       /* of a frame's size */
};

/* The end of the whole frames of so much data. */
static inline uint64_t frame_end(const struct frame_grid *grid,
                                 polished_size data_bytes)
{
    return (data_bytes + grid->skew_bytes) >> grid->log2;
}

/* Frames are counted from a multiple of `round` of them, a power of two. */
static inline struct frame_grid frame_grid(const struct polished_region *data,
                                           polished_size frame_bytes,
                                           uint64_t round)
{
    struct frame_grid grid = {.log2 = bits_highest(frame_bytes)};

    grid.base = (data->bus_base >> grid.log2) & ~(round - 1);
    grid.skew_bytes = data->bus_base - (grid.base << grid.log2);
    grid.first = grid.skew_bytes >> grid.log2;
    if (arith_gap(data->bus_base, frame_bytes) != 0)
        grid.first++;
    grid.end = frame_end(&grid, data->size_bytes);
    return grid;
}

/* Is there no whole frame? */
static inline bool frame_is_none(const struct frame_grid *grid)
{
    return grid->end <= grid->first;
}

static inline polished_size frame_offset(const struct frame_grid *grid,
                                         uint64_t frame)
{
    return (polished_size)((frame << grid->log2) - grid->skew_bytes);
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
static inline bool frame_of(const struct frame_grid *grid, polished_size offset,
                            uint64_t *frame)
{
    *frame = (offset + grid->skew_bytes) >> grid->log2;
    return *frame >= grid->first && *frame < grid->end;
}

static inline bool frame_is_start(const struct frame_grid *grid,
                                  polished_size offset)
{
    return ((offset + grid->skew_bytes) & ((UINT64_C(1) << grid->log2) - 1)) ==
           0;
}

/*
 * Which frames a range to reserve takes.  BAD_ALIGN: none can start there;
 * OVERLAP: it reaches into what is no whole frame.
 */
static inline enum polished_status frame_range(const struct frame_grid *grid,
                                               polished_size offset,
                                               polished_size size_bytes,
                                               uint64_t *first, uint64_t *end)
{
    if (!frame_is_start(grid, offset))
        return POLISHED_BAD_ALIGN;
    if (!frame_of(grid, offset, first) ||
        frame_need(grid, size_bytes) > grid->end - *first)
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
