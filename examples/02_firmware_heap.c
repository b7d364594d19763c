/*
 * 02_firmware_heap.c - jobs on a heap that must never run dry.
 *
 * Shows: a heap for scratch memory that each job leaves as it found it (mark,
 * rewind), and a low-water report: how little was free at the worst moment,
 * and the picture of it, both from polished_walk.
 *
 *     cc 02_firmware_heap.c -lpolished && ./a.out
 */
#include <stdio.h>
#include <string.h>

#include <polished/polished.h>

enum { ARENA_BYTES = 8192, PICTURE_CELLS = 32 };

static _Alignas(16) unsigned char arena[ARENA_BYTES];

/* What a walk saw. */
struct report {
    polished_size free_bytes, blocks;
    char picture[PICTURE_CELLS + 1]; /* '.': a cell that is wholly free */
};

/* Called for each block of the heap, in the order of addresses. */
static int see(void *context, const struct polished_block *block)
{
    struct report *report = context;
    polished_size cell_bytes = ARENA_BYTES / PICTURE_CELLS;
    polished_size last = block->offset_bytes + block->size_bytes - 1;

    if (block->kind == POLISHED_FREE) {
        report->free_bytes += block->size_bytes;
        return 0;
    }
    report->blocks += block->kind == POLISHED_USED;
    for (polished_size i = block->offset_bytes / cell_bytes;
         i <= last / cell_bytes; i++)
        report->picture[i] = '#';
    return 0;
}

static struct report look(const struct polished_heap *heap)
{
    struct report report = {0};

    memset(report.picture, '.', PICTURE_CELLS);
    polished_walk(heap, see, &report);
    return report;
}

/* The worst moment so far. */
static struct report low_water = {.free_bytes = POLISHED_SIZE_MAX};

static void watch(const struct polished_heap *heap)
{
    struct report now = look(heap);

    if (now.free_bytes < low_water.free_bytes)
        low_water = now;
}

/* A job takes what it needs and never frees: rewinding does. */
static int job(struct polished_heap *heap, size_t packets, size_t bytes)
{
    struct polished_mark before;
    size_t served = 0;

    polished_mark(heap, &before);
    while (served < packets && polished_malloc(heap, bytes, 8) != NULL) {
        served++;
        watch(heap);
    }
    printf("job of %zu x %zu bytes: %s\n", packets, bytes,
           served == packets ? "done" : "refused for want of memory");
    return polished_rewind(heap, before) == POLISHED_OK;
}

int main(void)
{
    struct polished_heap heap;
    struct report end;

    if (polished_open(&heap, &polished_stack,
                      polished_memory(arena, sizeof arena),
                      NULL) != POLISHED_OK)
        return 1;

    /* What lives as long as the device does. */
    polished_malloc(&heap, 512, 16);
    polished_malloc(&heap, 300, 16);
    watch(&heap);

    if (!job(&heap, 10, 200) || !job(&heap, 3, 1500) || !job(&heap, 4, 2000))
        return 1;

    end = look(&heap);
    printf("now:       [%s] %d bytes free\n", end.picture, (int)end.free_bytes);
    printf("low water: [%s] %d bytes free, %d blocks\n", low_water.picture,
           (int)low_water.free_bytes, (int)low_water.blocks);
    return 0;
}
