#include "sim/size.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool sim_size_read(const char **text, uint64_t *bytes)
{
    static const char units[] = "KMGT";
    const char *start = *text;
    const char *unit;
    bool hex = start[0] == '0' && (start[1] == 'x' || start[1] == 'X');
    char *end;
    unsigned shift = 0;

    if (start[0] < '0' || start[0] > '9')
        return false;
    errno = 0;
    *bytes = strtoull(start, &end, hex ? 16 : 10);
    if (errno != 0 || (hex && end < start + 3))
        return false;
    unit = *end == '\0' ? NULL : strchr(units, *end);
    if (unit != NULL) {
        shift = 10 * (unsigned)(unit - units + 1);
        end++;
    }
    if (*bytes > UINT64_MAX >> shift)
        return false;
    *bytes <<= shift;
    *text = end;
    return true;
}

bool sim_size_parse(const char *text, uint64_t *bytes)
{
    return sim_size_read(&text, bytes) && *text == '\0';
}

enum { DISTANCE_LETTERS = 32 };

static unsigned distance_least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Damerau's distance, row by row (optimal string alignment). */
unsigned sim_distance(const char *a, const char *b)
{
    unsigned rows[3][DISTANCE_LETTERS + 1];
    size_t a_letters = strlen(a), b_letters = strlen(b);

    if (a_letters > DISTANCE_LETTERS || b_letters > DISTANCE_LETTERS)
        return SIM_FAR;
    for (unsigned j = 0; j <= b_letters; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a_letters; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3];
        unsigned *second = rows[(i + 1) % 3];

        row[0] = i;
        for (unsigned j = 1; j <= b_letters; j++) {
            row[j] = distance_least(above[j], row[j - 1]) + 1;
            row[j] =
                distance_least(row[j], above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = distance_least(row[j], second[j - 2] + 1);
        }
    }
    return distance_least(rows[a_letters % 3][b_letters], SIM_FAR);
}
