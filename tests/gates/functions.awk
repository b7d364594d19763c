# functions.awk - the length of each function, in lines from its head to its
# closing brace: "lines file:line name".  Written for this project's layout:
# a function's body opens and closes with a brace in the first column.
FNR == 1 { start = 0; name = "" }
/^[A-Za-z_].*[(]/ && !/^(typedef|struct|enum|union|extern|else|#)/ && !/;[ \t]*$/ {
    if (!start) {
        start = FNR
        name = $0
        sub(/[(].*/, "", name)
        sub(/.*[ *]/, "", name)
    }
}
/^[A-Za-z_].*;[ \t]*$/ || /^[ \t].*\);[ \t]*$/ { if (!inside) start = 0 }
/^\{/ { if (start) inside = 1 }
/^\}/ {
    if (inside)
        print FNR - start + 1, FILENAME ":" start, name
    inside = 0
    start = 0
}
