/*
 * recorder/victim.c - a program whose every allocation is known.
 *
 *     victim MODE [ARG...]
 *
 * On descriptor 3 it tells what it does, one line an event:
 *
 *     alloc BLOCK SIZE ALIGN ZERO | realloc BLOCK SIZE | free BLOCK
 *
 * where BLOCK is its own name for the block.  Before the first it allocates
 * a block of VICTIM_MARK bytes, as the C library may have been at work.
 */
#include <config.h>

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define VICTIM_MARK     ((size_t)777777)
#define VICTIM_TELL     3
#define VICTIM_THREADS  500
#define VICTIM_TOO_MUCH ((size_t)PTRDIFF_MAX / 2)

extern char **environ;

/* The compiler must not know what becomes of these; each thread has its own. */
static __thread void *volatile victim_sink;
static volatile size_t victim_much = VICTIM_TOO_MUCH;

__attribute__((format(printf, 1, 2))) static void victim_tell(const char *form,
                                                              ...)
{
    char line[128];
    va_list list;
    va_start(list, form);
    int count = vsnprintf(line, sizeof line, form, list);
    va_end(list);
    if (write(VICTIM_TELL, line, (size_t)count) != count)
        _exit(99);
}

static void victim_expect(int holds, const char *what)
{
    if (holds)
        return;
    dprintf(2, "victim: %s\n", what);
    _exit(98);
}

static void *victim_keep(void *block, const char *what)
{
    victim_expect(block != NULL, what);
    victim_sink = block;
    if (malloc_usable_size(block) > 0)
        *(volatile char *)victim_sink = 0x5a;
    return victim_sink;
}

static void victim_plain(void)
{
    void *a = victim_keep(malloc(100), "malloc");
    victim_tell("alloc a 100 0 0\n");
    void *b = victim_keep(calloc(30, 7), "calloc");
    victim_tell("alloc b 210 0 1\n");
    a = victim_keep(realloc(a, 100000), "realloc");
    victim_tell("realloc a 100000\n");
    b = victim_keep(reallocarray(b, 5, 3), "reallocarray");
    victim_tell("realloc b 15\n");
    void *c = victim_keep(realloc(NULL, 70000), "realloc of NULL");
    victim_tell("alloc c 70000 0 0\n");
    free(b);
    victim_tell("free b\n");
    void *d = victim_keep(malloc(0), "malloc of 0");
    victim_tell("alloc d 0 0 0\n");
    free(NULL);
    free(a);
    victim_tell("free a\n");
    victim_expect(realloc(c, 0) == NULL, "realloc to 0");
    victim_tell("free c\n");
    free(d);
    victim_tell("free d\n");
}

static void victim_aligned(void)
{
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    void *p = NULL, *a = victim_keep(memalign(64, 10), "memalign");
    victim_tell("alloc a 10 64 0\n");
    victim_expect(posix_memalign(&p, 4096, 11) == 0, "posix_memalign");
    victim_tell("alloc p 11 4096 0\n");
    void *b = victim_keep(aligned_alloc(32, 96), "aligned_alloc");
    victim_tell("alloc b 96 32 0\n");
    void *v = victim_keep(valloc(12), "valloc");
    victim_tell("alloc v 12 %zu 0\n", page_bytes);
    void *w = victim_keep(pvalloc(13), "pvalloc");
    victim_tell("alloc w %zu %zu 0\n", page_bytes, page_bytes);
    victim_expect((uintptr_t)p % 4096 == 0, "4096 is kept");
    p = victim_keep(realloc(p, 5000), "realloc of an aligned block");
    victim_tell("realloc p 5000\n");
    free(a), free(p), free(b), free(v), free(w);
    victim_tell("free a\nfree p\nfree b\nfree v\nfree w\n");
}

/* None of these is an event, but what comes between them is. */
static void victim_failing(void)
{
    void *p = NULL;
    void *volatile a = victim_keep(malloc(50), "malloc");
    victim_tell("alloc a 50 0 0\n");
    errno = 0;
    victim_expect(malloc(victim_much * 2) == NULL && errno == ENOMEM,
                  "malloc fails with ENOMEM");
    errno = 0;
    victim_expect(calloc(victim_much, 8) == NULL && errno == ENOMEM,
                  "calloc overflows with ENOMEM");
    errno = 0;
    victim_expect(realloc(a, victim_much * 2) == NULL && errno == ENOMEM,
                  "realloc fails with ENOMEM");
    errno = 0;
    victim_expect(reallocarray(a, victim_much, 8) == NULL && errno == ENOMEM,
                  "reallocarray overflows with ENOMEM");
    victim_expect(posix_memalign(&p, 3, 8) == EINVAL && p == NULL,
                  "posix_memalign refuses 3");
    victim_expect(memalign(64, victim_much * 2) == NULL, "memalign fails");
    errno = 4711;
    a = victim_keep(realloc(a, 60), "realloc after one that failed");
    victim_tell("realloc a 60\n");
    free(a);
    victim_tell("free a\n");
    victim_expect(errno == 4711, "errno is left alone");
}

static void victim_family(void)
{
    victim_plain();
    victim_aligned();
    victim_failing();
}

/* Enough to fill many units: 200,000 events. */
static void victim_many(void)
{
    enum { BLOCKS = 64 };
    void *blocks[BLOCKS] = {NULL};
    for (unsigned i = 0; i < 100000; i++) {
        unsigned at = i * 7 % BLOCKS;
        size_t size_bytes = (i * 2654435761u >> 12) % 3000;
        if (blocks[at] != NULL) {
            free(blocks[at]);
            victim_tell("free %u\n", at);
        }
        blocks[at] = victim_keep(malloc(size_bytes), "malloc");
        victim_tell("alloc %u %zu 0 0\n", at, size_bytes);
    }
}

static void *victim_free_thread(void *block)
{
    free(block);
    victim_keep(malloc(31337), "malloc in a thread");
    return victim_sink;
}

/* Each block is freed by another thread than the one that asked for it. */
static void victim_handover(void)
{
    pthread_t thread;
    void *block = NULL;
    for (int i = 0; i < 100; i++) {
        block = block != NULL ? block : victim_keep(malloc(4242), "malloc");
        pthread_create(&thread, NULL, victim_free_thread, block);
        pthread_join(thread, &block);
    }
    free(block);
}

static void *victim_churn_thread(void *argument)
{
    size_t number = (size_t)(uintptr_t)argument;
    void *kept = victim_keep(malloc(100000 + number), "malloc");
    for (int i = 0; i < 10; i++)
        free(victim_keep(malloc(200000 + number), "malloc"));
    free(kept);
    return NULL;
}

static void victim_churn(void)
{
    pthread_t threads[VICTIM_THREADS];
    for (size_t i = 0; i < VICTIM_THREADS; i++) {
        pthread_create(&threads[i], NULL, victim_churn_thread,
                       (void *)(uintptr_t)i);
        pthread_join(threads[i], NULL);
    }
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (size_t i = 0; i < VICTIM_THREADS; i++)
        pthread_create(&threads[i], &small, victim_churn_thread,
                       (void *)(uintptr_t)i);
    for (size_t i = 0; i < VICTIM_THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* What the child does is not the parent's, and must not harm its log.  Of
   a bare clone no handler is told. */
static void victim_fork(void)
{
    void *a = victim_keep(malloc(1111), "malloc");
    victim_tell("alloc a 1111 0 0\n");
    for (int i = 0; i < 20; i++) {
        int status;
        pid_t pid =
            i % 2 ? fork() : (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
        if (pid == 0) {
            free(a);
            for (int j = 0; j < 5000; j++)
                victim_keep(malloc(2222), "malloc in a child");
            _exit(0);
        }
        waitpid(pid, &status, 0);
        victim_expect(status == 0, "the child ends well");
    }
    free(a);
    victim_tell("free a\n");
}

static void victim_vfork(void)
{
    char *const arguments[] = {(char *)"true", NULL};
    void *a = victim_keep(malloc(1111), "malloc");
    victim_tell("alloc a 1111 0 0\n");
    for (int i = 0; i < 20; i++) {
        int status;
        pid_t pid;
        victim_expect(
            posix_spawnp(&pid, "true", NULL, NULL, arguments, environ) == 0,
            "posix_spawn");
        waitpid(pid, &status, 0);
        victim_expect(status == 0, "true is true");
    }
    free(a);
    victim_tell("free a\n");
}

/* As daemons do; then our number is given to another file. */
static void victim_close(void)
{
    char name[] = "victim-XXXXXX";
    int low = mkstemp(name);
    unlink(name);
    for (int fd = 4; fd < 20000; fd++)
        if (fd != low)
            close(fd);
    for (int fd = 900; fd < 910; fd++)
        dup2(low, fd);
    victim_many();
    victim_expect(lseek(low, 0, SEEK_END) == 0, "nobody wrote to our file");
}

static void victim_exec(void)
{
    victim_keep(malloc(1111), "malloc");
    victim_tell("alloc a 1111 0 0\n");
    execlp("true", "true", (char *)NULL);
}

static void victim_exit(void)
{
    victim_many();
    _exit(7);
}

static void victim_abort(void)
{
    victim_many();
    abort();
}

/* The environment is what it was without us. */
static void victim_environment(void)
{
    victim_expect(getenv("POLISHED_RECORD") == NULL, "no trace of us");
    const char *preload = getenv("LD_PRELOAD"), *want = getenv("WANT_PRELOAD");
    victim_expect(want == NULL ? preload == NULL
                               : preload != NULL && !strcmp(preload, want),
                  "LD_PRELOAD is what it was");
}

static const struct {
    const char *name;
    void (*run)(void);
} victim_modes[] = {
    {"family", victim_family},
    {"many", victim_many},
    {"handover", victim_handover},
    {"churn", victim_churn},
    {"fork", victim_fork},
    {"vfork", victim_vfork},
    {"close", victim_close},
    {"exec", victim_exec},
    {"exit", victim_exit},
    {"abort", victim_abort},
    {"environment", victim_environment},
};

int main(int argc, char **argv)
{
    victim_expect(argc == 2, "usage: victim MODE");
    for (size_t i = 0; i < sizeof victim_modes / sizeof victim_modes[0]; i++)
        if (strcmp(victim_modes[i].name, argv[1]) == 0) {
            free(victim_keep(malloc(VICTIM_MARK), "the mark"));
            victim_modes[i].run();
            return 0;
        }
    victim_expect(0, "no such mode");
    return 1;
}
