/* Bits as those compilers find them that are neither GCC nor like it. */
#include "unit.h"

#undef __GNUC__
#include "test_bits.c"
