/* cli/info.h - the facts of a trace, printed. */
#ifndef CLI_INFO_H
#define CLI_INFO_H

#include <stdbool.h>
#include <stdio.h>

#include "measure/census.h"

struct cli_info {
    const char *path, *format;
    const struct trace_header *header;
    struct measure_census census;
    uint64_t ops[TRACE_OP_COUNT]; /* events of each kind, as written */
    uint64_t threads, sites;      /* different ones */
};

/* Where facts go: a table for people, or one JSON document. */
struct cli_info_sink {
    FILE *out;
    size_t count;
    bool unicode;
    bool short_of_memory;
    struct cJSON *document, *traces; /* NULL: for people */
};

void cli_info_begin(struct cli_info_sink *sink, FILE *out, bool json);
void cli_info_add(struct cli_info_sink *sink, const struct cli_info *info);
/* false: out of memory. */
bool cli_info_end(struct cli_info_sink *sink);

/* The two ways, which cli_info_add chooses from. */
void cli_info_text(struct cli_info_sink *sink, const struct cli_info *info);
void cli_info_json(struct cli_info_sink *sink, const struct cli_info *info);

/* One number of the census; most of what there is to say. */
struct cli_info_fact {
    const char *key;   /* in JSON */
    const char *label; /* in the table; NULL: told with another fact */
    bool is_size;      /* bytes, else a count */
    bool always;       /* in the table even if it is 0 */
    size_t offset;     /* in struct cli_info, of a uint64_t */
};
extern const struct cli_info_fact cli_info_facts[]; /* NULL key at the end */

uint64_t cli_info_value(const struct cli_info_fact *fact,
                        const struct cli_info *info);

#endif
