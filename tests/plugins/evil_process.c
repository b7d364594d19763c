/* evil_process.c - does to its process what it likes.  When it is loaded, it
   does what the environment says: EVIL_LOAD=crash or hang. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "evil.h"

enum { CRASH, HANG, EXIT, FAIL_INIT, CRASH_INIT, HANG_INIT, SHOUT };

static const struct polished_knob evil_knobs[] = {
    EVIL_KNOB("crash", "crash"),
    EVIL_KNOB("hang", "hang"),
    EVIL_KNOB("exit", "end the process as if all were well"),
    EVIL_KNOB("fail_init", "manage no memory"),
    EVIL_KNOB("crash_init", "crash at once"),
    EVIL_KNOB("hang_init", "hang at once"),
    EVIL_KNOB("shout", "write to standard output"),
    {0}};

static void process_crash(void)
{
    raise(SIGSEGV);
}

static void process_hang(void)
{
    for (;;)
        pause();
}

__attribute__((constructor)) static void process_load(void)
{
    const char *deed = getenv("EVIL_LOAD");

    if (deed != NULL && strcmp(deed, "crash") == 0)
        process_crash();
    if (deed != NULL && strcmp(deed, "hang") == 0)
        process_hang();
}

static enum polished_status process_init(struct polished_heap *heap,
                                         const polished_size *knobs)
{
    if (knobs[CRASH_INIT] != 0)
        process_crash();
    if (knobs[HANG_INIT] != 0)
        process_hang();
    return knobs[FAIL_INIT] != 0 ? POLISHED_LIMIT : evil_init(heap, knobs);
}

static enum polished_status
process_alloc(struct polished_heap *heap,
              const struct polished_request *request, polished_size *offset)
{
    enum polished_status status = evil_alloc(heap, request, offset);

    if (evil_does(heap, CRASH))
        process_crash();
    if (evil_does(heap, HANG))
        process_hang();
    if (evil_does(heap, EXIT))
        exit(0);
    if (evil_does(heap, SHOUT))
        puts("look at me");
    return status;
}

const struct polished_ops polished_plugin = {
    EVIL_ROW,          .init = process_init, .alloc = process_alloc,
    .free = evil_free, .walk = evil_walk,
};
