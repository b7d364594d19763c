/*
 * alloc/frame_list.h - what the files of frame-list share: frame_list.c has
 * the calls for a frame, frame_list_region.c those for the heap as a whole.
 */
#ifndef ALLOC_FRAME_LIST_H
#define ALLOC_FRAME_LIST_H

#include "alloc/virgin.h"
#include "core/count.h"

#define FRAME_LIST_NONE UINT32_MAX
#define FRAME_LIST_BITS 64

struct frame_list_state {
    struct virgin virgin;
    uint64_t *words; /* the bits; those of the mark's word on are not valid */
    uint32_t *links;
    uint64_t capacity; /* frames that words and links have room for */
    uint32_t top;
};

static inline struct frame_list_state *
frame_list_state(const struct polished_heap *heap)
{
    return heap->control;
}

static inline uint64_t *frame_list_word(const struct frame_list_state *state,
                                        uint64_t frame)
{
    return &state->words[frame / FRAME_LIST_BITS];
}

static inline uint64_t frame_list_bit(uint64_t frame)
{
    return UINT64_C(1) << frame % FRAME_LIST_BITS;
}

/* Of a frame below the mark and in no range. */
static inline bool frame_list_is_out(const struct frame_list_state *state,
                                     uint64_t frame)
{
    return *frame_list_word(state, frame) & frame_list_bit(frame);
}

/* Move the mark, and make the word valid in which it comes to stand. */
static inline void frame_list_pass(struct frame_list_state *state, uint64_t to)
{
    uint64_t mark = state->virgin.mark;

    if (to / FRAME_LIST_BITS != mark / FRAME_LIST_BITS ||
        mark % FRAME_LIST_BITS == 0)
        *frame_list_word(state, to) = 0;
    state->virgin.mark = to;
}

static inline void frame_list_note_end(struct polished_heap *heap, uint64_t end)
{
    POLISHED_LOWER_SLACK(
        heap, heap->data.size_bytes -
                  frame_offset(&frame_list_state(heap)->virgin.grid, end));
}

/* The calls for the heap as a whole. */
polished_size frame_list_control_bytes(const polished_size *knobs,
                                       polished_size data_bytes);
enum polished_status frame_list_init(struct polished_heap *heap,
                                     const polished_size *knobs);
enum polished_status frame_list_extend(struct polished_heap *heap,
                                       polished_size more_bytes);
enum polished_status frame_list_reserve(struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size size_bytes);
enum polished_status frame_list_reset(struct polished_heap *heap);
enum polished_status frame_list_walk(const struct polished_heap *heap,
                                     polished_visit *visit, void *context);
enum polished_status frame_list_check(const struct polished_heap *heap);

#endif
