/* cli/list.h - what --list prints: every row of every table. */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include <stdio.h>

/*
 * One line a row, for people and for scripts: its kind, its name, then what
 * it is.
 *
 *     policy  best-fit     the smallest hole that holds a request
 *     knob    slab:pages=  ...
 *     format  jsonl        ...
 *     report  csv          ...
 */
void cli_list_print(FILE *out);

#endif
