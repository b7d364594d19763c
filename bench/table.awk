# table.awk - from the lines of bench_count and bench_policies (two files) to
# a table, as form says: markdown, json or svg.
#
#     awk -v form=json -f table.awk kind=counts FILE kind=times FILE
BEGIN {
    FS = "\t"
    honest = 20000 # shorter traces are learned by heart by the processor
}

kind == "counts" {
    instructions[$1, $2] = $3
    worst[$1, $2] = $4
    next
}

{
    if (!($1 in operations)) {
        traces[++trace_count] = $1
        operations[$1] = $2
        peak[$1] = $3
    }
    key = $4
    if (!(key in seen)) {
        seen[key] = 1
        rivals[++rival_count] = key
    }
    form_of[$1, key, $5] = 1
    least[$1, key, $5] = $6
    median[$1, key, $5] = $7
    if ($8 > 0)
        heap[$1, key] = $8
}

# The usual binding of a rival: static, or a malloc's.
function binding(trace, rival) {
    return (trace, rival, "malloc") in least ? "malloc" : "static"
}

function number(set, key, places) {
    return key in set ? sprintf("%." places "f", set[key]) : ""
}

function ratio(trace, rival) {
    if ((trace, rival) in heap)
        return sprintf("%.3f", heap[trace, rival] / peak[trace])
    return ""
}

# Geometric means over the traces that a rival served.
function summarize(rival, from,    i, trace, bound, n, m, logs, memory) {
    n = m = logs = memory = 0
    for (i = 1; i <= trace_count; i++) {
        trace = traces[i]
        bound = binding(trace, rival)
        if (!((trace, rival, bound) in least) || operations[trace] < from)
            continue
        logs += log(least[trace, rival, bound])
        n++
        if ((trace, rival) in heap) {
            memory += log(heap[trace, rival] / peak[trace])
            m++
        }
    }
    mean_count = n
    mean_ns = n ? exp(logs / n) : 0
    mean_ratio = m ? exp(memory / m) : 0
}

function markdown(    i, j, trace, rival, bound) {
    print "Geometric means over the traces that each served; ns an operation,"
    print "bound at compile time, least of the rounds; smallest heap over peak"
    print "live bytes.\n"
    print "| allocator | traces | ns | ratio | traces of " honest \
        " operations and more | ns | ratio |"
    print "|---|---|---|---|---|---|---|"
    for (j = 1; j <= rival_count; j++) {
        summarize(rivals[j], 0)
        printf "| %s | %d | %.2f | %s ", rivals[j], mean_count, mean_ns,
            mean_ratio ? sprintf("%.3f", mean_ratio) : ""
        summarize(rivals[j], honest)
        printf "| %d | %s | %s |\n", mean_count,
            mean_count ? sprintf("%.2f", mean_ns) : "",
            mean_ratio ? sprintf("%.3f", mean_ratio) : ""
    }
    for (i = 1; i <= trace_count; i++) {
        trace = traces[i]
        printf "\n## %s: %d operations, at most %d bytes live\n\n", trace,
            operations[trace], peak[trace]
        print "| allocator | ns static, least | median | ns row, least " \
            "| median | instructions | worst call | heap / peak |"
        print "|---|---|---|---|---|---|---|---|"
        for (j = 1; j <= rival_count; j++) {
            rival = rivals[j]
            bound = binding(trace, rival)
            if (!((trace, rival, bound) in least))
                continue
            printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", rival,
                number(least, trace SUBSEP rival SUBSEP bound, 2),
                number(median, trace SUBSEP rival SUBSEP bound, 2),
                number(least, trace SUBSEP rival SUBSEP "row", 2),
                number(median, trace SUBSEP rival SUBSEP "row", 2),
                number(instructions, trace SUBSEP rival, 1),
                number(worst, trace SUBSEP rival, 0),
                ratio(trace, rival)
        }
    }
}

function member(name, set, key) {
    if (key in set)
        printf ", \"%s\": %s", name, set[key]
}

function json(    i, j, trace, rival, comma) {
    printf "{\"format\": \"polished-bench\", \"version\": 1, \"rows\": ["
    for (i = 1; i <= trace_count; i++)
        for (j = 1; j <= rival_count; j++) {
            trace = traces[i]
            rival = rivals[j]
            if (!((trace, rival, binding(trace, rival)) in least))
                continue
            printf "%s\n{\"trace\": \"%s\", \"operations\": %d, " \
                "\"peak_live_bytes\": %d, \"allocator\": \"%s\"", comma,
                trace, operations[trace], peak[trace], rival
            member("static_ns_least", least, trace SUBSEP rival SUBSEP "static")
            member("static_ns_median", median,
                trace SUBSEP rival SUBSEP "static")
            member("row_ns_least", least, trace SUBSEP rival SUBSEP "row")
            member("row_ns_median", median, trace SUBSEP rival SUBSEP "row")
            member("malloc_ns_least", least, trace SUBSEP rival SUBSEP "malloc")
            member("malloc_ns_median", median,
                trace SUBSEP rival SUBSEP "malloc")
            member("instructions", instructions, trace SUBSEP rival)
            member("worst_instructions", worst, trace SUBSEP rival)
            member("smallest_heap_bytes", heap, trace SUBSEP rival)
            printf "}"
            comma = ","
        }
    print "\n]}"
}

# Memory to the right, time upwards by its logarithm: best is at the lower
# left.  Who has no memory to show stands at the right edge.
function svg(    j, x, y) {
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" " \
        "height=\"480\" font-family=\"sans-serif\" font-size=\"11\">"
    print "<rect width=\"800\" height=\"480\" fill=\"white\"/>"
    print "<path d=\"M60 20V430H720\" fill=\"none\" stroke=\"black\"/>"
    print "<text x=\"250\" y=\"468\">smallest heap over peak live bytes</text>"
    print "<text x=\"20\" y=\"14\">ns an operation</text>"
    for (j = 0; j <= 5; j++) {
        x = 60 + j * 120
        printf "<text x=\"%d\" y=\"446\">%.1f</text>\n", x, 1 + j * 0.2
        printf "<path d=\"M%d 430v5\" stroke=\"black\"/>\n", x
    }
    for (j = 1; j <= 1000; j *= 2) {
        y = 430 - log(j) / log(1000) * 400
        printf "<text x=\"28\" y=\"%d\">%d</text>\n", y + 4, j
        printf "<path d=\"M55 %dh5\" stroke=\"black\"/>\n", y
    }
    for (j = 1; j <= rival_count; j++) {
        summarize(rivals[j], honest)
        if (!mean_count)
            continue
        x = 60 + (mean_ratio - 1) * 600
        if (mean_ratio == 0 || x > 690)
            x = 690
        y = 430 - log(mean_ns < 1 ? 1 : mean_ns) / log(1000) * 400
        printf "<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"%s\"/>" \
            "<text x=\"%d\" y=\"%d\">%s</text>\n", x, y,
            mean_ratio ? "#1f5fa8" : "#999", x + 6, y + (j % 2 ? -5 : 13),
            rivals[j]
    }
    print "</svg>"
}

END {
    if (form == "json")
        json()
    else if (form == "svg")
        svg()
    else
        markdown()
}
