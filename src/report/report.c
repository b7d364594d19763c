/* report.c - the table of reports. */
#include "report/report.h"

#include <string.h>

const struct report_format *const report_formats[] = {
#define REPORT_ROW(symbol) &symbol,
#include "report/report.def"
#undef REPORT_ROW
    NULL,
};

const struct report_format *report_format_of(const char *name)
{
    for (size_t i = 0; report_formats[i] != NULL; i++)
        if (strcmp(report_formats[i]->name, name) == 0)
            return report_formats[i];
    return NULL;
}
