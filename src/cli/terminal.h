/* cli/terminal.h - what the terminal is, and how to dress for it. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "report/report.h"

/* When to colour; the order of cli_color_names. */
enum cli_color { CLI_COLOR_AUTO, CLI_COLOR_ALWAYS, CLI_COLOR_NEVER };
extern const char *const cli_color_names[];

/* Take characters, and nothing else, from the user's locale. */
void cli_terminal_prepare(void);

/* How many columns the terminal behind fd has; 0: nobody knows. */
unsigned cli_terminal_columns(int fd);

/* How a report looks on standard output, or (elsewhere) in a file. */
struct report_style cli_style(bool elsewhere, enum cli_color color);

#endif
