/*
 * polished/mark.h - free everything since a moment, at one blow.
 *
 *     struct polished_mark before;
 *     polished_mark(&heap, &before);
 *     ... allocate at will ...
 *     polished_rewind(&heap, before);
 *
 * For the policies with the extras "mark" and "rewind": bump and stack.  A
 * mark travels through polished_call as its two members, a and b in this
 * order: "mark" answers them, "rewind" is given them.
 */
#ifndef POLISHED_MARK_H
#define POLISHED_MARK_H

#include "polished/heap.h"

/* A moment in the life of one heap; its members are the policy's affair. */
struct polished_mark {
    polished_size top_bytes; /* how high the heap was filled */
    polished_size epoch;     /* tells a mark that is stale */
};

/* Remember this moment.  Takes O(1) time and no memory of the heap. */
static inline enum polished_status polished_mark(struct polished_heap *heap,
                                                 struct polished_mark *mark)
{
    return polished_call(heap, "mark", &mark->top_bytes, &mark->epoch);
}

/*
 * Free every block made since the mark.  The mark, and those before it, stay
 * good.  BAD_ORDER: it is stale, for the heap was reset or was meanwhile
 * emptied to below it.
 */
static inline enum polished_status polished_rewind(struct polished_heap *heap,
                                                   struct polished_mark mark)
{
    return polished_call(heap, "rewind", &mark.top_bytes, &mark.epoch);
}

#endif
