#!/bin/sh
# Two commits side by side: what each policy costs in the one and the other.
#
#     bench/bench_compare.sh A B      as make bench-compare A=... B=...
#
# Both are checked out and built apart, and measured in turns with the bench of
# this working tree, so that only policies differ.  ROUNDS, TRACES and SPECS as
# for bench_policies.sh; TURNS (default 3): how often each has its turn.
set -eu

[ $# -eq 2 ] && [ -n "$1" ] && [ -n "$2" ] || {
    echo "usage: make bench-compare A=COMMIT B=COMMIT" >&2
    exit 2
}
: "${srcdir:=.}" "${ROUNDS:=5}" "${TURNS:=3}" "${SPECS:=}" "${AWK:=awk}"
: "${CC:=cc}" "${CFLAGS:=-g -O2}"
here=$(cd "$srcdir" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# build COMMIT NAME
build() {
    git -C "$here" archive --prefix="$2/" "$1" | tar -x -C "$work"
    rm -rf "$work/$2/bench"
    cp -R "$here/bench" "$work/$2/bench"
    find "$work/$2/bench" -name '*.o' -exec rm {} +
    (cd "$work/$2" && ./bootstrap CC="$CC" CFLAGS="$CFLAGS" &&
        make bench/bench_policies) >"$work/$2.log" 2>&1 || {
        tail -n 20 "$work/$2.log" >&2
        exit 1
    }
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
        "$work/$side/bench/bench_policies" -r "$ROUNDS" $asked $TRACES |
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
