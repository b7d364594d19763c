/*
 * evil_malloc.c - a malloc that never reuses memory, with vices.
 *
 * EVIL=DEED:N in the environment: with the N-th block of 1,000 bytes or more,
 * which only the replay asks for, it does the deed.  EVIL=start-crash and
 * start-hang: with the very first call.
 */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Alignas(4096) unsigned char arena[1 << 24];
static size_t top = 4096;
static unsigned long calls, due;
static const char *deed;

static int evil_does(const char *name)
{
    return due != 0 && calls >= due && strncmp(deed, name, strlen(name)) == 0;
}

static void evil_begin(void)
{
    static int begun;
    const char *colon;

    if (begun)
        return;
    begun = 1;
    deed = getenv("EVIL");
    if (deed == NULL)
        return;
    colon = strchr(deed, ':');
    if (colon != NULL)
        due = strtoul(colon + 1, NULL, 10);
    if (strcmp(deed, "start-crash") == 0)
        raise(SIGSEGV);
    if (strcmp(deed, "start-hang") == 0)
        pause();
}

static void *evil_block(size_t bytes)
{
    size_t start = (top + 31) / 16 * 16; /* the size stands before */

    if (bytes > sizeof arena - start)
        return NULL;
    memcpy(arena + start - sizeof bytes, &bytes, sizeof bytes);
    top = start + bytes;
    return arena + start;
}

void *malloc(size_t bytes)
{
    unsigned char *block;

    evil_begin();
    block = evil_block(bytes);
    if (bytes < 1000)
        return block;
    calls++;
    if (evil_does("crash"))
        raise(SIGSEGV);
    while (evil_does("hang"))
        pause();
    if (evil_does("exit"))
        exit(0);
    if (evil_does("overlap"))
        return block - 512;
    if (evil_does("misalign"))
        return block + 3;
    if (evil_does("nowhere"))
        return (void *)(uintptr_t)0x10000;
    if (evil_does("constant"))
        return (void *)(uintptr_t)&malloc;
    if (evil_does("scribble"))
        memset(block - 700, 0xee, 16);
    return evil_does("null") ? NULL : block;
}

void free(void *block)
{
    (void)block;
}

void *calloc(size_t count, size_t bytes)
{
    return malloc(count * bytes);
}

void *realloc(void *block, size_t bytes)
{
    unsigned char *moved = malloc(bytes);
    size_t old_bytes;

    if (block == NULL || moved == NULL)
        return moved;
    memcpy(&old_bytes, (unsigned char *)block - sizeof old_bytes,
           sizeof old_bytes);
    if (!evil_does("forget"))
        memcpy(moved, block, old_bytes < bytes ? old_bytes : bytes);
    return moved;
}
