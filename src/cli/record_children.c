/*
 * cli/record_children.c - the recordings of a program's children, and of what
 * replaced it: each has a raw file of its own, named after the first one's.
 */
#include "config.h"

#include "cli/record.h"

#include <dirent.h>
#include <libgen.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/trace.h"

struct child {
    char *raw;
    char *name; /* of the program */
    struct recording_facts facts;
};

struct children {
    struct child *all;
    size_t count;
};

static bool child_look(struct child *child, const char *raw)
{
    struct trace_error error;
    struct trace_reader *reader = trace_open(raw, 0, &error);
    if (reader == NULL)
        return false;
    const char *name = trace_header_of(reader)->name;
    child->raw = strdup(raw);
    child->name = strdup(name != NULL && name[0] != '\0' ? name : "child");
    recording_facts_of(reader, &child->facts);
    trace_close(reader);
    return child->raw != NULL && child->name != NULL;
}

static bool children_add(struct children *children, const char *raw)
{
    struct child *more =
        realloc(children->all, (children->count + 1) * sizeof children->all[0]);
    if (more == NULL)
        return false;
    children->all = more;
    children->count += child_look(&more[children->count], raw);
    return true;
}

/* RAW.PID.N, all beside RAW. */
static void children_find(struct children *children, const char *raw)
{
    char copy[RECORD_PATH_BYTES], path[RECORD_PATH_BYTES + 256];
    strcpy(copy, raw);
    const char *parent = dirname(copy);
    const char *base = strrchr(raw, '/') + 1;
    size_t length = strlen(base);
    DIR *directory = opendir(parent);
    for (struct dirent *entry;
         directory != NULL && (entry = readdir(directory)) != NULL;) {
        if (strncmp(entry->d_name, base, length) != 0 ||
            entry->d_name[length] != '.')
            continue;
        snprintf(path, sizeof path, "%s%s", raw, entry->d_name + length);
        if (!children_add(children, path))
            break;
    }
    if (directory != NULL)
        closedir(directory);
}

static int child_compare(const void *left, const void *right)
{
    const struct child *a = left, *b = right;
    return (a->facts.started_ns > b->facts.started_ns) -
           (a->facts.started_ns < b->facts.started_ns);
}

/* make.ptrace, the third process: make.3-cc1.ptrace */
static void child_output(char *path, size_t room, const char *output,
                         size_t number, const char *name)
{
    const char *slash = strrchr(output, '/');
    const char *dot = strrchr(slash != NULL ? slash : output, '.');
    int stem = dot != NULL ? (int)(dot - output) : (int)strlen(output);
    snprintf(path, room, "%.*s.%zu-%s%s", stem, output, number, name,
             dot != NULL ? dot : "");
}

static int child_convert(const struct record_job *job,
                         const struct child *child, size_t number)
{
    char path[RECORD_PATH_BYTES];
    if (kill((pid_t)child->facts.pid, 0) == 0) {
        cli_message(RECORD_PROGRAM,
                    "process %u (%s) is still running; its recording is %s",
                    child->facts.pid, child->name, child->raw);
        return CLI_FINE;
    }
    child_output(path, sizeof path, job->output, number, child->name);
    return record_convert_one(job, child->raw, path);
}

int record_convert_children(const struct record_job *job)
{
    struct children children = {NULL, 0};
    int code = CLI_FINE;
    children_find(&children, job->raw);
    if (children.count > 0)
        qsort(children.all, children.count, sizeof children.all[0],
              child_compare);
    for (size_t i = 0; i < children.count; i++) {
        if (child_convert(job, &children.all[i], i + 2) != CLI_FINE)
            code = CLI_IO;
        free(children.all[i].raw);
        free(children.all[i].name);
    }
    free(children.all);
    return code;
}
