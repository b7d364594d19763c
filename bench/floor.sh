#!/bin/sh
# What no placement can go below: the peak of the blocks that are alive, each
# with its head and rounded up, over the peak of live bytes; geometric means
# over the traces.
#
#     bench/floor.sh TRACE...
#
# A block of so many bytes is rounded up to a multiple of "step" with "head"
# bytes before it, and has at least "least".  What a policy with such blocks
# needs beyond that, it loses by where it puts them, and for control.  Traces
# that end many blocks at once (destroy, rewind, reset) are refused.
set -eu

[ $# -gt 0 ] || {
    echo "usage: bench/floor.sh TRACE..." >&2
    exit 2
}
for trace; do
    ./polished-trace convert "$trace" --to jsonl -o - || exit
done | awk -v wanted=$# '
    function value(key) {
        if (!match($0, "\"" key "\":\"?[a-z0-9]+"))
            return ""
        return substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3)
    }
    function block(size, shape,   bytes) {
        bytes = size + head[shape] + step[shape] - 1
        bytes -= bytes % step[shape]
        return bytes < least[shape] ? least[shape] : bytes
    }
    # A block ends, or begins: change is -1 or 1.
    function count(size, change,   shape) {
        for (shape = 0; shape < shapes; shape++) {
            now[shape] += change * block(size, shape)
            if (now[shape] > peak[shape])
                peak[shape] = now[shape]
        }
    }
    function finish(   shape) {
        if (peak[0] > 0) {
            traces++
            for (shape = 0; shape < shapes; shape++)
                sum[shape] += log(peak[shape] / peak[0])
        }
        split("", now)
        split("", peak)
        split("", sizes)
    }
    BEGIN {
        shapes = split("payload|polished 8|polished 16|polished-compact 8|" \
                       "dlmalloc 8|sys_heap 8", names, "|")
        split("0 4 4 0 8 8", heads, " ")
        split("1 8 16 8 8 8", steps, " ")
        split("1 16 16 8 32 16", leasts, " ")
        for (i = 0; i < shapes; i++) {
            head[i] = heads[i + 1]
            step[i] = steps[i + 1]
            least[i] = leasts[i + 1]
        }
    }
    /"format":/ { finish(); next }
    /"op":"(destroy|rewind|reset)"/ {
        print "floor.sh: a trace ends many blocks at once" >"/dev/stderr"
        refused = 1
        exit 1
    }
    {
        id = value("id")
        size = value("size")
        if (id in sizes) {
            count(sizes[id], -1)
            delete sizes[id]
        }
        if (size != "") {
            sizes[id] = size == 0 ? 1 : size
            count(sizes[id], 1)
        }
    }
    END {
        finish()
        if (refused || traces < wanted)
            exit 1
        printf "%-20s %4s %4s %5s  %s\n", "blocks of", "head", "step", "least",
               "geometric mean of " traces
        for (i = 1; i < shapes; i++)
            printf "%-20s %4d %4d %5d  %.4f\n", names[i + 1], head[i], step[i],
                   least[i], exp(sum[i] / traces)
    }'
