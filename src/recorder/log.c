/*
 * recorder/log.c - each thread's unit of the log.
 *
 * All here is off the hot path: a thread comes when it is new, when its unit
 * is full, when somebody lowered its limit, and after the recording stopped.
 *
 * A thread's unit outlives it.  Thread ends are not announced to us (the last
 * frees of a thread come after every destructor that we could register), so
 * a new thread asks the kernel for owners that are gone, and takes over.
 */
#include <config.h>

#include "recorder/module.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOG_WIPED_BYTES ((size_t)65536) /* a multiple of any page size */
#define LOG_WIPED_LINES (LOG_WIPED_BYTES / sizeof(struct recorder_thread))
#define LOG_PROBES      16 /* owners asked for before a unit is made */
#define LOG_NAMES       1000
#define LOG_LOCK_FREE   (pthread_mutex_t) PTHREAD_MUTEX_INITIALIZER

/* Where threads begin, and where they stay when nothing is recorded. */
static struct recorder_thread log_absent;

__thread struct recorder_local recorder_local = {&log_absent, 0};

static struct {
    pthread_mutex_t lock;
    struct recorder_order order;
    struct recorder_file file;
    struct wire_header *header;
    struct recorder_thread *threads; /* all, the newest first */
    struct recorder_thread *probe;   /* the next owner to be asked for */
    struct recorder_thread *lines;   /* memory for threads, wiped by fork */
    struct recorder_thread *mark;    /* its tid is 0: we are a child */
    size_t lines_used;
    uint32_t thread_count;
    pid_t pid;
    bool started, stopped, stamped, needs_atfork;
} self = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Make every thread look up before it writes its next record. */
static void log_call_all(void)
{
    for (struct recorder_thread *at = self.threads; at != NULL; at = at->next)
        __atomic_store_n(&at->limit, NULL, __ATOMIC_RELAXED);
}

/* The first reason stays; what is in the file remains good. */
static void log_stop(int reason)
{
    uint32_t stop_errno = (uint32_t)(reason != 0 ? reason : EIO);
    self.stopped = true;
    if (self.header == NULL)
        recorder_file_write(&self.file, &stop_errno, sizeof stop_errno,
                            offsetof(struct wire_header, stop_errno));
    else if (self.header->stop_errno == 0)
        self.header->stop_errno = stop_errno;
    log_call_all();
}

static uint64_t log_new_unit(void)
{
    return __atomic_fetch_add(&self.header->unit_count, 1, __ATOMIC_RELAXED);
}

/* Writing zeros, not a hole: a full disk is to fail here, where it is an
   error, and not later in the mapping, where it would be a signal. */
static struct wire_unit *log_map_unit(uint64_t number)
{
    static const uint8_t zeros[4096];
    uint64_t offset_bytes = number * WIRE_UNIT_BYTES;
    for (size_t at = 0; at < WIRE_UNIT_BYTES; at += sizeof zeros)
        if (!recorder_file_write(&self.file, zeros, sizeof zeros,
                                 offset_bytes + at))
            return NULL;
    struct wire_unit *unit =
        recorder_file_map(&self.file, WIRE_UNIT_BYTES, offset_bytes);
    if (unit != NULL) {
        unit->home = number;
        __atomic_store_n(&unit->magic, WIRE_UNIT_MAGIC, __ATOMIC_RELEASE);
    }
    return unit;
}

static void log_begin_turn(struct recorder_thread *thread, uint64_t turn)
{
    thread->cursor = thread->unit->bytes;
    thread->base = (turn << WIRE_STATE_TURN) - (uintptr_t)thread->cursor;
    thread->granule = 0;
    thread->stamped = false;
}

/* Where the limit is when nobody wants a word. */
static uint8_t *log_end(const struct recorder_thread *thread)
{
    return thread->unit->bytes + WIRE_PAYLOAD_BYTES - 2 * WIRE_RECORD_MAX;
}

static void log_sign(struct recorder_thread *thread)
{
    thread->cursor =
        wire_put_control(thread->cursor, WIRE_THREAD, thread->number);
}

static void log_start_clock(struct recorder_thread *thread)
{
    thread->ticks = recorder_ticks();
    thread->cursor =
        wire_put_control(thread->cursor, WIRE_CLOCK, thread->ticks);
    thread->stamped = true;
}

/* Append a copy of a full unit, then begin it anew. */
static bool log_empty(struct recorder_thread *thread)
{
    pthread_mutex_lock(&self.lock);
    bool done = recorder_file_write(&self.file, thread->unit, WIRE_UNIT_BYTES,
                                    log_new_unit() * WIRE_UNIT_BYTES);
    if (!done)
        log_stop(errno);
    pthread_mutex_unlock(&self.lock);
    if (!done)
        return false;
    uint64_t turn = (thread->unit->state >> WIRE_STATE_TURN) + 1;
    __atomic_store_n(&thread->unit->state, turn << WIRE_STATE_TURN,
                     __ATOMIC_RELEASE);
    log_begin_turn(thread, turn);
    log_sign(thread);
    return true;
}

static bool log_new_lines(void)
{
    void *lines = mmap(NULL, LOG_WIPED_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (lines == MAP_FAILED)
        return false;
    self.needs_atfork = madvise(lines, LOG_WIPED_BYTES, MADV_WIPEONFORK) != 0;
    self.lines = lines;
    self.lines_used = 0;
    if (self.mark == NULL) {
        self.mark = &self.lines[self.lines_used++];
        self.mark->tid = 1;
    }
    return true;
}

static struct recorder_thread *log_new_thread(void)
{
    if (self.lines == NULL || self.lines_used == LOG_WIPED_LINES)
        if (!log_new_lines())
            return NULL;
    struct wire_unit *unit = log_map_unit(log_new_unit());
    if (unit == NULL)
        return NULL;
    struct recorder_thread *thread = &self.lines[self.lines_used++];
    thread->unit = unit;
    log_begin_turn(thread, 0);
    thread->next = self.threads;
    self.threads = thread;
    return thread;
}

/* A thread whose owner is gone, or had the number that is tid's now. */
static struct recorder_thread *log_find_orphan(pid_t tid)
{
    for (int i = 0; i < LOG_PROBES && self.threads != NULL; i++) {
        struct recorder_thread *at =
            self.probe != NULL ? self.probe : self.threads;
        self.probe = at->next;
        if (at->tid == tid)
            return at;
        if (syscall(SYS_tkill, at->tid, 0) != 0 && errno == ESRCH)
            return at;
        if (at->next == NULL && i > 0)
            break;
    }
    return NULL;
}

/* The second thread of a process starts the clocks of all. */
static struct recorder_thread *log_acquire(void)
{
    bool first = self.threads == NULL;
    pid_t tid = (pid_t)syscall(SYS_gettid);
    struct recorder_thread *thread = log_find_orphan(tid);
    if (thread == NULL)
        thread = log_new_thread();
    if (thread == NULL)
        return NULL;
    if (!first && !self.stamped) {
        self.stamped = true;
        log_call_all();
    }
    thread->tid = tid;
    thread->stamped = false;
    thread->number = self.thread_count++;
    self.header->thread_count = self.thread_count;
    log_sign(thread);
    return thread;
}

static bool log_write_header(void)
{
    union {
        struct wire_header header;
        uint8_t bytes[WIRE_HEADER_BYTES];
    } page = {
        .header = {.version = WIRE_VERSION, .byte_order = WIRE_BYTE_ORDER}};
    struct wire_header *header = &page.header;
    memcpy(header->magic, WIRE_MAGIC, sizeof header->magic);
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t count = read(fd, header->command, sizeof header->command);
        header->command_bytes = count > 0 ? (uint32_t)count : 0;
        close(fd);
    }
    return recorder_file_write(&self.file, &page, sizeof page, 0);
}

/* A file of our own, for a child or for what replaced the program. */
static bool log_create(void)
{
    char path[sizeof self.file.path];
    for (unsigned i = 0; i < LOG_NAMES; i++) {
        snprintf(path, sizeof path, "%s.%d.%u", self.order.path, (int)self.pid,
                 i);
        if (recorder_file_open(&self.file, path, true))
            return log_write_header();
        if (errno != EEXIST)
            break;
    }
    return false;
}

/* The launcher's file belongs to the first that finds it unused. */
static bool log_open(void)
{
    uint64_t started_ns;
    size_t place = offsetof(struct wire_header, started_ns);
    return recorder_file_open(&self.file, self.order.path, false) &&
           pread(self.file.fd, &started_ns, sizeof started_ns, (off_t)place) ==
               sizeof started_ns &&
           started_ns == 0;
}

static void log_start(bool forked)
{
    struct timespec now;
    self.pid = getpid();
    self.started = true;
    bool ours = self.order.wanted && !forked && log_open();
    if (!ours && !(self.order.all && log_create())) {
        self.stopped = true;
        return;
    }
    self.header = recorder_file_map(&self.file, WIRE_HEADER_BYTES, 0);
    if (self.header == NULL) {
        log_stop(errno);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    self.header->unit_count = 1;
    self.header->pid = (uint32_t)self.pid;
    self.header->started_ns =
        (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* In a child: nothing that was the parent's is ours to write to. */
static void log_begin_child(void)
{
    self.lock = LOG_LOCK_FREE; /* its holder does not live in this process */
    self.threads = self.probe = self.lines = self.mark = NULL;
    self.thread_count = 0;
    self.stamped = false;
    self.header = NULL;
    if (self.order.all && !self.stopped)
        log_start(true);
    else
        self.stopped = true;
}

static struct recorder_thread *log_arrive(void)
{
    pthread_mutex_lock(&self.lock);
    if (!self.started) {
        recorder_order_read(&self.order);
        log_start(false);
    }
    struct recorder_thread *thread = self.stopped ? NULL : log_acquire();
    if (thread == NULL && !self.stopped)
        log_stop(errno);
    recorder_local.thread = thread != NULL ? thread : &log_absent;
    pthread_mutex_unlock(&self.lock);
    return thread;
}

static struct recorder_thread *log_refill(void)
{
    struct recorder_thread *thread = recorder_local.thread;
    if (thread->unit == NULL) {
        /* With vfork the mark is the parent's own, and so is the log. */
        if (self.mark != NULL && self.mark->tid == 0)
            log_begin_child();
        thread = log_arrive();
    }
    if (thread == NULL || self.stopped)
        return NULL;
    if (thread->cursor >= log_end(thread) && !log_empty(thread))
        return NULL;
    __atomic_store_n(&thread->limit, log_end(thread), __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (self.stamped && !thread->stamped)
        log_start_clock(thread);
    if (self.stopped)
        __atomic_store_n(&thread->limit, NULL, __ATOMIC_RELAXED);
    return self.stopped ? NULL : thread;
}

/* The loader's first calls come before there is an environment to read. */
RECORDER_COLD struct recorder_thread *recorder_refill(void)
{
    if (self.stopped && recorder_local.thread == &log_absent)
        return NULL;
    if (!self.started && environ == NULL)
        return NULL;
    int saved_errno = errno;
    struct recorder_thread *thread = log_refill();
    errno = saved_errno;
    return thread;
}

/* Only for kernels that do not wipe; a bare clone escapes it. */
static void log_after_fork(void)
{
    if (self.mark != NULL)
        self.mark->tid = 0;
    if (recorder_local.thread != &log_absent)
        memset(recorder_local.thread, 0, sizeof *recorder_local.thread);
}

/* A program that never allocates is to be known to have run. */
__attribute__((constructor)) static void log_construct(void)
{
    recorder_local.depth++;
    recorder_resolve();
    recorder_refill();
    if (self.needs_atfork)
        pthread_atfork(NULL, NULL, log_after_fork);
    recorder_local.depth--;
}
