/* polished/block.h - how a heap describes its memory. */
#ifndef POLISHED_BLOCK_H
#define POLISHED_BLOCK_H

#include "polished/size.h"

enum polished_kind {
    POLISHED_FREE, /* payload that a request could get, headers not counted */
    POLISHED_USED, /* what its owner may write */
    POLISHED_OWN,  /* the policy's: headers, padding, tails */
    POLISHED_HOLE, /* no memory here */
    POLISHED_KIND_COUNT
};

struct polished_block {
    polished_size offset_bytes;
    polished_size size_bytes; /* never 0 */
    enum polished_kind kind;
};

/*
 * Called for each block of a walk, in address order.  It must not call into
 * the heap.  Any answer but 0 ends the walk early, which is no error.
 */
typedef int polished_visit(void *context, const struct polished_block *block);

#endif
