/* report/strip.h - a heap as a line of shades. */
#ifndef REPORT_STRIP_H
#define REPORT_STRIP_H

#include <stdbool.h>

#include "measure/layout.h"

/* Room for every strip: three bytes a cell, the brackets, the NUL. */
enum { REPORT_STRIP_BYTES = 3 * MEASURE_STRIP_CELLS + 3 };

/*
 * Draw the first span_bytes of strip as "[####++..  --]" in columns
 * characters, brackets included (at least 3; what is more than the strip has
 * cells is not used).  A cell is darker the less of it is free, and blank
 * only if it is free altogether.  text holds REPORT_STRIP_BYTES.  Returns
 * text.
 */
char *report_strip(char *text, const struct measure_strip *strip,
                   polished_size span_bytes, unsigned columns, bool unicode);

#endif
