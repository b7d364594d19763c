/* terminal.c - width, colour and characters. */
#include "config.h"

#include "cli/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

const char *const cli_color_names[] = {"auto", "always", "never", NULL};

void cli_terminal_prepare(void)
{
    setlocale(LC_CTYPE, "");
}

static bool terminal_is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

unsigned cli_terminal_columns(int fd)
{
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* Is there a wish of the user's against colour? */
static bool terminal_is_plain(void)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    return (no_color != NULL && no_color[0] != '\0') || term == NULL ||
           strcmp(term, "dumb") == 0;
}

struct report_style cli_style(bool elsewhere, enum cli_color color)
{
    struct report_style style = {.unicode = terminal_is_utf8()};
    bool terminal = !elsewhere && isatty(STDOUT_FILENO);

    if (terminal)
        style.columns = cli_terminal_columns(STDOUT_FILENO);
    style.color =
        !elsewhere &&
        (color == CLI_COLOR_ALWAYS ||
         (color == CLI_COLOR_AUTO && terminal && !terminal_is_plain()));
    return style;
}
