# The documents.
EXTRA_DIST += docs/trace-format.md docs/trace.schema.json
