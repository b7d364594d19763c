/* cli/exit.h - what the exit code of every program says. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

enum cli_exit {
    CLI_FINE,
    CLI_BROKEN,    /* a stated limit is broken, or a policy misbehaved */
    CLI_USAGE,     /* the command line is wrong */
    CLI_BAD,       /* the input is bad */
    CLI_IO,        /* a file cannot be read or written */
    CLI_INTERNAL,  /* out of memory, or a defect of the program */
    CLI_GO_ON = -1 /* not yet */
};

#endif
