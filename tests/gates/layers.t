#!/bin/sh
# A room includes only what stands above it in the house.
. "${srcdir:-.}/tests/gates/tap.sh"

# The rooms that a room may include, besides itself.
allowed() {
    case $1 in
    include) ;;
    core) echo "polished" ;;
    alloc) echo "polished core" ;;
    host) echo "polished" ;;
    trace) echo "polished" ;;
    measure) echo "polished" ;;
    sim) echo "polished host trace measure" ;;
    search) echo "polished host trace measure sim" ;;
    report) echo "polished measure sim" ;;
    cli) echo "polished core host trace measure sim search report" ;;
    recorder) echo "polished trace" ;;
    esac
}

# What of a room another one may see, where that is not all of it.
exception() {
    case $1:$2 in
    *:polished/*) echo yes ;;
    report:sim/result.h | report:measure/metric.h) echo yes ;;
    report:*) echo no ;;
    recorder:trace/event.h | recorder:trace/wire.h) echo yes ;;
    recorder:*) echo no ;;
    *) echo yes ;;
    esac
}

# The complaints about one file of a room.
complain() {
    room=$1
    file=$2
    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' \
        "$file" | while read -r name; do
        from=${name%%/*}
        [ "$from" = "$room" ] && continue
        case $name in */*) ;; *)
            [ -f "$(dirname "$file")/$name" ] || [ "$name" = config.h ] ||
                echo "$file: \"$name\" names no room"
            case $room:$name in core:config.h | alloc:config.h)
                echo "$file: $room must not know config.h" ;;
            esac
            continue ;;
        esac
        case " $(allowed "$room") " in
        *" $from "*)
            [ "$(exception "$room" "$name")" = yes ] ||
                echo "$file: $room may not see $name" ;;
        *) [ "$room:$from" = include:polished ] ||
            echo "$file: $room -> $from" ;;
        esac
    done
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/core"
printf '#include "alloc/fit.h"\n' >"$scratch/core/up.c"
wanted="$scratch/core/up.c: core -> alloc"
[ "$(complain core "$scratch/core/up.c")" = "$wanted" ] && why= ||
    why="an include that points the wrong way was not seen"
result "the gate sees a wrong include" "$why"

for room in include core alloc host trace measure sim search report cli \
    recorder; do
    folder=$srcdir/src/$room
    [ "$room" = include ] && folder=$srcdir/include
    [ -d "$folder" ] || continue
    complaints=$(find "$folder" -name '*.[ch]' -o -name '*.def' | sort |
        while read -r file; do complain "$room" "$file"; done)
    result "$room includes only what stands above it" "$complaints"
done

complaints=$(for folder in "$srcdir"/src/*/; do
    room=$(basename "$folder")
    [ "$room" = core ] || [ -n "$(allowed "$room")" ] ||
        echo "src/$room is no room of the house"
done)
result "every folder is a room" "$complaints"
finish
