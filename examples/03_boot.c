/*
 * 03_boot.c - a machine boots: from what the firmware says of memory to the
 * heap of a kernel.
 *
 *     memory map -> frame-bump -> buddy, of pages -> slab, on top of it
 *
 * Shows: a map as firmware writes it made sense of; frames handed out before
 * there is any heap; the state of the next allocator in frames of the first;
 * hand-over, after which nothing of the boot is lost; a heap over a heap; boot
 * memory that is freed like any other when boot is over.
 *
 *     cc 03_boot.c -lpolished && ./a.out
 */
#include <stdio.h>

#include <polished/polished.h>

enum { PAGE = 4096, RAM_BYTES = 1 << 20, RANGES = 8 };

/* The machine's memory, played by an array that the bus sees at RAM_BUS. */
static const uint64_t RAM_BUS = 0x100000;
static _Alignas(65536) unsigned char ram[RAM_BYTES];

/* In any order, overlapping, not on pages: firmware is like that. */
static struct polished_map_entry map[] = {
    {0x150000, 0xb0000, false},
    {0x100000, 0x48123, false},
    {0x140000, 0x10000, true}, /* the firmware's own */
};

static const struct image {
    uint64_t bus;
    polished_size bytes;
} kernel = {0x100000, 0x12000}, ramdisk = {0x1c0000, 0x20000};

static _Alignas(16) unsigned char boot_control[2048];

static int is_ok(const char *what, enum polished_status status)
{
    if (status != POLISHED_OK)
        printf("%s: %s\n", what, polished_status_name(status));
    return status == POLISHED_OK;
}

static int keep(struct polished_heap *heap, const struct image *image)
{
    return is_ok(
        "keep",
        polished_reserve(heap, image->bus - heap->data.bus_base, image->bytes));
}

/* 1. The map, and frames of it, from low to high. */
static int boot_frames(struct polished_heap *boot)
{
    struct polished_map_range ranges[RANGES];
    struct polished_setup setup = {.ops = &polished_frame_bump,
                                   .control = boot_control,
                                   .control_bytes = sizeof boot_control};
    size_t count;

    if (!is_ok("map", polished_map_clean(map, sizeof map / sizeof *map, PAGE,
                                         ranges, RANGES, &count)))
        return 0;
    for (size_t i = 0; i < count; i++)
        printf("usable: %#llx +%#llx\n", (unsigned long long)ranges[i].base,
               (unsigned long long)ranges[i].size_bytes);
    setup.data = polished_map_span(ranges, count);
    setup.data.base = ram + (setup.data.bus_base - RAM_BUS);
    return is_ok("boot", polished_init(boot, &setup)) &&
           is_ok("holes", polished_map_reserve(boot, ranges, count)) &&
           keep(boot, &kernel) && keep(boot, &ramdisk);
}

/* 2. Buddy takes over; its state lies in frames that boot gives. */
static int take_over(struct polished_heap *boot, struct polished_heap *pages)
{
    const polished_size knobs[] = {PAGE};
    struct polished_setup setup = {
        .ops = &polished_buddy, .data = boot->data, .knobs = knobs};

    setup.control_bytes =
        polished_buddy.control_bytes(knobs, boot->data.size_bytes);
    setup.control = polished_malloc(boot, (size_t)setup.control_bytes, PAGE);
    return setup.control != NULL &&
           is_ok("buddy", polished_init(pages, &setup)) &&
           is_ok("hand-over", polished_hand_over(boot, pages));
}

/* 3. Slab draws pages from buddy; its state is a block of buddy too. */
static int small_objects(struct polished_heap *pages,
                         struct polished_heap *heap)
{
    static const polished_size knobs[] = {0, PAGE, 16, 1};
    struct polished_setup setup = {
        .ops = &polished_slab, .knobs = knobs, .source = pages};

    setup.control_bytes =
        polished_slab.control_bytes(knobs, pages->data.size_bytes);
    setup.control = polished_malloc(pages, (size_t)setup.control_bytes, 16);
    return setup.control != NULL && is_ok("slab", polished_init(heap, &setup));
}

static int add_free(void *context, const struct polished_block *block)
{
    if (block->kind == POLISHED_FREE)
        *(polished_size *)context += block->size_bytes;
    return 0;
}

static unsigned free_pages(const struct polished_heap *pages)
{
    polished_size bytes = 0;

    polished_walk(pages, add_free, &bytes);
    return (unsigned)(bytes / PAGE);
}

static unsigned long bus_of(const void *pointer)
{
    return (unsigned long)(RAM_BUS +
                           (uint64_t)((unsigned char *)pointer - ram));
}

int main(void)
{
    struct polished_heap boot, pages, heap;
    void *tables, *task, *inode, *stack;

    if (!boot_frames(&boot))
        return 1;
    tables = polished_malloc(&boot, 3 * PAGE, PAGE);
    stack = polished_malloc(&boot, 65536, 65536);
    printf("boot: tables at %#lx, stack at %#lx\n", bus_of(tables),
           bus_of(stack));

    if (!take_over(&boot, &pages))
        return 1;
    printf("handed over: %u pages are free\n", free_pages(&pages));

    /* The page that boot left between tables and stack is not lost. */
    if (!small_objects(&pages, &heap))
        return 1;
    task = polished_malloc(&heap, 640, 64);
    inode = polished_malloc(&heap, 100, 16);
    printf("slab: task at %#lx, inode at %#lx, %u pages are free\n",
           bus_of(task), bus_of(inode), free_pages(&pages));

    /* The ramdisk was a range of the boot; now it is a block like any other. */
    if (!is_ok("ramdisk",
               polished_free(&pages, ramdisk.bus - pages.data.bus_base, 0)))
        return 1;
    printf("without ramdisk: %u pages are free\n", free_pages(&pages));

    polished_mfree(&heap, task);
    printf("freed twice: %s\n",
           polished_status_name(polished_mfree(&heap, task)));
    polished_mfree(&heap, inode);
    printf("sound: %s, %s\n", polished_status_name(polished_check(&heap)),
           polished_status_name(polished_check(&pages)));
    return 0;
}
