/*
 * recorder/killer.c - kill -9 at any instant: nothing that the program saw
 * finish may be missing in its trace.
 *
 *     killer                     the test: runs itself under polished-record
 *     killer FILE THREADS        the victim: counts what it has done in FILE
 *
 * The victim counts in shared memory, each call when it has returned.  We
 * kill it when the count has passed a number, without waiting for anything.
 */
#include <config.h>

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace/trace.h"

enum {
    KILLER_RUNS = 60,
    KILLER_THREADS = 3,
    KILLER_RING = 32,    /* blocks that a thread has at a time */
    KILLER_SIZES = 5000, /* of a thread, from KILLER_BASE(thread) */
    KILLER_MOST = 60000  /* calls before the kill */
};

#define KILLER_BASE(thread) (100000u * ((unsigned)(thread) + 1))

struct killer_shared {
    volatile pid_t pid;
    uint64_t done[KILLER_THREADS]; /* calls that have returned */
};

static struct killer_shared *killer_shared;

static void *killer_map(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    void *at = MAP_FAILED;
    if (fd >= 0 && ftruncate(fd, sizeof *killer_shared) == 0)
        at = mmap(NULL, sizeof *killer_shared, PROT_READ | PROT_WRITE,
                  MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        exit(99);
    close(fd);
    return at;
}

static size_t killer_size(size_t thread, uint64_t number)
{
    return KILLER_BASE(thread) + (size_t)(number % KILLER_SIZES);
}

static void killer_acknowledge(size_t thread)
{
    __atomic_fetch_add(&killer_shared->done[thread], 1, __ATOMIC_RELEASE);
}

static void *killer_victim(void *argument)
{
    size_t thread = (size_t)(uintptr_t)argument;
    void *ring[KILLER_RING] = {NULL};
    for (uint64_t number = 0;; number++) {
        void **slot = &ring[number % KILLER_RING];
        if (*slot != NULL) {
            free(*slot);
            killer_acknowledge(thread);
        }
        *slot = malloc(killer_size(thread, number));
        killer_acknowledge(thread);
    }
    return NULL;
}

/* The last thread is the process's first. */
static void killer_run_victim(size_t threads)
{
    pthread_t thread;
    killer_shared->pid = getpid();
    for (size_t i = 1; i < threads; i++)
        pthread_create(&thread, NULL, killer_victim, (void *)(uintptr_t)i);
    killer_victim(NULL);
}

/* What the trace tells of one thread. */
struct killer_seen {
    uint64_t allocs, frees;
    uint64_t ids[KILLER_RING]; /* of the blocks that it has */
};

static bool killer_see_alloc(struct killer_seen *seen,
                             const struct trace_event *event)
{
    size_t thread = (size_t)event->size_bytes / KILLER_BASE(0) - 1;
    if (event->size_bytes < KILLER_BASE(0) || thread >= KILLER_THREADS)
        return true; /* the C library's own */
    seen += thread;
    if (event->size_bytes != killer_size(thread, seen->allocs))
        return false;
    seen->ids[seen->allocs++ % KILLER_RING] = event->id;
    return true;
}

/* Blocks are freed in the order in which they were allocated. */
static void killer_see_free(struct killer_seen *seen,
                            const struct trace_event *event)
{
    for (size_t i = 0; i < KILLER_THREADS; i++, seen++)
        if (seen->frees < seen->allocs &&
            seen->ids[seen->frees % KILLER_RING] == event->id) {
            seen->frees++;
            return;
        }
}

static bool killer_check(const char *path)
{
    struct killer_seen seen[KILLER_THREADS] = {{0, 0, {0}}};
    struct trace_event events[256];
    struct trace_error error;
    struct trace_reader *reader = trace_open(path, 0, &error);
    bool good = reader != NULL;
    size_t count;
    while (good && (count = trace_read(reader, events, 256)) > 0)
        for (size_t i = 0; i < count; i++)
            if (events[i].op == TRACE_FREE)
                killer_see_free(seen, &events[i]);
            else if (!killer_see_alloc(seen, &events[i]))
                good = false;
    good = good && trace_failed(reader) == NULL;
    trace_close(reader);
    for (size_t i = 0; i < KILLER_THREADS && good; i++) {
        uint64_t recorded = seen[i].allocs + seen[i].frees;
        good = recorded >= killer_shared->done[i];
        if (!good)
            printf("# thread %zu: %ju calls done, %ju recorded\n", i,
                   (uintmax_t)killer_shared->done[i], (uintmax_t)recorded);
    }
    return good;
}

static uint64_t killer_done(void)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < KILLER_THREADS; i++)
        sum += __atomic_load_n(&killer_shared->done[i], __ATOMIC_ACQUIRE);
    return sum;
}

/* One kill after `after` calls. */
static bool killer_kill(const char *self, const char *threads, uint64_t after)
{
    int status = 0;
    memset(killer_shared, 0, sizeof *killer_shared);
    pid_t pid = fork();
    if (pid == 0) {
        execl("./polished-record", "polished-record", "-q", "-o",
              "killer.ptrace", self, "killer.shared", threads, (char *)NULL);
        _exit(99);
    }
    while (killer_done() <= after && waitpid(pid, &status, WNOHANG) == 0)
        sched_yield();
    if (killer_shared->pid == 0)
        return false;
    kill(killer_shared->pid, SIGKILL);
    waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 128 + SIGKILL) {
        printf("# polished-record ended with status %d\n", status);
        return false;
    }
    return killer_check("killer.ptrace");
}

static bool killer_test(const char *self, const char *threads)
{
    uint64_t random = 1, sum = 0;
    for (int run = 0; run < KILLER_RUNS; run++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
        uint64_t after = (random >> 33) % KILLER_MOST;
        if (!killer_kill(self, threads, after)) {
            printf("# kill %d, after %ju calls\n", run, (uintmax_t)after);
            return false;
        }
        sum += killer_done();
    }
    printf("# %d kills, %ju calls acknowledged\n", KILLER_RUNS, (uintmax_t)sum);
    return true;
}

int main(int argc, char **argv)
{
    static const char *const tests[] = {"1", "3"};
    killer_shared = killer_map(argc == 3 ? argv[1] : "killer.shared");
    if (argc == 3)
        killer_run_victim((size_t)atoi(argv[2]));
    setvbuf(stdout, NULL, _IONBF, 0);
    puts("1..2");
    for (int i = 0; i < 2; i++)
        printf("%s %d - kill -9 of %s thread(s) loses nothing\n",
               killer_test(argv[0], tests[i]) ? "ok" : "not ok", i + 1,
               tests[i]);
    unlink("killer.shared");
    unlink("killer.ptrace");
    return 0;
}
