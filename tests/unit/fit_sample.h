/*
 * fit_sample.h - a heap of one of the four fits, in which eight blocks lie.
 *
 *     block     8 A |40 B  |88 C |120 D |216 E |312 F |344 G |376 R      |1016
 *     bytes    32   |48    |32   |96    |96    |32    |32    |640        |end
 *               used  free   used  free   used   used   used   free
 *
 *     tree      D, on its left B, on its right R, by address and by size
 */
#ifndef FIT_SAMPLE_H
#define FIT_SAMPLE_H

#include "alloc/fit.h"
#include "damage.h"

enum { SPAN = 1024, MORE = 256, A = 8, B = 40, C = 88, D = 120, E = 216 };
enum { F = 312, G = 344, R = 376, END = 1016, R_SIZE = END - R };

/* Where the payload of a block begins. */
#define AT(block) ((block) + BLOCK_HEAD)

static _Alignas(64) unsigned char memory[SPAN + MORE];
static _Alignas(16) struct block_state control;
static struct polished_heap heap;

static const struct polished_ops *const fits[] = {
    &polished_first_fit, &polished_next_fit, &polished_best_fit,
    &polished_worst_fit};

static polished_size take(polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, 1, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset - BLOCK_HEAD;
}

static enum polished_status drop(polished_size block)
{
    return polished_free(&heap, block + BLOCK_HEAD, 0);
}

static void write_word(polished_size offset, uint64_t value)
{
    memcpy(memory + offset, &value, sizeof value);
}

static void open_heap(const struct polished_ops *ops)
{
    const struct polished_setup setup = {
        .ops = ops, .data = {memory, SPAN, 0}, .control = &control};

    memset(memory, 0, sizeof memory);
    memset(&control, 0xa5, sizeof control);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(take(24), A);
    assert_int_equal(take(40), B);
    assert_int_equal(take(24), C);
    assert_int_equal(take(88), D);
    assert_int_equal(take(88), E);
    assert_int_equal(take(24), F);
    assert_int_equal(take(24), G);
    assert_int_equal(drop(B), POLISHED_OK);
    assert_int_equal(drop(D), POLISHED_OK);
    assert_int_equal(control.root, D);
    assert_int_equal(control.end, END);
    /* What the owner of E wrote looks like a free block of 48 bytes. */
    write_word(E + 16, 48 | BLOCK_LEFT_USED | UINT64_C(1) << 48);
    write_word(E + 24, UINT64_C(3) << 48);
    write_word(E + 56, 48);
    write_word(E + 64, BLOCK_USED);
}

#endif
