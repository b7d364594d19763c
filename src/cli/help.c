/* help.c - the help is the table, printed. */
#include "config.h"

#include <string.h>

#include "cli/options.h"

enum { HELP_GAP = 3, HELP_LEFT_BYTES = 80 };

/* "  -a, --allocator SPEC" */
static int help_left(char text[HELP_LEFT_BYTES], const struct cli_option *row)
{
    char letter[] = "    ";

    if (row->letter != 0) {
        letter[0] = '-';
        letter[1] = row->letter;
        letter[2] = ',';
    }
    return snprintf(text, HELP_LEFT_BYTES, "  %s--%s%s%s", letter, row->name,
                    row->argument != NULL ? " " : "",
                    row->argument != NULL ? row->argument : "");
}

void cli_help(FILE *out, const struct cli_program *program)
{
    char text[HELP_LEFT_BYTES];
    int width = 0;

    fprintf(out, "Usage: %s %s\n%s\n\n", program->name, program->usage,
            program->summary);
    if (program->body != NULL)
        program->body(out);
    for (const struct cli_option *row = program->options; row->name; row++) {
        int length = help_left(text, row);
        width = length > width ? length : width;
    }
    for (const struct cli_option *row = program->options; row->name; row++) {
        help_left(text, row);
        fprintf(out, "%-*s%s\n", width + HELP_GAP, text, row->help);
    }
    if (program->footer != NULL)
        fprintf(out, "\n%s\n", program->footer);
}
