/* core/front.h - what the files of the front share. */
#ifndef CORE_FRONT_H
#define CORE_FRONT_H

#include <stdbool.h>

#include "polished/heap.h"

/*
 * The size of a region with more_bytes behind it; false if its size or its
 * last bus address would overflow.
 */
bool front_grow(const struct polished_region *region, polished_size more_bytes,
                polished_size *size_bytes);

#endif
