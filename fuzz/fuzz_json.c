/*
 * fuzz_json.c - our scanner against cJSON.  That one is more lenient, so: what
 * it refuses we refuse, and what we accept it reads alike.
 */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "trace_agree.h"

/* The input as a file; it must not be seen as anything but JSON. */
static struct trace_reader *fuzz_open(const uint8_t *data, size_t size)
{
    struct trace_error error;
    int fd = memfd_create("input", 0);

    FUZZ_EXPECT(fd >= 0 && write(fd, data, size) == (ssize_t)size &&
                lseek(fd, 0, SEEK_SET) == 0);
    return trace_open_fd(fd, "input", 0, &error);
}

static bool fuzz_is_fine(struct trace_reader *reader)
{
    struct trace_event events[16];

    while (trace_read(reader, events, 16) > 0)
        continue;
    return !trace_failed(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trace_reader *reader = fuzz_open(data, size);
    bool is_accepted = reader &&
                       strcmp(trace_format_name(reader), "json") == 0 &&
                       fuzz_is_fine(reader);
    cJSON *tree;

    trace_close(reader);
    if (!is_accepted)
        return 0;
    tree = cJSON_ParseWithLength((const char *)data, size);
    FUZZ_EXPECT(tree);
    reader = fuzz_open(data, size);
    FUZZ_EXPECT(agree_events(tree, reader));
    trace_close(reader);
    cJSON_Delete(tree);
    return 0;
}
