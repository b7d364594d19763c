/* trace/format.c - the table of formats. */
#include "config.h"

#include "trace/format.h"

#include <string.h>
#include <strings.h>

const struct trace_format *const trace_formats[] = {
#define TRACE_FORMAT(name) &trace_format_##name,
#include "trace/format.def"
#undef TRACE_FORMAT
    NULL,
};

const struct trace_format *trace_format_named(const char *name)
{
    for (size_t i = 0; trace_formats[i]; i++)
        if (strcmp(trace_formats[i]->name, name) == 0)
            return trace_formats[i];
    return NULL;
}

const struct trace_format *trace_format_bid(const unsigned char *first,
                                            size_t count)
{
    const struct trace_format *best = NULL;
    int best_bid = 0;

    for (size_t i = 0; trace_formats[i]; i++) {
        int bid = trace_formats[i]->bid(first, count);

        if (bid > best_bid) {
            best = trace_formats[i];
            best_bid = bid;
        }
    }
    return best;
}

/* Does one of the suffixes, separated by spaces, end the path? */
static bool format_claims(const struct trace_format *format, const char *path)
{
    size_t path_length = strlen(path);
    const char *suffix = format->suffixes;

    while (*suffix) {
        size_t length = strcspn(suffix, " ");

        if (length < path_length &&
            strncasecmp(path + path_length - length, suffix, length) == 0)
            return true;
        suffix += length;
        suffix += strspn(suffix, " ");
    }
    return false;
}

const char *trace_format_for(const char *path)
{
    for (size_t i = 0; trace_formats[i]; i++)
        if (format_claims(trace_formats[i], path))
            return trace_formats[i]->name;
    return NULL;
}
