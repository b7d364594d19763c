/* probe.c - judging a spec before anything is replayed. */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/feed.h"
#include "sim/simulate.h"
#include "sim/spec.h"

enum { PROBE_PATIENCE_MS = 1000 };

/* What the child that loads a foreign spec says of it. */
struct probe_answer {
    bool good, missing;
    char message[SIM_SPEC_BYTES];
};

/* In the child; what a plug-in prints is no part of the result. */
static void probe_load(const char *text, int pipe)
{
    struct probe_answer answer = {.good = false};
    struct sim_spec spec;

    dup2(STDERR_FILENO, STDOUT_FILENO);
    answer.good =
        sim_spec_parse(text, &spec, answer.message, sizeof answer.message);
    answer.missing = spec.missing;
    sim_feed_put(pipe, &answer, sizeof answer);
}

static bool probe_ask(const char *text, struct probe_answer *answer)
{
    struct pollfd end = {.events = POLLIN};
    int ends[2];
    pid_t pid;
    bool answered;

    if (pipe(ends) != 0)
        return false;
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        probe_load(text, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    end.fd = ends[0];
    answered = pid > 0 && poll(&end, 1, PROBE_PATIENCE_MS) > 0 &&
               sim_feed_get(ends[0], answer, sizeof *answer);
    close(ends[0]);
    if (pid > 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    return answered;
}

/* false: nothing can be said of it. */
static bool probe(const char *text, struct probe_answer *answer)
{
    struct sim_spec spec;

    *answer = (struct probe_answer){.good = false};
    if (strlen(text) >= SIM_SPEC_BYTES) {
        snprintf(answer->message, sizeof answer->message,
                 "longer than %d letters", SIM_SPEC_BYTES - 1);
        return true;
    }
    if (sim_spec_is_foreign(text))
        return probe_ask(text, answer);
    answer->good =
        sim_spec_parse(text, &spec, answer->message, sizeof answer->message);
    return true;
}

bool sim_spec_check(const char *text, char *message, size_t message_bytes)
{
    struct probe_answer answer;

    if (!probe(text, &answer) || answer.good || answer.missing)
        return true;
    snprintf(message, message_bytes, "%s", answer.message);
    return false;
}

bool sim_spec_missing(const char *text, char *message, size_t message_bytes)
{
    struct probe_answer answer;

    if (!sim_spec_is_foreign(text) || !probe(text, &answer) || !answer.missing)
        return false;
    snprintf(message, message_bytes, "%s", answer.message);
    return true;
}
