#include "config.h"

#include "sim/pages.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int pages_own = MAP_PRIVATE;

void sim_pages_set_apart(void)
{
    pages_own = MAP_SHARED;
}

static void *pages_map(uint64_t bytes, int flags, int fd)
{
    void *pages;

    if (bytes > SIZE_MAX / 2)
        return NULL;
    pages =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags | MAP_NORESERVE, fd, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void *sim_pages_at(uint64_t bytes, uint64_t bus_base, uint64_t congruence)
{
    unsigned char *pages;
    uint64_t lead;

    if (bytes > SIZE_MAX / 2 || congruence > SIZE_MAX / 4)
        return NULL;
    pages = pages_map(bytes + congruence, pages_own | MAP_ANONYMOUS, -1);
    if (pages == NULL)
        return NULL;
    lead = (bus_base - (uintptr_t)pages) & (congruence - 1);
    return pages + lead;
}

void *sim_pages(size_t bytes)
{
    return pages_map(bytes, pages_own | MAP_ANONYMOUS, -1);
}

void *sim_pages_join(size_t bytes, int fd)
{
    return pages_map(bytes, MAP_SHARED, fd);
}

void *sim_pages_shared(size_t bytes, int *fd)
{
    void *pages = NULL;

    *fd = memfd_create("polished-sim", MFD_CLOEXEC);
    if (*fd < 0)
        return NULL;
    if (ftruncate(*fd, (off_t)bytes) == 0)
        pages = sim_pages_join(bytes, *fd);
    if (pages == NULL)
        close(*fd);
    return pages;
}

void *sim_pages_grow(void *pages, size_t old_bytes, size_t new_bytes)
{
    void *grown = sim_pages(new_bytes);

    if (grown == NULL)
        return NULL;
    memcpy(grown, pages, old_bytes);
    sim_pages_free(pages, old_bytes);
    return grown;
}

void sim_pages_free(void *pages, size_t bytes)
{
    if (pages != NULL)
        munmap(pages, bytes);
}
