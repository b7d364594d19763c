/* cli/verb.h - what polished-trace can do: one row and one file per verb. */
#ifndef CLI_VERB_H
#define CLI_VERB_H

struct cli_verb {
    const char *name;    /* "info" */
    const char *summary; /* one line */
    /* argv[0] is the verb; answers the exit code. */
    int (*run)(int argc, char **argv);
};

/* extern const struct cli_verb cli_verb_info, ...: one per row. */
#define CLI_VERB(name) extern const struct cli_verb cli_verb_##name;
#include "cli/verb.def"
#undef CLI_VERB

#endif
