#!/bin/sh
# Every defect of our notes, S1 to S14 of the crate this grew out of and B1 to
# B17 of others, has a test that bears its number, and that is run.
. "${srcdir:-.}/tests/gates/tap.sh"

# missing FILE...: numbers without a test
missing() {
    for number in $(seq -f 'S%g' 14) $(seq -f 'B%g' 17); do
        grep -qE "^ +(cmocka_unit_test[a-z_]*|BOTH)\\(${number}_[a-z]" "$@" ||
            echo "there is no test for $number"
    done
}

[ "$(missing /dev/null | wc -l)" -eq 31 ] && why= ||
    why="a missing test was not seen"
result "the gate sees that a test is missing" "$why"
# shellcheck disable=SC2046
result "every known defect has its test" \
    "$(missing $(find "$srcdir/tests" -name '*.c'))"
finish
