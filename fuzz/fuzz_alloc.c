#define _POSIX_C_SOURCE 200809L
/*
 * fuzz_alloc.c - a policy under the oracle.
 *
 * One program for all: whose name ends in that of a policy tries that one, as
 * does every one where FUZZ_POLICY is set; else the input chooses.  So a new
 * row of the table has its target by a copy.
 *
 * The life is led three times, under all oracles, in other memory, and in the
 * first heap once more after its reset: each time it has to go the same way.
 *
 * FUZZ_COUNT names a file whose first 8 bytes count the calls of all first
 * lives: an engine may run many processes, and kill them.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "life.h"

static const struct polished_ops *fuzz_policy;
static struct drive first, second;
static uint64_t *fuzz_calls;

/* The longest policy name that the program's name ends in. */
static const struct polished_ops *fuzz_named(const char *program)
{
    const struct polished_ops *found = NULL;
    size_t best = 0;

    for (size_t i = 0; polished_policies[i]; i++) {
        const char *name = polished_policies[i]->name;
        size_t length = strlen(name), whole = strlen(program), at = 0;

        if (whole <= length || length <= best ||
            program[whole - length - 1] != '_')
            continue;
        while (at < length &&
               (name[at] == program[whole - length + at] ||
                (name[at] == '-' && program[whole - length + at] == '_')))
            at++;
        if (at == length) {
            found = polished_policies[i];
            best = length;
        }
    }
    return found;
}

/* The counter in a file, or one that nobody reads. */
static uint64_t *fuzz_counter(const char *path)
{
    static uint64_t unread;
    int fd = path ? open(path, O_RDWR | O_CREAT, 0666) : -1;
    void *bytes = MAP_FAILED;

    if (fd >= 0 && ftruncate(fd, sizeof unread) == 0)
        bytes = mmap(NULL, sizeof unread, PROT_READ | PROT_WRITE, MAP_SHARED,
                     fd, 0);
    return bytes == MAP_FAILED ? &unread : bytes;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *name = getenv("FUZZ_POLICY");

    (void)argc;
    fuzz_policy = name ? polished_policy(name) : fuzz_named((*argv)[0]);
    fuzz_calls = fuzz_counter(getenv("FUZZ_COUNT"));
    return 0;
}

/* The first life; was it one that can be led again after a reset? */
static bool fuzz_live(const struct life *life)
{
    for (size_t i = 0; i < life->count; i++)
        life_step(life, &first, i);
    if (fuzz_calls)
        *fuzz_calls += first.calls;
    return !first.has_extended && !first.has_rewound && !first.has_quota &&
           !first.is_over && first.oracle.heap.ops->extras == NULL;
}

static void fuzz_live_elsewhere(const struct life *life)
{
    enum polished_status status =
        drive_open(&second, life->ops, &life->setup, 0x3c);

    FUZZ_EXPECT(status == POLISHED_OK);
    second.oracle.is_shallow = true;
    for (size_t i = 0; i < life->count; i++)
        life_step(life, &second, i);
    FUZZ_EXPECT(second.decisions == first.decisions);
    FUZZ_EXPECT(polished_steps(&second.oracle.heap) ==
                polished_steps(&first.oracle.heap));
    FUZZ_EXPECT(second.oracle.heap.slack_bytes ==
                first.oracle.heap.slack_bytes);
    drive_close(&second);
}

/* drive_finish has reset the heap. */
static void fuzz_live_again(const struct life *life)
{
    uint64_t decisions = first.decisions;

    drive_forget(&first);
    first.oracle.is_shallow = true;
    for (size_t i = 0; i < life->count; i++)
        life_step(life, &first, i);
    FUZZ_EXPECT(first.decisions == decisions);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct life life;
    bool is_repeatable;

    if (!life_read(&life, fuzz_policy, data, size) || life_is_large(&life) ||
        drive_open(&first, life.ops, &life.setup, 0) != POLISHED_OK)
        return 0;
    is_repeatable = fuzz_live(&life);
    if (!first.is_over)
        fuzz_live_elsewhere(&life);
    drive_finish(&first);
    if (is_repeatable)
        fuzz_live_again(&life);
    drive_close(&first);
    return 0;
}
