/* progress.c - drawn on standard error, erased when done. */
#include "config.h"

#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report/number.h"
#include "report/plain.h"

enum {
    PROGRESS_CELLS = 30,
    PROGRESS_NAME_BYTES = 24,
    PROGRESS_LINE = 78, /* columns that are cleared */
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

static void progress_draw(const struct sim_progress *now)
{
    char bar[PROGRESS_CELLS + 1], name[PROGRESS_NAME_BYTES];
    char done[REPORT_NUMBER_BYTES], percent[REPORT_NUMBER_BYTES];
    double share = 0;

    report_plain(name, sizeof name, now->what != NULL ? now->what : "", 0);
    report_count(done, now->done);
    if (now->total == 0) {
        fprintf(stderr, "\r%-*.*s", PROGRESS_LINE, PROGRESS_LINE, "");
        fprintf(stderr, "\r%s events %s", done, name);
        return;
    }
    if (now->done < now->total)
        share = (double)now->done / (double)now->total;
    else
        share = 1;
    size_t full = (size_t)(share * PROGRESS_CELLS);
    memset(bar, '.', PROGRESS_CELLS);
    memset(bar, '#', full);
    bar[PROGRESS_CELLS] = '\0';
    fprintf(stderr, "\r[%s] %7s %-*s", bar, report_percent(percent, share),
            PROGRESS_NAME_BYTES, name);
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
    if (progress->drawn)
        fprintf(stderr, "\r%*s\r", PROGRESS_LINE, "");
    progress->drawn = false;
}
