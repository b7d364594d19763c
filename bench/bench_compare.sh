#!/bin/sh
# Two commits side by side: what each policy costs in the one and the other.
#
#     bench/bench_compare.sh A B      as make bench-compare A=... B=...
#
# Both are compiled apart, and measured in turns with the bench of this working
# tree, so that only policies differ.  ROUNDS, TRACES and SPECS as
# for bench_policies.sh; TURNS (default 3): how often each has its turn.
set -eu

[ $# -eq 2 ] && [ -n "$1" ] && [ -n "$2" ] || {
    echo "usage: make bench-compare A=COMMIT B=COMMIT" >&2
    exit 2
}
: "${srcdir:=.}" "${ROUNDS:=5}" "${TURNS:=3}" "${SPECS:=}" "${AWK:=awk}"
: "${CC:=cc}" "${CFLAGS:=-g -O2}" "${LIBS:=}"
here=$(cd "$srcdir" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# build COMMIT NAME: no more than it takes, with our own config.h and bench.
build() {
    git -C "$here" archive --prefix="$2/" "$1" src include | tar -x -C "$work"
    cp -R "$here/bench" config.h "$work/$2"
    (
        cd "$work/$2"
        for file in src/alloc/*.c; do
            echo "#include \"$file\""
        done >bench/policies.inc
        names=
        for file in src/core/names.h src/alloc/names.h; do
            [ ! -f $file ] || names="$names -include $file"
        done
        # shellcheck disable=SC2086
        $CC -std=gnu11 -DHAVE_CONFIG_H $CFLAGS $names -I. -Iinclude -Isrc \
            -Ibench -o bench_policies bench/bench_policies.c bench/loops.c \
            bench/workload.c src/core/*.c src/host/*.c src/trace/*.c \
            src/measure/*.c src/sim/*.c $LIBS
    ) || exit 1
}

build "$1" a
build "$2" b
if [ -z "${TRACES:-}" ]; then
    ./polished-trace generate random --events 200000 -o "$work/random.ptrace"
    ./polished-trace generate ramp-plateau -o "$work/ramp-plateau.ptrace"
    TRACES="$here/traces/*.ptrace $work/*.ptrace"
fi
asked=
for spec in $SPECS; do
    asked="$asked -a $spec"
done
turn=0
while [ "$turn" -lt "$TURNS" ]; do
    turn=$((turn + 1))
    for side in a b; do
        # shellcheck disable=SC2086
        "$work/$side/bench_policies" -r "$ROUNDS" $asked $TRACES |
            $AWK -v side="$side" 'BEGIN { FS = OFS = "\t" }
                { print side, $0 }'
    done
done >"$work/times"

echo "$1 -> $2, least ns an operation bound at compile time, and heap; geometric"
echo "means over the traces that both serve, of ratios below"
$AWK -F '\t' '
    $6 == "static" {
        key = $5 SUBSEP $2
        if (!(($1, key) in ns) || $7 < ns[$1, key])
            ns[$1, key] = $7
        heap[$1, key] = $9
        if (!($5 in seen)) {
            seen[$5] = 1
            order[++count] = $5
        }
        keys[key] = $5
    }
    END {
        for (key in keys)
            if ((("a", key) in ns) && (("b", key) in ns)) {
                rival = keys[key]
                n[rival]++
                a[rival] += log(ns["a", key])
                b[rival] += log(ns["b", key])
                if (heap["a", key] > 0 && heap["b", key] > 0)
                    m[rival] += log(heap["b", key] / heap["a", key])
            }
        printf "%-24s %6s %8s %8s %7s %7s\n", "policy", "traces", "A", "B",
            "time", "heap"
        for (i = 1; i <= count; i++) {
            rival = order[i]
            if (n[rival])
                printf "%-24s %6d %8.2f %8.2f %7.3f %7.3f\n", rival, n[rival],
                    exp(a[rival] / n[rival]), exp(b[rival] / n[rival]),
                    exp((b[rival] - a[rival]) / n[rival]),
                    exp(m[rival] / n[rival])
        }
    }' "$work/times"
