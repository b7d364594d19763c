/* trace/strings.c - numbers for texts, by an open-addressing table. */
#include "trace/strings.h"

#include <stdlib.h>
#include <string.h>

static bool strings_grow(struct trace_strings *strings)
{
    uint32_t capacity = strings->capacity ? strings->capacity * 2 : 16;
    char **texts;

    if (capacity < strings->capacity)
        return false;
    texts = realloc(strings->texts, capacity * sizeof *texts);
    if (!texts)
        return false;
    strings->texts = texts;
    strings->capacity = capacity;
    return true;
}

bool trace_strings_add(struct trace_strings *strings, const char *text,
                       size_t length_bytes)
{
    char *copy;

    if (strings->count == strings->capacity && !strings_grow(strings))
        return false;
    copy = malloc(length_bytes + 1);
    if (!copy)
        return false;
    memcpy(copy, text, length_bytes);
    copy[length_bytes] = '\0';
    strings->texts[strings->count++] = copy;
    return true;
}

/* FNV-1a. */
static uint32_t strings_hash(const char *text, size_t length_bytes)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < length_bytes; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

static uint32_t *strings_find(const struct trace_strings *strings,
                              const char *text, size_t length_bytes)
{
    uint32_t mask = strings->table_count - 1;
    uint32_t at = strings_hash(text, length_bytes) & mask;

    for (;; at = (at + 1) & mask) {
        uint32_t *entry = &strings->table[at];
        const char *known = *entry ? strings->texts[*entry - 1] : NULL;

        if (!known || (strncmp(known, text, length_bytes) == 0 &&
                       known[length_bytes] == '\0'))
            return entry;
    }
}

/* A table at most half full with one string more. */
static bool strings_rehash(struct trace_strings *strings)
{
    uint32_t count = 32;

    while (count / 2 <= strings->count && count)
        count *= 2;
    if (strings->table_count == count)
        return true;
    free(strings->table);
    strings->table_count = 0;
    strings->table = count ? calloc(count, sizeof *strings->table) : NULL;
    if (!strings->table)
        return false;
    strings->table_count = count;
    for (uint32_t i = 0; i < strings->count; i++) {
        const char *text = strings->texts[i];
        uint32_t *entry = strings_find(strings, text, strlen(text));

        if (*entry == 0)
            *entry = i + 1;
    }
    return true;
}

bool trace_strings_intern(struct trace_strings *strings, const char *text,
                          size_t length_bytes, trace_string *number)
{
    uint32_t *entry;

    if (!strings_rehash(strings))
        return false;
    entry = strings_find(strings, text, length_bytes);
    if (*entry == 0) {
        if (!trace_strings_add(strings, text, length_bytes))
            return false;
        *entry = strings->count;
    }
    *number = *entry - 1;
    return true;
}

void trace_strings_close(struct trace_strings *strings)
{
    for (uint32_t i = 0; i < strings->count; i++)
        free(strings->texts[i]);
    free(strings->texts);
    free(strings->table);
    memset(strings, 0, sizeof *strings);
}
