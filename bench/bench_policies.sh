#!/bin/sh
# What every policy costs on our traces and on generated ones, beside the
# mallocs that are installed: as tables (Markdown, JSON) and as a plot (SVG).
#
#     bench/bench_policies.sh [FOLDER]      default: bench/out
#
#     ROUNDS   of time, interleaved (default 9)
#     TRACES   files instead of the default ones
#     SPECS    policies instead of all, with blanks between
#     COUNT    traces on which callgrind counts instructions, if it is there
#              (default "sql-load random"; empty: none)
#
# bench/README.md says what the columns mean.
set -eu

out=${1:-bench/out}
: "${srcdir:=.}" "${ROUNDS:=9}" "${SPECS:=}" "${AWK:=awk}"
: "${COUNT=sql-load random}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

generate() {
    ./polished-trace generate "$@"
}

if [ -z "${TRACES:-}" ]; then
    generate random --events 200000 -o "$work/random.ptrace"
    generate random --events 60000 --least 16 --most 1M --live 64M \
        -o "$work/random-large.ptrace"
    generate sawtooth -o "$work/sawtooth.ptrace"
    generate ramp-plateau -o "$work/ramp-plateau.ptrace"
    generate producer-consumer -o "$work/producer-consumer.ptrace"
    generate comb -o "$work/comb.ptrace"
    TRACES="$srcdir/traces/*.ptrace $srcdir/traces/packets.json
        $srcdir/traces/stack.json $work/*.ptrace"
fi

asked=
for spec in $SPECS; do
    asked="$asked -a $spec"
done
# shellcheck disable=SC2086
bench/bench_policies -r "$ROUNDS" $asked $TRACES >"$work/times"

# instructions FILE: those of one dump, without what copies and clears.
instructions() {
    $AWK '
        function name(text) {
            id = text
            sub(/^[a-z]*=/, "", id)
            sub(/\).*/, ")", id)
            if (text ~ /\) /)
                names[id] = text
            return names[id]
        }
        /^c?fn=/ { other = name($0) }
        /^fn=/ { skipped = other ~ /mem(cpy|move|set|mset)/ }
        /^calls=/ { getline; next }
        /^[-+*0-9]/ && !skipped { sum += $2 }
        END { printf "%d\n", sum }' "$1"
}

# count SPEC FILE: instructions an operation, and of the worst one.
count() {
    rm -f "$work"/dump*
    valgrind -q --tool=callgrind --instr-atstart=no \
        --callgrind-out-file="$work/dump" bench/bench_count "$1" "$2" \
        >"$work/counted" 2>/dev/null || return 0
    worst=0
    for dump in $(grep -l 'Trigger: Client Request' "$work"/dump.*); do
        [ "$dump" = "$work/dump.1" ] && continue
        one=$(instructions "$dump")
        [ "$one" -gt "$worst" ] && worst=$one
    done
    printf '%s\t%s\t%s\t%s\n' "$(cut -f 1 "$work/counted")" "$1" \
        "$(instructions "$work/dump.1" |
            $AWK -v n="$(cut -f 2 "$work/counted")" '{ print $1 / n }')" \
        "$worst"
}

: >"$work/counts"
if [ -n "$COUNT" ] && command -v valgrind >/dev/null; then
    for file in $TRACES; do
        stem=$(basename "$file")
        case " $COUNT " in *" ${stem%%.*} "*) ;; *) continue ;; esac
        for spec in $(cut -f 1,4,5 "$work/times" |
            $AWK -v name="${stem%%.*}" '$1 == name && $3 == "static" {
                print $2 }'); do
            count "$spec" "$file" >>"$work/counts"
        done
    done
fi

for form in markdown:md json:json svg:svg; do
    $AWK -v form="${form%:*}" -f "$srcdir/bench/table.awk" \
        kind=counts "$work/counts" kind=times "$work/times" \
        >"$out/policies.${form#*:}"
done
echo "$out/policies.md, .json, .svg"
