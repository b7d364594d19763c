#!/bin/sh
# A processor of 32 bits manages frames beyond 4 GiB.
. "${srcdir:-.}/tests/gates/tap.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
flags="-m32 -std=c11 -O1 -I$srcdir/include -I$srcdir/src"

echo 'int main(void) { return 0; }' >"$scratch/empty.c"
# shellcheck disable=SC2086
if $CC $flags "$scratch/empty.c" -o "$scratch/empty" 2>"$scratch/log" &&
    "$scratch/empty"; then
    why=
    $CC $flags "$srcdir/tests/gates/narrow.c" "$srcdir"/src/core/*.c \
        "$srcdir"/src/alloc/*.c -o "$scratch/narrow" 2>"$scratch/log" ||
        why=$(cat "$scratch/log")
    [ -n "$why" ] || "$scratch/narrow" || why="narrow.c: it ends with $?"
    result "frames beyond 4 GiB on 32 bits" "$why"
else
    skip "frames beyond 4 GiB on 32 bits" "$CC makes no programs of 32 bits"
fi
finish
