#!/bin/sh
# polished-record as a guest: exit codes, obstacles, limits, other processes.
. "${srcdir:-.}/tests/unit/recorder/tap.sh"

victim=$tools/victim
exec 3>/dev/null

check 'the exit status is the program'"'"'s' \
    ends_with 3 record -q -o t.ptrace sh -c 'exit 3'
check '128+N if a signal ended it' \
    ends_with 143 record -q -o t.ptrace sh -c 'kill -TERM $$'
check 'a program that does not exist: 127' \
    says 'no-such-program: No such file' ends_with 127 record no-such-program
leaves_nothing() {
    [ "$(ls -d no-such* 2>/dev/null)" = '' ]
}
check '... and no file is left' leaves_nothing
echo data >data
check 'a file that cannot be executed: 126' \
    says 'Permission denied' ends_with 126 record ./data
to_a_device() {
    record -q -o /dev/null true && [ -c /dev/null ]
}
check 'a device as output stays one' to_a_device
mkdir directory
check 'a directory as output: 4' \
    says 'directory: Is a directory' ends_with 4 record -o directory true
check 'an output where there is no directory: 4' \
    says 'No such file' ends_with 4 record -o none/t.ptrace true
check 'no program: 2' says 'no program given' ends_with 2 record
check 'a wrong option: 2' says 'Try' ends_with 2 record --wrong true
check 'standard output as output: 2' \
    says 'belongs to the program' ends_with 2 record -o - true
check 'a packed output: 2' \
    says 'uncompressed' ends_with 2 record -o t.ptrace.gz true
check 'a program'"'"'s options are its own' \
    says 'unrecognized' ends_with 2 record -q -o t.ptrace ls --quiet
writes_through() {
    echo in | record -q -o t.ptrace sh -c 'cat; echo err >&2' >out 2>err &&
        [ "$(cat out)" = in ] && [ "$(cat err)" = err ]
}
check 'stdin, stdout and stderr are the program'"'"'s' writes_through
default_name() {
    record -q true && [ -s true.ptrace ]
}
check 'without -o the trace is PROGRAM.ptrace' default_name
as_json() {
    record -q -o t.json ls / >out && grep -q '"events"' t.json
}
check 'a name ending in .json gives JSON' as_json

passes_on() {
    ends_with 143 record -q -o p.ptrace \
        sh -c 'ulimit -t 5; kill -TERM $PPID; while :; do :; done' &&
        [ -s p.ptrace ]
}
check 'the launcher terminated: so is the program, and its trace is written' \
    passes_on

check 'few events: names the cure' says 'PYTHONMALLOC' record -o t.ptrace true
check 'a script: names what it became' \
    says "replaced by 'ls'" record -o t.ptrace sh -c 'exec ls'
check 'quiet is quiet' no says . record -q -o t.ptrace true 2>/dev/null
if echo 'int main(void) { return 0; }' >static.c &&
    ${CC:-cc} -static -o static static.c 2>/dev/null; then
    check 'a static program runs, and we say why nothing was recorded' \
        says 'statically linked' ends_with 0 record -o t.ptrace ./static
else
    skip 'a static program' 'the compiler cannot make one'
fi

# Limits.  Each time the program has to end as it would alone.
small_files() {
    (ulimit -f 400 && says 'recording stopped.*File too large' \
        ends_with 0 record -o t.ptrace "$victim" many)
}
check 'a limit on the size of files stops the recording only' small_files
little_memory() {
    (ulimit -v 40000 && ends_with 0 record -q -o t.ptrace "$victim" many)
}
check 'a limit on memory' little_memory
few_files() {
    (ulimit -n 16 && ends_with 0 record -q -o t.ptrace "$victim" many)
}
check 'a limit on open files' few_files
mkdir small
full_disk() {
    says 'recording stopped.*No space left' ends_with 4 on_full_disk &&
        [ "$(wc -l <told)" = 199936 ]
}
on_full_disk() {
    unshare -rm sh -c 'mount -t tmpfs -o size=400k none small && exec "$@"' \
        sh "$top/polished-record" -o small/t.ptrace "$victim" many 3>told
}
if unshare -rm mount -t tmpfs none small 2>/dev/null; then
    check 'a full disk stops the recording only' full_disk
else
    skip 'a full disk' 'mount needs a namespace, which we may not have'
fi

# Other processes.
follows() {
    rm -f f.*
    record -q -f -o f.ptrace sh -c 'ls >/dev/null; exec ls' >out &&
        [ "$(ls f.*-ls.ptrace | wc -l)" = 2 ] && [ -s f.ptrace ]
}
check '--follow-children records children and what replaces the program' \
    follows
alone() {
    rm -f f.*
    record -q -o f.ptrace sh -c 'ls >/dev/null; exec ls' >out &&
        [ "$(echo f.*)" = f.ptrace ]
}
follows_forks() {
    rm -f f.*
    record -q -f -o f.ptrace "$victim" fork &&
        [ "$(ls f.*-victim.ptrace | wc -l)" = 20 ] &&
        "$top/polished-trace" convert f.7-victim.ptrace f.jsonl &&
        [ "$(grep -c '"size":2222[,}]' f.jsonl)" = 5000 ]
}
check '--follow-children records what forks do' follows_forks
check '... and without it there is one trace' alone
mkfifo fifo
orphan() {
    rm -f k.*
    record -q -o k.ptrace sh -c 'kill -9 $PPID; echo "$(ls /)" >fifo' &
    cat fifo >out
    wait $!
    [ "$(echo k.*)" != 'k.*' ] && [ ! -e k.ptrace ]
}
check 'the launcher killed: the recording stays' orphan
readable() {
    "$top/polished-trace" convert --to jsonl k.ptrace.raw-* >k.jsonl &&
        grep -q alloc k.jsonl
}
check '... and can be read' readable
finish
