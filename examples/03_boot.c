/*
 * 03_boot.c - from a memory map to a general heap.
 *
 * Shows: a boot allocator on the first piece of a memory map, handing over
 * what it gave to the allocator that stays (walk the old, reserve in the new),
 * holes of the map that are never given, and boot memory that is freed like
 * any other when boot is over.
 *
 *     cc 03_boot.c -lpolished && ./a.out
 */
#include <stdio.h>

#include <polished/polished.h>

/* The policies; any that reserves will do for the second. */
#define BOOT    polished_bump
#define GENERAL polished_best_fit

enum {
    RAM_BYTES = 1 << 20,
    RAM_BUS = 0x100000, /* where the machine sees it */
    LEAD_BYTES = 16     /* for what the general heap keeps before a block */
};

/* The machine's memory, played by an array. */
static _Alignas(4096) unsigned char ram[RAM_BYTES];

/* What the firmware says of it. */
static const struct piece {
    unsigned long bus, bytes;
    int usable;
} map[] = {
    {0x100000, 0x40000, 1}, /* 256 KiB */
    {0x140000, 0x10000, 0}, /* the firmware's own */
    {0x150000, 0xb0000, 1}, /* 704 KiB */
};

static _Alignas(16) unsigned char boot_control[512];
static _Alignas(16) unsigned char general_control[512];

static struct polished_region region(unsigned long bus, unsigned long bytes)
{
    struct polished_region region = {ram + (bus - RAM_BUS), bytes, bus};

    return region;
}

static int make(struct polished_heap *heap, const struct polished_ops *ops,
                struct polished_region data, void *control,
                polished_size control_bytes)
{
    const struct polished_setup setup = {.ops = ops,
                                         .data = data,
                                         .control = control,
                                         .control_bytes = control_bytes};

    return polished_init(heap, &setup) == POLISHED_OK;
}

/* Who takes over, and whether that went well. */
struct heir {
    struct polished_heap *heap;
    enum polished_status status;
};

/* Reserve in the general heap what the boot allocator has given. */
static int hand_over(void *context, const struct polished_block *block)
{
    struct heir *heir = context;

    if (block->kind == POLISHED_USED)
        heir->status = polished_reserve(
            heir->heap, LEAD_BYTES + block->offset_bytes, block->size_bytes);
    return heir->status != POLISHED_OK;
}

static int show(void *context, const struct polished_block *block)
{
    static const char *const kinds[] = {"free", "used", "own", "hole"};
    const struct polished_heap *heap = context;

    if (block->size_bytes > LEAD_BYTES)
        printf("  %#lx +%#lx %s\n",
               (unsigned long)(heap->data.bus_base + block->offset_bytes),
               (unsigned long)block->size_bytes, kinds[block->kind]);
    return 0;
}

int main(void)
{
    struct polished_heap boot, general;
    struct heir heir = {&general, POLISHED_OK};
    void *tables, *image, *driver;

    /* 1. The boot allocator has the first piece, and no free. */
    if (!make(&boot, &BOOT,
              region(map[0].bus + LEAD_BYTES, map[0].bytes - LEAD_BYTES),
              boot_control, sizeof boot_control))
        return 1;
    tables = polished_malloc(&boot, 0x3000, 4096);
    image = polished_malloc(&boot, 0x8000, 64);
    printf("boot: tables at %#lx, image at %#lx\n",
           (unsigned long)((unsigned char *)tables - ram) + RAM_BUS,
           (unsigned long)((unsigned char *)image - ram) + RAM_BUS);

    /* 2. The general heap spans the map; holes are reserved, for ever. */
    if (!make(&general, &GENERAL, region(RAM_BUS, RAM_BYTES), general_control,
              sizeof general_control))
        return 1;
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (!map[i].usable && polished_reserve(&general, map[i].bus - RAM_BUS,
                                               map[i].bytes) != POLISHED_OK)
            return 1;

    /* 3. What the boot allocator gave is the general heap's to free now. */
    polished_walk(&boot, hand_over, &heir);
    printf("handed over: %s\n", polished_status_name(heir.status));
    polished_walk(&general, show, &general);

    /* 4. The general heap serves, around boot memory and hole. */
    driver = polished_malloc(&general, 0x30000, 4096);
    printf("driver at %#lx\n",
           (unsigned long)((unsigned char *)driver - ram) + RAM_BUS);

    /* 5. Boot is over: its memory is a block like any other. */
    printf("free boot memory: %s\n",
           polished_status_name(polished_free(&general, LEAD_BYTES, 0)));
    polished_mfree(&general, driver);
    polished_walk(&general, show, &general);
    printf("sound: %s\n", polished_status_name(polished_check(&general)));
    return 0;
}
