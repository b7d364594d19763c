#!/bin/sh
# Make the recorded traces again, all from scratch:
#
#     traces/record.sh [DIRECTORY]        default: where this script is
#
# Every input is generated (inputs.sh), the same each time; every program is
# the system's own (Debian 12: sqlite3 jq gcc python3 lua5.4 perl git
# coreutils), and runs in an empty environment.  POLISHED_RECORD_PROGRAM names
# the recorder if it is not in the directory above.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
into=$(cd "${1:-$here}" && pwd)
record=${POLISHED_RECORD_PROGRAM:-$here/../polished-record}
record=$(cd "$(dirname "$record")" && pwd)/$(basename "$record")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Programs that hash addresses do the same each time if those are the same.
fixed=
if setarch -R true 2>/dev/null; then
    fixed='setarch -R'
fi

# take NAME PROGRAM [ARG...]: record it as NAME.ptrace.  take_env: variables
# that the program is to see, none with a space in its value.
take() {
    name=$1
    shift
    env -i PATH="/usr/bin:/bin:$work" LC_ALL=C TZ=UTC HOME="$work" \
        ${take_env-} $fixed "$record" -o "$into/$name.ptrace" "$@" >/dev/null
}

. "$here/inputs.sh"

make_sql 700 >load.sql
take sql-load sqlite3 :memory: '.read load.sql'

make_json 3000 >items.json
cat >stock.jq <<'JQ'
[.[] | select(.stock.here > 9) | {name, price, tags: (.tags | length)}]
| sort_by(.price) | group_by(.tags) | map(length)
JQ
take json-filter jq -f stock.jq items.json

# The compiler proper, which is not in PATH.
make_c 12 >steps.c
ln -s "$(gcc -print-prog-name=cc1)" cc1
take compile cc1 -quiet -O1 steps.c -o steps.s

make_python 60 >words.py
take_env='PYTHONMALLOC=malloc PYTHONHASHSEED=0'
take python-words python3 -S words.py
take_env=

make_lua >search.lua
take lua-search lua5.4 search.lua

make_perl >count.pl
take_env='PERL_HASH_SEED=0 PERL_PERTURB_KEYS=0'
take perl-count perl count.pl load.sql
take_env=

git init -q history
make_history 150 | git -C history fast-import --quiet
cd history
take git-log git log -p --stat main
take git-pack git pack-objects --quiet --threads=2 --window=20 --all \
    --no-reuse-delta --stdout </dev/null
cd ..

make_tree
take list-tree ls -lR tree
