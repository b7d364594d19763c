#!/bin/sh
# A processor of 32 bits manages frames beyond 4 GiB; and sizes may have as few.
. "${srcdir:-.}/tests/gates/tap.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
flags="-m32 -std=c11 -O1 -I$srcdir/include -I$srcdir/src"

frames="frames beyond 4 GiB on 32 bits"
sizes="caches with sizes of 32 bits"

# narrow SOURCE NAME
narrow() {
    why=
    # shellcheck disable=SC2086
    $CC $flags "$srcdir/tests/gates/$1" "$srcdir"/src/core/*.c \
        "$srcdir"/src/alloc/*.c -o "$scratch/narrow" 2>"$scratch/log" ||
        why=$(cat "$scratch/log")
    [ -n "$why" ] || "$scratch/narrow" || why="$1: it ends with $?"
    result "$2" "$why"
}

echo 'int main(void) { return 0; }' >"$scratch/empty.c"
# shellcheck disable=SC2086
if $CC $flags "$scratch/empty.c" -o "$scratch/empty" 2>"$scratch/log" &&
    "$scratch/empty"; then
    narrow narrow.c "$frames"
    flags="$flags -DPOLISHED_SIZE_32"
    narrow narrow_sizes.c "$sizes"
else
    skip "$frames" "$CC makes no programs of 32 bits"
    skip "$sizes" "$CC makes no programs of 32 bits"
fi
finish
