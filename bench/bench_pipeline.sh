#!/bin/sh
# Instructions an event of polished-sim, from the bytes of a trace to the
# result, counted by callgrind: the same under any load.
#
#     make bench-pipeline
#     bench/bench_pipeline.sh [EVENTS]        default: 300000
#
# "read" is the thread that reads and resolves the trace, "replay" the thread
# that replays it, "policy" what of that the policy's alloc and free take.
set -eu

events=${1:-300000}
: "${SPEC:=polished}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# count NAME LEVEL: of the child, whose file is the one with both threads
count() {
    valgrind --tool=callgrind --trace-children=yes \
        --callgrind-out-file="$work/out.%p" ./polished-sim --quiet -m 16M \
        --verify "$2" -a "$SPEC" - <"$work/trace" >/dev/null 2>"$work/log"
    callgrind_annotate --inclusive=yes "$(grep -l relay_read "$work"/out.*)" |
        awk -v events="$events" -v name="$1" -v level="$2" '
            { gsub(",", "", $1) }
            !/=>/ && /:relay_read \[/ { read = $1 / events }
            !/=>/ && /:sim_replay_events \[/ && !replay { replay = $1 / events }
            !/=>/ && /:polished_(alloc|free) \[/ { policy += $1 / events }
            END { printf "%-8s %-8s %6.0f %8.0f %8.0f\n", name, level, read,
                  replay, policy }'
    rm "$work"/out.*
}

echo "$SPEC, $events events: instructions an event"
printf '%-8s %-8s %6s %8s %8s\n' format verify read replay policy
for format in jsonl rep ptrace; do
    ./polished-trace generate random --events "$events" --to $format \
        -o "$work/trace"
    count $format none
    count $format layout
done
