/*
 * 01_static_heap.c - a heap in a static array.
 *
 * Shows: opening a heap over memory of one's own, the calls by pointer, what a
 * refused call says, and the check that all came back.
 *
 *     cc 01_static_heap.c -lpolished && ./a.out
 */
#include <stdio.h>
#include <string.h>

#include <polished/polished.h>

static _Alignas(256) unsigned char arena[4096];

/* A place in the arena; the array itself lies elsewhere on every run. */
static long place(const void *pointer)
{
    return (long)((const unsigned char *)pointer - arena);
}

int main(void)
{
    struct polished_heap heap;
    enum polished_status status;
    char *name, *longer;
    void *aligned;

    /* The heap's own state is cut from the end of the array. */
    status = polished_open(&heap, &polished_best_fit,
                           polished_memory(arena, sizeof arena), NULL);
    printf("open: %s, %d bytes to give\n", polished_status_name(status),
           (int)heap.data.size_bytes);

    name = polished_malloc(&heap, 6, 16);
    strcpy(name, "hello");
    aligned = polished_malloc(&heap, 100, 256);
    printf("two blocks, at %ld and, aligned to 256, at %ld\n", place(name),
           place(aligned));

    longer = polished_mrealloc(&heap, name, 1000, 16);
    printf("realloc: \"%s\" is at %ld now\n", longer, place(longer));

    /* Too much: NULL, and nothing has changed. */
    printf("5000 bytes: %s\n",
           polished_malloc(&heap, 5000, 16) == NULL ? "refused" : "served");

    /* A mistake is told, not punished. */
    printf("free: %s\n", polished_status_name(polished_mfree(&heap, longer)));
    printf("again: %s\n", polished_status_name(polished_mfree(&heap, longer)));
    printf("the other: %s\n",
           polished_status_name(polished_mfree(&heap, aligned)));

    printf("sound: %s\n", polished_status_name(polished_check(&heap)));
    return 0;
}
