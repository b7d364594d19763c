/*
 * report/plain.h - text that others chose, made safe to print.
 *
 * Names of traces and policies may hold anything: a control character could
 * drive the terminal, a stray byte would break a JSON document.
 */
#ifndef REPORT_PLAIN_H
#define REPORT_PLAIN_H

#include <stddef.h>

/*
 * Copy from for a terminal: control characters and bytes that are not UTF-8
 * become \xNN, and all that is not ASCII becomes ? unless unicode.  What does
 * not fit is left off.  Returns text.
 */
char *report_plain(char *text, size_t text_bytes, const char *from,
                   int unicode);

/* Copy from for a document: bytes that are not UTF-8 become U+FFFD. */
char *report_utf8(char *text, size_t text_bytes, const char *from);

/* The columns that UTF-8 text takes, each character taking one. */
size_t report_columns(const char *text);

#endif
