#!/bin/sh
# A room includes only what stands above it in the house.
. "${srcdir:-.}/tests/gates/tap.sh"

# The house from the top down, and with it who stands above whom.
rooms="include core alloc host trace measure sim search report cli recorder"

# The rooms that a room may include, besides itself: those above it.
allowed() {
    case $1 in
    host) echo polished ;;
    report) echo "polished measure sim" ;;
    recorder) echo "polished trace" ;;
    *)
        for room in $rooms; do
            [ "$room" = "$1" ] && return
            [ "$room" = include ] && echo polished || echo "$room"
        done | tr '\n' ' ' ;;
    esac
}

# What of a room another one may see, where that is not all of it.
exception() {
    case $1:$2 in
    *:polished/*) echo yes ;;
    report:sim/result.h | report:measure/*) echo yes ;;
    report:*) echo no ;;
    recorder:trace/event.h | recorder:trace/wire.h) echo yes ;;
    recorder:*) echo no ;;
    *) echo yes ;;
    esac
}

# The complaints about one file of a room.
complain() {
    mine=$1
    file=$2
    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' \
        "$file" | while read -r name; do
        from=${name%%/*}
        [ "$from" = "$mine" ] && continue
        case $name in */*) ;; *)
            [ -f "$(dirname "$file")/$name" ] || [ "$name" = config.h ] ||
                echo "$file: \"$name\" names no room"
            case $mine:$name in core:config.h | alloc:config.h)
                echo "$file: $mine must not know config.h" ;;
            esac
            continue ;;
        esac
        case " $(allowed "$mine") " in
        *" $from "*)
            [ "$(exception "$mine" "$name")" = yes ] ||
                echo "$file: $mine may not see $name" ;;
        *) [ "$mine:$from" = include:polished ] ||
            echo "$file: $mine -> $from" ;;
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

for room in $rooms; do
    folder=$srcdir/src/$room
    [ "$room" = include ] && folder=$srcdir/include
    [ -d "$folder" ] || continue
    complaints=$(find "$folder" -name '*.[ch]' -o -name '*.def' | sort |
        while read -r file; do complain "$room" "$file"; done)
    result "$room includes only what stands above it" "$complaints"
done

complaints=$(for folder in "$srcdir"/src/*/; do
    room=$(basename "$folder")
    case " $rooms " in *" $room "*) ;; *)
        echo "src/$room is no room of the house" ;;
    esac
done)
result "every folder is a room" "$complaints"
finish
