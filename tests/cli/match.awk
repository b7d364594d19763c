# Does the text in the second file look as the first one says?  There, ... in
# a line stands for any characters, and a line of ... alone for any lines.
function pattern(line, at, made) {
    made = ""
    while ((at = index(line, "...")) > 0) {
        made = made quoted(substr(line, 1, at - 1)) ".*"
        line = substr(line, at + 3)
    }
    return "^" made quoted(line) "$"
}

function quoted(text) {
    gsub(/[][\\.^$*+?(){}|]/, "\\\\&", text)
    return text
}

# wanted[w...] against found[f...]
function matches(w, f) {
    for (; w <= wanted_count; w++) {
        if (wanted[w] == "...") {
            for (; f <= found_count + 1; f++)
                if (matches(w + 1, f))
                    return 1
            return 0
        }
        if (f > found_count || found[f++] !~ pattern(wanted[w]))
            return 0
    }
    return f > found_count
}

FILENAME == ARGV[1] { wanted[++wanted_count] = $0; next }
{ found[++found_count] = $0 }
END { exit !matches(1, 1) }
