/* contract/oracle_memory.h - what the files of the oracle share. */
#ifndef CONTRACT_ORACLE_MEMORY_H
#define CONTRACT_ORACLE_MEMORY_H

#include "oracle.h"

/* Data as it was at the last oracle_save into oracle->before. */
const unsigned char *oracle_saved_data(const struct oracle *oracle);

/* What lies behind data belongs to somebody else. */
void oracle_expect_margin(const struct oracle *oracle);

#endif
