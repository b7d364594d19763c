# tap.sh - sourced by the gates: results in TAP, numbered as they come.
#
#   result NAME [COMPLAINT]   ok unless there is a complaint
#   skip NAME REASON          the machine cannot do this one
#   finish                    the plan; last of all
set -u
: "${srcdir:=.}" "${CC:=cc}" "${NM:=nm}"
count=0
failed=0

result() {
    count=$((count + 1))
    if [ -z "${2-}" ]; then
        echo "ok $count - $1"
    else
        echo "not ok $count - $1"
        printf '%s\n' "$2" | sed 's/^/# /'
        failed=1
    fi
}

skip() {
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
}

finish() {
    echo "1..$count"
    exit $failed
}
