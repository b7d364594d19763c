/* trace_agree.h - a document of JSON as cJSON reads it, and as we do. */
#ifndef TRACE_AGREE_H
#define TRACE_AGREE_H

#include <stdbool.h>

#include <cJSON.h>

#include "trace/trace.h"

/* Has the reader, at its start, the events of the tree, with the same values
   as far as doubles are exact? */
bool agree_events(const cJSON *tree, struct trace_reader *reader);

#endif
