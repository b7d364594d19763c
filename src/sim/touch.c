#include "config.h"

#include "sim/touch.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

enum { TOUCH_PAGE_BYTES = 4096, TOUCH_MOST_BYTES = 1 << 30 };

static sigjmp_buf touch_return;
static volatile sig_atomic_t touch_busy;

/* A fault while a block is touched is the block's; any other is as fatal as
   it would have been. */
static void touch_fault(int number)
{
    if (touch_busy)
        siglongjmp(touch_return, 1);
    signal(number, SIG_DFL);
    raise(number);
}

static void touch_watch(void)
{
    static bool watched;
    struct sigaction action = {.sa_handler = touch_fault,
                               .sa_flags = SA_NODEFER};

    if (watched)
        return;
    watched = true;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}

/* No page is out of bounds, not even one between variables. */
__attribute__((no_sanitize("address"))) static void
touch_byte(volatile unsigned char *byte)
{
    *byte = *byte;
}

bool sim_touch(unsigned char *bytes, uint64_t size_bytes)
{
    touch_watch();
    if (sigsetjmp(touch_return, 0) != 0) {
        touch_busy = 0;
        return false;
    }
    touch_busy = 1;
    for (uint64_t at = 0; at < size_bytes && at < TOUCH_MOST_BYTES;
         at += TOUCH_PAGE_BYTES)
        touch_byte(bytes + at);
    touch_byte(bytes + size_bytes - 1);
    touch_busy = 0;
    return true;
}
