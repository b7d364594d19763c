/* trace/source.c - the bytes of a file, and who is to unpack them. */
#include "config.h"

#include "trace/input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace/fail.h"

enum { SOURCE_HEAD = 6 };

struct source_file {
    struct trace_source source;
    int fd;
    bool regular;
    off_t place;                     /* of a regular file */
    unsigned char head[SOURCE_HEAD]; /* read ahead, to see who unpacks */
    size_t head_at, head_count;
};

static ssize_t source_fetch(struct source_file *file, void *to, size_t capacity,
                            struct trace_error *error)
{
    ssize_t got;

    do
        got = file->regular ? pread(file->fd, to, capacity, file->place)
                            : read(file->fd, to, capacity);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        trace_fail_errno(error, "read");
    else
        file->place += got;
    return got;
}

static ssize_t source_read(struct trace_source *source, void *to,
                           size_t capacity, struct trace_error *error)
{
    struct source_file *file = (struct source_file *)source;
    size_t ahead = file->head_count - file->head_at;

    if (ahead == 0)
        return source_fetch(file, to, capacity, error);
    if (ahead > capacity)
        ahead = capacity;
    memcpy(to, file->head + file->head_at, ahead);
    file->head_at += ahead;
    return (ssize_t)ahead;
}

static void source_close(struct trace_source *source)
{
    struct source_file *file = (struct source_file *)source;

    close(file->fd);
    free(file);
}

static bool source_look(struct source_file *file, struct trace_error *error)
{
    struct stat status;
    ssize_t got;

    if (fstat(file->fd, &status) != 0)
        return trace_fail_errno(error, "read");
    if (S_ISDIR(status.st_mode))
        return trace_fail(error, TRACE_IO, "is a directory, not a trace");
    file->regular = S_ISREG(status.st_mode);
    if (file->regular)
        file->place = lseek(file->fd, 0, SEEK_CUR);
    while (file->head_count < SOURCE_HEAD) {
        got = source_fetch(file, file->head + file->head_count,
                           SOURCE_HEAD - file->head_count, error);
        if (got <= 0)
            return got == 0;
        file->head_count += (size_t)got;
    }
    return true;
}

/* Who unpacks what, by the first bytes. */
static const struct source_packing {
    unsigned char magic[SOURCE_HEAD];
    size_t magic_count;
    struct trace_source *(*open)(struct trace_source *inner,
                                 struct trace_error *error);
} source_packings[] = {
    {{0x1f, 0x8b}, 2, trace_source_gzip},
    {{0x28, 0xb5, 0x2f, 0xfd}, 4, trace_source_zstd},
    {{0xfd, '7', 'z', 'X', 'Z', 0}, 6, trace_source_xz},
};

static struct trace_source *source_unpack(struct source_file *file,
                                          struct trace_error *error)
{
    size_t count = sizeof source_packings / sizeof *source_packings;

    for (size_t i = 0; i < count; i++) {
        const struct source_packing *packing = &source_packings[i];

        if (file->head_count >= packing->magic_count &&
            memcmp(file->head, packing->magic, packing->magic_count) == 0)
            return packing->open(&file->source, error);
    }
    return &file->source;
}

struct trace_source *trace_source_open(int fd, struct trace_error *error)
{
    struct source_file *file = calloc(1, sizeof *file);

    if (!file) {
        close(fd);
        trace_no_memory(error);
        return NULL;
    }
    file->source.read = source_read;
    file->source.close = source_close;
    file->fd = fd;
    if (!source_look(file, error)) {
        source_close(&file->source);
        return NULL;
    }
    return source_unpack(file, error);
}
