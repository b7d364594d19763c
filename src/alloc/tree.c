/* tree.c - see tree.h. */
#include "alloc/tree.h"

#include "alloc/fit.h"
#include "core/count.h"

/* No AVL tree in data of 2^46 bytes is higher: 2^40 nodes, 1.45 * 40. */
#define TREE_HEIGHT 60

/* Half of what a call does: not to be a call itself. */
#ifdef __GNUC__
#define TREE_INLINE static inline __attribute__((__always_inline__))
#else
#define TREE_INLINE static inline
#endif

/* The way from the root to a place. */
struct tree_path {
    unsigned depth;
    polished_size block[TREE_HEIGHT];
    unsigned char side[TREE_HEIGHT]; /* where the way goes on */
};

/* Is this block before the key? */
static inline bool tree_is_before(const struct polished_heap *heap,
                                  polished_size block, struct tree_key key,
                                  bool is_by_size)
{
    if (is_by_size && block_size(heap, block) != key.size_bytes)
        return block_size(heap, block) < key.size_bytes;
    return block < key.block;
}

static struct tree_key tree_key(const struct polished_heap *heap,
                                polished_size block)
{
    struct tree_key key = {block_size(heap, block), block};

    return key;
}

/* The first block in the tree below this one that is large enough. */
static polished_size tree_first(struct polished_heap *heap, polished_size block,
                                polished_size least_bytes)
{
    for (unsigned depth = 0; depth < TREE_HEIGHT; depth++) {
        polished_size left = block_child(heap, block, 0);

        POLISHED_STEP(heap);
        if (block_most(heap, left) >= least_bytes)
            block = left;
        else if (block_size(heap, block) >= least_bytes)
            return block;
        else
            block = block_child(heap, block, 1);
        if (block == BLOCK_NONE)
            break;
    }
    return BLOCK_NONE;
}

/* The last block before a key, or the first that is not; or none. */
static polished_size tree_near(struct polished_heap *heap, struct tree_key key,
                               bool is_before_it)
{
    const bool is_by_size = fit_is_by_size(block_state(heap));
    polished_size block = block_state(heap)->root;
    polished_size found = BLOCK_NONE;

    for (unsigned depth = 0; depth < TREE_HEIGHT && block != BLOCK_NONE;
         depth++) {
        bool is_before = tree_is_before(heap, block, key, is_by_size);

        POLISHED_STEP(heap);
        if (is_before == is_before_it)
            found = block;
        block = block_child(heap, block, is_before);
    }
    return found;
}

polished_size tree_before(struct polished_heap *heap, struct tree_key key)
{
    return tree_near(heap, key, true);
}

/* By address: the first block from key on that is large enough. */
static polished_size tree_find_on(struct polished_heap *heap,
                                  struct tree_key key,
                                  polished_size least_bytes)
{
    polished_size block = block_state(heap)->root;
    polished_size found = BLOCK_NONE; /* it, or in the tree right of it */

    for (unsigned depth = 0; depth < TREE_HEIGHT && block != BLOCK_NONE;
         depth++) {
        POLISHED_STEP(heap);
        if (tree_is_before(heap, block, key, false)) {
            block = block_child(heap, block, 1);
            continue;
        }
        if (block_size(heap, block) >= least_bytes ||
            block_most(heap, block_child(heap, block, 1)) >= least_bytes)
            found = block;
        block = block_child(heap, block, 0);
    }
    if (found == BLOCK_NONE || block_size(heap, found) >= least_bytes)
        return found;
    return tree_first(heap, block_child(heap, found, 1), least_bytes);
}

polished_size tree_find(struct polished_heap *heap, struct tree_key key,
                        polished_size least_bytes)
{
    const struct block_state *state = block_state(heap);

    if (fit_is_by_size(state))
        return tree_near(heap, key, false);
    if (key.block > state->first)
        return tree_find_on(heap, key, least_bytes);
    if (block_most(heap, state->root) < least_bytes)
        return BLOCK_NONE;
    return tree_first(heap, state->root, least_bytes);
}

/* The greatest size in a tree with this block on top.  Where sizes are the
   order nobody asks for it, and it is the block's own. */
static polished_size tree_most(const struct polished_heap *heap,
                               polished_size block, polished_size left,
                               polished_size right)
{
    polished_size most_bytes = block_size(heap, block);

    if (fit_is_by_size(block_state(heap)))
        return most_bytes;
    if (most_bytes < block_most(heap, left))
        most_bytes = block_most(heap, left);
    if (most_bytes < block_most(heap, right))
        most_bytes = block_most(heap, right);
    return most_bytes;
}

/* Write a node with these children. */
static void tree_join(const struct polished_heap *heap, polished_size block,
                      polished_size left, polished_size right)
{
    unsigned left_height = block_height(heap, left);
    unsigned right_height = block_height(heap, right);
    const struct block_node node = {
        .child = {left, right},
        .height = 1 + (left_height > right_height ? left_height : right_height),
        .most_bytes = tree_most(heap, block, left, right)};

    block_set_node(heap, block, &node);
}

static void tree_join_side(const struct polished_heap *heap,
                           polished_size block, int side, polished_size child,
                           polished_size other)
{
    tree_join(heap, block, side ? other : child, side ? child : other);
}

/*
 * Lift the child on that side above the block; the answer is the child.
 *
 *          block                 child
 *         /     \               /     \
 *      child     c    ->       a     block
 *      /   \                         /   \
 *     a     b                       b     c
 */
static polished_size tree_rotate(const struct polished_heap *heap,
                                 polished_size block, polished_size child,
                                 int side)
{
    tree_join_side(heap, block, side, block_child(heap, child, !side),
                   block_child(heap, block, !side));
    tree_join_side(heap, child, side, block_child(heap, child, side), block);
    return child;
}

/*
 * Give the block a child on one side and let it be balanced; the answer is
 * the block that is then in its place.
 */
static polished_size tree_attach(const struct polished_heap *heap,
                                 polished_size block, int side,
                                 polished_size child)
{
    polished_size other = block_child(heap, block, !side);
    unsigned height = block_height(heap, child);
    unsigned other_height = block_height(heap, other);

    tree_join_side(heap, block, side, child, other);
    if (height > other_height + 1) {
        other = child;
    } else if (other_height > height + 1) {
        side = !side;
    } else {
        return block;
    }
    child = block_child(heap, other, !side);
    if (block_height(heap, child) >
        block_height(heap, block_child(heap, other, side)))
        other = tree_rotate(heap, other, child, !side);
    return tree_rotate(heap, block, other, side);
}

/*
 * Put a child at the end of a path and set right what lies above, as far up
 * as it changes; but all that is at or below the given depth.
 */
static void tree_repair(struct polished_heap *heap, struct tree_path *path,
                        polished_size child, unsigned until)
{
    while (path->depth > 0) {
        polished_size block = path->block[--path->depth];
        unsigned height = block_height(heap, block);
        polished_size most_bytes = block_most(heap, block);

        POLISHED_STEP(heap);
        child = tree_attach(heap, block, path->side[path->depth], child);
        if (path->depth < until && child == block &&
            block_height(heap, child) == height &&
            block_most(heap, child) == most_bytes)
            return;
    }
    block_state(heap)->root = child;
}

/* Add the block to the path and go on to a side of it. */
static polished_size tree_go(struct polished_heap *heap, struct tree_path *path,
                             polished_size block, int side)
{
    POLISHED_STEP(heap);
    path->block[path->depth] = block;
    path->side[path->depth] = (unsigned char)side;
    path->depth++;
    return block_child(heap, block, side);
}

/* The way to a block, or to where it is to be; the answer is what is there. */
TREE_INLINE polished_size tree_go_to(struct polished_heap *heap,
                                     struct tree_path *path,
                                     polished_size block)
{
    const bool is_by_size = fit_is_by_size(block_state(heap));
    struct tree_key key = tree_key(heap, block);
    polished_size place = block_state(heap)->root;

    path->depth = 0;
    while (place != block && place != BLOCK_NONE && path->depth < TREE_HEIGHT)
        place = tree_go(heap, path, place,
                        tree_is_before(heap, place, key, is_by_size));
    return place;
}

bool tree_insert(struct polished_heap *heap, polished_size block)
{
    struct tree_path path;

    if (tree_go_to(heap, &path, block) != BLOCK_NONE)
        return false;
    tree_join(heap, block, BLOCK_NONE, BLOCK_NONE);
    tree_repair(heap, &path, block, TREE_HEIGHT);
    return true;
}

/* Go on to the place of the block behind this one, if it has a right side. */
static polished_size tree_go_behind(struct polished_heap *heap,
                                    struct tree_path *path, polished_size block)
{
    polished_size behind = BLOCK_NONE;
    polished_size place = tree_go(heap, path, block, 1);

    while (place != BLOCK_NONE && path->depth < TREE_HEIGHT) {
        behind = place;
        place = block_child(heap, behind, 0);
        if (place != BLOCK_NONE)
            tree_go(heap, path, behind, 0);
    }
    return behind;
}

bool tree_remove(struct polished_heap *heap, polished_size block)
{
    struct tree_path path;
    polished_size heir = block_child(heap, block, 0);
    unsigned until = TREE_HEIGHT;

    if (tree_go_to(heap, &path, block) != block ||
        path.depth >= TREE_HEIGHT - 1)
        return false;
    if (block_child(heap, block, 1) != BLOCK_NONE) {
        unsigned depth = path.depth;
        polished_size behind = tree_go_behind(heap, &path, block);
        polished_size orphan = block_child(heap, behind, 1);

        tree_join(heap, behind, heir, BLOCK_NONE); /* right: the repair */
        path.block[depth] = behind;
        heir = orphan;
        until = depth;
    }
    tree_repair(heap, &path, heir, until);
    return true;
}

bool tree_move(struct polished_heap *heap, polished_size block,
               polished_size to, polished_size size_bytes)
{
    polished_size left = block_child(heap, block, 0);
    polished_size right = block_child(heap, block, 1);
    struct tree_path path;

    POLISHED_ASSERT(!fit_is_by_size(block_state(heap)));
    if (tree_go_to(heap, &path, block) != block)
        return false;
    block_set_free(heap, to, size_bytes);
    tree_join(heap, to, left, right);
    tree_repair(heap, &path, to, TREE_HEIGHT);
    return true;
}

/* What a tree is found to hold. */
struct tree_sum {
    uint64_t blocks;
    uint64_t mixed; /* tells one set of blocks from another */
};

static void tree_add(struct tree_sum *sum, polished_size block)
{
    sum->blocks++;
    sum->mixed += bits_mix(block);
}

/* Is this node right, given that its children are? */
static bool tree_node_is_sound(const struct polished_heap *heap,
                               polished_size block)
{
    polished_size left = block_child(heap, block, 0);
    polished_size right = block_child(heap, block, 1);
    unsigned heights[2] = {block_height(heap, left), block_height(heap, right)};
    unsigned higher = heights[heights[1] > heights[0]];

    return block_is_free(heap, block) &&
           block_most(heap, block) == tree_most(heap, block, left, right) &&
           block_height(heap, block) == higher + 1 &&
           heights[0] + 1 >= higher && heights[1] + 1 >= higher;
}

/* Visit all nodes in order; false where one is wrong. */
static bool tree_sum_nodes(const struct polished_heap *heap,
                           struct tree_sum *sum)
{
    polished_size above[TREE_HEIGHT];
    unsigned depth = 0;
    polished_size block = block_state(heap)->root;
    const bool is_by_size = fit_is_by_size(block_state(heap));
    struct tree_key last = {0, 0};

    while (block != BLOCK_NONE || depth > 0) {
        while (block != BLOCK_NONE) {
            if (depth == TREE_HEIGHT)
                return false;
            above[depth++] = block;
            block = block_child(heap, block, 0);
        }
        block = above[--depth];
        if (!tree_node_is_sound(heap, block) ||
            tree_is_before(heap, block, last, is_by_size))
            return false;
        tree_add(sum, block);
        last = tree_key(heap, block);
        block = block_child(heap, block, 1);
    }
    return true;
}

bool tree_is_sound(const struct polished_heap *heap)
{
    const struct block_state *state = block_state(heap);
    struct tree_sum nodes = {0, 0}, blocks = {0, 0};
    polished_size block = state->first;

    while (block != state->end) {
        if (!block_is_used(heap, block))
            tree_add(&blocks, block);
        block += block_size(heap, block);
    }
    return tree_sum_nodes(heap, &nodes) && nodes.blocks == blocks.blocks &&
           nodes.mixed == blocks.mixed;
}
