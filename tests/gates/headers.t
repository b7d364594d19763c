#!/bin/sh
# Every header compiles alone; the public ones in C++ too.
. "${srcdir:-.}/tests/gates/tap.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
flags="-fsyntax-only -Wall -Wextra -Werror -I$srcdir/include -I$srcdir/src -I."

# alone COMPILER-AND-FLAGS SUFFIX FILE...: complaints
alone() {
    compiler=$1
    suffix=$2
    shift 2
    for file; do
        printf '#include "%s"\n#include "%s"\n' "$file" "$file" \
            >"$scratch/alone.$suffix"
        # shellcheck disable=SC2086
        $compiler $flags "$scratch/alone.$suffix" 2>&1 ||
            echo "$file does not compile alone"
    done
}

here=$(cd "$srcdir" && pwd)
echo 'size_t bad(void);' >"$scratch/bad.h"
[ -n "$(alone "$CC -std=c11" c "$scratch/bad.h")" ] && why= ||
    why="a header that lacks an include went unnoticed"
result "the gate sees a header that does not" "$why"

public=$(find "$here/include" -name '*.h' | sort)
inner=$(find "$here/src" "$here/tests/contract" -name '*.h' | sort)
# shellcheck disable=SC2086
{
    result "public headers, C" "$(alone "$CC -std=c11 -pedantic" c $public)"
    result "inner headers" "$(alone "$CC -std=c11 -D_GNU_SOURCE \
        -I$here/tests/contract" c $inner)"
    if ${CXX:-c++} --version >/dev/null 2>&1; then
        result "public headers, C++" \
            "$(alone "${CXX:-c++} -std=c++11" cc $public)"
    else
        skip "public headers, C++" "no C++ compiler"
    fi
}
finish
