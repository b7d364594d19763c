/* plain.c - no byte reaches a terminal or a document unseen. */
#include "report/plain.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The bytes of the UTF-8 character that text begins with; 0: it is none. */
static size_t plain_rune(const unsigned char *text, uint32_t *rune)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text[0] < 0x80   ? 1
                    : text[0] < 0xC0 ? 0
                    : text[0] < 0xE0 ? 2
                    : text[0] < 0xF0 ? 3
                    : text[0] < 0xF8 ? 4
                                     : 0;

    if (length <= 1) {
        *rune = text[0];
        return length;
    }
    *rune = text[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        *rune = *rune << 6 | (text[i] & 0x3F);
    }
    bool surrogate = *rune >= 0xD800 && *rune < 0xE000;
    return *rune < least[length] || *rune > 0x10FFFF || surrogate ? 0 : length;
}

/* Those that move the cursor or turn the direction of writing. */
static bool plain_is_control(uint32_t rune)
{
    return rune < 0x20 || (rune >= 0x7F && rune < 0xA0) ||
           (rune >= 0x200E && rune <= 0x200F) ||
           (rune >= 0x2028 && rune <= 0x202E) ||
           (rune >= 0x2066 && rune <= 0x2069);
}

/* Append piece if it fits as a whole; false: it does not. */
static bool plain_append(char *text, size_t text_bytes, size_t *used,
                         const char *piece, size_t piece_bytes)
{
    if (text_bytes - *used <= piece_bytes)
        return false;
    memcpy(text + *used, piece, piece_bytes);
    *used += piece_bytes;
    text[*used] = '\0';
    return true;
}

/* One character of from; the bytes that it took. */
static size_t plain_piece(char piece[24], const char *from, int unicode)
{
    uint32_t rune;
    size_t length = plain_rune((const unsigned char *)from, &rune);
    size_t taken = length > 0 ? length : 1;

    piece[0] = '\0';
    if (length == 0 || plain_is_control(rune))
        for (size_t i = 0; i < taken; i++)
            snprintf(piece + 4 * i, 5, "\\x%02x", (unsigned char)from[i]);
    else if (length > 1 && !unicode)
        strcpy(piece, "?");
    else
        snprintf(piece, 5, "%.*s", (int)length, from);
    return taken;
}

char *report_plain(char *text, size_t text_bytes, const char *from, int unicode)
{
    size_t used = 0;
    char piece[24];

    text[0] = '\0';
    while (*from != '\0') {
        from += plain_piece(piece, from, unicode);
        if (!plain_append(text, text_bytes, &used, piece, strlen(piece)))
            break;
    }
    return text;
}

char *report_utf8(char *text, size_t text_bytes, const char *from)
{
    size_t used = 0;
    uint32_t rune;

    text[0] = '\0';
    while (*from != '\0') {
        size_t length = plain_rune((const unsigned char *)from, &rune);
        const char *piece = length > 0 ? from : "\xEF\xBF\xBD";
        if (!plain_append(text, text_bytes, &used, piece,
                          length > 0 ? length : 3))
            break;
        from += length > 0 ? length : 1;
    }
    return text;
}

size_t report_columns(const char *text)
{
    size_t columns = 0;

    for (; *text != '\0'; text++)
        columns += ((unsigned char)*text & 0xC0) != 0x80;
    return columns;
}
