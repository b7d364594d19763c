/*
 * system - the malloc of this process, whichever it is, as a policy.
 *
 * It takes memory from the operating system as it likes, so the region is all
 * addresses and no heap size bounds it.  What it took, the kernel is asked:
 * the pages of its own that this process has in memory, and the addresses it
 * has mapped to write to, both less what was there when the heap was made.
 * So nobody else in the process may take private memory meanwhile.
 *
 * A malloc may come without the calls beyond malloc and free.  Those of the C
 * library would then be of another heap: they are not used.
 *
 * A misuse may end the process, as malloc does.
 * Time and overhead: the library's.  Keeps: the figures at the start.
 */
#include "config.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/host.h"

enum { SYSTEM_TEXT_BYTES = 4096 }; /* more than these files of /proc have */

struct system_control {
    bool aligns, moves, tells; /* posix_memalign, realloc, usable_size */
    struct host_footprint before;
};

static struct system_control *system_control(const struct polished_heap *heap)
{
    return heap->control;
}

static void *system_pointer(polished_size offset)
{
    return (void *)(uintptr_t)(offset + HOST_FIRST_ADDRESS);
}

static polished_size system_offset(const void *pointer)
{
    return (uintptr_t)pointer - HOST_FIRST_ADDRESS;
}

/* The text of a small file, read without stdio, which would use malloc. */
static bool system_read(const char *path, char text[SYSTEM_TEXT_BYTES])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, SYSTEM_TEXT_BYTES - 1);

    if (fd >= 0)
        close(fd);
    text[got < 0 ? 0 : got] = '\0';
    return got > 0;
}

/* What the kernel counts by the way: quick, but some pages behind. */
struct system_statm {
    uint64_t size, resident, shared, text, unused, data; /* pages */
};

static uint64_t system_page_bytes(void)
{
    return (uint64_t)sysconf(_SC_PAGESIZE);
}

static struct system_statm system_statm(void)
{
    struct system_statm statm = {0};
    uint64_t *const members[] = {&statm.size, &statm.resident, &statm.shared,
                                 &statm.text, &statm.unused,   &statm.data};
    char text[SYSTEM_TEXT_BYTES];
    char *at = text;

    if (system_read("/proc/self/statm", text))
        for (size_t i = 0; i < sizeof members / sizeof *members; i++)
            *members[i] = strtoull(at, &at, 10);
    return statm;
}

static uint64_t system_mapped(void)
{
    return system_statm().data * system_page_bytes();
}

/* Pages that are nobody else's, counted one by one where the kernel does. */
static uint64_t system_resident(void)
{
    static const char label[] = "\nAnonymous:";
    struct system_statm statm;
    char text[SYSTEM_TEXT_BYTES];
    const char *line = NULL;

    if (system_read("/proc/self/smaps_rollup", text))
        line = strstr(text, label);
    if (line != NULL)
        return strtoull(line + sizeof label - 1, NULL, 10) * 1024;
    statm = system_statm();
    return (statm.resident - statm.shared) * system_page_bytes();
}

static uint64_t system_grown(uint64_t now_bytes, uint64_t before_bytes)
{
    return now_bytes > before_bytes ? now_bytes - before_bytes : 0;
}

static struct host_footprint system_footprint(const struct polished_heap *heap)
{
    const struct host_footprint *before = &system_control(heap)->before;

    return (struct host_footprint){
        system_grown(system_resident(), before->resident_bytes),
        system_grown(system_mapped(), before->mapped_bytes)};
}

/* The file that a call of the malloc family comes from. */
static bool system_whose(const char *name, Dl_info *info)
{
    void *call = dlsym(RTLD_DEFAULT, name);

    return call != NULL && dladdr(call, info) != 0;
}

static bool system_has(const char *name)
{
    Dl_info ours, its;

    return system_whose("malloc", &ours) && system_whose(name, &its) &&
           ours.dli_fbase == its.dli_fbase;
}

bool host_system_is(const char *path)
{
    Dl_info info;

    return system_whose("malloc", &info) && strcmp(info.dli_fname, path) == 0;
}

static polished_size system_control_bytes(const polished_size *knobs,
                                          polished_size data_bytes)
{
    (void)knobs;
    (void)data_bytes;
    return sizeof(struct system_control);
}

static enum polished_status system_init(struct polished_heap *heap,
                                        const polished_size *knobs)
{
    struct system_control *control = system_control(heap);

    (void)knobs;
    control->aligns = system_has("posix_memalign");
    control->moves = system_has("realloc");
    control->tells = system_has("malloc_usable_size");
    control->before =
        (struct host_footprint){system_resident(), system_mapped()};
    return POLISHED_OK;
}

static enum polished_status system_alloc(struct polished_heap *heap,
                                         const struct polished_request *request,
                                         polished_size *offset)
{
    bool aligned = request->align_bytes > _Alignof(max_align_t);
    void *pointer = NULL;

    if (aligned && !system_control(heap)->aligns)
        return POLISHED_UNSUPPORTED;
    if (!aligned)
        pointer = malloc(request->size_bytes);
    else if (posix_memalign(&pointer, request->align_bytes,
                            request->size_bytes) != 0)
        pointer = NULL;
    if (pointer == NULL)
        return POLISHED_NO_MEMORY;
    *offset = system_offset(pointer);
    return POLISHED_OK;
}

static enum polished_status system_free(struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size size_bytes)
{
    (void)heap;
    (void)size_bytes;
    free(system_pointer(offset));
    return POLISHED_OK;
}

static enum polished_status system_usable(const struct polished_heap *heap,
                                          polished_size offset,
                                          polished_size *size_bytes)
{
    if (!system_control(heap)->tells)
        return POLISHED_UNSUPPORTED;
    *size_bytes = malloc_usable_size(system_pointer(offset));
    return POLISHED_OK;
}

static enum polished_status
system_resize(struct polished_heap *heap, polished_size offset,
              polished_size size_bytes, const struct polished_request *request)
{
    polished_size usable_bytes = size_bytes;

    system_usable(heap, offset, &usable_bytes);
    return usable_bytes >= request->size_bytes ? POLISHED_OK
                                               : POLISHED_NO_MEMORY;
}

static enum polished_status
system_realloc(struct polished_heap *heap, polished_size *offset,
               polished_size size_bytes, const struct polished_request *request)
{
    void *pointer;

    if (request->align_bytes > _Alignof(max_align_t) ||
        !system_control(heap)->moves)
        return polished_realloc(heap, offset, size_bytes, request);
    pointer = realloc(system_pointer(*offset), request->size_bytes);
    if (pointer == NULL)
        return POLISHED_NO_MEMORY;
    *offset = system_offset(pointer);
    return POLISHED_OK;
}

/* There is no way to give all back but block by block. */
static enum polished_status system_reset(struct polished_heap *heap)
{
    (void)heap;
    return POLISHED_UNSUPPORTED;
}

/* Nobody can look into it: what is mapped, and all other addresses, which it
   could have. */
static enum polished_status system_walk(const struct polished_heap *heap,
                                        polished_visit *visit, void *context)
{
    uint64_t before_bytes = system_control(heap)->before.mapped_bytes;
    struct polished_block mapped = {
        0, system_grown(system_mapped(), before_bytes), POLISHED_USED};
    struct polished_block rest = {mapped.size_bytes,
                                  heap->data.size_bytes - mapped.size_bytes,
                                  POLISHED_FREE};

    if (mapped.size_bytes == 0 || visit(context, &mapped) == 0)
        visit(context, &rest);
    return POLISHED_OK;
}

const struct polished_ops host_system_ops = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER,
    .name = "system",
    .summary = "this machine's malloc, without a bound on its memory",
    .control_bytes = system_control_bytes,
    .init = system_init,
    .alloc = system_alloc,
    .free = system_free,
    .resize = system_resize,
    .usable = system_usable,
    .reset = system_reset,
    .walk = system_walk,
};

const struct host_row host_system = {
    .ops = &host_system_ops,
    .unbounded = true,
    .footprint = system_footprint,
    .realloc = system_realloc,
};
