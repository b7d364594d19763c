/*
 * replay.c - a target without an engine: each file once.
 *
 *     fuzz/replay_alloc FILE-OR-DIRECTORY...
 *
 * Every input stands in a block of exactly its size, so that a sanitizer sees
 * a read behind its end.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

#pragma weak LLVMFuzzerInitialize

/* Targets with a mutator of their own call it; nobody calls them here. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most)
{
    (void)data;
    return size < most ? size : most;
}

static unsigned long replayed;

static void replay_bytes(FILE *file, size_t size)
{
    uint8_t *data = malloc(size ? size : 1);

    if (!data || fread(data, 1, size, file) != size)
        abort();
    LLVMFuzzerTestOneInput(size ? data : NULL, size);
    free(data);
    replayed++;
}

/* false: it cannot be read. */
static bool replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = -1;

    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size < 0 || fseek(file, 0, SEEK_SET) != 0) {
        fprintf(stderr, "cannot read %s\n", path);
        return false;
    }
    replay_bytes(file, (size_t)size);
    fclose(file);
    return true;
}

static bool replay_path(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    bool is_fine = true;

    if (!directory)
        return replay_file(path);
    while ((entry = readdir(directory))) {
        char inner[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        is_fine = replay_file(inner) && is_fine;
    }
    closedir(directory);
    return is_fine;
}

int main(int argc, char **argv)
{
    bool is_fine = true;

    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        is_fine = replay_path(argv[i]) && is_fine;
    printf("%lu inputs\n", replayed);
    return is_fine && replayed > 0 ? 0 : 1;
}
