/* strip.c - shades for the share of a cell that is not free. */
#include "report/strip.h"

#include <math.h>
#include <string.h>

enum { STRIP_SHADES = 5 };

static const char *const strip_shades[2][STRIP_SHADES] = {
    {" ", ".", "-", "+", "#"},
    {"·", "░", "▒", "▓", "█"},
};

/* The free share counts: the last shade is for cells as good as full. */
static unsigned strip_shade(unsigned taken_permille)
{
    static const unsigned least[STRIP_SHADES] = {0, 1, 334, 667, 995};
    unsigned shade = STRIP_SHADES - 1;

    while (taken_permille < least[shade])
        shade--;
    return shade;
}

/* How many cells of the strip the span has. */
static unsigned strip_cells(const struct measure_strip *strip,
                            polished_size span_bytes)
{
    polished_size cells = strip->cell_bytes == 0
                              ? 0
                              : span_bytes / strip->cell_bytes +
                                    (span_bytes % strip->cell_bytes != 0);

    return cells < MEASURE_STRIP_CELLS ? (unsigned)cells : MEASURE_STRIP_CELLS;
}

/* The share of [from, to) cells, of which the last may be cut by the span. */
static unsigned strip_share(const struct measure_strip *strip, unsigned from,
                            unsigned to, polished_size span_bytes)
{
    double taken = 0, whole = (double)(to - from) * (double)strip->cell_bytes;
    double rest = (double)span_bytes - (double)from * (double)strip->cell_bytes;

    for (unsigned i = from; i < to; i++)
        taken += (double)strip->used_bytes[i] + (double)strip->own_bytes[i];
    /* Rounded up: a cell with anything in it is not blank. */
    return (unsigned)ceil(1000 * taken / (rest < whole ? rest : whole));
}

char *report_strip(char *text, const struct measure_strip *strip,
                   polished_size span_bytes, unsigned columns, bool unicode)
{
    unsigned cells = strip_cells(strip, span_bytes);
    unsigned room = columns < 3 ? 1 : columns - 2;
    unsigned count = cells < room ? cells : room;

    strcpy(text, "[");
    for (unsigned i = 0; i < count; i++) {
        unsigned share = strip_share(strip, i * cells / count,
                                     (i + 1) * cells / count, span_bytes);
        strcat(text, strip_shades[unicode][strip_shade(share)]);
    }
    return strcat(text, "]");
}
