#!/bin/sh
# Mallocs that are plug-ins, good ones and evil ones.
srcdir=${srcdir:-.}
exec sh "$srcdir/tests/cli/run.t" "$srcdir/tests/plugins/malloc.case"
