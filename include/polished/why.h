/* polished/why.h - what keeps a request from being served. */
#ifndef POLISHED_WHY_H
#define POLISHED_WHY_H

#include "polished/heap.h"

enum polished_why {
    POLISHED_WHY_NOTHING,  /* it would be served now */
    POLISHED_WHY_SIZE,     /* no free memory is that long */
    POLISHED_WHY_ALIGN,    /* none is where it is aligned */
    POLISHED_WHY_BELOW,    /* none of that lies below the limit */
    POLISHED_WHY_BOUNDARY, /* what does crosses the boundary */
    POLISHED_WHY_UNKNOWN   /* this policy cannot say */
};

/*
 * Which of its conditions a request fails by: the first, in the order above,
 * that with those before it makes it too large.  Asks polished_largest four
 * times at most; changes nothing.
 */
enum polished_why polished_why(const struct polished_heap *heap,
                               const struct polished_request *request);

#endif
