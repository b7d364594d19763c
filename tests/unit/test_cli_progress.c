/* The bar on terminals of any width: never more than one line of it. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/progress.h"
#include "unit.h"

static char shown[1024];

/* What a terminal of so many columns gets from a bar for work that began a
   minute ago, and from the end of it. */
static void show(unsigned columns, const struct sim_progress *now)
{
    const struct winsize size = {.ws_row = 24,
                                 .ws_col = (unsigned short)columns};
    int keyboard = posix_openpt(O_RDWR | O_NOCTTY), screen;
    int kept = dup(STDERR_FILENO);
    struct cli_progress progress;
    size_t count = 0;
    ssize_t more;

    assert_true(keyboard >= 0 && kept >= 0);
    assert_int_equal(grantpt(keyboard) | unlockpt(keyboard), 0);
    screen = open(ptsname(keyboard), O_RDWR | O_NOCTTY);
    assert_true(screen >= 0);
    assert_int_equal(ioctl(screen, TIOCSWINSZ, &size), 0);
    assert_true(dup2(screen, STDERR_FILENO) >= 0);
    cli_progress_begin(&progress, false);
    progress.start.tv_sec -= 60;
    cli_progress_show(&progress, now);
    cli_progress_end(&progress);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    close(screen);
    /* What was written may come in pieces; then there is nobody to write. */
    while ((more = read(keyboard, shown + count, sizeof shown - 1 - count)) > 0)
        count += (size_t)more;
    assert_true(count > 0);
    shown[count] = '\0';
    close(keyboard);
}

/* The longest of what lies between two returns to the first column. */
static size_t longest(void)
{
    size_t most = 0;

    for (const char *at = shown; *at != '\0';) {
        size_t length = strcspn(at, "\r");

        most = length > most ? length : most;
        at += length + (at[length] == '\r');
    }
    return most;
}

static const struct sim_progress halfway = {
    .done = 5, .total = 10, .what = "polished"};
static const struct sim_progress endless = {
    .done = 1234567, .total = 0, .what = "a policy whose name is a long one"};

static void fits_the_terminal(void **state)
{
    static const unsigned widths[] = {1, 2, 20, 50, 78, 79, 80, 200};

    (void)state;
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        show(widths[i], &halfway);
        assert_in_range(longest(), 0, widths[i] - 1);
        show(widths[i], &endless);
        assert_in_range(longest(), 0, widths[i] - 1);
    }
}

static void tells_how_far(void **state)
{
    (void)state;
    show(80, &halfway);
    assert_non_null(strstr(shown, "[###############...............]"));
    assert_non_null(strstr(shown, "50.0 % polished"));
    show(80, &endless);
    assert_non_null(strstr(shown, "1,234,567 events a policy"));
    show(0, &endless); /* a terminal that does not tell its width */
    assert_non_null(strstr(shown, "1,234,567 events a policy"));
}

static void is_erased(void **state)
{
    char blank[100];

    (void)state;
    show(80, &halfway);
    snprintf(blank, sizeof blank, "\r%*s\r", (int)longest(), "");
    assert_string_equal(shown + strlen(shown) - strlen(blank), blank);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_the_terminal),
        cmocka_unit_test(tells_how_far),
        cmocka_unit_test(is_erased),
    };

    return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
