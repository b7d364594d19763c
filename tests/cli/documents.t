#!/bin/sh
# Every example of the documents, as it stands there.
srcdir=${srcdir:-.}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
(cd "$srcdir" && awk -f tests/cli/examples.awk docs/metrics.md) \
    >"$work/documents.case" || exit 99
sh "$srcdir/tests/cli/run.t" "$work/documents.case"
