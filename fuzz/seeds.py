#!/usr/bin/env python3
"""Write the seeds of every fuzz target into fuzz/corpus, from the traces and
from tables: seeds.py [POLISHED_TRACE].  A file is named after its content, so
what fuzzers have found since stays beside them."""
import hashlib
import json
import os
import random
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TRACES = os.path.join(os.path.dirname(HERE), "traces")
TOOL = sys.argv[1] if len(sys.argv) > 1 else "./polished-trace"


def keep(target, content):
    folder = os.path.join(HERE, "corpus", target)
    os.makedirs(folder, exist_ok=True)
    name = hashlib.sha1(content).hexdigest()[:16]
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


# Records, as src/sim/operation_decode.c takes them apart.
def record(which, variant, middle, code):
    return struct.pack("<BBH", which | variant << 5, middle, code)


def alloc(code, align=2, owner=0):
    return record(0, owner, align, code)


def free(pick, told=0):
    return record(12, 0, pick | told << 7, 0)


def resize(pick, code, told=1):
    return record(18, 0, pick | told << 7, code)


def small(size):
    return size & 0xfff | 4 << 12


LARGEST, DATA, MOST = 9 << 12, 6 << 12, 7 << 12
SETUPS = [bytes([form, number, skew, room, knobs, 0, knobs, 0])
          for form, number, skew, room, knobs in [
              (1, 31, 0, 0, 0x55), (1, 200, 8, 4, 0x55), (3, 60, 3, 1, 0),
              (4, 30, 16, 0, 0xaa), (2, 9, 1, 9, 0xff), (6, 77, 0, 127, 0x55)]]


def programs():
    fill = b"".join(alloc(small(24 + 40 * (i % 5))) for i in range(12))
    holes = b"".join(free(i) for i in range(0, 6))
    yield fill + holes + alloc(small(100)) + alloc(LARGEST + 4)
    yield fill + b"".join(free(0, 1) for _ in range(12))
    yield fill + b"".join(free(11 - i) for i in range(12)) + alloc(LARGEST + 4)
    yield fill + resize(5, small(200)) + resize(11, small(1)) + \
        resize(0, LARGEST + 4) + resize(3, MOST)
    # A wrap of size and alignment, and of each alone.
    yield alloc(MOST, 176 + 12) + alloc(MOST + 7) + alloc(DATA + 4, 239) + \
        alloc(DATA + 5) + alloc(small(4093), 6) + alloc(small(4096), 6)
    # Exactly the largest, one more and one less, full and empty.
    yield alloc(LARGEST + 4) + alloc(LARGEST + 5) + free(0) + \
        alloc(LARGEST + 3) + alloc(LARGEST + 4)
    # All kinds of misuse.
    yield fill + b"".join(record(which, variant, 3, 16 + 8 * variant)
                          for which in range(26, 31) for variant in range(8))
    yield fill + free(4) + record(27, 0, 0, 0) + record(28, 1, 0, small(1)) + \
        free(2) + record(28, 1, 0, small(2))
    # Reserve, extend, marks, owners, the end of all.
    yield b"".join(record(22, 0, 16 * i, small(48)) for i in range(12)) + \
        free(3) + free(5) + alloc(LARGEST + 4)
    yield fill + record(23, 0, 0, small(7)) + record(23, 0, 0, small(64)) + \
        alloc(LARGEST + 4) + record(23, 0, 0, MOST)
    yield alloc(small(9)) + record(24, 0, 0, 0) + fill + \
        record(24, 1, 128, 0) + record(24, 1, 240, 1) + alloc(small(9))
    yield b"".join(alloc(small(60), 2, i % 8) for i in range(16)) + \
        record(25, 3, 0, 0) + record(24, 2, 1, small(1)) + \
        record(30, 6, 0x40, 0) + record(25, 7, 0, 0) + fill
    # Limits of address.
    yield b"".join(record(10, below, align << 4 | boundary, small(100) | 48)
                   for below in range(8)
                   for align, boundary in ((0, 0), (4, 8), (6, 12)))
    # Twenty frees in a row; grow twice; fail thrice, then align.
    yield b"".join(alloc(small(16)) for _ in range(48)) + \
        b"".join(free(i % 7) for i in range(40)) + alloc(LARGEST + 4)
    yield alloc(small(16)) * 2 + resize(1, small(40)) + resize(1, small(90)) + \
        alloc(0) + alloc(MOST) * 3 + alloc(small(64), 128 + 8)


def lives():
    for setup in SETUPS[:3]:
        for program in programs():
            yield setup + program
    numbers = random.Random(1)
    for setup in SETUPS:
        yield setup + numbers.randbytes(4 * 160)


def heaps():
    for life in lives():
        keep("alloc", life)
    # The least regions there are, each with its residue.
    for size in range(0, 64, 9):
        keep("alloc", bytes([0, size, size, 0, 0x55, 0, 0, 0]) +
             alloc(1) + alloc(LARGEST + 4) + free(0))
    for policy, life in enumerate(list(lives())[::3]):
        keep("corrupt", life[:7] + bytes([policy % 18]) + life[8:] +
             bytes([policy * 37 & 255, policy & 3, 0, 0]))
    numbers = random.Random(2)
    for count in (3, 30, 120, 400):
        keep("diff", numbers.randbytes(count))
    keep("map", bytes([12, 0, 1, 0, 0, 0x10]) + bytes([8, 1, 0, 0, 8, 0]))
    for count in (10, 40, 150):
        keep("map", numbers.randbytes(count))


def trace_pieces():
    """Whole traces of a few events from the large ones."""
    for name in sorted(os.listdir(TRACES)):
        if not name.endswith(".json"):
            continue
        with open(os.path.join(TRACES, name), encoding="utf-8") as file:
            trace = json.load(file)
        del trace["events"][14:]
        yield json.dumps(trace)
    everything = [
        {"op": "alloc", "id": 1, "size": 64, "align": 64, "zero": True,
         "site": "main.c:3", "thread": 2, "time": 10},
        {"op": "realloc", "id": 1, "size": 128, "delta": 8, "claim": 7},
        {"op": "alloc", "id": "0xFFFFFFFFFFFFFFFF", "below": "0x1000000",
         "size": 2 ** 64 - 1, "boundary": 65536, "heap": 7},
        {"op": "free", "id": 1, "delta": -8}, {"op": "destroy", "heap": 7},
        {"op": "mark", "label": "\u00e9\U0001f600"},
        {"op": "rewind", "label": "\u00e9\U0001f600"},
        {"op": "extend", "size": 64},
        {"op": "extra", "name": "trim", "a": 1, "b": 2}, {"op": "reset"}]
    yield json.dumps({"spec": "slab:pages=(buddy)", "events": everything})


def convert(text, form):
    done = subprocess.run([TOOL, "convert", "--misuse", "--to", form, "-", "-"],
                          input=text.encode(), capture_output=True)
    return done.stdout if done.returncode == 0 else b""


def traces():
    for text in trace_pieces():
        keep("json", text.encode())
        keep("roundtrip", text.encode())
        for form in ("jsonl", "ptrace", "rep", "memory_replay", "packing"):
            content = convert(text, form.replace("_", "-"))
            if content:
                keep("trace", content)
                keep("roundtrip", content)
    for text in ('{"events":[]}', '{"events":[{"op":"free","id":1e3}]}',
                 '{"name":"\\ud83d","events":[', '[1,{"a":null}]'):
        keep("json", text.encode())
    for text in ("1\n3\n5\n64\na 0 40\nr 0 80\nf 0\n",
                 "7: malloc 0xb4827400 48\n7: calloc 0xb4827800 4 16\n"
                 "9: realloc 0xb4827c00 0xb4827400 96\n7: free 0xb4827800\n"
                 "9: memalign 0xb4828000 64 100\n9: thread_done 0x0\n",
                 "id,lower,upper,size,offset\nb1,0,3,4,0\nb2,3,9,4,4\n"):
        keep("trace", text.encode())


def words():
    for line in ("-f --number 3 --size 64K trace.json", "--level=hihg x",
                 "-a slab:pages=(buddy:grain_bytes=4096) -- --flag", "--help",
                 "-n9 -s0x10 -t text -a best-fit -a user", "--numbr 1",
                 "18446744073709551616T", "--level", "-afirst-fit,x=1"):
        keep("cli", "\n".join(line.split(" ")).encode())


heaps()
traces()
words()
