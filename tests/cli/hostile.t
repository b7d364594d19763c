#!/bin/sh
# Bad traces, seen by the whole program: exit 0 or 3, "file:line:column: ...",
# never a signal.  (tests/unit/test_trace_damage.c damages every format.)
. "${srcdir:-.}/tests/gates/tap.sh"

: "${builddir:=.}"
sim=$builddir/polished-sim
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Replay $scratch/trace; complain unless the exit code is one of $1.
judge() {
    "$sim" -q -a ideal -m 64K "$scratch/trace" >/dev/null 2>"$scratch/err"
    code=$?
    case " $1 " in
    *" $code "*) ;;
    *) echo "exit $code: $(head -c 300 "$scratch/err")"; return ;;
    esac
    [ $code = 0 ] || grep -qE '^[^:]+:[0-9]+:[0-9]+: ' "$scratch/err" ||
        echo "no place in: $(head -c 300 "$scratch/err")"
}

# Each line: what is wrong, a tab, and an array of events that is.
while IFS='	' read -r name events; do
    printf '{"events":%s}' "$events" >"$scratch/trace"
    result "$name is exit 3" "$(judge 3)"
done <<'END'
a size that is a string of words	[{"op":"alloc","id":1,"size":"many"}]
a size that is an object	[{"op":"alloc","id":1,"size":{}}]
a size that is null	[{"op":"alloc","id":1,"size":null}]
a negative size	[{"op":"alloc","id":1,"size":-1}]
a fractional size	[{"op":"alloc","id":1,"size":1.5}]
a size with an exponent	[{"op":"alloc","id":1,"size":1e3}]
a size above 2^64-1	[{"op":"alloc","id":1,"size":18446744073709551616}]
a size that overflows by far	[{"op":"alloc","id":1,"size":1e999}]
NaN	[{"op":"alloc","id":1,"size":NaN}]
Infinity	[{"op":"alloc","id":1,"size":Infinity}]
a number with a leading zero	[{"op":"alloc","id":1,"size":01}]
a missing size	[{"op":"alloc","id":1}]
a missing id	[{"op":"alloc","size":1}]
a missing op	[{"id":1,"size":1}]
an unknown op	[{"op":"malloc","id":1,"size":1}]
an unknown key	[{"op":"alloc","id":1,"size":1,"colour":2}]
a key said twice	[{"op":"alloc","id":1,"id":1,"size":1}]
an alignment that is no power of two	[{"op":"alloc","id":1,"size":1,"align":12}]
a free of what was never alive	[{"op":"free","id":1}]
a free of what was freed	[{"op":"alloc","id":1,"size":1},{"op":"free","id":1},{"op":"free","id":1}]
an alloc of what is alive	[{"op":"alloc","id":1,"size":1},{"op":"alloc","id":1,"size":1}]
a realloc of what is not alive	[{"op":"realloc","id":1,"size":1}]
a realloc to 0	[{"op":"alloc","id":1,"size":1},{"op":"realloc","id":1,"size":0}]
a rewind to no mark	[{"op":"rewind","label":"nowhere"}]
misuse without --misuse	[{"op":"alloc","id":1,"size":1},{"op":"free","id":1,"delta":8}]
an event that is a number	[1]
a comma too many	[{"op":"alloc","id":1,"size":1},]
events that never end	[{"op":"alloc","id":1,"size":1}
END

awk 'BEGIN { printf "{\"events\":"
    for (i = 0; i < 100000; i++) printf "["; }' >"$scratch/trace"
result "a bomb of brackets is exit 3" "$(judge 3)"
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "{\"name\":"; }' \
    >"$scratch/trace"
result "a bomb of braces is exit 3" "$(judge 3)"
: >"$scratch/trace"
result "an empty file is exit 3" "$(judge 3)"
printf '{"events":[{"op":"alloc","id":1,"size":10000000000},%s]}' \
    '{"op":"alloc","id":2,"size":9223372036854775808}' >"$scratch/trace"
result "10 GB and 2^63 bytes are legal" "$(judge 0)"

cat >"$scratch/whole" <<'END'
{"format":"polished-trace","version":1,"name":"h\u00e4","align":16,
"memory":[{"base":"0x1000","size":65536},{"base":8192,"size":512,
"reserved":true}],"events":[
{"op":"alloc","id":1,"size":64,"align":64,"zero":true},
{"op":"mark","label":"a"},{"op":"realloc","id":1,"size":"0x80"},
{"op":"free","id":1,"thread":2,"time":3,"site":"x"}]}
END
bytes=$(wc -c <"$scratch/whole")
why=$(n=0
while [ $n -lt "$bytes" ]; do
    head -c $n "$scratch/whole" >"$scratch/trace"
    judge '0 3' | sed "s/^/cut after $n bytes: /"
    n=$((n + 1))
done)
result "every truncation is exit 0 or 3" "$why"

# Another character in the place of each: a sign of the grammar, a letter, a
# digit or no UTF-8, by turns.
why=$(n=0
while [ $n -lt "$bytes" ]; do
    case $((n % 5)) in
    0) wrong='"' ;; 1) wrong='}' ;; 2) wrong=9 ;; 3) wrong=x ;; 4) wrong='\377' ;;
    esac
    {
        head -c $n "$scratch/whole"
        # shellcheck disable=SC2059
        printf "$wrong"
        tail -c +$((n + 2)) "$scratch/whole"
    } >"$scratch/trace"
    judge '0 3' | sed "s/^/byte $((n + 1)): /"
    n=$((n + 1))
done)
result "a wrong value in each byte is exit 0 or 3" "$why"
finish
