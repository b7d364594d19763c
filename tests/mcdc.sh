#!/bin/sh
# mcdc.sh [-v] - modified condition/decision coverage of core and alloc.
#
# Compiles them with clang 19, the full and the tiny library, runs the unit
# tests of both rooms, the contract test and the explorer; prints regions,
# branches and conditions of each file.  -v: also each decision that is not covered.  Assertions are compiled
# away: what they say must never be false.
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
flags='-std=c11 -O1 -g -DNDEBUG -Iinclude -Isrc -Itests'
tiny="-include $PWD/src/core/tiny.h"

# library NAME [FLAG...]: core and alloc, counted
library() {
    name=$1
    shift
    mkdir "$scratch/$name"
    for source in src/core/*.c src/alloc/*.c; do
        # shellcheck disable=SC2086
        $cc $flags $coverage -ffreestanding -Wall -Werror "$@" -c "$source" \
            -o "$scratch/$name/$(basename "$source" .c).o"
    done
    ar rcs "$scratch/$name.a" "$scratch/$name"/*.o
}

objects=
count=0

# try LIBRARY 'SOURCES' 'FLAGS' [ARGUMENT...]: build a test and run it
try() {
    library=$1 sources=$2 more=$3
    shift 3
    count=$((count + 1))
    program=$scratch/test$count
    # shellcheck disable=SC2086
    $cc $flags -w $more -fprofile-instr-generate -o "$program" $sources \
        "$scratch/$library.a" -lcmocka
    LLVM_PROFILE_FILE="$scratch/$count.profraw" "$program" "$@" \
        >"$scratch/log" 2>&1 || {
        cat "$scratch/log"
        exit 1
    }
    objects="$objects -object $program"
}

# shellcheck disable=SC2086
{
    library full
    library tiny $tiny
}
oracle=$(ls tests/contract/oracle*.c tests/contract/caps.c)
cases="$oracle tests/contract/cases_*.c tests/contract/program.c
tests/contract/subject.c"
explorer=$(ls tests/explorer/*.c | grep -v test_)
try tiny "$explorer $oracle" "$tiny" -q
try tiny "$cases tests/contract/test_contract.c" "$tiny"
for test in tests/contract/test_slab.c tests/contract/test_user.c \
    tests/contract/test_fits.c; do
    try full "$cases $test" ''
done
for test in tests/unit/test_*.c; do
    name=$(basename "$test" .c)
    for source in src/core/* src/alloc/*; do
        stem=$(basename "$source" | sed 's/\..*//')
        case " $stem ${stem%%_*}s ${stem%%_*} " in
        *" ${name#test_} "*)
            try full "$test" ''
            break
            ;;
        esac
    done
done

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
