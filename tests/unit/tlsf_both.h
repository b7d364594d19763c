/* tlsf_both.h - a test that tlsf and half-fit, which share an engine, both
   pass: its state is the policy. */
#ifndef TLSF_BOTH_H
#define TLSF_BOTH_H

#include "polished/policies.h"
#include "unit.h"

#define BOTH(name)                                                             \
    {"tlsf." #name, name, NULL, NULL, (void *)&polished_tlsf},                 \
    {                                                                          \
        "half-fit." #name, name, NULL, NULL, (void *)&polished_half_fit        \
    }

#endif
