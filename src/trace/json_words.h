/*
 * trace/json_words.h - which of a few known words a string is, at once.
 *
 * The first bytes behind the quote are taken as one number; a multiplication
 * sends each word to a slot of its own, one comparison says whether it is
 * that word.  The multiplier is found when the table is made.
 */
#ifndef TRACE_JSON_WORDS_H
#define TRACE_JSON_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { JSON_WORD_LONGEST = 8, JSON_WORD_SLOTS_LOG2 = 6 };

struct json_words {
    uint64_t multiplier;
    uint64_t prefix; /* mask of the bytes that tell the words apart */
    struct json_word {
        uint64_t word, mask; /* the text with its quote, cut to 8 bytes */
        unsigned length;     /* 0: no word has this slot */
        unsigned index;      /* of the word in the list */
    } slots[1 << JSON_WORD_SLOTS_LOG2];
};

/* name(0), name(1) ... NULL, of at most 8 letters; the first prefix_bytes of
   each with its closing quote differ. */
void trace_json_words_make(struct json_words *words,
                           const char *(*name)(size_t index),
                           size_t prefix_bytes);

static inline size_t trace_json_words_slot(const struct json_words *words,
                                           uint64_t word)
{
    return (word & words->prefix) * words->multiplier >>
           (64 - JSON_WORD_SLOTS_LOG2);
}

/* Is it this one? */
static inline bool trace_json_words_is(const struct json_word *word,
                                       const unsigned char *text)
{
    uint64_t letters;

    memcpy(&letters, text, sizeof letters);
    return (letters & word->mask) == word->word && text[word->length] == '"';
}

/* The word whose text and closing quote begin here, NULL if it is none. */
static inline const struct json_word *
trace_json_words_find(const struct json_words *words, const unsigned char *text)
{
    const struct json_word *slot;
    uint64_t letters;

    memcpy(&letters, text, sizeof letters);
    slot = &words->slots[trace_json_words_slot(words, letters)];
    return trace_json_words_is(slot, text) ? slot : NULL;
}

#endif
