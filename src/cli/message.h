/* cli/message.h - what programs say on standard error. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "cli/exit.h"

/* "polished-sim: ..." on a line of its own, control characters escaped. */
void cli_message(const char *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, then how to get help; returns CLI_USAGE. */
int cli_usage(const char *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The name of names, which a NULL ends, that word was probably meant to be:
 * NULL if none is near.
 */
const char *cli_nearest(const char *word, const char *const *names);

#endif
