# Read by the recorder's tests: TAP, and a directory that goes away again.
# top is where the build is, source where the tests' files are.
top=${builddir:-$(pwd)}
source=$(cd "${srcdir:-.}" && pwd)/tests/unit/recorder
tools=$top/tests/unit/recorder
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99

checks=0
check() { # WHAT COMMAND [ARG...]
    checks=$((checks + 1))
    what=$1
    shift
    if "$@"; then
        echo "ok $checks - $what"
    else
        echo "not ok $checks - $what"
    fi
}
skip() { # WHAT WHY
    checks=$((checks + 1))
    echo "ok $checks - $1 # SKIP $2"
}
finish() {
    echo "1..$checks"
}
record() {
    "$top/polished-record" "$@"
}
no() {
    ! "$@"
}
ends_with() { # STATUS COMMAND [ARG...]
    end=$1
    shift
    "$@"
    status=$?
    [ "$status" = "$end" ] || echo "# status $status, not $end"
    [ "$status" = "$end" ]
}
says() { # PATTERN COMMAND [ARG...]
    pattern=$1
    shift
    "$@" >out 2>err
    said=$?
    grep -q -e "$pattern" err && return $said
    sed 's/^/# /' err
    return 1
}
