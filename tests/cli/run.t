#!/bin/sh
# Run the cases in tests/cli/*.case: each is a command and what it must do.
#
#   # what is shown            begins a case
#   $ polished-sim x.json      shell, run in an empty folder; may be several
#   < standard input           lines
#   > standard output          "..." stands for anything, alone in its line
#   ! standard error             for any lines
#   = 3                        the exit code, 0 if it is not said
#
# $traces is the folder of traces, $srcdir the top of the sources.
# Arguments: the case files to run instead of all.
set -u
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
cli=$srcdir/tests/cli
work=$(mktemp -d) || exit 99
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
traces=$srcdir/traces
PATH=$builddir:$PATH
LC_ALL=C
TERM=dumb
export srcdir builddir traces PATH LC_ALL TERM
unset NO_COLOR COLUMNS
number=0

differ() {
    echo "#   $1, expected:"
    sed 's/^/#     /' "$2"
    echo "#   but was:"
    sed 's/^/#     /' "$3"
}

# One case: its parts are $1.*
check() {
    mkdir "$1.folder"
    (cd "$1.folder" && exec sh "$1.run") \
        <"$1.in" >"$1.found-out" 2>"$1.found-err"
    echo $? >"$1.found-exit"
    good=yes
    for part in out err exit; do
        awk -f "$cli/match.awk" "$1.$part" "$1.found-$part" && continue
        good=no
        differ "$part" "$1.$part" "$1.found-$part" >>"$1.why"
    done
}

for file in "${@:-$cli/*.case}"; do
    for file in $file; do
        base=$(basename "$file" .case)
        mkdir "$work/$base"
        count=$(awk -v dir="$work/$base" -f "$cli/split.awk" "$file") ||
            { echo "Bail out! $file cannot be read"; exit 99; }
        i=1
        while [ "$i" -le "$count" ]; do
            number=$((number + 1))
            check "$work/$base/$i"
            name="$base: $(cat "$work/$base/$i.name")"
            if [ $good = yes ]; then
                echo "ok $number - $name"
            else
                echo "not ok $number - $name"
                cat "$work/$base/$i.why"
            fi
            i=$((i + 1))
        done
    done
done
echo "1..$number"
