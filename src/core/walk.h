/* core/walk.h - saying a walk's blocks, from border to border. */
#ifndef CORE_WALK_H
#define CORE_WALK_H

#include <stdbool.h>

#include "polished/block.h"

struct walk {
    polished_visit *visit;
    void *context;
    polished_size at_bytes; /* where the next block begins */
    bool is_over;           /* the visitor has had enough */
};

/* Show what lies between the last border and this one, if anything. */
static inline void walk_to(struct walk *walk, polished_size border_bytes,
                           enum polished_kind kind)
{
    const struct polished_block block = {walk->at_bytes,
                                         border_bytes - walk->at_bytes, kind};

    walk->at_bytes = border_bytes;
    if (block.size_bytes != 0 && !walk->is_over)
        walk->is_over = walk->visit(walk->context, &block) != 0;
}

#endif
