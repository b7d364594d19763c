#!/bin/sh
# Functions of 60 lines, files of 400, lines of 80 columns: no more.
. "${srcdir:-.}/tests/gates/tap.sh"

: "${AWK:=awk}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
lengths() {
    $AWK -f "$srcdir/tests/gates/functions.awk" "$@"
}

{
    echo 'static int'
    echo 'long_one(int a)'
    echo '{'
    i=0
    while [ $i -lt 60 ]; do
        echo '    a++;'
        i=$((i + 1))
    done
    echo '}'
    echo 'int next(void) { return 0; }'
} >"$scratch/long.c"
[ "$(lengths "$scratch/long.c" | $AWK '$1 > 60 { print $3 }')" = long_one ] &&
    why= || why="a function of 63 lines was not seen"
result "the gate sees a long function" "$why"

files=$(find "$srcdir/include" "$srcdir/src" "$srcdir/tests" "$srcdir/fuzz" \
    "$srcdir/bench" "$srcdir/examples" -name '*.[ch]' 2>/dev/null | sort)
# shellcheck disable=SC2086
{
    result "functions have at most 60 lines" \
        "$(lengths $files | $AWK '$1 > 60')"
    result "files have at most 400 lines" \
        "$(wc -l $files | $AWK '$2 != "total" && $1 > 400')"
    # Bytes that go on with a character are no column of their own.
    result "lines have at most 80 columns" "$(LC_ALL=C $AWK '{
        text = $0
        gsub(/[\200-\277]/, "", text)
        if (length(text) > 80)
            print FILENAME ":" FNR ": " length(text) " columns" }' $files)"
    result "no line ends in a blank, none has a tab" \
        "$(grep -nE '	|[ 	]$' $files /dev/null)"
    median=$(lengths $(printf '%s\n' $files | grep -E '/src/(core|alloc)/') |
        sort -n | $AWK '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }')
    [ "${median:-99}" -le 12 ] && why= || why="it is $median"
    result "the median function of core and alloc has at most 12 lines" "$why"
}
finish
