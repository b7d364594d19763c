/*
 * 04_device_pool.c - memory that a device reads and writes.
 *
 *     dma: descriptors, below 16 MiB | a window of buffers | pieces of a list
 *                                      pool
 *
 * Shows: limits of address, judged where the device sees memory; a pool of
 * equal buffers that fills its window to the last byte; a transfer in several
 * pieces, where no one piece is large enough; why a request is refused.
 *
 *     cc 04_device_pool.c -lpolished && ./a.out
 */
#include <stdio.h>

#include <polished/polished.h>

enum {
    MEMORY_BYTES = 1 << 18,
    WINDOW_BYTES = 32768,
    BUFFER_BYTES = 2048,
    BUFFER_ALIGN = 128,
    PIECES = 8
};

/* What the program sees, and where the device does: across 16 MiB. */
static _Alignas(65536) unsigned char memory[MEMORY_BYTES];
static const uint64_t memory_bus = 0xff0000, low = 0x1000000;

/* State lies apart: what a device can write is not to be relied on. */
static _Alignas(16) unsigned char dma_control[4096], pool_control[512];

static unsigned long bus_of(const struct polished_heap *heap,
                            polished_size offset)
{
    return (unsigned long)(heap->data.bus_base + offset);
}

static int open_heap(struct polished_heap *heap, const struct polished_ops *ops,
                     struct polished_region data, const polished_size *knobs,
                     void *control, polished_size control_bytes)
{
    const struct polished_setup setup = {.ops = ops,
                                         .data = data,
                                         .control = control,
                                         .knobs = knobs,
                                         .control_bytes = control_bytes};
    enum polished_status status = polished_init(heap, &setup);

    if (status != POLISHED_OK)
        printf("%s: %s\n", ops->name, polished_status_name(status));
    return status == POLISHED_OK;
}

/* A pool in a block of dma: there the device sees its buffers. */
static int open_pool(struct polished_heap *dma, struct polished_heap *pool)
{
    static const polished_size knobs[] = {BUFFER_BYTES, BUFFER_ALIGN};
    const struct polished_request window = {WINDOW_BYTES, 4096, 0, 0};
    polished_size offset;

    if (polished_alloc(dma, &window, &offset) != POLISHED_OK)
        return 0;
    printf("window at %#lx\n", bus_of(dma, offset));
    return open_heap(pool, &polished_pool,
                     (struct polished_region){memory + offset, WINDOW_BYTES,
                                              dma->data.bus_base + offset},
                     knobs, pool_control, sizeof pool_control);
}

static void use_pool(struct polished_heap *pool)
{
    const struct polished_request buffer = {BUFFER_BYTES, BUFFER_ALIGN, 0, 0};
    polished_size ring[WINDOW_BYTES / BUFFER_BYTES + 1];
    int count = 0;

    while (polished_alloc(pool, &buffer, &ring[count]) == POLISHED_OK)
        count++;
    printf("%d buffers, the last for the device at %#lx\n", count,
           bus_of(pool, ring[count - 1]));

    /* The device is done with one: the next packet goes there. */
    polished_free(pool, ring[5], BUFFER_BYTES);
    polished_alloc(pool, &buffer, &ring[5]);
    printf("the one that came back was used again, at %#lx\n",
           bus_of(pool, ring[5]));

    /* A buffer that is given back twice would be handed out twice. */
    polished_free(pool, ring[0], BUFFER_BYTES);
    printf("given back twice: %s\n",
           polished_status_name(polished_free(pool, ring[0], BUFFER_BYTES)));
}

/* More than there is in one place: so a list of pieces. */
static void scatter(struct polished_heap *dma)
{
    const struct polished_request transfer = {
        .size_bytes = 160 << 10, .align_bytes = 512, .boundary = 65536};
    struct polished_segment list[PIECES];
    uint32_t count = PIECES;
    enum polished_status status =
        polished_scatter(dma, &transfer, 0, list, &count);

    printf("transfer: %s\n", polished_status_name(status));
    for (uint32_t i = 0; status == POLISHED_OK && i < count; i++)
        printf("  %#lx +%#lx\n", bus_of(dma, list[i].offset_bytes),
               (unsigned long)list[i].size_bytes);
}

int main(void)
{
    const struct polished_region data = {memory, MEMORY_BYTES, memory_bus};
    const struct polished_request ring = {16384, 4096, low, 0};
    const struct polished_request large = {65537, 1, low, 0};
    struct polished_heap dma, pool;
    polished_size offset;

    if (!open_heap(&dma, &polished_dma, data, NULL, dma_control,
                   sizeof dma_control))
        return 1;

    /* Who has no limit gets high memory; the window leaves the low alone. */
    if (!open_pool(&dma, &pool))
        return 1;
    use_pool(&pool);
    if (polished_alloc(&dma, &ring, &offset) == POLISHED_OK)
        printf("descriptors at %#lx\n", bus_of(&dma, offset));

    /* There are 64 KiB below 16 MiB in all: it can never be. */
    printf("64 KiB and a byte below 16 MiB: %s\n",
           polished_status_name(polished_alloc(&dma, &large, &offset)));
    scatter(&dma);
    printf("sound: %s\n", polished_status_name(polished_check(&dma)));
    return 0;
}
