/*
 * core/tiny.h - small sizes for the second library, libpolished-tiny: the same
 * code and symbols, but every limit and every table is reached within a few
 * hundred bytes.  Given to the compiler before each file (-include).
 */
#ifndef CORE_TINY_H
#define CORE_TINY_H

#define BUMP_CUTS       2
#define STACK_NARROW    1024
#define STACK_SPAN      65536
#define BLOCK_SPAN      65536
#define SLAB_BYTES      256
#define USER_PAGE_BYTES 256

#endif
