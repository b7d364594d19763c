/* Files, pipes and packings; and disks that are full. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef HAVE_LZMA
#include <lzma.h>
#endif
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "trace/format.h"
#include "trace_dump.h"

static const char text[] = "{\"op\":\"alloc\",\"id\":1,\"size\":64}\n"
                           "{\"op\":\"free\",\"id\":1}\n";

static char path[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(path, "/tmp/trace-open-XXXXXX");
    close(mkstemp(path));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static void put(const void *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");

    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static size_t count_events(struct trace_reader *reader)
{
    struct trace_event events[4];
    size_t count, all = 0;

    assert_non_null(reader);
    while ((count = trace_read(reader, events, 4)) > 0)
        all += count;
    return all;
}

static void check_open(const char *name, int kind, const char *what)
{
    struct trace_error error;

    assert_null(trace_open(name, 0, &error));
    assert_int_equal(error.kind, kind);
    assert_non_null(strstr(error.what, what));
}

static void missing(void **state)
{
    (void)state;
    check_open("/nonexistent/trace", TRACE_IO, "No such file");
    check_open("/tmp", TRACE_IO, "is a directory");
    check_open("/dev/null", TRACE_BAD, "the file is empty");
    put("hello", 5);
    check_open(path, TRACE_BAD, "not a trace of any known format");
}

static void a_file(void **state)
{
    struct trace_error error;
    struct trace_reader *reader;

    (void)state;
    put(text, sizeof text - 1);
    reader = trace_open(path, 0, &error);
    assert_int_equal(count_events(reader), 2);
    assert_null(trace_failed(reader));
    assert_string_equal(trace_format_name(reader), "jsonl");
    assert_int_equal(trace_text_count(reader), 0);
    trace_close(reader);
}

/* The descriptor's place is not moved, so two may read by turns. */
static void a_shared_descriptor(void **state)
{
    struct trace_error error;
    struct trace_reader *one, *two;
    int fd;

    (void)state;
    put(text, sizeof text - 1);
    fd = open(path, O_RDONLY);
    one = trace_open_fd(dup(fd), path, 0, &error);
    two = trace_open_fd(dup(fd), path, 0, &error);
    assert_int_equal(count_events(one), 2);
    assert_int_equal(count_events(two), 2);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
    trace_close(one);
    trace_close(two);
    close(fd);
}

static void a_pipe(void **state)
{
    struct trace_error error;
    struct trace_reader *reader;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    if (fork() == 0) {
        close(ends[0]);
        for (size_t i = 0; i + 1 < sizeof text; i++)
            if (write(ends[1], text + i, 1) != 1)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    reader = trace_open_fd(ends[0], "-", 0, &error);
    assert_int_equal(count_events(reader), 2);
    trace_close(reader);
    wait(NULL);
}

static void standard_input(void **state)
{
    struct trace_error error;
    struct trace_reader *reader;
    int saved = dup(0);

    (void)state;
    put(text, sizeof text - 1);
    assert_int_equal(dup2(open(path, O_RDONLY), 0), 0);
    reader = trace_open("-", 0, &error);
    assert_int_equal(count_events(reader), 2);
    trace_close(reader);
    dup2(saved, 0);
    close(saved);
}

/* Two packed pieces behind each other, whole and then cut anywhere. */
static void check_packed(const unsigned char *packed, size_t count)
{
    struct trace_error error;
    struct trace_reader *reader;

    put(packed, count);
    reader = trace_open(path, 0, &error);
    assert_int_equal(count_events(reader), 4);
    assert_null(trace_failed(reader));
    trace_close(reader);
    for (size_t cut = 0; cut < count; cut++) {
        put(packed, cut);
        reader = trace_open(path, 0, &error);
        if (reader)
            count_events(reader);
        if (reader && trace_failed(reader))
            error = *trace_failed(reader);
        assert_true(cut == count / 2 || error.kind == TRACE_BAD);
        trace_close(reader);
    }
}

static void gzip(void **state)
{
#ifdef HAVE_ZLIB
    unsigned char packed[1000];
    size_t count = 0;

    (void)state;
    for (int i = 0; i < 2; i++) {
        z_stream stream = {0};

        assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, 0), Z_OK);
        stream.next_in = (unsigned char *)text;
        stream.avail_in = sizeof text - 1;
        stream.next_out = packed + count;
        stream.avail_out = (uInt)(sizeof packed - count);
        assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
        count += stream.total_out;
        deflateEnd(&stream);
    }
    check_packed(packed, count);
#else
    (void)state;
    put("\x1f\x8b\x08", 3);
    check_open(path, TRACE_IO, "zlib1g-dev");
#endif
}

static void zstd(void **state)
{
#ifdef HAVE_ZSTD
    unsigned char packed[1000];
    size_t count = 0;

    (void)state;
    for (int i = 0; i < 2; i++)
        count += ZSTD_compress(packed + count, sizeof packed - count, text,
                               sizeof text - 1, 3);
    check_packed(packed, count);
#else
    (void)state;
    put("\x28\xb5\x2f\xfd", 4);
    check_open(path, TRACE_IO, "libzstd-dev");
#endif
}

static void xz(void **state)
{
#ifdef HAVE_LZMA
    unsigned char packed[1000];
    size_t count = 0;

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(lzma_easy_buffer_encode(
                             6, LZMA_CHECK_CRC64, NULL, (const uint8_t *)text,
                             sizeof text - 1, packed, &count, sizeof packed),
                         LZMA_OK);
    check_packed(packed, count);
#else
    (void)state;
    put("\xfd"
        "7zXZ",
        6);
    check_open(path, TRACE_IO, "liblzma-dev");
#endif
}

/* Write more than any buffer; how it ends. */
static struct trace_error write_much(FILE *out, const char *format)
{
    const struct trace_header header = {.name = "n"};
    struct trace_event events[100] = {0};
    struct trace_error error;
    struct trace_writer *writer = trace_create(out, format, &header, &error);

    assert_non_null(writer);
    for (size_t i = 0; i < 100; i++)
        events[i].id = i;
    for (int i = 0; i < 1000 && trace_write(writer, events, 100); i++)
        for (size_t j = 0; j < 100; j++)
            events[j].id += 100;
    assert_false(trace_finish(writer, &error));
    return error;
}

static void a_full_disk(void **state)
{
    (void)state;
    for (size_t i = 0; trace_formats[i]; i++) {
        FILE *out = fopen("/dev/full", "w");
        struct trace_error error;

        if (!trace_formats[i]->create)
            continue;
        error = write_much(out, trace_formats[i]->name);
        assert_int_equal(error.kind, TRACE_IO);
        assert_string_equal(error.what,
                            "cannot write: No space left on device");
        fclose(out);
    }
}

static void a_broken_pipe(void **state)
{
    struct trace_error error;
    int ends[2];
    FILE *out;

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    out = fdopen(ends[1], "w");
    error = write_much(out, "jsonl");
    assert_string_equal(error.what, "cannot write: Broken pipe");
    fclose(out);
}

static void names(void **state)
{
    const struct trace_header header = {.name = NULL};
    struct trace_error error;

    (void)state;
    assert_string_equal(trace_format_for("a/b.json"), "json");
    assert_string_equal(trace_format_for("B.JSONL"), "jsonl");
    assert_string_equal(trace_format_for("x.ptrace"), "ptrace");
    assert_string_equal(trace_format_for("x.rep"), "rep");
    assert_null(trace_format_for("x.txt"));
    assert_null(trace_format_for(".json"));
    assert_null(trace_format_for("x.json.gz"));
    assert_null(trace_create(stdout, "nothing", &header, &error));
    assert_string_equal(error.what, "no trace format is called \"nothing\"");
}

static void reports(void **state)
{
    struct trace_error error = {TRACE_BAD, 3, 14, 2, "what"};
    char *out_text = NULL;
    size_t size;
    FILE *out = open_memstream(&out_text, &size);

    (void)state;
    trace_report(out, "a.json", &error);
    error.event = 0;
    trace_report(out, "a.json", &error);
    error.line = 0;
    trace_report(out, "a.json", &error);
    fclose(out);
    assert_string_equal(out_text, "a.json:3:14: event 2: what\n"
                                  "a.json:3:14: what\na.json: what\n");
    free(out_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing),
        cmocka_unit_test(a_file),
        cmocka_unit_test(a_shared_descriptor),
        cmocka_unit_test(a_pipe),
        cmocka_unit_test(standard_input),
        cmocka_unit_test(gzip),
        cmocka_unit_test(zstd),
        cmocka_unit_test(xz),
        cmocka_unit_test(a_full_disk),
        cmocka_unit_test(a_broken_pipe),
        cmocka_unit_test(names),
        cmocka_unit_test(reports),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
