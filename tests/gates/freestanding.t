#!/bin/sh
# core and alloc compile without any header but the compiler's own.
. "${srcdir:-.}/tests/gates/tap.sh"

own=$(dirname "$($CC -print-file-name=include/stdint.h)")
flags="-std=c11 -ffreestanding -nostdinc -isystem $own -fsyntax-only
-Wall -Wextra -Werror -I$srcdir/include -I$srcdir/src"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# compiles FLAGS FILE...: what the compiler has to say
compiles() {
    extra=$1
    shift
    # shellcheck disable=SC2086
    for file; do
        $CC $flags $extra -x c "$file" 2>&1 || echo "$file does not compile"
    done
}

echo '#include <stdio.h>' >"$scratch/hosted.c"
[ -n "$(compiles '' "$scratch/hosted.c")" ] && why= ||
    why="a hosted header went unnoticed"
result "the gate sees a hosted header" "$why"

sources="$srcdir/src/core/*.c $srcdir/src/alloc/*.c"
# shellcheck disable=SC2086
{
    result "64 bits" "$(compiles '' $sources)"
    result "without counters" "$(compiles -DPOLISHED_NO_COUNTS $sources)"
    result "without assertions" "$(compiles -DNDEBUG $sources)"
    result "tiny sizes" "$(compiles "-include $srcdir/src/core/tiny.h" \
        $sources)"
    echo '#include <stdint.h>' >"$scratch/narrow.c"
    if [ -z "$(compiles -m32 "$scratch/narrow.c")" ]; then
        result "32 bits" "$(compiles -m32 $sources)"
        result "32 bits, sizes too" \
            "$(compiles '-m32 -DPOLISHED_SIZE_32' $sources)"
    else
        skip "32 bits" "$CC has no -m32"
    fi
}
finish
