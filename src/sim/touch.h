/*
 * sim/touch.h - use a block that a malloc gave, if it can be used at all.
 */
#ifndef SIM_TOUCH_H
#define SIM_TOUCH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Write to every page of the block, and change nothing: so that the memory
 * that a malloc has is that of a program which uses what it asks for.  Of
 * more than a gigabyte, most is address space that nobody uses: only the first
 * gigabyte is written to, and the last page.
 * false: the block is no memory that can be written.
 */
bool sim_touch(unsigned char *bytes, uint64_t size_bytes);

#endif
