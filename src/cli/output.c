/*
 * output.c - a temporary file beside the target, and a rename.
 *
 * Whoever looks finds the old file or the new one, never half of it.  What is
 * not a regular file (a device, a pipe) is written as it is.
 */
#include "config.h"

#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/message.h"

enum { OUTPUT_MOST = 64 };

/* The temporary files there are, for a signal's handler to remove. */
static const char *volatile output_unfinished[OUTPUT_MOST];

static void output_note(const char *temporary, const char *instead)
{
    for (int i = 0; i < OUTPUT_MOST; i++)
        if (output_unfinished[i] == temporary) {
            output_unfinished[i] = instead;
            return;
        }
}

static void output_interrupted(int number)
{
    for (int i = 0; i < OUTPUT_MOST; i++)
        if (output_unfinished[i] != NULL)
            unlink(output_unfinished[i]);
    raise(number); /* the default action, as SA_RESETHAND has it */
}

static const int output_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { OUTPUT_SIGNALS = sizeof output_signals / sizeof *output_signals };

void cli_output_prepare(void)
{
    struct sigaction action = {.sa_handler = output_interrupted,
                               .sa_flags = (int)SA_RESETHAND};

    sigemptyset(&action.sa_mask);
    for (int i = 0; i < OUTPUT_SIGNALS; i++)
        sigaction(output_signals[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* stdio forgets why a write failed; this is where it is kept. */
static ssize_t output_write(void *cookie, const char *bytes, size_t count)
{
    struct cli_output *output = cookie;
    size_t done = 0;

    while (done < count && output->error == 0) {
        ssize_t written = write(output->fd, bytes + done, count - done);
        if (written >= 0)
            done += (size_t)written;
        else if (errno != EINTR)
            output->error = errno;
    }
    return output->error == 0 ? (ssize_t)done : 0;
}

/* All is written to output->fd from now on. */
static int output_stream(struct cli_output *output)
{
    cookie_io_functions_t functions = {.write = output_write};

    if (output->fd < 0)
        return errno;
    output->file = fopencookie(output, "w", functions);
    return output->file != NULL ? 0 : ENOMEM;
}

/* The permissions that a file made by open would have. */
static mode_t output_mode(const struct stat *existing)
{
    mode_t mask;

    if (existing != NULL)
        return existing->st_mode & 0777;
    mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Where a link leads; a path that leads nowhere yet is its own target. */
static int output_resolve(struct cli_output *output)
{
    if (realpath(output->path, output->target) != NULL)
        return 0;
    if (errno != ENOENT)
        return errno;
    if (strlen(output->path) >= sizeof output->target)
        return ENAMETOOLONG;
    strcpy(output->target, output->path);
    return 0;
}

/* A file made and noted in one: a signal finds neither or both. */
static int output_make_noted(char *temporary)
{
    sigset_t held, before;
    int fd;

    sigemptyset(&held);
    for (int i = 0; i < OUTPUT_SIGNALS; i++)
        sigaddset(&held, output_signals[i]);
    sigprocmask(SIG_BLOCK, &held, &before);
    fd = mkstemp(temporary);
    if (fd >= 0)
        output_note(NULL, temporary);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return fd;
}

static int output_make_temporary(struct cli_output *output, mode_t mode)
{
    int length = snprintf(output->temporary, sizeof output->temporary,
                          "%s.XXXXXX", output->target);

    if ((size_t)length >= sizeof output->temporary)
        return ENAMETOOLONG;
    output->fd = output_make_noted(output->temporary);
    if (output->fd < 0) {
        output->temporary[0] = '\0';
        return errno;
    }
    fchmod(output->fd, mode);
    return output_stream(output);
}

int cli_output_open(struct cli_output *output, const char *path)
{
    struct stat existing;
    bool exists;
    int error;

    *output = (struct cli_output){.path = path};
    if (strcmp(path, "-") == 0) {
        output->path = "standard output";
        output->fd = STDOUT_FILENO;
        return output_stream(output);
    }
    exists = stat(path, &existing) == 0;
    if (exists && S_ISDIR(existing.st_mode))
        return EISDIR;
    if (exists && !S_ISREG(existing.st_mode)) {
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
        return output_stream(output);
    }
    if (exists && access(path, W_OK) != 0)
        return errno;
    error = output_resolve(output);
    return error != 0 ? error
                      : output_make_temporary(
                            output, output_mode(exists ? &existing : NULL));
}

/* The first error of all writes, 0 if there was none. */
static int output_flush(struct cli_output *output)
{
    if (output->file == NULL)
        return 0;
    if (fclose(output->file) != 0 && output->error == 0)
        output->error = errno;
    if (output->fd != STDOUT_FILENO && close(output->fd) != 0 &&
        output->error == 0)
        output->error = errno;
    return output->error == EPIPE ? 0 : output->error;
}

int cli_output_close(struct cli_output *output, bool keep)
{
    int error = output_flush(output);

    if (output->temporary[0] == '\0')
        return error;
    if (keep && error == 0 && rename(output->temporary, output->target) != 0)
        error = errno;
    if (!keep || error != 0)
        unlink(output->temporary);
    output_note(output->temporary, NULL);
    return error;
}

int cli_finish(const char *program, int code)
{
    errno = 0;
    if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
        return code;
    cli_message(program, "standard output: %s",
                errno != 0 ? strerror(errno) : "write error");
    return CLI_IO;
}
