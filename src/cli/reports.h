/* cli/reports.h - the reports that were asked for, and where they go. */
#ifndef CLI_REPORTS_H
#define CLI_REPORTS_H

#include "cli/options.h"
#include "cli/output.h"
#include "cli/terminal.h"

enum { CLI_REPORTS_MOST = 32 };
struct cli_reports {
    struct cli_report {
        const struct report_format *format;
        struct cli_output output;
    } rows[CLI_REPORTS_MOST];
    size_t count;
};

/* Judge KIND[=FILE]; for the options table. */
bool cli_reports_check(const char *value, char *message, size_t message_bytes);

/*
 * Open all of them, before any work is done; the default one if none was
 * asked for.  CLI_GO_ON, or what to exit with: then all is said and undone.
 */
int cli_reports_open(struct cli_reports *reports, const char *program,
                     const struct cli_list *asked);

/* Write and close all of them; result NULL: there is nothing to write, and
   nothing is left behind.  CLI_FINE, or what to exit with. */
int cli_reports_close(struct cli_reports *reports, const char *program,
                      const struct sim_result *result, enum cli_color color);

#endif
