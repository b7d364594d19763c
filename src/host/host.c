#include "config.h"

#include "host/host.h"

#define HOST_ROW(symbol, usual) &symbol,
const struct host_row *const host_rows[] = {
#include "host/host.def"
    NULL,
};
#undef HOST_ROW

const struct host_row *host_row_of(const struct polished_ops *ops)
{
    for (const struct host_row *const *row = host_rows; *row != NULL; row++)
        if ((*row)->ops == ops)
            return *row;
    return NULL;
}

struct polished_region host_address_space(void)
{
    /* User addresses end at 2^47 on the common 64-bit hosts. */
    polished_size end = sizeof(void *) == 8 ? (polished_size)1 << 47
                                            : (polished_size)UINT32_MAX + 1;
    return polished_memory((void *)(uintptr_t)HOST_FIRST_ADDRESS,
                           end - HOST_FIRST_ADDRESS);
}
