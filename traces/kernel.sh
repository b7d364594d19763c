#!/bin/sh
# Write the traces of kernels that kernel.sh makes up: the same each time.
#
#   traces/kernel.sh [FOLDER]      page-faults.json, kernel-frames.json and
#                                  kernel-dma.json, here or in FOLDER
set -eu
cd "${1:-.}"

# One trace: its name, and on standard input what it is and the awk that adds
# its events with make() and drop().  The memory is that of a small PC.
write() {
    name=$1 source=$2 map=$3
    awk -v name="$name" -v source="$source" -v map="$map" '
    function draw(limit) {
        seed = (seed * 16807) % 2147483647
        return seed % limit
    }
    function event(text) {
        printf "%s    {%s}", separator, text
        separator = ",\n"
    }
    function mark(label) { event("\"op\": \"mark\", \"label\": \"" label "\"") }
    function make(size, rest) {
        event("\"op\": \"alloc\", \"id\": " ++ids ", \"size\": " size rest)
        return ids
    }
    function drop(id) { event("\"op\": \"free\", \"id\": " id) }
    function align(bytes) { return ", \"align\": " bytes }
    function below(bus) { return ", \"below\": \"" bus "\"" }
    function boundary(bytes) { return ", \"boundary\": " bytes }
    BEGIN {
        seed = 20240229
        PAGE = 4096
        printf "{\n  \"format\": \"polished-trace\",\n  \"version\": 1,\n"
        printf "  \"name\": \"%s\",\n  \"source\": \"%s\",\n", name, source
        printf "  \"align\": 4096,\n  \"memory\": [\n%s\n  ],\n", map
        printf "  \"events\": [\n"
        '"$(cat)"'
        printf "\n  ]\n}\n"
    }' >"$name.json"
}

# What a firmware says of 32 MiB: out of order, not on pages, overlapping.
firmware='    {"base": "0x0", "size": 654336},
    {"base": "0x9f800", "size": 2048, "reserved": true},
    {"base": "0x100000", "size": 32505856},
    {"base": "0xf0000", "size": 65536, "reserved": true},
    {"base": "0x0", "size": 4096, "reserved": true},
    {"base": "0x100000", "size": 2097152, "reserved": true},
    {"base": "0x1000000", "size": 1050000, "reserved": true},
    {"base": "0x1fe0000", "size": 131072, "reserved": true}'

write page-faults \
    "traces/kernel.sh: single frames come and go as programs start and end" \
    "$firmware" <<'EVENTS'
        for (round = 1; round <= 6; round++) {
            mark("program " round " starts")
            for (i = 0; i < 30; i++)
                mine[round, i] = make(PAGE, ", \"zero\": true")
            if (round < 3)
                continue
            mark("program " round - 2 " ends")
            for (i = 29; i >= 0; i--) {
                j = draw(i + 1)
                drop(mine[round - 2, j])
                mine[round - 2, j] = mine[round - 2, i]
            }
        }
EVENTS

write kernel-frames \
    "traces/kernel.sh: a kernel boots over a map with holes, then runs" \
    "$firmware" <<'EVENTS'
        mark("page tables")
        for (i = 0; i < 24; i++)
            make(PAGE, ", \"zero\": true")
        mark("stacks and per-cpu areas")
        for (i = 0; i < 4; i++) {
            make(4 * PAGE, align(4 * PAGE))
            make(8 * PAGE, "")
        }
        mark("huge pages")
        for (i = 0; i < 5; i++)
            huge[i] = make(512 * PAGE, align(512 * PAGE))
        mark("page cache")
        for (i = 0; i < 90; i++)
            cache[i] = make((1 + draw(16)) * PAGE, "")
        for (i = 0; i < 60; i++) {
            j = draw(90)
            if (cache[j])
                drop(cache[j])
            cache[j] = i % 2 ? 0 : make((1 + draw(24)) * PAGE, "")
        }
        mark("memory is asked back")
        drop(huge[1])
        drop(huge[3])
        for (i = 0; i < 90; i++)
            if (cache[i] && i % 3)
                drop(cache[i])
        mark("huge pages once more")
        make(512 * PAGE, align(512 * PAGE))
        make(512 * PAGE, align(512 * PAGE))
EVENTS

write kernel-dma \
    "traces/kernel.sh: buffers for old and new devices beside those of a kernel" \
    '    {"base": "0x100000", "size": 32505856},
    {"base": "0x800000", "size": 1048576, "reserved": true}' <<'EVENTS'
        mark("the kernel takes memory, wherever it is")
        for (i = 0; i < 40; i++)
            cache[i] = make((8 + draw(120)) * PAGE, "")
        mark("devices are found")
        for (i = 0; i < 8; i++)
            make(16 * PAGE, align(PAGE) below("0x1000000") boundary(65536))
        for (i = 0; i < 12; i++)
            ring[i] = make(4 * PAGE, align(PAGE) below("0x1800000"))
        for (i = 0; i < 12; i++)
            make((1 + draw(6)) * PAGE, boundary(32768))
        mark("traffic")
        for (i = 0; i < 120; i++) {
            j = draw(40)
            drop(cache[j])
            cache[j] = make((8 + draw(150)) * PAGE, "")
            if (i % 10 == 0) {
                j = draw(12)
                drop(ring[j])
                ring[j] = make(4 * PAGE, align(PAGE) below("0x1000000"))
            }
        }
        mark("a sound card wakes up")
        for (i = 0; i < 3; i++)
            make(64 * PAGE, align(32 * PAGE) below("0x600000") boundary(524288))
EVENTS
