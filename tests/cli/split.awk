# Split FILE.case into one file per part of each case: DIR/N.name, .run, .in,
# .out, .err, .exit.  What the lines of a case mean: tests/cli/run.t.
function part(suffix, text) {
    print text > (dir "/" count "." suffix)
}

function begin() {
    count++
    printf "" > (dir "/" count ".run")
    printf "" > (dir "/" count ".in")
    printf "" > (dir "/" count ".out")
    printf "" > (dir "/" count ".err")
    part("exit", 0)
    close(dir "/" count ".exit")
    part("name", title)
}

/^# / { title = substr($0, 3); fresh = 1; next }
/^\$ / { if (fresh) begin(); fresh = 0; part("run", substr($0, 3)); next }
/^</ { part("in", substr($0, 3)); next }
/^>/ { part("out", substr($0, 3)); next }
/^!/ { part("err", substr($0, 3)); next }
/^= / { part("exit", substr($0, 3)); next }
/^$/ { next }
{ printf "%s:%d: what is this line?\n", FILENAME, FNR > "/dev/stderr"; bad = 1 }
END { print count; exit bad }
