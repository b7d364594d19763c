/*
 * recorder/order.c - what the launcher wants, from the environment.
 *
 * POLISHED_RECORD is "one:PATH" or "all:PATH".  With "one" the variable and
 * the launcher's part of LD_PRELOAD are taken out again before the program
 * looks: it sees the environment that it was started with, and its children
 * run without us.  Editing in place allocates nothing.
 */
#include <config.h>

#include "recorder/module.h"

#include <string.h>
#include <unistd.h>

static char **order_find(const char *name)
{
    size_t length = strlen(name);
    for (char **at = environ; at != NULL && *at != NULL; at++)
        if (strncmp(*at, name, length) == 0 && (*at)[length] == '=')
            return at;
    return NULL;
}

static void order_remove(char **at)
{
    for (; *at != NULL; at++)
        at[0] = at[1];
}

/* The launcher's module is the first of the list. */
static void order_unload(void)
{
    char **preload = order_find("LD_PRELOAD");
    if (preload == NULL)
        return;
    char *list = strchr(*preload, '=') + 1;
    char *rest = strchr(list, ':');
    if (rest == NULL)
        order_remove(preload);
    else
        memmove(list, rest + 1, strlen(rest + 1) + 1);
}

void recorder_order_read(struct recorder_order *order)
{
    char **variable = order_find("POLISHED_RECORD");
    if (variable == NULL)
        return;
    char *value = strchr(*variable, '=') + 1;
    bool all = strncmp(value, "all:", 4) == 0;
    if (!all && strncmp(value, "one:", 4) != 0)
        return;
    if (strlen(value + 4) >= sizeof order->path)
        return;
    strcpy(order->path, value + 4);
    order->all = all;
    order->wanted = true;
    if (!all) {
        order_remove(variable);
        order_unload();
    }
}
