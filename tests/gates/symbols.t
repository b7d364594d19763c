#!/bin/sh
# core and alloc call nothing but memcpy, memmove, memset and memcmp, and keep
# no data that can change; and what they define begins with polished_.  NM may be a program and flags: it stays unquoted.
. "${srcdir:-.}/tests/gates/tap.sh"

flags="-std=c11 -O2 -ffreestanding -fno-pic -I$srcdir/include -I$srcdir/src
-include $srcdir/src/core/names.h -include $srcdir/src/alloc/names.h"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The objects are made here, without sanitizers, whose calls are not ours.
for file in "$srcdir"/src/core/*.c "$srcdir"/src/alloc/*.c; do
    name=$(basename "$(dirname "$file")")-$(basename "$file" .c).o
    # shellcheck disable=SC2086
    $CC $flags -c "$file" -o "$scratch/$name" || exit 1
done
printf '%s\n' 'int puts(const char *); int here; int polished_x(void);' \
    'int polished_x(void) { return puts("") + here++; }' >"$scratch/bad.c"
# shellcheck disable=SC2086
$CC $flags -c "$scratch/bad.c" -o "$scratch/bad" || exit 1

# What objects want from outside, and what they define that can change.
wanted() {
    $NM "$@" | awk 'NF == 3 && $2 ~ /^[TDR]$/ { have[$3] }
        NF == 2 && $1 == "U" { want[$2] }
        END { for (name in want)
            if (!(name in have) && name !~ /^_?mem(cpy|move|set|cmp)$/ &&
                name !~ /_GLOBAL_OFFSET_TABLE_/)
                print name }' | sort
}
mutable() {
    $NM "$@" | awk 'NF == 3 && $2 ~ /^[bBdDcCsSgG]$/ { print $2, $3 }' |
        sort -u
}
foreign() {
    $NM "$@" | awk 'NF == 3 && $2 ~ /^[A-Z]$/ { print $3 }' |
        grep -vE '^_?polished_' | sort
}

[ "$(wanted "$scratch/bad")" = puts ] && why= || why="puts was not seen"
result "the gate sees a hosted call" "$why"
[ "$(mutable "$scratch/bad")" = "B here" ] && why= || why="here was not seen"
result "the gate sees a variable" "$why"
result "only mem* is called" "$(wanted "$scratch"/*.o)"
result "nothing can change" "$(mutable "$scratch"/*.o)"

# A kernel that links the archive has names of its own.
[ -n "$(foreign "$scratch/bad")" ] && why= || why="a name was not seen"
result "the gate sees a name without polished_" "$why"
result "every name begins with polished_" "$(foreign "$scratch"/*.o |
    sed 's/$/ is missing in names.h of its room/')"
if [ -f .libs/libpolished.a ]; then
    result "so does every one in the archive" "$(foreign .libs/libpolished.a)"
else
    skip "so does every one in the archive" "no archive was built"
fi

# What the shared library exports is what the headers promise.
library=
for file in .libs/libpolished.so .libs/libpolished.dylib; do
    [ -f "$file" ] && library=$file
done
if [ -n "$library" ]; then
    exported=$($NM -D "$library" | awk 'NF == 3 && $2 ~ /^[TDRB]$/ { print $3 }' |
        grep -v '^_' | sort)
    strangers=$(printf '%s\n' "$exported" | grep -v '^polished_[a-z]')
    [ -n "$exported" ] || strangers="no symbol is exported at all"
    result "the library exports polished_ alone" "$strangers"
else
    skip "the library exports polished_ alone" "no shared library was built"
fi
finish
