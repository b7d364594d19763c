/* buddy_parts.h - names for the parts of a heap of buddy, to be damaged. */
#ifndef BUDDY_PARTS_H
#define BUDDY_PARTS_H

#include "alloc/buddy.h"
#include "damage.h"

enum { GRAIN = 16 };

#define TAG(grain) AT_CONTROL(offsetof(struct buddy_state, tag) + (grain), 1)
#define HEAD(order)                                                            \
    AT_CONTROL(offsetof(struct buddy_state, head) + 4 * (order), 4)
#define ORDERS          IN_CONTROL(struct buddy_state, orders)
#define NEXT(grain)     DAMAGE_DATA, (grain)*GRAIN, 4
#define PREVIOUS(grain) DAMAGE_DATA, (grain)*GRAIN + 4, 4

#endif
