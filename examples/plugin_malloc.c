/*
 * plugin_malloc.c - a malloc of one's own, beside the policies in the table.
 *
 *     cc -shared -fPIC -fno-builtin -o plugin_malloc.so plugin_malloc.c
 *     polished-sim -a ./plugin_malloc.so -a system x.json
 *     LD_PRELOAD=./plugin_malloc.so ls        (it is a malloc like any other)
 *
 * Blocks are powers of two from 32 bytes on, each with a header of 16 that
 * tells which; freed ones wait in a list of their size, fresh ones are cut
 * from chunks of a megabyte that come from the system and never go back.
 *
 *     chunk    |head| block |head| block |head|   block   | not yet cut ...
 *
 * It defines the whole family: what it left out would be the C library's, and
 * its blocks of another heap.  One lock guards all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LEAST_LOG2 = 5, CHUNK_BYTES = 1 << 20, KINDS = 48 };

/* Stands before every block. */
struct head {
    uint32_t log2;    /* of the block's size, this head included */
    uint32_t padding; /* an aligned block: bytes from its start to the head's */
    struct head *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct head *waiting[KINDS];
static unsigned char *chunk;
static size_t chunk_rest;

static struct head *head_of(void *block)
{
    return (struct head *)block - 1;
}

/* Fresh memory; a large block has a chunk of its own. */
static struct head *cut(size_t bytes)
{
    size_t chunk_bytes = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
    void *fresh;

    if (bytes > chunk_rest) {
        fresh = mmap(NULL, chunk_bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (fresh == MAP_FAILED)
            return NULL;
        if (bytes == chunk_bytes)
            return fresh;
        chunk = fresh;
        chunk_rest = chunk_bytes;
    }
    chunk_rest -= bytes;
    return (struct head *)(chunk + chunk_rest);
}

static void *take(size_t size)
{
    unsigned log2 = LEAST_LOG2;
    struct head *head = NULL;

    if (size < (size_t)1 << (KINDS - 2))
        while (((size_t)1 << log2) - sizeof *head < size)
            log2++;
    else
        log2 = KINDS;
    pthread_mutex_lock(&lock);
    if (log2 < KINDS) {
        head = waiting[log2];
        if (head != NULL)
            waiting[log2] = head->next;
        else
            head = cut((size_t)1 << log2);
    }
    pthread_mutex_unlock(&lock);
    if (head == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    head->log2 = log2;
    head->padding = 0;
    return head + 1;
}

void *malloc(size_t size)
{
    return take(size);
}

/* The block that malloc gave, which an aligned one lies inside. */
static struct head *origin(void *block)
{
    return (struct head *)((char *)head_of(block) - head_of(block)->padding);
}

void free(void *block)
{
    struct head *head;

    if (block == NULL)
        return;
    head = origin(block);
    pthread_mutex_lock(&lock);
    head->next = waiting[head->log2];
    waiting[head->log2] = head;
    pthread_mutex_unlock(&lock);
}

size_t malloc_usable_size(void *block)
{
    struct head *head;

    if (block == NULL)
        return 0;
    head = origin(block);
    return ((size_t)1 << head->log2) - head_of(block)->padding - sizeof *head;
}

void *calloc(size_t count, size_t size)
{
    size_t bytes;
    void *block = NULL;

    if (!__builtin_mul_overflow(count, size, &bytes))
        block = take(bytes);
    else
        errno = ENOMEM;
    return block == NULL ? NULL : memset(block, 0, bytes);
}

void *realloc(void *block, size_t size)
{
    size_t kept;
    void *moved;

    if (block == NULL)
        return take(size);
    kept = malloc_usable_size(block);
    if (size <= kept)
        return block;
    moved = take(size);
    if (moved == NULL)
        return NULL;
    memcpy(moved, block, kept);
    free(block);
    return moved;
}

/* A larger block, and inside it the place asked for, with a head that knows
   the way back. */
void *memalign(size_t align, size_t size)
{
    char *block;
    size_t skip;

    if (align <= sizeof(struct head))
        return take(size);
    block = size + align < size ? NULL : take(size + align);
    if (block == NULL)
        return NULL;
    skip = -(uintptr_t)block & (align - 1);
    if (skip != 0) {
        head_of(block + skip)->log2 = head_of(block)->log2;
        head_of(block + skip)->padding = (uint32_t)skip;
    }
    return block + skip;
}

void *aligned_alloc(size_t align, size_t size)
{
    return memalign(align, size);
}

int posix_memalign(void **block, size_t align, size_t size)
{
    void *found = memalign(align, size);

    if (found == NULL)
        return ENOMEM;
    *block = found;
    return 0;
}
