/* expect_walk.h - the blocks that a walk is to show, each of them. */
#ifndef EXPECT_WALK_H
#define EXPECT_WALK_H

#include <stdbool.h>

#include "polished/polished.h"
#include "unit.h"

/* What is left to be shown; a block of no size ends it. */
struct expected {
    const struct polished_block *blocks;
    bool is_other;
};

static inline int visit_expected(void *context,
                                 const struct polished_block *block)
{
    struct expected *expected = context;
    const struct polished_block *next = expected->blocks;

    expected->is_other |= block->offset_bytes != next->offset_bytes ||
                          block->size_bytes != next->size_bytes ||
                          block->kind != next->kind;
    expected->blocks += next->size_bytes != 0;
    return 0;
}

static inline void expect_walk(const struct polished_heap *heap,
                               const struct polished_block *blocks)
{
    struct expected expected = {blocks, false};

    assert_int_equal(polished_walk(heap, visit_expected, &expected),
                     POLISHED_OK);
    assert_false(expected.is_other);
    assert_int_equal(expected.blocks->size_bytes, 0);
}

#endif
