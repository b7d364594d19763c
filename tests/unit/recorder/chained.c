/*
 * recorder/chained.c - an allocator that programs preload beside us, which
 * calls functions of the family to do the work of others.
 *
 * Those inner calls come back through the recorder, and are no events.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

void *__libc_malloc(size_t size_bytes);
void __libc_free(void *block);

void *malloc(size_t size_bytes)
{
    return __libc_malloc(size_bytes);
}

void free(void *block)
{
    __libc_free(block);
}

void *calloc(size_t count, size_t size_bytes)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size_bytes, &bytes))
        bytes = (size_t)-1;
    void *block = malloc(bytes);
    if (block != NULL)
        memset(block, 0, bytes);
    return block;
}
