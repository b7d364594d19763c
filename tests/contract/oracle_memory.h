/* contract/oracle_memory.h - what the files of the oracle share. */
#ifndef CONTRACT_ORACLE_MEMORY_H
#define CONTRACT_ORACLE_MEMORY_H

#include "oracle.h"

/* Before a call: remember; after it: has it kept the promises of all calls? */
void oracle_begin(struct oracle *oracle);
void oracle_end(struct oracle *oracle, enum polished_status status);

/* Enter a new block into the model; take one out. */
void oracle_add(struct oracle *oracle, polished_size offset,
                polished_size size_bytes, polished_size align_bytes);
void oracle_drop(struct oracle *oracle, size_t index);

/* Write into a block, from so many bytes behind its start on. */
void oracle_fill(struct oracle *oracle, const struct oracle_block *block,
                 polished_size from);

/* Data as it was before this call. */
const unsigned char *oracle_saved_data(const struct oracle *oracle);

/* What lies behind data belongs to somebody else. */
void oracle_expect_margin(const struct oracle *oracle);

#endif
