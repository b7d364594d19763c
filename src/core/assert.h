/*
 * core/assert.h - what must be true if our own code is right.
 *
 * A failed assertion is our bug, never the caller's mistake: those get a
 * status.  Define POLISHED_ASSERT to bring your own; NDEBUG turns it off.
 */
#ifndef CORE_ASSERT_H
#define CORE_ASSERT_H

#ifndef POLISHED_ASSERT
#ifdef NDEBUG
#define POLISHED_ASSERT(truth) ((void)sizeof((truth) ? 1 : 0))
#elif defined(__GNUC__)
#define POLISHED_ASSERT(truth) ((truth) ? (void)0 : __builtin_trap())
#else
#define POLISHED_ASSERT(truth) ((truth) ? (void)0 : (void)(*(int *)0 = 0))
#endif
#endif

#endif
