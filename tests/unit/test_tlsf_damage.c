/* tlsf and half-fit: heads that somebody wrote over, with a good tag. */
#include "tlsf_heap.h"

/* Cells of blocks of 64 bytes, of which B, D and F are free, of the last one,
   which is free and has 2 KiB, and of the end. */
enum { A = 2, B = 10, C = 18, D = 26, E = 34, F = 42, G = 50, LAST = 58 };
enum { END = LAST + 256, SIZE = 8 * END };

/* Words of a block; and, for a new end, head and tag at once. */
#define HEAD(block)         DAMAGE_DATA, 8 * (block)-8, 4
#define HEADS(block)        DAMAGE_DATA, 8 * (block)-8, 8
#define FOOT(right)         DAMAGE_DATA, 8 * (right)-12, 4
#define LINK(block, number) DAMAGE_DATA, 8 * (block) + 4 * (number), 4
#define ENDS(from, to)                                                         \
    FLIP((uint64_t)((from) ^ (to)) << 32 | (uint64_t)((from) ^ (to)))

static void open_sample(const struct polished_ops *ops)
{
    open_heap(ops, 0, SIZE);
    for (polished_size block = A; block <= G; block += 8)
        assert_int_equal(take(56), 8 * block);
    for (polished_size block = B; block <= F; block += 16)
        drop(8 * block);
}

static int visit_inside(void *context, const struct polished_block *block)
{
    (void)context;
    assert_true(block->offset_bytes <= SIZE);
    assert_true(block->size_bytes <= SIZE - block->offset_bytes);
    return 0;
}

/* As the walk, which shows nothing behind data. */
static enum polished_status damage_look(struct polished_heap *damaged,
                                        polished_size a, polished_size b)
{
    (void)a;
    (void)b;
    return polished_walk(damaged, visit_inside, NULL);
}

static void sizes_are_doubted(void **state)
{
    static const struct damage_row rows[] = {
        SEEN("a used block of no size", {HEADS(C), ENDS(D, C)}),
        SEEN("a used block that is too small", {HEADS(C), ENDS(D, C + 2)}),
        TOLD(look, 0, 0, "a used block that reaches out of data",
             {HEADS(C), ENDS(D, END + 2)}),
        TOLD(reserve, 8 * 80, 24, "one on the way to what is reserved",
             {HEAD(A), SET(TLSF_USED | (END + 2))}),
    };

    open_sample(*state);
    DAMAGE_ALL(&heap, rows);
}

/* On the usual way no foot is read. */
static void the_usual_way_is_short(void **state)
{
    static const struct damage_row rows[] = {
        ANSWERS(POLISHED_OK, alloc, 56, 16, "the first of a list",
                {FOOT(G), ADD(2)}),
        ANSWERS(POLISHED_OK, alloc, 2040, 16, "the last block, all of it",
                {FOOT(END), ADD(2)}),
    };

    open_sample(*state);
    DAMAGE_ALL(&heap, rows);
}

/* What the owners of A and C wrote looks like parts of a free block. */
static void neighbours_are_not_believed(void **state)
{
    enum { FORGED = C + 2 };
    static const struct damage_row rows[] = {
        TOLD(free, 8 * A, 0, "a free block that ends where it begins",
             {HEAD(B), SET(B)}, {FOOT(B), SET(B)}),
        TOLD(free, 8 * C, 0, "a foot that leads to the right",
             {FOOT(C), SET(FORGED)}, {HEAD(FORGED), SET(C)},
             {LINK(FORGED, 0), SET(TLSF_NONE)},
             {LINK(FORGED, 1), SET(FORGED + 2)},
             {LINK(FORGED + 2, 0), SET(FORGED)}),
    };

    open_sample(*state);
    DAMAGE_ALL(&heap, rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(sizes_are_doubted),
        BOTH(neighbours_are_not_believed),
        BOTH(the_usual_way_is_short),
    };

    return cmocka_run_group_tests_name("tlsf_damage", tests, NULL, NULL);
}
