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
    grep -q "%D%/$(basename "$file")\\>" "$room/local.mk" && continue
    grep -q "src/${file#"$srcdir"/src/}\\>" "$srcdir"/src/*/local.mk ||
        echo "$file is in no local.mk"
done)
result "every source is in a local.mk" "$complaints"

# The other tables.  A row names the object, or the middle of its name.
objects() {
    cat "$srcdir/src/$1"/*.c |
        sed -n 's/^const struct [a-z_]* \([a-z_0-9]*\) *=.*/\1/p'
}
for pair in trace:format host:host report:report; do
    room=${pair%%:*}
    table=$srcdir/src/$room/${pair##*:}.def
    [ -f "$table" ] || continue
    complaints=$(
        for row in $(sed -n 's/^[A-Z_]*(\([a-z_0-9]*\).*/\1/p' "$table"); do
            objects "$room" | grep -qE "(^|_)$row(_|\$)" ||
                echo "$table: nothing in src/$room is $row"
        done
        for object in $(objects "$room"); do
            found=
            for row in $(sed -n 's/^[A-Z_]*(\([a-z_0-9]*\).*/\1/p' \
                "$table"); do
                case _${object}_ in *_${row}_*) found=yes ;; esac
            done
            [ -n "$found" ] || echo "$table: no row for $object"
        done)
    result "$room: rows and files agree" "$complaints"
done
finish
