/* polished/polished.h - everything: the contract, the calls, the policies. */
#ifndef POLISHED_POLISHED_H
#define POLISHED_POLISHED_H

#include "polished/block.h"
#include "polished/dma.h"
#include "polished/heap.h"
#include "polished/many.h"
#include "polished/map.h"
#include "polished/mark.h"
#include "polished/policies.h"
#include "polished/policy.h"
#include "polished/region.h"
#include "polished/request.h"
#include "polished/size.h"
#include "polished/status.h"
#include "polished/why.h"

#endif
