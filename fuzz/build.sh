#!/bin/bash -eu
# Copyright 2026 The polished-sim authors
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.

# Build every fuzz target into $OUT: for OSS-Fuzz, for ClusterFuzzLite and,
# through fuzz/check_build.sh, for anybody.  Compilers, flags and engine come
# from the environment.
source=$(cd "$(dirname "$0")/.." && pwd)
work=${WORK:-$PWD}/polished-sim
mkdir -p "$work" "$OUT"
cd "$source" && [ -x configure ] || ./bootstrap --only-generate
cd "$work"

# Nothing of this machine is there when a target runs: what unpacks traces is
# left out, cJSON is built here where its source is, else put beside them.
if [ -f "${SRC:-}/cJSON/cJSON.c" ]; then
    $CC $CFLAGS -c "$SRC/cJSON/cJSON.c" -o "$work/cJSON.o"
    cjson_cflags="-I$SRC/cJSON" cjson_libs=$work/cJSON.o
else
    cjson_cflags=$(pkg-config --cflags libcjson)
    cjson_libs="$(pkg-config --libs libcjson) -Wl,-rpath,\\\$\$ORIGIN/lib"
    mkdir -p "$OUT/lib"
    cp -L "$(pkg-config --variable=libdir libcjson)"/libcjson.so.1 "$OUT/lib"
fi
"$source/configure" --quiet --enable-fuzzing --disable-shared \
    PKG_CONFIG=false CJSON_CFLAGS="$cjson_cflags" CJSON_LIBS="$cjson_libs" \
    LIB_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" FUZZ_LD="$CXX"
make -s -j"$(nproc)" fuzz-targets

# place PROGRAM TARGET CORPUS [DICTIONARY]
place() {
    cp "fuzz/$1" "$OUT/$2"
    zip -q -j -r "$OUT/$2_seed_corpus.zip" "$source/fuzz/corpus/$3"
    cp "$source/fuzz/fuzz.options" "$OUT/$2.options"
    [ -z "${4-}" ] || cp "$source/fuzz/$4" "$OUT/$2.dict"
}

# A target takes its policy from its name.
for policy in $(sed -n 's/^POLISHED_ROW(polished_\(.*\))/\1/p' \
    "$source/include/polished/policies.def"); do
    place fuzz_alloc "fuzz_alloc_$policy" alloc
    place fuzz_tiny "fuzz_tiny_$policy" alloc
done
for target in corrupt diff map; do
    place "fuzz_$target" "fuzz_$target" "$target"
done
place fuzz_cli fuzz_cli cli cli.dict
for target in json trace roundtrip; do
    place "fuzz_$target" "fuzz_$target" "$target" json.dict
done
