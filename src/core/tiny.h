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
#define BUDDY_ORDERS    10u
#define BINS_EXACT_LOG2 3u
#define BINS_FINE_LOG2  5u
#define BINS_TRIES      2u
#define THIN_LARGE      20u
#define THIN_SPAN       65536
#define TLSF_SPAN       65536
#define TLSF_DETAIL     2
#define TLSF_TRIES      2
#define TOGGLE_SIZE_BITS 13u
#define COMPACT_HIGH_BYTES 96u
#define RUNS_WORD_BITS  8
#define RUNS_LEAF_WORDS 2
#define RUNS_FAN_LOG2   1
#define RUNS_SPAN       UINT64_C(65536)
#define VIRGIN_RANGES   6
#define AREA_TRIES      2
#define SLAB_BYTES      256
#define USER_PAGE_BYTES 256

#endif
