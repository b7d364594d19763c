/* trace/json_words.c - a perfect hash over a short list of words. */
#include "trace/json_words.h"

#include <assert.h>

static uint64_t words_mask(size_t bytes)
{
    unsigned char mask[8] = {0};
    uint64_t number;

    memset(mask, 0xff, bytes < 8 ? bytes : 8);
    memcpy(&number, mask, sizeof number);
    return number;
}

static struct json_word words_word(const char *name, size_t index)
{
    struct json_word word = {0};
    char quoted[JSON_WORD_LONGEST + 1] = {0};
    size_t length = strlen(name);

    assert(length > 0 && length <= JSON_WORD_LONGEST);
    memcpy(quoted, name, length);
    quoted[length] = '"';
    memcpy(&word.word, quoted, sizeof word.word);
    word.mask = words_mask(length + 1);
    word.length = (unsigned)length;
    word.index = (unsigned)index;
    return word;
}

/* Does every word get a slot of its own? */
static bool words_place(struct json_words *words,
                        const char *(*name)(size_t index))
{
    /* No text has the letters of an empty slot: it would be all NULs. */
    memset(words->slots, 0, sizeof words->slots);
    for (size_t i = 0; i < sizeof words->slots / sizeof *words->slots; i++)
        words->slots[i].word = 1;
    for (size_t i = 0; name(i); i++) {
        struct json_word word = words_word(name(i), i);
        size_t slot = trace_json_words_slot(words, word.word);

        if (words->slots[slot].length > 0)
            return false;
        words->slots[slot] = word;
    }
    return true;
}

void trace_json_words_make(struct json_words *words,
                           const char *(*name)(size_t index),
                           size_t prefix_bytes)
{
    words->prefix = words_mask(prefix_bytes);
    words->multiplier = 0x9e3779b97f4a7c15u;
    while (!words_place(words, name))
        words->multiplier += 0x9e3779b97f4a7c16u;
}
