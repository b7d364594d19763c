#!/bin/sh
# What polished-record records is what the program did, event by event.
. "${srcdir:-.}/tests/unit/recorder/tap.sh"

victim() { # MODE
    record -q -o trace.jsonl "$tools/victim" "$1" 3>told
}
matches() {
    awk -f "$source/expect.awk" -v tale_file=told trace.jsonl
}
faithful() {
    victim "$1" && matches
}
count() {
    grep -c "$1" trace.jsonl
}

for mode in family many fork vfork close exec; do
    check "$mode: the events that the program told" faithful "$mode"
done

exits() {
    ends_with 7 victim exit && matches
}
check '_exit after 200,000 events loses none' exits

aborts() {
    ends_with 134 victim abort 2>err && matches
}
check 'abort after 200,000 events loses none' aborts

hands_over() {
    victim handover && [ "$(count '"size": *31337[,}]')" = 100 ] &&
        [ "$(count '"free"')" -ge 101 ]
}
check 'a block is freed by another thread, 100 times' hands_over

churns() {
    victim churn && [ "$(count '"size": *1003[0-9][0-9][,}]')" = 200 ] &&
        [ "$(count '"size": *200[0-9][0-9][0-9][,}]')" = 10000 ]
}
check '1000 threads, 500 of them at a time' churns

reuses_units() {
    record -q -k -o trace.ptrace "$tools/victim" churn 3>told
    size=$(wc -c <"$(echo trace.ptrace.raw-*)")
    rm -f trace.ptrace.raw-*
    [ "$size" -lt 33000000 ]
}
check 'units of threads that are gone are used again' reuses_units

check 'the program sees its own environment' victim environment

chained=$tools/.libs/chained.so
chains() {
    WANT_PRELOAD=$chained LD_PRELOAD=$chained victim environment &&
        LD_PRELOAD=$chained faithful family
}
check 'another preloaded allocator stays in its place' chains
finish
