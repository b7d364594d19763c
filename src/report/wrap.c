/* wrap.c - lines broken at spaces. */
#include <string.h>

#include "report/plain.h"
#include "report/table.h"

/* The columns of the word at text, and its bytes. */
static size_t wrap_word(const char *text, size_t *bytes)
{
    size_t columns = 0;

    for (*bytes = 0; text[*bytes] != '\0'; ++*bytes) {
        if (text[*bytes] == ' ' || text[*bytes] == '\n')
            break;
        columns += ((unsigned char)text[*bytes] & 0xC0) != 0x80;
    }
    return columns;
}

static size_t wrap_break(FILE *out, size_t indent)
{
    fprintf(out, "\n%*s", (int)indent, "");
    return indent;
}

void report_wrap(FILE *out, const char *text, size_t indent,
                 const struct report_style *style)
{
    size_t at = indent, bytes, blanks = 0;

    while (*text != '\0') {
        size_t columns = wrap_word(text, &bytes);
        bool full =
            style->columns > 0 && at + blanks + columns > style->columns;
        /* A word wider than the line stands on a line of its own. */
        if (full && at > indent) {
            at = wrap_break(out, indent);
            blanks = 0;
        }
        at += (size_t)fprintf(out, "%*s", (int)blanks, "") + columns;
        fwrite(text, 1, bytes, out);
        text += bytes;
        for (blanks = 0; *text == ' '; text++)
            blanks++;
        if (*text == '\n') {
            at = wrap_break(out, indent);
            blanks = 0;
            text++;
        }
    }
    putc('\n', out);
}
