# The examples of a document as cases (tests/cli/run.t): what stands between
# ```console and ```, each behind the heading that it belongs to.
/^#+ / { title = $0; sub(/^#+ /, "", title); next }
/^```console$/ { inside = 1; print "# " title " (" FILENAME ")"; next }
/^```$/ { inside = 0; print ""; next }
inside && /^\$ / { gsub(/traces\/[a-z-]+\.(json|ptrace)/, "\"$srcdir\"/&") }
inside && /^[$] / { print; next }
inside { print ($0 == "" ? ">" : "> " $0) }
