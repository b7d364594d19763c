# Compare a trace (JSON Lines) with what the victim told, event by event:
#     awk -f expect.awk -v tale_file=FILE TRACE
# Names of blocks are the victim's, ids the trace's: each name has its id.
function member(line, key)
{
    if (!match(line, "\"" key "\": *[a-z0-9\"]+"))
        return ""
    line = substr(line, RSTART, RLENGTH)
    sub(/^[^:]*: */, "", line)
    gsub(/"/, "", line)
    return line
}
function complain(what)
{
    printf "# event %d: told '%s', recorded '%s': %s\n", seen, told, $0, what
    failed = 1
    exit 1
}
BEGIN {
    while ((getline line < tale_file) > 0)
        tale[++tales] = line
}
member($0, "op") == "" { next }
!marked { # the mark, and its free
    if (member($0, "size") == 777777)
        mark = member($0, "id")
    else if (mark != "" && member($0, "op") == "free" &&
             member($0, "id") == mark)
        marked = 1
    next
}
{
    told = tale[++seen]
    split(told, word, " ")
    if (member($0, "op") != word[1])
        complain("another event")
    if (word[1] == "alloc")
        id[word[2]] = member($0, "id")
    if (id[word[2]] != member($0, "id"))
        complain("another block")
    if (word[1] != "free" && member($0, "size") != word[3])
        complain("another size")
    if (word[1] == "alloc" && member($0, "align") + 0 != word[4])
        complain("another alignment")
    if (word[1] == "alloc" && (member($0, "zero") == "true") != word[5])
        complain("zero or not")
}
END {
    if (!failed && seen != tales) {
        printf "# %d events told, %d recorded\n", tales, seen
        failed = 1
    }
    exit failed
}
