#!/bin/sh
# Make the workloads by which general policies are judged: real programs,
# recorded (KIND-what), and generated ones (generated-KIND-what).
#
#     bench/workloads.sh FOLDER [PROFILE.csv...]
#     TRACES='FOLDER/*.ptrace' make bench-policies
#
# Each has at least 20,000 events; where a program took fewer, its input was
# made larger, or it was left out.  So are those that have an allocator of
# their own and ask malloc for large pieces (mawk, tclsh, ld, xz).
#
# The programs are Debian's (sqlite3 gcc g++ clang-19 make cmake git python3
# lua5.4 perl bash bc jq libxml2-utils cppcheck groff-base vim gdb binutils
# coreutils findutils tar openssl); who is not here is left out, and said so.
# Inputs are generated (inputs.sh and that of traces), the same each time.
# Profiles, of which there are two here, are what "polished-trace generate
# profile" reads.  POLISHED_RECORD_PROGRAM and POLISHED_TRACE_PROGRAM name
# ours, if they are not in the folder above.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
into=$(cd "$1" && pwd)
shift
profiles=
for profile in "$@"; do
    profiles="$profiles $(realpath "$profile")"
done
own() { # PATH: the same, from the root
    (cd "$(dirname "$1")" && printf '%s/%s' "$(pwd)" "$(basename "$1")")
}
record=$(own "${POLISHED_RECORD_PROGRAM:-$here/../polished-record}")
trace=$(own "${POLISHED_TRACE_PROGRAM:-$here/../polished-trace}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Programs that hash addresses do the same each time if those are the same.
fixed=
if setarch -R true 2>/dev/null; then
    fixed='setarch -R'
fi

# take NAME PROGRAM [ARG...]: record it as NAME.ptrace.
take() {
    name=$1
    shift
    if ! PATH="/usr/bin:/bin:$work" command -v "$1" >/dev/null; then
        echo "$name: left out, for there is no $1" >&2
        return
    fi
    env -i PATH="/usr/bin:/bin:$work" LC_ALL=C TZ=UTC HOME="$work" \
        PYTHONMALLOC=malloc PYTHONHASHSEED=0 PERL_HASH_SEED=0 \
        PERL_PERTURB_KEYS=0 TERM=dumb \
        $fixed "$record" -o "$into/$name.ptrace" "$@" >out 2>err </dev/null ||
        { echo "$name: it failed: $(tail -n 1 err)" >&2; return; }
}

# make_trace NAME KIND [OPTION...]: generate it.
make_trace() {
    name=$1
    shift
    "$trace" generate "$@" -o "$into/$name.ptrace" 2>err ||
        { cat err >&2; exit 1; }
}

. "$here/../traces/inputs.sh"
. "$here/inputs.sh"

# Compilers: the compilers proper are not in PATH.
for program in cc1 cc1plus; do
    ln -s "$(gcc -print-prog-name=$program)" $program
done
make_c 24 >steps.c
make_cxx 2 >types.cc
take compiler-c cc1 -quiet -O2 steps.c -o steps.s
take compiler-c++ cc1plus -quiet -O1 -D_GNU_SOURCE types.cc -o types.s
take compiler-clang clang-19 -cc1 -O2 -S steps.c -o clang.s

# Data bases.
make_sql 2000 >load.sql
make_sql 1500 >small.sql
make_queries 60 >queries.sql
take database-load sqlite3 :memory: '.read load.sql'
take database-file sqlite3 wind.db '.read small.sql'
take database-query sqlite3 wind.db '.read queries.sql'

# Interpreters.
make_json 3000 >items.json
make_python 60 >words.py
make_python_trees 400 >trees.py
make_python_records >records.py
take python-words python3 -S words.py
take python-trees python3 -S trees.py
take python-records python3 -S records.py items.json
make_lua >search.lua
make_lua_text 20000 >text.lua
take lua-search lua5.4 search.lua
take lua-text lua5.4 text.lua
make_perl >count.pl
make_perl_tree 9000 >tree.pl
take perl-count perl count.pl load.sql
take perl-tree perl tree.pl
make_bash 700 >seen.bash
take shell-bash bash seen.bash
make_bc 100 >sums.bc
take shell-bc bc -q sums.bc

# Tools for text.
make_words 20000 >edit.txt
make_roff 300 >tunnel.roff
make_ed 60 >edit.vim
take text-troff troff -Tascii -man tunnel.roff
take text-vim vim -u NONE -n -es -S edit.vim edit.txt

# Version control.
git init -q history
make_history 800 | git -C history fast-import --quiet
cd history
git reset -q --hard main
take git-log git log -p --stat main
take git-pack git pack-objects --quiet --threads=2 --window=20 --all \
    --no-reuse-delta --stdout
take git-check git fsck --full
cd ..

# Builds.
make_makefile 500 >Makefile
make_cmake 1000 >turns.cmake
take build-make make -n all
take build-cmake cmake -P turns.cmake

# Parsers.
cat >stock.jq <<'JQ'
[.[] | select(.stock.here > 9) | {name, price, tags: (.tags | length)}]
| sort_by(.price) | group_by(.tags) | map(length)
JQ
take parser-jq jq -f stock.jq items.json
make_xml 4000 >library.xml
take parser-xml xmllint --xpath 'count(//book[author="name7"]/title)' \
    library.xml
make_c 5 >few.c
take parser-cppcheck cppcheck -q --enable=style few.c
take parser-python python3 -S -c \
    'import ast; ast.unparse(ast.parse(open("trees.py").read() * 9))'

# Readers of binaries.
make_cxx 12 >more.cc
echo 'int main(void) { return (int)all(1); }' >>more.cc
g++ -g -O1 more.cc -o types
take binary-gdb gdb -batch -nx -ex 'break all' -ex 'info types type' \
    -ex 'info functions turn' -ex 'ptype type1' types
take binary-objdump objdump -dlSC types
take binary-nm nm -lC types

# Files.
make_tree
mkdir forest
for copy in 1 2 3 4; do
    cp -r tree "forest/tree$copy"
done
take files-list ls -lR forest
take files-find find forest -name 'leaf-*7?' -newer Makefile
take files-tar tar cf forest.tar forest

# Keys and certificates.
openssl req -new -x509 -newkey ed25519 -nodes -set_serial 1 \
    -subj /CN=tunnel.example.org -keyout key.pem -out cert.pem 2>err
take crypto-show openssl x509 -in cert.pem -noout -text

# Two profiles: a firmware's small blocks, a server's of many sizes.
cat >firmware.csv <<'CSV'
12,900,40
20,2500,300
28,700,120
44,1200,90
64,400,64
96,300,20
128,150,32
256,80,10
512,40,6
1460,600,24
CSV
cat >server.csv <<'CSV'
16,5000,9000
24,7000,4000
32,9000,12000
48,3500,6000
64,2500,2500
80,2000,700
120,1500,2200
160,700,400
256,900,300
400,250,150
512,400,120
1024,350,90
2048,120,40
4096,500,60
8192,90,12
16384,40,6
65536,8,3
CSV
make_trace generated-profile-firmware profile --profile firmware.csv \
    --live 32K --steps 60000
make_trace generated-profile-server profile --profile server.csv --live 4M \
    --steps 100000
for profile in $profiles; do
    make_trace "generated-profile-$(basename "$profile" .csv)" profile \
        --profile "$profile" --live 8M --steps 100000
done

make_trace generated-random-small random --events 200000 --least 8 --most 128
make_trace generated-random-wide random --events 200000
make_trace generated-random-large random --events 60000 --least 4K \
    --most 256K --live 64M
make_trace generated-random-even random --events 100000 --least 16 --most 2K \
    --power 0
make_trace generated-sawtooth-short sawtooth --seed 1
make_trace generated-sawtooth-long sawtooth --seed 2 --blocks 6000 --teeth 20 \
    --keep 50
make_trace generated-ramp-small ramp-plateau --seed 1 --steps 40000
make_trace generated-ramp-wide ramp-plateau --seed 2 --most 64K --live 16M \
    --steps 40000
make_trace generated-messages-short producer-consumer --seed 1 \
    --messages 50000
make_trace generated-messages-long producer-consumer --seed 2 --depth 4000 \
    --most 4K --messages 50000

# Made to be hard: alternating sizes, and attacks on any policy.
make_trace generated-comb-binary comb --rounds 1 --blocks 20000 --size 64 \
    --every 2 --large 512
make_trace generated-comb-rounds comb --rounds 12 --blocks 3000
make_trace generated-comb-small comb --rounds 6 --blocks 6000 --size 24 \
    --every 3 --large 200
make_trace generated-attack-sieve sieve
make_trace generated-attack-best-fit best-fit-attack
