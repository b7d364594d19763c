/* cli/record_run.c - the program under the recorder, from start to end. */
#include "config.h"

#include "cli/record.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN_MODULE "polished-record.so"

/* In the build tree the module is beside us, when installed in its own
   directory. */
static bool run_find_module(char *path, size_t room)
{
    static const char *const places[] = {
        "%.*s/.libs/" RUN_MODULE,
        "%.*s/" RUN_MODULE,
        "%.*s/../lib/polished-sim/" RUN_MODULE,
    };
    char self[RECORD_PATH_BYTES];
    ssize_t count = readlink("/proc/self/exe", self, sizeof self);
    while (count > 0 && self[--count] != '/')
        continue;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        snprintf(path, room, places[i], (int)count, self);
        if (count > 0 && access(path, R_OK) == 0)
            return true;
    }
    snprintf(path, room, "%s", PKGLIBDIR "/" RUN_MODULE);
    return access(path, R_OK) == 0;
}

/* The loader takes spaces and colons for the ends of names. */
static bool run_check_module(const char *path)
{
    if (strpbrk(path, " :") == NULL)
        return true;
    cli_message(RECORD_PROGRAM,
                "%s: the loader cannot preload a file with a space or a colon "
                "in its path",
                path);
    return false;
}

static bool run_set_environment(const struct record_job *job)
{
    char module[RECORD_PATH_BYTES + 32];
    char value[2 * RECORD_PATH_BYTES];
    if (!run_find_module(module, sizeof module)) {
        cli_message(RECORD_PROGRAM, "%s is not installed", RUN_MODULE);
        return false;
    }
    if (!run_check_module(module))
        return false;
    const char *before = getenv("LD_PRELOAD");
    bool alone = before == NULL || before[0] == '\0';
    int length = snprintf(value, sizeof value, "%s%s%s", module,
                          alone ? "" : ":", alone ? "" : before);
    if (length >= (int)sizeof value || setenv("LD_PRELOAD", value, 1) != 0)
        return false;
    snprintf(value, sizeof value, "%s:%s", job->children ? "all" : "one",
             job->raw);
    return setenv("POLISHED_RECORD", value, 1) == 0;
}

/* The arguments as they were given, as far as there is room. */
static void run_fill_header(struct wire_header *header, char **argv)
{
    memset(header, 0, sizeof *header);
    memcpy(header->magic, WIRE_MAGIC, sizeof header->magic);
    header->version = WIRE_VERSION;
    header->byte_order = WIRE_BYTE_ORDER;
    for (; *argv != NULL; argv++) {
        size_t count = strlen(*argv) + 1;
        if (count > sizeof header->command - header->command_bytes)
            break;
        memcpy(header->command + header->command_bytes, *argv, count);
        header->command_bytes += (uint32_t)count;
    }
}

/*
 * Beside the output, or, if that is a device, where temporary files are.  The
 * program may change its directory: the path has to be absolute.
 */
static bool run_name_raw(struct record_job *job)
{
    char copy[RECORD_PATH_BYTES], parent[PATH_MAX];
    const char *temporary = getenv("TMPDIR");
    struct stat status;
    bool is_device =
        stat(job->output, &status) == 0 && !S_ISREG(status.st_mode);
    int length = snprintf(copy, sizeof copy, "%s", job->output);
    errno = ENAMETOOLONG;
    if (length >= (int)sizeof copy)
        return false;
    temporary = temporary != NULL ? temporary : "/tmp";
    if (realpath(is_device ? temporary : dirname(copy), parent) == NULL)
        return false;
    snprintf(copy, sizeof copy, "%s", job->output);
    length = snprintf(job->raw, sizeof job->raw, "%s/%s.raw-XXXXXX", parent,
                      basename(copy));
    errno = ENAMETOOLONG;
    return length < (int)sizeof job->raw;
}

bool record_prepare(struct record_job *job)
{
    struct wire_header header;
    int fd = run_name_raw(job) ? mkostemp(job->raw, O_CLOEXEC) : -1;
    run_fill_header(&header, job->argv);
    bool written =
        fd >= 0 && write(fd, &header, sizeof header) == sizeof header;
    if (!written)
        cli_message(RECORD_PROGRAM, "%s: %s", job->output, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !written)
        unlink(job->raw);
    return written;
}

static void run_child(struct record_job *job, int report_fd)
{
    int failure = EINVAL;
    if (run_set_environment(job)) {
        execvp(job->argv[0], job->argv);
        failure = errno;
        cli_message(RECORD_PROGRAM, "%s: %s", job->argv[0], strerror(failure));
    }
    if (write(report_fd, &failure, sizeof failure) < 0)
        _exit(CLI_INTERNAL);
    _exit(RECORD_CANNOT_EXECUTE);
}

static volatile pid_t run_pid; /* 0: it has ended */

static void run_pass_on(int number)
{
    if (run_pid > 0)
        kill(run_pid, number);
}

/*
 * Keys that stop the program reach both of us; we stay to save its trace.
 * What is sent to us alone is passed on.  Between fork and here all of these
 * are blocked: the program starts as if we were not there, and is never left
 * behind alone.
 */
static const struct {
    int number;
    void (*handler)(int);
} run_signals[] = {
    {SIGINT, SIG_IGN},      {SIGQUIT, SIG_IGN},    {SIGXFSZ, SIG_IGN},
    {SIGTERM, run_pass_on}, {SIGHUP, run_pass_on},
};

enum { RUN_SIGNALS = sizeof run_signals / sizeof run_signals[0] };

static void run_block_signals(sigset_t *before)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    for (int i = 0; i < RUN_SIGNALS; i++)
        sigaddset(&blocked, run_signals[i].number);
    sigprocmask(SIG_BLOCK, &blocked, before);
}

static void run_handle_signals(const sigset_t *before)
{
    for (int i = 0; i < RUN_SIGNALS; i++) {
        struct sigaction action = {.sa_handler = run_signals[i].handler,
                                   .sa_flags = SA_RESTART};
        sigaction(run_signals[i].number, &action, NULL);
    }
    sigprocmask(SIG_SETMASK, before, NULL);
}

/* A dead process keeps its name until we wait for it. */
static void run_read_name(struct record_job *job, pid_t pid)
{
    char path[64];
    siginfo_t info;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR)
        continue;
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    if (fgets(job->became, sizeof job->became, file) != NULL)
        job->became[strcspn(job->became, "\n")] = '\0';
    fclose(file);
}

static uint64_t run_us(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_usec;
}

static void run_wait(struct record_job *job, int *status)
{
    struct rusage usage;
    while (wait4(run_pid, status, 0, &usage) < 0)
        if (errno != EINTR)
            return;
    run_pid = 0;
    job->cpu_us = run_us(usage.ru_utime) + run_us(usage.ru_stime);
}

int record_run(struct record_job *job, int *status)
{
    int report[2], failure;
    sigset_t before;
    if (pipe2(report, O_CLOEXEC) != 0)
        return cli_message(RECORD_PROGRAM, "%s", strerror(errno)), CLI_INTERNAL;
    run_block_signals(&before);
    run_pid = fork();
    if (run_pid < 0)
        return cli_message(RECORD_PROGRAM, "%s", strerror(errno)), CLI_INTERNAL;
    if (run_pid == 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        run_child(job, report[1]);
    }
    run_handle_signals(&before);
    close(report[1]);
    ssize_t got = read(report[0], &failure, sizeof failure);
    close(report[0]);
    run_read_name(job, run_pid);
    run_wait(job, status);
    if (got != sizeof failure)
        return CLI_FINE;
    unlink(job->raw);
    return failure == ENOENT ? RECORD_NOT_FOUND : RECORD_CANNOT_EXECUTE;
}
