/* message.c - one line for what went wrong. */
#include "config.h"

#include "cli/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/plain.h"
#include "sim/size.h"

enum { MESSAGE_BYTES = 4096 };

static void message_print(const char *program, const char *format, va_list list)
{
    char raw[MESSAGE_BYTES], text[2 * MESSAGE_BYTES];

    vsnprintf(raw, sizeof raw, format, list);
    fprintf(stderr, "%s: %s\n", program,
            report_plain(text, sizeof text, raw, 1));
}

void cli_message(const char *program, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    message_print(program, format, list);
    va_end(list);
}

int cli_usage(const char *program, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    message_print(program, format, list);
    va_end(list);
    fprintf(stderr, "Try '%s --help'.\n", program);
    return CLI_USAGE;
}

const char *cli_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    /* More than half of its letters wrong is another word. */
    unsigned least = (unsigned)strlen(word) / 2 + 1;

    if (least > SIM_FAR)
        least = SIM_FAR;
    for (; *names != NULL; names++) {
        unsigned distance = sim_distance(word, *names);
        if (distance < least) {
            least = distance;
            nearest = *names;
        }
    }
    return nearest;
}
