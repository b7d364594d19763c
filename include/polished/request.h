/* polished/request.h - what a caller asks for. */
#ifndef POLISHED_REQUEST_H
#define POLISHED_REQUEST_H

#include "polished/size.h"

/*
 * A request for memory.  The block must start at a bus address that is a
 * multiple of align_bytes (a power of two, at least 1: there is no default),
 * end at or before the bus address `below`, and not cross a multiple of
 * `boundary` (a power of two).  0 in the last two means no such limit; only
 * policies with POLISHED_LIMITS take any.
 */
struct polished_request {
    polished_size size_bytes;
    polished_size align_bytes;
    uint64_t below;
    uint64_t boundary;
};

#endif
