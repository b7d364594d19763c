/*
 * alloc/tree.h - the free blocks of a heap in a balanced tree.
 *
 * One tree serves every fit.  For first and next fit it is ordered by
 * address, and because each node knows the greatest size below it the lowest
 * block that is large enough is found in one descent; for best and worst fit
 * it is ordered by size, then by address, and each node knows its own alone.
 *
 * An AVL tree, after Adelson-Velskii and Landis (1962).  Its nodes lie in the
 * free blocks themselves.  Every call takes O(log n) steps for n free blocks.
 */
#ifndef ALLOC_TREE_H
#define ALLOC_TREE_H

#include "alloc/block.h"

/* A place in the order: that of a block of this size at this offset. */
struct tree_key {
    polished_size size_bytes;
    polished_size block;
};

/* The first block at or behind key that has at least so many bytes; or none.
   Where sizes are the order, the key's is no less. */
polished_size tree_find(struct polished_heap *heap, struct tree_key key,
                        polished_size least_bytes);

/* The last block before key; or none. */
polished_size tree_before(struct polished_heap *heap, struct tree_key key);

/* Each of these three is false only in a damaged heap. */
bool tree_insert(struct polished_heap *heap, polished_size block);
bool tree_remove(struct polished_heap *heap, polished_size block);

/*
 * By address: a block becomes another one, that starts elsewhere or has another
 * size, with no free block between the two.  It has its place already, and all
 * that is done is to tell those above.
 */
bool tree_move(struct polished_heap *heap, polished_size block,
               polished_size to, polished_size size_bytes);

/* Are order, heights and sizes right, and the nodes just the free blocks? */
bool tree_is_sound(const struct polished_heap *heap);

#endif
