/* reports.c - from KIND[=FILE] to files. */
#include "config.h"

#include "cli/reports.h"

#include <string.h>

enum { REPORTS_NAMES = 64, REPORTS_KIND_BYTES = 64 };

/* KIND, and where FILE begins: "-" if there is none. */
static const char *reports_split(const char *value,
                                 char kind[REPORTS_KIND_BYTES])
{
    size_t length = strcspn(value, "=");

    snprintf(kind, REPORTS_KIND_BYTES, "%.*s", (int)length, value);
    return value[length] == '=' ? value + length + 1 : "-";
}

bool cli_reports_check(const char *value, char *message, size_t message_bytes)
{
    char kind[REPORTS_KIND_BYTES];
    const char *names[REPORTS_NAMES] = {NULL}, *nearest;
    const char *path = reports_split(value, kind);

    if (report_format_of(kind) != NULL && path[0] != '\0')
        return true;
    if (report_format_of(kind) != NULL) {
        snprintf(message, message_bytes, "no file named after %s=", kind);
        return false;
    }
    for (size_t i = 0; report_formats[i] != NULL && i + 1 < REPORTS_NAMES; i++)
        names[i] = report_formats[i]->name;
    nearest = cli_nearest(kind, names);
    snprintf(message, message_bytes, "there is no report \"%s\"; %s%s%s", kind,
             nearest != NULL ? "did you mean \"" : "see --list",
             nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
    return false;
}

static void reports_discard(struct cli_reports *reports)
{
    for (size_t i = 0; i < reports->count; i++)
        cli_output_close(&reports->rows[i].output, false);
}

static int reports_open_one(struct cli_reports *reports, const char *program,
                            const char *value)
{
    struct cli_report *row = &reports->rows[reports->count];
    char kind[REPORTS_KIND_BYTES];
    const char *path = reports_split(value, kind);

    row->format = report_format_of(kind);
    int error = cli_output_open(&row->output, path);
    if (error == 0) {
        reports->count++;
        return CLI_GO_ON;
    }
    cli_message(program, "%s: %s", path, strerror(error));
    cli_output_close(&row->output, false);
    return CLI_IO;
}

/* Two reports in one place would spoil each other. */
static int reports_check_places(const char *program,
                                const struct cli_list *asked)
{
    char kind[REPORTS_KIND_BYTES];

    if (asked->count > CLI_REPORTS_MOST)
        return cli_usage(program, "--report: given too often");
    for (size_t i = 0; i < asked->count; i++)
        for (size_t j = 0; j < i; j++) {
            const char *path = reports_split(asked->values[i], kind);
            if (strcmp(path, reports_split(asked->values[j], kind)) == 0)
                return cli_usage(program, "--report: two reports to %s",
                                 strcmp(path, "-") == 0 ? "standard output"
                                                        : path);
        }
    return CLI_GO_ON;
}

int cli_reports_open(struct cli_reports *reports, const char *program,
                     const struct cli_list *asked)
{
    int code = reports_check_places(program, asked);

    reports->count = 0;
    if (code == CLI_GO_ON && asked->count == 0)
        code = reports_open_one(reports, program, report_formats[0]->name);
    for (size_t i = 0; i < asked->count && code == CLI_GO_ON; i++)
        code = reports_open_one(reports, program, asked->values[i]);
    if (code != CLI_GO_ON)
        reports_discard(reports);
    return code;
}

static int reports_close_one(struct cli_report *row, const char *program,
                             const struct sim_result *result,
                             enum cli_color color)
{
    bool elsewhere = row->output.fd != 1;
    struct report_style style = cli_style(elsewhere, color);
    bool rendered = row->format->render(row->output.file, result, &style);
    int error = cli_output_close(&row->output, rendered);

    if (!rendered)
        cli_message(program, "out of memory");
    else if (error != 0)
        cli_message(program, "%s: %s", row->output.path, strerror(error));
    return !rendered ? CLI_INTERNAL : error != 0 ? CLI_IO : CLI_FINE;
}

int cli_reports_close(struct cli_reports *reports, const char *program,
                      const struct sim_result *result, enum cli_color color)
{
    int code = CLI_FINE;

    if (result == NULL) {
        reports_discard(reports);
        return CLI_FINE;
    }
    for (size_t i = 0; i < reports->count; i++) {
        int one = reports_close_one(&reports->rows[i], program, result, color);
        code = code == CLI_FINE ? one : code;
    }
    return code;
}
