#!/bin/sh
# mcdc.sh [-v] - modified condition/decision coverage of core and alloc.
#
# Compiles them with clang 19, as the full library, the tiny one and one whose
# sizes have 32 bits; runs the unit tests of both rooms, the contract tests, the
# explorer and the kept corpora of the fuzzers; prints branches and conditions
# of each file and of all.  -v: also each decision that is not covered.
# Assertions are left out: what they say must never be false.
#
# A decision that clang cannot count, for a part of it is itself a decision
# under `!`, fails the build, so that nothing is silently left out.
set -eu
verbose=0
[ "${1-}" != -v ] || verbose=1
cd "$(dirname "$0")/.."
cc=${MCDC_CC:-clang-19}
version=${cc##*clang}
for tool in "$cc" "llvm-profdata$version" "llvm-cov$version"; do
    command -v "$tool" >/dev/null || {
        echo "mcdc.sh: $tool is missing (packages clang-19 and llvm-19)" >&2
        exit 77
    }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
coverage='-fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc'
flags='-std=c11 -O1 -g -Iinclude -Isrc -Itests -Itests/contract
-Itests/unit -Ifuzz'
tiny="-include $PWD/src/core/tiny.h"

# library NAME [FLAG...]: core and alloc, counted
library() {
    name=$1
    shift
    mkdir "$scratch/$name"
    for source in src/core/*.c src/alloc/*.c; do
        # shellcheck disable=SC2086
        $cc $flags $coverage '-DPOLISHED_ASSERT(truth)=((void)0)' \
            -ffreestanding -Wall -Werror -Wno-unused "$@" -c "$source" \
            -o "$scratch/$name/$(basename "$source" .c).o"
    done
    ar rcs "$scratch/$name.a" "$scratch/$name"/*.o
}

objects=
count=0

# try LIBRARY 'SOURCES' 'FLAGS' [ARGUMENT...]: build a test, once, and run it
try() {
    library=$1 sources=$2 more=$3
    shift 3
    count=$((count + 1))
    program=$scratch/test$(echo "$library $sources" | cksum | cut -d ' ' -f 1)
    [ -x "$program" ] || {
        # shellcheck disable=SC2086
        $cc $flags -w $more -fprofile-instr-generate -o "$program" $sources \
            "$scratch/$library.a" -lcmocka
        objects="$objects -object $program"
    }
    LLVM_PROFILE_FILE="$scratch/$count.profraw" "$program" "$@" \
        >"$scratch/log" 2>&1 || {
        cat "$scratch/log"
        exit 1
    }
}

# shellcheck disable=SC2086
{
    library full
    library tiny $tiny
    library narrow -DPOLISHED_SIZE_32
}

# What is built of tests/unit/test_NAME.c.
unit() {
    source=tests/unit/test_$1.c
    [ "$1" = narrow ] || try full "$source" ''
    [ "$1" != narrow ] || try narrow "$source" -DPOLISHED_SIZE_32
    ! grep -q "test_$1_tiny_SOURCES" tests/unit/*.mk ||
        try tiny "$source" "$tiny"
}
unit narrow
unit polished
unit rows
unit scatter
words=$(ls src/core src/alloc |
    sed -n 's/\([a-z]*\).*\.[ch]$/\1 \1s/p' | tr '\n' ' ')
for test in tests/unit/test_*.c; do
    name=$(basename "$test" .c)
    name=${name#test_}
    case " $words " in
    *" ${name%%_*} "*) unit "$name" ;;
    esac
done

oracle=$(ls tests/contract/oracle*.c tests/contract/caps.c)
cases="$oracle tests/contract/cases_*.c tests/contract/program.c
tests/contract/subject.c"
explorer=$(ls tests/explorer/*.c | grep -v test_)
try tiny "$explorer $oracle" "$tiny" -q
for test in contract fits slab user nested; do
    try full "$cases tests/contract/test_$test.c" ''
done
try tiny "$cases tests/contract/test_contract.c" "$tiny"

life="$oracle tests/contract/drive*.c src/sim/operation.c
src/sim/operation_[bds]*.c fuzz/life.c fuzz/replay.c"
for policy in $(sed -n 's/^POLISHED_ROW(polished_\(.*\))/\1/p' \
    include/polished/policies.def | tr _ -); do
    export FUZZ_POLICY="$policy"
    try full "$life fuzz/fuzz_alloc.c fuzz/records.c" '' fuzz/corpus/alloc
    try tiny "$life fuzz/fuzz_alloc.c fuzz/records.c" "$tiny" fuzz/corpus/alloc
done
unset FUZZ_POLICY
try full "$life fuzz/fuzz_corrupt.c fuzz/records.c" '' fuzz/corpus/corrupt
try full "$life fuzz/fuzz_diff.c" '' fuzz/corpus/diff
try full 'fuzz/fuzz_map.c fuzz/replay.c' '' fuzz/corpus/map

"llvm-profdata$version" merge -o "$scratch/all" "$scratch"/*.profraw
# shellcheck disable=SC2086
set -- -instr-profile "$scratch/all" ${objects# -object } \
    -ignore-filename-regex 'tests/|include/'
"llvm-cov$version" report --show-mcdc-summary --show-region-summary=false \
    "$@" | awk '
    BEGIN { print "file branches missed covered conditions missed covered" }
    /^(---|Filename|Files)/ || NF < 7 || $(NF - 5) !~ /^[0-9]+$/ { next }
    {
        sub(/.*src\//, "", $1)
        print $1, $(NF - 5), $(NF - 4), $(NF - 3), $(NF - 2), $(NF - 1), $NF
    }' | column -t
[ "$verbose" = 0 ] || "llvm-cov$version" show --show-mcdc "$@"
