/*
 * contract/caps.h - how many steps one call may take: what docs/allocators.md
 * states of the policies that promise a bound.
 */
#ifndef CONTRACT_CAPS_H
#define CONTRACT_CAPS_H

#include "polished/heap.h"

/* A call with this alignment, on a block that was reserved in such a size. */
struct caps_call {
    polished_size align_bytes;
    polished_size reserved_bytes; /* 0: the block was not reserved, or there
                                     is none */
};

typedef uint64_t caps_rule(const struct polished_heap *heap,
                           const struct caps_call *call);

/* The rule of a policy; NULL: it states no bound, or one that grows with the
   blocks. */
caps_rule *caps_of(const struct polished_ops *ops);

/*
 * The most that own_steps of this heap may grow by in one alloc, free or
 * resize, whether it is refused or not.  0: there is no rule.  A source has its
 * own bound, for the at most one call it gets; realloc has that of a resize, an
 * alloc and a free together.
 */
uint64_t caps_steps(const struct polished_heap *heap,
                    const struct caps_call *call);

#endif
