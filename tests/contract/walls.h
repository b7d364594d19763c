/* contract/walls.h - small policies that try what no shipped one does yet. */
#ifndef CONTRACT_WALLS_H
#define CONTRACT_WALLS_H

#include "polished/polished.h"

/* Untouched data, control in proportion to it, a knob that is a power. */
extern const struct polished_ops wall_buddy;

/* A heap over a heap, with owners, of one size. */
extern const struct polished_ops wall_slab;

#endif
