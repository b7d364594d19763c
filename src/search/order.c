/* order.c - block numbers, sorted. */
#include "search/order.h"

#include <stdlib.h>

enum { ORDER_KEYS = 4 };

/* Doubles, as an area may exceed 64 bits; one rounding is the same on every
   machine. */
struct order_row {
    double keys[ORDER_KEYS];
    uint32_t number;
};

static int order_compare(const void *left, const void *right)
{
    const struct order_row *a = left, *b = right;

    for (int i = 0; i < ORDER_KEYS; i++)
        if (a->keys[i] != b->keys[i])
            return a->keys[i] > b->keys[i] ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static double order_peak(const struct search_block *block,
                         const uint64_t *loads)
{
    uint64_t peak = 0;

    for (uint32_t s = block->birth; s <= block->death; s++)
        peak = loads[s] > peak ? loads[s] : peak;
    return (double)peak;
}

static double order_key(const struct search_block *block, char letter,
                        const uint64_t *loads)
{
    double life = (double)(block->death - block->birth) + 1;

    switch (letter) {
    case 'W':
        return life;
    case 'S':
        return (double)block->size_bytes;
    case 'A':
        return (double)block->size_bytes * life;
    default:
        return order_peak(block, loads);
    }
}

bool search_order(uint32_t *order, const struct search_blocks *blocks,
                  const char *keys)
{
    struct order_row *rows = calloc(blocks->count + 1, sizeof *rows);
    uint64_t *loads = search_blocks_loads(blocks);
    bool fine = rows != NULL && loads != NULL;

    for (size_t i = 0; fine && i < blocks->count; i++) {
        rows[i].number = (uint32_t)i;
        for (int k = 0; k < ORDER_KEYS && keys[k] != '\0'; k++)
            rows[i].keys[k] = order_key(&blocks->blocks[i], keys[k], loads);
    }
    if (fine)
        qsort(rows, blocks->count, sizeof *rows, order_compare);
    for (size_t i = 0; fine && i < blocks->count; i++)
        order[i] = rows[i].number;
    free(rows);
    free(loads);
    return fine;
}
