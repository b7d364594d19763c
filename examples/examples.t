#!/bin/sh
# What the examples print.
srcdir=${srcdir:-.}
exec sh "$srcdir/tests/cli/run.t" "$srcdir/examples/examples.case"
