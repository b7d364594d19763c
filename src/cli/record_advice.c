/* cli/record_advice.c - what was recorded, and why it may be too little. */
#include "config.h"

#include "cli/record.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADVICE_FEW_EVENTS 1000

/* Programs that keep small objects to themselves unless told not to. */
static const struct {
    const char *prefix, *variable, *advice;
} advice_hiders[] = {
    {"python", "PYTHONMALLOC",
     "it serves small objects from pools of its own; with "
     "PYTHONMALLOC=malloc they are recorded, too"},
    {"node", NULL, "JavaScript objects are not in the C heap"},
    {"java", NULL, "Java objects are not in the C heap"},
};

/* Where execvp finds the program. */
static bool advice_find(const char *name, char *path, size_t room)
{
    const char *from = getenv("PATH");
    if (strchr(name, '/') != NULL || from == NULL)
        return snprintf(path, room, "%s", name) < (int)room;
    for (;;) {
        size_t length = strcspn(from, ":");
        snprintf(path, room, "%.*s%s%s", (int)length, from,
                 length > 0 ? "/" : "", name);
        if (access(path, X_OK) == 0)
            return true;
        if (from[length] == '\0')
            return false;
        from += length + 1;
    }
}

/* An ELF program without an interpreter loads nothing at run time. */
static bool advice_is_static(int fd)
{
    Elf64_Ehdr header;
    Elf64_Phdr segment;
    if (pread(fd, &header, sizeof header, 0) != sizeof header ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64)
        return false;
    for (unsigned i = 0; i < header.e_phnum; i++) {
        off_t at = (off_t)(header.e_phoff + i * sizeof segment);
        if (pread(fd, &segment, sizeof segment, at) == sizeof segment &&
            segment.p_type == PT_INTERP)
            return false;
    }
    return true;
}

static const char *advice_obstacle(const char *program)
{
    char path[RECORD_PATH_BYTES];
    struct stat status;
    if (!advice_find(program, path, sizeof path))
        return "the recorder was not loaded";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_static = fd >= 0 && advice_is_static(fd);
    if (fd >= 0)
        close(fd);
    if (is_static)
        return "it is statically linked, and the recorder cannot be loaded "
               "into it";
    if (stat(path, &status) == 0 && (status.st_mode & (S_ISUID | S_ISGID)))
        return "it is setuid, and the loader then preloads nothing";
    return "the recorder was not loaded: perhaps it is a program for another "
           "machine or C library";
}

/* The kernel cuts names of processes off after 15 bytes. */
static bool advice_was_replaced(const struct record_job *job)
{
    return job->became[0] != '\0' && strncmp(job->became, job->name, 15) != 0;
}

static void advice_few(const struct record_job *job, uint64_t events)
{
    if (advice_was_replaced(job))
        cli_message(RECORD_PROGRAM,
                    "only %ju events: '%s' was replaced by '%s'; record that "
                    "program, or use --follow-children",
                    (uintmax_t)events, job->name, job->became);
    else
        cli_message(RECORD_PROGRAM,
                    "only %ju events: perhaps its objects lie in blocks of its "
                    "own (PYTHONMALLOC=malloc for python3) or in mmap, or its "
                    "children do the work (--follow-children)",
                    (uintmax_t)events);
}

static void advice_hider(const struct record_job *job)
{
    for (size_t i = 0; i < sizeof advice_hiders / sizeof advice_hiders[0];
         i++) {
        const char *prefix = advice_hiders[i].prefix;
        const char *variable = advice_hiders[i].variable;
        if (strncmp(job->name, prefix, strlen(prefix)) == 0 &&
            (variable == NULL || getenv(variable) == NULL))
            cli_message(RECORD_PROGRAM, "%s: %s", job->name,
                        advice_hiders[i].advice);
    }
}

static void advice_sum(const struct record_job *job, bool is_first,
                       const struct record_sum *sum, const char *output)
{
    char seconds[32] = "";
    uint64_t divisor = sum->events > 0 ? sum->events : 1;
    if (is_first)
        snprintf(seconds, sizeof seconds, ", %.3f s",
                 (double)job->cpu_us / 1e6);
    cli_message(RECORD_PROGRAM,
                "%ju events of %.1f bytes, at most %ju bytes live in %ju "
                "blocks%s: %s",
                (uintmax_t)sum->events,
                (double)sum->file_bytes / (double)divisor,
                (uintmax_t)sum->peak_bytes, (uintmax_t)sum->peak_blocks,
                seconds, output);
}

void record_advise(const struct record_job *job, bool is_first,
                   const struct recording_facts *facts,
                   const struct record_sum *sum, const char *output)
{
    if (facts->stop_errno != 0)
        cli_message(RECORD_PROGRAM,
                    "the recording stopped before the program did: %s",
                    strerror((int)facts->stop_errno));
    if (job->quiet || output == NULL)
        return;
    advice_sum(job, is_first, sum, output);
    if (facts->stop_errno != 0 || !is_first)
        return;
    if (facts->started_ns == 0)
        cli_message(RECORD_PROGRAM, "nothing was recorded of '%s': %s",
                    job->name, advice_obstacle(job->argv[0]));
    else if (sum->events < ADVICE_FEW_EVENTS && !job->children)
        advice_few(job, sum->events);
    else
        advice_hider(job);
}
