#!/bin/sh
# What a fuzzer kept becomes a trace, and that replays: no call is answered in
# a way that the ledger of the replay would not have.
. "${srcdir:-.}/tests/gates/tap.sh"
: "${builddir:=.}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trace=$scratch/found.json

# The replay's own judgement of one input.
judge() {
    "$builddir/polished-trace" convert --operations "$1" "$2" "$trace" \
        2>"$scratch/why" || { cat "$scratch/why"; return; }
    spec=$(sed -n 's/.*"spec": *"\([^"]*\)".*/\1/p' "$trace" | head -n 1)
    "$builddir/polished-sim" --misuse -a "$spec" --report json "$trace" \
        >"$scratch/result" 2>&1 || { cat "$scratch/result"; return; }
    tr ',{' '\n\n' <"$scratch/result" >"$scratch/members"
    grep -qE '"outcome":[[:space:]]*"(passed|failed)"' "$scratch/members" ||
        grep -E '"outcome"|"reason"' "$scratch/members"
    sed -n 's/.*"sent":[[:space:]]*\([0-9]*\).*/\1/p' "$scratch/members" >>"$scratch/sent"
}

for policy in tlsf buddy dma first-fit; do
    complaints=
    : >"$scratch/sent"
    for input in $(find "$srcdir/fuzz/corpus/alloc" -type f | sort |
        awk 'NR % 12 == 1'); do
        judge "$policy" "$input" >"$scratch/complaint"
        complaints=$complaints$(grep -v 'heap is refused' "$scratch/complaint")
    done
    grep -q '[1-9]' "$scratch/sent" || complaints="${complaints}no misuse was sent"
    result "found inputs replay, $policy" "$complaints"
done
finish
