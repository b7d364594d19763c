/* classes.c - keys by which blocks are placed in turns. */
#include <stdlib.h>

#include "search/sweep.h"

/* Four times the binary logarithm, rounded down, from integers alone: the
   same on every machine. */
static uint32_t classes_log4(uint64_t value)
{
    /* 2^(32 + k/4) */
    static const uint64_t quarters[] = {
        UINT64_C(5107605667),
        UINT64_C(6074000999),
        UINT64_C(7223245210),
    };
    uint32_t log = 0;

    while (log < 63 && value >> log > 1)
        log++;
    uint64_t mantissa = log <= 32 ? value << (32 - log) : value >> (log - 32);
    uint32_t result = 4 * log;
    for (int i = 0; i < 3; i++)
        result += mantissa >= quarters[i];
    return result;
}

static uint32_t classes_key(enum search_key key, uint32_t size, uint32_t life)
{
    switch (key) {
    case SEARCH_BY_SIZE:
    case SEARCH_BY_LOAD:
        return size / 4;
    case SEARCH_BY_HALF_SIZE:
        return size / 2;
    case SEARCH_BY_LIFE:
        return life / 4;
    case SEARCH_BY_AREA:
        return (size + life) / 4;
    case SEARCH_BY_QUARTER_SIZE:
        return size;
    case SEARCH_BY_SIZE_AND_LIFE:
        return (2 * size + life) / 8;
    case SEARCH_BY_BIRTH:
    case SEARCH_KEY_COUNT:
        break;
    }
    return 0;
}

enum {
    CLASSES_SPARSE = 1024, /* no key reaches half of it */
    CLASSES_LOADED = CLASSES_SPARSE / 2
};

/* How many sections up to each one, itself included, are close to L. */
static uint32_t *classes_peaks(const struct search_blocks *blocks)
{
    uint64_t *loads = search_blocks_loads(blocks);
    uint32_t *peaks = calloc((size_t)blocks->sections + 1, sizeof *peaks);
    uint64_t least = blocks->load_bytes - blocks->load_bytes / 50;

    if (loads != NULL && peaks != NULL)
        for (uint32_t s = 0; s < blocks->sections; s++)
            peaks[s + 1] = peaks[s] + (loads[s] >= least);
    if (loads == NULL) {
        free(peaks);
        peaks = NULL;
    }
    free(loads);
    return peaks;
}

static bool classes_raise_loaded(uint32_t *classes,
                                 const struct search_blocks *blocks)
{
    uint32_t *peaks = classes_peaks(blocks);

    if (peaks == NULL)
        return false;
    for (size_t i = 0; i < blocks->count; i++) {
        const struct search_block *block = &blocks->blocks[i];
        if (peaks[block->death + 1] > peaks[block->birth])
            classes[i] += CLASSES_LOADED;
    }
    free(peaks);
    return true;
}

/* Number the classes that occur from 0. */
static uint32_t classes_compact(uint32_t *classes, size_t count)
{
    uint32_t number[CLASSES_SPARSE] = {0}, used = 0;

    for (size_t i = 0; i < count; i++)
        number[classes[i]] = 1;
    for (size_t i = 0; i < CLASSES_SPARSE; i++)
        if (number[i] != 0)
            number[i] = used++;
    for (size_t i = 0; i < count; i++)
        classes[i] = number[classes[i]];
    return used;
}

uint32_t search_classes(uint32_t *classes, const struct search_blocks *blocks,
                        enum search_key key)
{
    for (size_t i = 0; i < blocks->count; i++) {
        const struct search_block *block = &blocks->blocks[i];
        uint32_t life = block->death - block->birth + 1;
        classes[i] = classes_key(key, classes_log4(block->size_bytes),
                                 classes_log4(life));
    }
    if (key == SEARCH_BY_LOAD && !classes_raise_loaded(classes, blocks))
        return 0;
    return classes_compact(classes, blocks->count);
}
