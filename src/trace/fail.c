/* trace/fail.c - the words of an error. */
#include "trace/fail.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "trace/trace.h"

bool trace_fail_list(struct trace_error *error, enum trace_fault kind,
                     const char *format, va_list list)
{
    error->kind = kind;
    vsnprintf(error->what, sizeof error->what, format, list);
    return false;
}

bool trace_fail(struct trace_error *error, enum trace_fault kind,
                const char *format, ...)
{
    va_list list;

    va_start(list, format);
    trace_fail_list(error, kind, format, list);
    va_end(list);
    return false;
}

bool trace_no_memory(struct trace_error *error)
{
    return trace_fail(error, TRACE_INTERNAL, "out of memory");
}

bool trace_fail_errno(struct trace_error *error, const char *doing)
{
    return trace_fail(error, TRACE_IO, "cannot %s: %s", doing, strerror(errno));
}

void trace_report(FILE *out, const char *path, const struct trace_error *error)
{
    fputs(path, out);
    if (error->line > 0)
        fprintf(out, ":%llu:%llu", (unsigned long long)error->line,
                (unsigned long long)error->column);
    if (error->event > 0)
        fprintf(out, ": event %llu", (unsigned long long)error->event);
    fprintf(out, ": %s\n", error->what);
}

enum { NEAREST_LONGEST = 15 };

static unsigned nearest_least(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;

    return least < c ? least : c;
}

/* Levenshtein's distance, by one row of his table. */
static unsigned nearest_distance(const char *wrong, size_t length,
                                 const char *right)
{
    unsigned row[NEAREST_LONGEST + 2];

    for (unsigned j = 0; j <= length; j++)
        row[j] = j;
    for (unsigned i = 1; *right; i++, right++) {
        unsigned corner = row[0];

        row[0] = i;
        for (unsigned j = 1; j <= length; j++) {
            unsigned above = row[j];
            unsigned change = corner + (wrong[j - 1] != *right);

            row[j] = nearest_least(above + 1, row[j - 1] + 1, change);
            corner = above;
        }
    }
    return row[length];
}

const char *trace_nearest(const char *wrong, size_t length,
                          const char *(*name)(size_t index))
{
    const char *best = NULL;
    unsigned best_distance = 3;

    if (length > NEAREST_LONGEST)
        return NULL;
    for (size_t i = 0; name(i); i++) {
        unsigned distance = nearest_distance(wrong, length, name(i));

        if (distance < best_distance && 2 * distance < strlen(name(i))) {
            best = name(i);
            best_distance = distance;
        }
    }
    return best;
}
