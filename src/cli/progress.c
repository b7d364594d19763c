/* progress.c - drawn on standard error, erased when done. */
#include "config.h"

#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "report/number.h"
#include "report/plain.h"

enum {
    PROGRESS_CELLS = 30,
    PROGRESS_NAME_BYTES = 24,
    PROGRESS_LINE = 78, /* columns at most */
    PROGRESS_DELAY_MS = 1000,
    PROGRESS_PERIOD_MS = 100
};

void cli_progress_begin(struct cli_progress *progress, bool quiet)
{
    *progress = (struct cli_progress){
        .wanted = !quiet && isatty(STDERR_FILENO),
    };
    clock_gettime(CLOCK_MONOTONIC, &progress->start);
    progress->last = progress->start;
}

static long long progress_since_ms(const struct timespec *then,
                                   const struct timespec *now)
{
    return (now->tv_sec - then->tv_sec) * 1000LL +
           (now->tv_nsec - then->tv_nsec) / 1000000;
}

/* So much of a line is drawn and erased: the last column is left free, for
   some terminals go on to the next line when they fill it. */
static int progress_columns(void)
{
    unsigned columns = cli_terminal_columns(STDERR_FILENO);

    return columns == 0 || columns > PROGRESS_LINE ? PROGRESS_LINE
                                                   : (int)columns - 1;
}

static void progress_put(const char *line)
{
    int columns = progress_columns();

    fprintf(stderr, "\r%-*.*s", columns, columns, line);
}

static void progress_draw(const struct sim_progress *now)
{
    char line[PROGRESS_LINE + 1], bar[PROGRESS_CELLS + 1];
    char name[PROGRESS_NAME_BYTES], number[REPORT_NUMBER_BYTES];
    double share = 1;

    report_plain(name, sizeof name, now->what != NULL ? now->what : "", 0);
    if (now->total == 0) {
        snprintf(line, sizeof line, "%s events %s",
                 report_count(number, now->done), name);
    } else {
        if (now->done < now->total)
            share = (double)now->done / (double)now->total;
        memset(bar, '.', PROGRESS_CELLS);
        memset(bar, '#', (size_t)(share * PROGRESS_CELLS));
        bar[PROGRESS_CELLS] = '\0';
        snprintf(line, sizeof line, "[%s] %7s %s", bar,
                 report_percent(number, share), name);
    }
    progress_put(line);
}

void cli_progress_show(void *context, const struct sim_progress *now)
{
    struct cli_progress *progress = context;
    struct timespec clock;

    if (!progress->wanted)
        return;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    if (progress_since_ms(&progress->start, &clock) < PROGRESS_DELAY_MS ||
        (progress->drawn &&
         progress_since_ms(&progress->last, &clock) < PROGRESS_PERIOD_MS))
        return;
    progress->last = clock;
    progress->drawn = true;
    progress_draw(now);
}

void cli_progress_end(struct cli_progress *progress)
{
    if (progress->drawn) {
        progress_put("");
        fputc('\r', stderr);
    }
    progress->drawn = false;
}
