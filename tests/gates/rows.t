#!/bin/sh
# Every policy, format and report has its row, and every row its file.
. "${srcdir:-.}/tests/gates/tap.sh"

list() {
    sed -n 's/^POLISHED_ROW(\(.*\))$/\1/p' "$1" | sort
}

# Rows that policies define: const struct polished_ops NAME = ...
defined() {
    cat "$@" | sed -n 's/^const struct polished_ops \([a-z_0-9]*\) *=.*/\1/p' |
        sort
}

listed=$(list "$srcdir/include/polished/policies.def")
made=$(defined "$srcdir"/src/alloc/*.c)
[ -n "$listed" ] && why= || why="policies.def was not understood"
result "the gate sees the rows" "$why"
[ "$listed" = "$made" ] && why= || why="listed: $(echo $listed)
defined: $(echo $made)"
result "policies.def lists what src/alloc defines" "$why"

# A file of alloc either defines a row or is somebody's inner part, with a
# header that a file of its family (the name before _) includes.
complaints=$(for file in "$srcdir"/src/alloc/*.c; do
    name=$(basename "$file" .c)
    [ "$name" = table ] && continue
    grep -q '^const struct polished_ops ' "$file" && continue
    [ -f "$srcdir/src/alloc/${name%%_*}.h" ] ||
        echo "$name.c defines no row and is no part of a policy"
done)
result "every file of src/alloc is a policy or part of one" "$complaints"

# The documentation has a section for each policy.
complaints=$(for row in $listed; do
    name=$(echo "${row#polished_}" | tr _ -)
    grep -q "^#.*\`$name\`" "$srcdir/docs/allocators.md" ||
        echo "docs/allocators.md has no section for $name"
done)
result "every policy is documented" "$complaints"

# Sources that Automake was not told of.
complaints=$(for file in "$srcdir"/src/*/*.[ch]; do
    room=$(dirname "$file")
    grep -q "%D%/$(basename "$file")\\>" "$room/local.mk" ||
        echo "$file is not in $room/local.mk"
done)
result "every source is in its room's local.mk" "$complaints"

# format.def and report.def: a row per file that defines one, and the reverse.
for pair in trace:format host:host report:report; do
    room=${pair%%:*}
    table=$srcdir/src/$room/${pair##*:}.def
    [ -f "$table" ] || continue
    complaints=$(sed -n 's/^[A-Z_]*(\([a-z_0-9]*\).*/\1/p' "$table" |
        while read -r row; do
            grep -q "^const struct [a-z_]* $row\\>" "$srcdir/src/$room"/*.c ||
                echo "$table: no file of src/$room defines $row"
        done
        cat "$srcdir/src/$room"/*.c |
            sed -n 's/^const struct [a-z_]* \([a-z_0-9]*\) = {.*/\1/p' |
            while read -r row; do
                grep -q "($row\\>" "$table" || echo "$table: no row for $row"
            done)
    result "$room: rows and files agree" "$complaints"
done
finish
