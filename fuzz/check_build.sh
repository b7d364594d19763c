#!/bin/bash
# What OSS-Fuzz asks of a build, asked here without Docker: for each sanitizer
# build with fuzz/build.sh, then for each target: it starts, it runs 4 inputs
# and says so, it is instrumented by this sanitizer and by no other, it has
# more than 100 edges, its seeds pass within 25 s and 2560 MB, its name, files
# and libraries are as they should be.
#
#     fuzz/check_build.sh [SANITIZER]...      usual: address undefined
#
# Numbers after infra/base-images/base-runner/bad_build_check of OSS-Fuzz.
set -u
source=$(cd "$(dirname "$0")/.." && pwd)
: "${CC:=clang}" "${CXX:=clang++}"
export CC CXX
[ $# -gt 0 ] || set -- address undefined
passed=0
failed=0

bad() {
    echo "not ok - $sanitizer $name: $1"
    failed=$((failed + 1))
}

# How often a target calls functions of a sanitizer; with the runtime's own,
# as OSS-Fuzz counts, and without.
calls() {
    grep -cE "call.*__$1" "$WORK/disassembly"
}
own_calls() {
    grep -cE "call.*<__$1_[a-z]" "$WORK/disassembly"
}

instrumented() {
    objdump -d --no-show-raw-insn "$1" >"$WORK/disassembly"
    asan=$(own_calls asan) msan=$(own_calls msan) ubsan=$(own_calls ubsan)
    case $sanitizer in
    address) [ "$asan" -ge 1000 ] && [ "$ubsan" -le 200 ] &&
        [ "$msan" -eq 0 ] ;;
    undefined) [ "$(calls ubsan)" -ge 168 ] && [ "$asan" -le 20 ] ;;
    memory) [ "$(calls msan)" -ge 1000 ] && [ "$asan" -eq 0 ] ;;
    esac
}

starts() {
    log=$WORK/$name.log
    "$1" -seed=1337 -runs=4 >"$log" 2>&1 || return 1
    grep -q 'Done 4 runs' "$log" || return 1
    edges=$(sed -n 's/^INFO: Loaded .*(\([0-9]*\) inline 8-bit.*/\1/p' \
        "$log" | head -n 1)
    [ "${edges:-0}" -ge 100 ]
}

seeds_pass() {
    rm -rf "$WORK/seeds" && mkdir "$WORK/seeds" &&
        unzip -q "$1_seed_corpus.zip" -d "$WORK/seeds" &&
        "$1" -runs=0 -rss_limit_mb=2560 -timeout=25 "$WORK/seeds" \
            >"$WORK/$name.log" 2>&1
}

# Only what every machine has.
alone() {
    ! ldd "$1" | grep -vE \
        "linux-vdso|ld-linux|lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+)\.so|$OUT/lib/" |
        grep -q .
}

for sanitizer; do
    WORK=$(mktemp -d)
    OUT=$WORK/out
    flags="-O1 -gline-tables-only -fsanitize=$sanitizer"
    [ "$sanitizer" = undefined ] &&
        flags="$flags -fno-sanitize-recover=undefined"
    CFLAGS="$flags -fsanitize=fuzzer-no-link"
    CXXFLAGS=$CFLAGS
    LIB_FUZZING_ENGINE="-fsanitize=fuzzer"
    export WORK OUT CFLAGS CXXFLAGS LIB_FUZZING_ENGINE
    name=build
    if ! bash "$source/fuzz/build.sh" >"$WORK/build.log" 2>&1; then
        bad "does not build"
        tail -n 20 "$WORK/build.log"
        continue
    fi
    for target in "$OUT"/fuzz_*; do
        case $target in *.zip | *.options | *.dict) continue ;; esac
        name=${target##*/}
        before=$failed
        case $name in *[!a-zA-Z0-9_-]*) bad "has a bad name" ;; esac
        [ -f "$target.options" ] || bad "has no options"
        alone "$target" || bad "needs a library"
        starts "$target" || bad "does not start, or is not instrumented"
        seeds_pass "$target" || bad "its seeds do not pass"
        # Copies of one program are looked at once.
        case $name in
        fuzz_alloc_bump | fuzz_tiny_bump | fuzz_[cdmjr]* | fuzz_trace)
            instrumented "$target" ||
                bad "asan $asan, ubsan $ubsan, msan $msan calls" ;;
        esac
        [ "$failed" = "$before" ] && passed=$((passed + 1))
    done
    rm -rf "$WORK"
done
echo "$passed targets passed, $failed complaints"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
