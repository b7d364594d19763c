/*
 * report/number.h - numbers for people and programs, in no locale.
 *
 * Each writes into text, which holds REPORT_NUMBER_BYTES, and returns it.
 */
#ifndef REPORT_NUMBER_H
#define REPORT_NUMBER_H

#include <stdint.h>

enum { REPORT_NUMBER_BYTES = 48 };

/* 1,234,567 */
char *report_count(char *text, uint64_t count);

/* 512 B, 1.21 MiB, 12.1 MiB, 121 MiB; 4 MiB if it is exactly that. */
char *report_size(char *text, uint64_t bytes);

/* 1.21 MiB (1,268,777 bytes); 512 bytes */
char *report_size_exact(char *text, uint64_t bytes);

/* 1234.50: so many decimals, at most 9; "-" if the value is not finite or
   beyond 2^63. */
char *report_fixed(char *text, double value, unsigned decimals);

/* 12.4 % of 0.124 */
char *report_percent(char *text, double ratio);

#endif
