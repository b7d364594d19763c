#!/bin/sh
# Every input that was worth keeping, once more: the corpus of each target, by
# its twin without an engine; that of fuzz_alloc by every policy.  CORPUS_OTHERS
# are the other targets that this build has; usual: all.
. "${srcdir:-.}/tests/gates/tap.sh"
: "${builddir:=.}"
corpus=$srcdir/fuzz/corpus

policies=$(sed -n 's/^POLISHED_ROW(polished_\(.*\))/\1/p' \
    "$srcdir/include/polished/policies.def" | tr _ -)

# replay TARGET CORPUS NAME
replay() {
    if output=$("$builddir/fuzz/replay_$1" "$corpus/$2" 2>&1); then
        result "$3"
    else
        result "$3" "${output:-it was killed}"
    fi
}

for policy in $policies; do
    FUZZ_POLICY=$policy
    export FUZZ_POLICY
    replay alloc alloc "alloc, $policy"
    replay tiny alloc "tiny, $policy"
done
unset FUZZ_POLICY
for target in ${CORPUS_OTHERS:-corrupt diff map json trace roundtrip cli}; do
    replay $target $target "$target"
done
finish
