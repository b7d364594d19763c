/*
 * report/report.h - a result as characters: one row per format.
 *
 * A report reads the result and nothing else: the same result gives the same
 * bytes, whatever the locale.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/result.h"

/* How a report for people looks; those for programs never ask. */
struct report_style {
    bool color;       /* ANSI colours, never the only sign of anything */
    bool unicode;     /* else ASCII alone */
    unsigned columns; /* fit lines into as many; 0: as long as they are */
};

struct report_format {
    const char *name; /* "csv" */
    const char *summary;
    /* false: out of memory.  Errors of the file stay in the file. */
    bool (*render)(FILE *out, const struct sim_result *result,
                   const struct report_style *style);
};

/* extern const struct report_format report_text, ...: one per row. */
#define REPORT_ROW(symbol) extern const struct report_format symbol;
#include "report/report.def"
#undef REPORT_ROW

/* All of them, the default first, ended by NULL. */
extern const struct report_format *const report_formats[];

/* The format of that name; NULL if there is none. */
const struct report_format *report_format_of(const char *name);

#endif
