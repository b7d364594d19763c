/*
 * 04_device_pool.c - buffers that a device reads and writes.
 *
 * Shows: memory that the device sees at another address than the program,
 * alignment judged on the device's, a pool of equal buffers filled to the brim
 * and emptied, and how many a window of given size holds.
 *
 *     cc 04_device_pool.c -lpolished && ./a.out
 */
#include <stdio.h>

#include <polished/polished.h>

/* The policy; a pool of equal objects needs no byte between them. */
#define POOL polished_first_fit

enum { WINDOW_BYTES = 32768, BUFFER_BYTES = 2048, BUFFER_ALIGN = 128 };

/* What the program sees, and where the device does. */
static _Alignas(4096) unsigned char window[WINDOW_BYTES];
static const uint64_t window_bus = 0x80000000;

/* State apart from the window: all of the window is for buffers. */
static _Alignas(16) unsigned char control[512];

static uint64_t bus_of(const struct polished_heap *pool, polished_size offset)
{
    return pool->data.bus_base + offset;
}

int main(void)
{
    struct polished_heap pool;
    const struct polished_setup setup = {
        .ops = &POOL,
        .data = {window, WINDOW_BYTES, window_bus},
        .control = control,
        .control_bytes = sizeof control,
    };
    const struct polished_request buffer = {.size_bytes = BUFFER_BYTES,
                                            .align_bytes = BUFFER_ALIGN};
    polished_size ring[WINDOW_BYTES / BUFFER_BYTES + 1];
    enum polished_status status;
    int count = 0;

    status = polished_init(&pool, &setup);
    if (status != POLISHED_OK) {
        printf("no pool: %s\n", polished_status_name(status));
        return 1;
    }

    /* By offset: what the device is told is the bus address. */
    while (polished_alloc(&pool, &buffer, &ring[count]) == POLISHED_OK)
        count++;
    printf("%d buffers, the first for the device at %#llx\n", count,
           (unsigned long long)bus_of(&pool, ring[0]));
    for (int i = 0; i < count; i++)
        if (bus_of(&pool, ring[i]) % BUFFER_ALIGN != 0)
            return 1;

    /* The device is done with one: the next packet goes there. */
    polished_free(&pool, ring[count / 2], BUFFER_BYTES);
    polished_alloc(&pool, &buffer, &ring[count / 2]);
    printf("the one that came back was used again, at %#llx\n",
           (unsigned long long)bus_of(&pool, ring[count / 2]));

    /* A pointer of the program, for the packet's bytes. */
    *(unsigned char *)polished_pointer(&pool, ring[0]) = 0x45;

    /* A buffer that is given back twice would be handed out twice. */
    polished_free(&pool, ring[0], BUFFER_BYTES);
    status = polished_free(&pool, ring[0], BUFFER_BYTES);
    printf("given back twice: %s\n", polished_status_name(status));

    polished_reset(&pool);
    printf("after reset %s\n",
           polished_check(&pool) == POLISHED_OK ? "all is free" : "damaged");
    return 0;
}
