#!/usr/bin/env bash
# What recording costs: processor time (user + system) of programs run alone
# and under polished-record, in turns; the least and the median of the runs.
#
#     bench/bench_record.sh [RUNS]        default: 7
#
# "rec." is the program's own time, without the conversion that follows its
# end; "conv." is that.  log: bytes of the raw log for each event, file:
# bytes of the .ptrace.  Targets: ratio 1.10 for sqlite3 and jq, 1.40 for
# python3; 5 bytes.
set -eu

runs=${1:-7}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
record=${POLISHED_RECORD_PROGRAM:-$PWD/polished-record}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C
export PATH=/usr/bin:/bin:$work
TIMEFORMAT='%3U %3S'
. "$here/../traces/inputs.sh"
cd "$work"

# Milliseconds that a command takes; what it says on stderr goes to said.
measure() {
    { time "$@" >/dev/null 2>said; } 2>&1 |
        awk '{ printf "%d\n", ($1 + $2) * 1000 + 0.5 }'
}

median() {
    sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

least() {
    sort -n "$1" | head -n 1
}

# compare NAME PROGRAM [ARG...]
compare() {
    name=$1
    shift
    if ! command -v "$1" >/dev/null; then
        printf '%-8s %s is not installed\n' "$name" "$1"
        return
    fi
    rm -f bare recorded both
    for ((run = 0; run < runs; run++)); do
        rm -f "$name".ptrace.raw-*
        measure "$@" >>bare
        measure "$record" -k -o "$name.ptrace" "$@" >>both
        grep '^polished-record: .* events' said | tail -n 1 >summary
        sed 's/.* blocks, \([0-9.]*\) s: .*/\1/' summary |
            awk '{ printf "%d\n", $1 * 1000 + 0.5 }' >>recorded
    done
    events=$(sed 's/^polished-record: \([0-9]*\) events.*/\1/' summary)
    printf '%-8s %8d %6d %6d %6d ' "$name" "$events" "$(least bare)" \
        "$(least recorded)" "$(($(least both) - $(least recorded)))"
    awk -v a="$(least bare)" -v b="$(least recorded)" \
        -v c="$(median bare)" -v d="$(median recorded)" -v n="$events" \
        -v log_bytes="$(stat -c %s "$name".ptrace.raw-*)" \
        -v file_bytes="$(stat -c %s "$name.ptrace")" 'BEGIN {
            printf "%6.2f %6.2f %6.2f %6.2f\n", b / a, d / c,
                log_bytes / n, file_bytes / n }'
}

make_sql 60000 >load.sql
make_json 80000 >items.json
make_python 9000 >words.py
make_c 80 >steps.c
ln -s "$(gcc -print-prog-name=cc1)" cc1
git init -q history
make_history 1500 | git -C history fast-import --quiet

printf '%-8s %8s %6s %6s %6s %6s %6s %6s %6s\n' program events bare \
    'rec.' conv. least median log file
printf '%-8s %8s %6s %6s %6s %6s %6s %6s %6s\n' '' '' ms ms ms ratio ratio \
    B/ev. B/ev.
compare sqlite3 sqlite3 :memory: '.read load.sql'
compare jq jq '[.[] | select(.stock.here > 9) | .name]' items.json
PYTHONMALLOC=malloc PYTHONHASHSEED=0 compare python3 python3 -S words.py
compare git git -C history log -p --stat main
compare cc1 cc1 -quiet -O1 steps.c -o steps.s
