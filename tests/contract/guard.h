/*
 * contract/guard.h - memory that nobody may touch for a while: known to
 * AddressSanitizer where the build has it, to Valgrind where its header was
 * there, else to nobody.  Only whole groups of eight bytes are hidden.
 * MemorySanitizer holds its bytes for unwritten: nobody may decide by them.
 */
#ifndef CONTRACT_GUARD_H
#define CONTRACT_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GUARD_ASAN 1
#elif __has_feature(memory_sanitizer)
#define GUARD_MSAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define GUARD_ASAN 1
#endif

#ifdef GUARD_ASAN
#include <sanitizer/asan_interface.h>
#elif defined(GUARD_MSAN)
#include <sanitizer/msan_interface.h>
#elif defined(HAVE_VALGRIND_MEMCHECK_H)
#include <valgrind/memcheck.h>
#endif

/* Is there anybody who would see it? */
static inline bool guard_watches(void)
{
#if defined(GUARD_ASAN) || defined(GUARD_MSAN)
    return true;
#elif defined(HAVE_VALGRIND_MEMCHECK_H)
    return RUNNING_ON_VALGRIND;
#else
    return false;
#endif
}

static inline void guard_hide(void *start, size_t bytes)
{
#ifdef GUARD_ASAN
    __asan_poison_memory_region(start, bytes);
#elif defined(GUARD_MSAN)
    __msan_poison(start, bytes);
#elif defined(HAVE_VALGRIND_MEMCHECK_H)
    VALGRIND_MAKE_MEM_NOACCESS(start, bytes);
#endif
    (void)start;
    (void)bytes;
}

static inline void guard_show(void *start, size_t bytes)
{
#ifdef GUARD_ASAN
    __asan_unpoison_memory_region(start, bytes);
#elif defined(GUARD_MSAN)
    __msan_unpoison(start, bytes);
#elif defined(HAVE_VALGRIND_MEMCHECK_H)
    VALGRIND_MAKE_MEM_DEFINED(start, bytes);
#endif
    (void)start;
    (void)bytes;
}

#endif
