/* number.c - digits without printf's idea of a locale. */
#include "report/number.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

char *report_count(char *text, uint64_t count)
{
    char digits[24];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, count);
    size_t used = 0;

    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    return text;
}

char *report_fixed(char *text, double value, unsigned decimals)
{
    uint64_t scale = 1;

    assert(decimals <= 9);
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    double scaled = round(fabs(value) * (double)scale);
    if (!(scaled < 9223372036854775808.0))
        return strcpy(text, "-");
    uint64_t whole = (uint64_t)scaled;
    const char *sign = value < 0 && whole > 0 ? "-" : "";
    int length =
        snprintf(text, REPORT_NUMBER_BYTES, "%s%" PRIu64, sign, whole / scale);
    if (decimals > 0)
        snprintf(text + length, REPORT_NUMBER_BYTES - (size_t)length,
                 ".%0*" PRIu64, (int)decimals, whole % scale);
    return text;
}

/* Three digits that count, but none after the point of a whole number. */
static unsigned number_decimals(uint64_t bytes, uint64_t unit, double value)
{
    if (bytes % unit == 0 || value >= 99.95)
        return 0;
    return value >= 9.995 ? 1 : 2;
}

char *report_size(char *text, uint64_t bytes)
{
    static const char *const units[] = {"B",   "KiB", "MiB", "GiB",
                                        "TiB", "PiB", "EiB"};
    uint64_t unit = 1;
    size_t power = 0;

    /* 1,023.5 of a unit would be shown as 1024: that is 1 of the next. */
    while (power + 1 < sizeof units / sizeof *units &&
           (double)bytes / (double)unit >= (power == 0 ? 1024.0 : 1023.5)) {
        unit *= 1024;
        power++;
    }
    double value = (double)bytes / (double)unit;
    report_fixed(text, value, number_decimals(bytes, unit, value));
    strcat(strcat(text, " "), units[power]);
    return text;
}

char *report_size_exact(char *text, uint64_t bytes)
{
    char exact[REPORT_NUMBER_BYTES];

    report_count(exact, bytes);
    const char *plural = bytes == 1 ? "byte" : "bytes";
    if (bytes < 1024) {
        snprintf(text, REPORT_NUMBER_BYTES, "%.5s %s", exact, plural);
        return text;
    }
    report_size(text, bytes);
    size_t length = strlen(text);
    snprintf(text + length, REPORT_NUMBER_BYTES - length, " (%.26s %s)", exact,
             plural);
    return text;
}

char *report_percent(char *text, double ratio)
{
    report_fixed(text, ratio * 100, 1);
    return strcat(text, " %");
}
