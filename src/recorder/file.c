/*
 * recorder/file.c - the file under the log, kept apart from the program's.
 *
 * The descriptor is moved far up, where programs seldom look.  Those that
 * close every descriptor close ours as well, and may open another file under
 * its number: so before each write the descriptor has to prove that it still
 * is our file, else the file is opened again by its name.
 */
#include <config.h>

#include "recorder/module.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_HIGH_FD 900

static bool file_is_ours(const struct recorder_file *file)
{
    struct stat status;
    return file->fd >= 0 && fstat(file->fd, &status) == 0 &&
           status.st_dev == file->device && status.st_ino == file->inode;
}

static bool file_take(struct recorder_file *file, int fd)
{
    struct stat status;
    if (fd < 0)
        return false;
    if (fstat(fd, &status) != 0) {
        close(fd);
        return false;
    }
    int high_fd = fcntl(fd, F_DUPFD_CLOEXEC, FILE_HIGH_FD);
    if (high_fd >= 0) {
        close(fd);
        fd = high_fd;
    }
    file->fd = fd;
    file->device = status.st_dev;
    file->inode = status.st_ino;
    return true;
}

bool recorder_file_open(struct recorder_file *file, const char *path,
                        bool create)
{
    int flags = O_RDWR | O_CLOEXEC | (create ? O_CREAT | O_EXCL : 0);
    if (path != file->path)
        strcpy(file->path, path);
    return file_take(file, open(path, flags, 0600));
}

static bool file_recover(struct recorder_file *file)
{
    if (file_is_ours(file))
        return true;
    struct recorder_file before = *file;
    if (!recorder_file_open(file, file->path, false))
        return false;
    if (file->device == before.device && file->inode == before.inode)
        return true;
    close(file->fd); /* another file has taken the name */
    file->fd = -1;
    errno = ESTALE;
    return false;
}

/* A write beyond the limit would not only fail, it would raise SIGXFSZ. */
static bool file_is_within_limit(uint64_t end_bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
        limit.rlim_cur == RLIM_INFINITY || end_bytes <= limit.rlim_cur)
        return true;
    errno = EFBIG;
    return false;
}

bool recorder_file_write(struct recorder_file *file, const void *bytes,
                         size_t count, uint64_t offset_bytes)
{
    const uint8_t *from = bytes;
    if (!file_is_within_limit(offset_bytes + count) || !file_recover(file))
        return false;
    while (count > 0) {
        ssize_t written = pwrite(file->fd, from, count, (off_t)offset_bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            errno = written == 0 ? ENOSPC : errno;
            return false;
        }
        from += written;
        count -= (size_t)written;
        offset_bytes += (uint64_t)written;
    }
    return true;
}

void *recorder_file_map(struct recorder_file *file, size_t count,
                        uint64_t offset_bytes)
{
    if (!file_recover(file))
        return NULL;
    void *at = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_SHARED, file->fd,
                    (off_t)offset_bytes);
    return at == MAP_FAILED ? NULL : at;
}
