#!/bin/sh
# Run every target for FUZZ_SECONDS, those that serve all policies for each.
#
#     run.sh SOURCE BUILD      what is found lies in BUILD/fuzz/found
#
# With AFL=1 the targets are run by afl-fuzz; they have to be built for it
# (docs/fuzzing.md).
set -u
source=$1
build=$2
: "${FUZZ_SECONDS:=10}" "${AFL:=}"
found=$build/fuzz/found
mkdir -p "$found"
failed=0

# Where AFL++ starts: it spends its time on starting if inputs are short.  Each
# is a kept one, and behind it the records of all.
inputs() {
    corpus=$source/fuzz/corpus/$1
    if [ "$1" != alloc ]; then
        echo "$corpus"
        return
    fi
    mkdir -p "$found/long"
    for file in "$corpus"/*; do
        { cat "$file" && tail -q -c +9 "$corpus"/*; } 2>/dev/null |
            head -c 4096 >"$found/long/${file##*/}"
    done
    echo "$found/long"
}

# run TARGET CORPUS NAME
run() {
    pool=$found/$3
    FUZZ_COUNT=$pool.count
    export FUZZ_COUNT
    mkdir -p "$pool"
    rm -f "$FUZZ_COUNT"
    if [ -n "$AFL" ]; then
        AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
        AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_DISABLE_TRIM=1 \
            afl-fuzz -V "$FUZZ_SECONDS" -G 4096 -i "$(inputs "$2")" \
            -o "$pool" -- "$build/fuzz/fuzz_$1" >"$pool.log" 2>&1
        crashes=$(find "$pool" -path '*/crashes/id*' | wc -l)
        executions=$(sed -n 's/^execs_done *: //p' \
            "$pool/default/fuzzer_stats")
        [ "$crashes" = 0 ]
    else
        "$build/fuzz/fuzz_$1" -max_total_time="$FUZZ_SECONDS" -max_len=2048 \
            -len_control=0 -print_final_stats=1 -close_fd_mask=1 \
            -artifact_prefix="$pool-" "$pool" "$source/fuzz/corpus/$2" \
            >"$pool.log" 2>&1
    fi
    if [ $? = 0 ]; then
        [ -n "$AFL" ] || executions=$(sed -n \
            's/^stat::number_of_executed_units: //p' "$pool.log")
        operations=
        [ ! -f "$FUZZ_COUNT" ] ||
            operations=",$(od -An -t u8 "$FUZZ_COUNT") operations"
        echo "$3: fine, $executions executions$operations"
    else
        echo "$3: FAILED, see $pool.log"
        failed=1
    fi
}

for policy in $(sed -n 's/^POLISHED_ROW(polished_\(.*\))/\1/p' \
    "$source/include/polished/policies.def" | tr _ -); do
    FUZZ_POLICY=$policy
    export FUZZ_POLICY
    run alloc alloc "alloc-$policy"
    run tiny alloc "tiny-$policy"
done
unset FUZZ_POLICY
for target in corrupt diff map json trace roundtrip cli; do
    run $target $target $target
done
exit $failed
