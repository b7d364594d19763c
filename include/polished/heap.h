/*
 * polished/heap.h - a heap, and every call that one can make on it.
 *
 * A heap is a policy over memory.  Its state lies in control, what it hands
 * out in data; give it both, or data alone, and control is cut from the end.
 *
 *     static _Alignas(16) unsigned char arena[65536];
 *     struct polished_heap heap;
 *     polished_open(&heap, &polished_best_fit,
 *                   polished_memory(arena, sizeof arena), NULL);
 *     void *p = polished_malloc(&heap, 100, 16);
 *     polished_mfree(&heap, p);
 *
 * Every call takes the time its policy states (docs/allocators.md).  None
 * takes a lock: a heap belongs to one thread at a time.  A call that is
 * refused has changed nothing; only after POLISHED_CORRUPT, which says that
 * somebody wrote where they must not, is there nothing left to rely on.
 */
#ifndef POLISHED_HEAP_H
#define POLISHED_HEAP_H

#include <stddef.h>

#include "polished/policy.h"

/* Read its members as you like; write only host and owner, and slack_bytes to
   have it count from another value. */
struct polished_heap {
    const struct polished_ops *ops;
    void *control;                /* the policy's state, 16-aligned */
    polished_size control_bytes;  /* how much of it there is */
    struct polished_region data;  /* what it hands out */
    struct polished_heap *source; /* where a SOURCE policy draws from */
    void *host;                   /* for policies that need a system */
    uint32_t owner;     /* for whom the next calls are made; 0: the kernel */
    uint64_t own_steps; /* of this heap alone; see polished_steps */
    polished_size slack_bytes; /* SLACK: by how much data could have been
                                  shorter with every decision the same */
};

/*
 * Make a heap.  control may be NULL: then ops->control_bytes for the whole of
 * data are cut from its end (polished_carve), which needs data to be backed.
 * knobs may be NULL for the usual values.
 * BAD_KNOB: a knob out of range; a source that is missing, unwanted or unfit
 * (POLISHED_CAN_FEED).  BAD_SIZE: the region or the given control is too
 * small.  LIMIT: too large.  BAD_ALIGN: control is not 16-aligned, or base
 * and bus_base differ modulo 16.
 * UNSUPPORTED: data is not backed but the policy touches it or control is to
 * be cut from it; a heap over a heap was given no control; the row is of
 * another version.
 */
struct polished_setup {
    const struct polished_ops *ops;
    struct polished_region data; /* of a SOURCE policy: its source's */
    void *control;
    const polished_size *knobs;
    struct polished_heap *source;
    void *host;
    polished_size control_bytes; /* 0: as ops->control_bytes says for data;
                                    more for a heap that will be extended */
};
enum polished_status polished_init(struct polished_heap *heap,
                                   const struct polished_setup *setup);

/* The usual case of polished_init: control cut from data, no source. */
enum polished_status polished_open(struct polished_heap *heap,
                                   const struct polished_ops *ops,
                                   struct polished_region data,
                                   const polished_size *knobs);

/*
 * Cut control for ops from the end of a backed region, 16-aligned and sized
 * for the whole of it; NULL if it does not fit.  A heap over a heap carves
 * its own control first, then its source is made in what is left.
 */
void *polished_carve(struct polished_region *data,
                     const struct polished_ops *ops,
                     const polished_size *knobs);

/*
 * By offset: for memory of every kind.  offset is from the start of data.
 *
 * alloc    NO_MEMORY, QUOTA, BAD_SIZE (0), BAD_ALIGN, CONSTRAINT,
 *          UNSUPPORTED (limits); *offset is POLISHED_NOWHERE unless OK.
 * free     size_bytes is the size that was asked for, or 0: not told.
 *          NOT_OWNED, INTERIOR, DOUBLE_FREE, BAD_ORDER, SIZE_MISMATCH,
 *          BAD_SIZE (NEEDS_SIZE and none told), UNSUPPORTED, CORRUPT.
 * resize   the same block with a new size, never moved.  As free, and
 *          NO_MEMORY: it cannot grow where it is.
 * realloc  resize, else allocate, copy (where data is backed), free; *offset
 *          is the block's place on return.  The old block is whole and alive
 *          if this fails.  Policies without POLISHED_ANY_ORDER never move a
 *          block; those that cannot tell a block's size have to be told.
 * usable   the bytes that the block's owner may write, at least those it asked
 *          for.  UNSUPPORTED: this policy does not know.
 */
enum polished_status polished_alloc(struct polished_heap *heap,
                                    const struct polished_request *request,
                                    polished_size *offset);
enum polished_status polished_free(struct polished_heap *heap,
                                   polished_size offset,
                                   polished_size size_bytes);
enum polished_status polished_resize(struct polished_heap *heap,
                                     polished_size offset,
                                     polished_size size_bytes,
                                     const struct polished_request *request);
enum polished_status polished_realloc(struct polished_heap *heap,
                                      polished_size *offset,
                                      polished_size size_bytes,
                                      const struct polished_request *request);
enum polished_status polished_usable(const struct polished_heap *heap,
                                     polished_size offset,
                                     polished_size *size_bytes);

/*
 * By pointer: for backed memory.  NULL where the call by offset refuses.
 * mrealloc of NULL is malloc, mfree of NULL is nothing.
 */
void *polished_malloc(struct polished_heap *heap, size_t size_bytes,
                      size_t align_bytes);
void *polished_mrealloc(struct polished_heap *heap, void *pointer,
                        size_t size_bytes, size_t align_bytes);
enum polished_status polished_mfree(struct polished_heap *heap, void *pointer);

/* The heap as a whole; see struct polished_ops for each. */
enum polished_status polished_extend(struct polished_heap *heap,
                                     polished_size more_bytes);
enum polished_status polished_reserve(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes);
enum polished_status polished_destroy(struct polished_heap *heap,
                                      uint32_t owner);
enum polished_status polished_reset(struct polished_heap *heap);
enum polished_status polished_walk(const struct polished_heap *heap,
                                   polished_visit *visit, void *context);

/* The greatest size that polished_alloc would accept now; 0: none. */
polished_size polished_largest(const struct polished_heap *heap,
                               const struct polished_request *request);

/*
 * Is the heap sound?  Its walk tiles data, and its own structures agree.
 * O(blocks).  POLISHED_OK or POLISHED_CORRUPT.
 */
enum polished_status polished_check(const struct polished_heap *heap);

/*
 * Call the policy's extra of that name; UNSUPPORTED if it has none.  a and b
 * are given, and answered where the extra answers.
 */
enum polished_status polished_call(struct polished_heap *heap,
                                   const char *extra, polished_size *a,
                                   polished_size *b);

/* Steps since the heap was made, its source's included. */
uint64_t polished_steps(const struct polished_heap *heap);

/* Offsets and pointers of a backed heap. */
static inline void *polished_pointer(const struct polished_heap *heap,
                                     polished_size offset)
{
    return (unsigned char *)heap->data.base + offset;
}

#endif
