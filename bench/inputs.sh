# More inputs for the programs that bench/workloads.sh records; those of
# traces/inputs.sh, which it reads first, are made by the same generator of
# numbers.  Each writes to standard output, and says by a number how much.

make_words() { # lines
    awk -v lines="$1" "$random"'
    BEGIN {
        for (i = 0; i < lines; i++) {
            count = 3 + random(12)
            for (w = 0; w < count; w++)
                printf "%s%s%d", (w ? " " : ""),
                       substr("tunnelwindbladesmoke", 1 + random(14),
                              2 + random(5)), random(70) * random(70)
            print ""
        }
    }'
}

make_xml() { # records
    awk -v most="$1" "$random"'
    BEGIN {
        print "<?xml version=\"1.0\"?>\n<library>"
        for (i = 0; i < most; i++) {
            printf "<book id=\"b%d\" lent=\"%d\"><title>Volume %d</title>", i,
                   random(90), random(9999)
            n = 1 + random(3)
            for (a = 0; a < n; a++)
                printf "<author>name%d</author>", random(400)
            printf "<note>It was %d, &lt;%d&gt;.</note></book>\n", random(999),
                   random(99)
        }
        print "</library>"
    }'
}

# Templates and containers, for a compiler of C++.
make_cxx() { # classes
    awk -v most="$1" "$random"'
    BEGIN {
        print "#include <map>\n#include <string>\n#include <vector>"
        print "#include <algorithm>"
        print "template <class T, int N> struct box {"
        print "    std::vector<T> items; std::map<std::string, T> names;"
        print "    T sum(T x) const { for (auto &i : items) x += i * N;"
        print "        return x; }"
        print "};"
        for (i = 0; i < most; i++) {
            printf "struct type%d : box<%s, %d> {\n", i,
                   (i % 3 ? "long" : "double"), 1 + random(9)
            printf "    long turn(long x) { items.push_back(x + %d);\n",
                   random(99)
            print "        std::sort(items.begin(), items.end());"
            printf "        names[std::to_string(x %% %d)] = x;\n", 2 + random(9)
            printf "        return (long)sum(%d); }\n};\n", random(9)
        }
        printf "long all(long x) {\n    long s = 0;\n"
        for (i = 0; i < most; i++)
            printf "    { type%d t; s += t.turn(x + %d); }\n", i, i
        print "    return s;\n}"
    }'
}

make_makefile() { # rules
    awk -v most="$1" "$random"'
    BEGIN {
        print "all: t0\nname = part$(1)-$(subst 1,one,$(1))"
        for (i = 0; i < most; i++) {
            printf "objects%d = $(patsubst %%.c,%%.o,a%d.c b%d.c c%d.c)\n", i,
                   i, i, random(most)
            printf "t%d:", i
            for (n = 0; n < 4 && i + 1 < most; n++)
                printf " t%d", i + 1 + random(most - i - 1)
            printf "\n\t@echo $(call name,%d) $(objects%d)\n", random(99), i
        }
    }'
}

make_cmake() { # turns
    echo "set(turns $1)"
    cat <<'CMAKE'
set(all "")
foreach(i RANGE ${turns})
    math(EXPR x "${i} * 7919 % 1009")
    list(APPEND all "part${x}")
    string(REGEX REPLACE "([0-9])([0-9])" "\\2-\\1" turned "part${x}")
    set(value_${x} "${turned}")
endforeach()
list(SORT all)
list(REMOVE_DUPLICATES all)
foreach(name ${all})
    string(TOUPPER "${name}" big)
    if(big MATCHES "PART(1|2)")
        list(APPEND found "${big}")
    endif()
endforeach()
list(LENGTH found count)
message("${count}")
CMAKE
}

make_bash() { # turns
    echo "turns=$1"
    cat <<'BASH'
declare -A seen
lines=()
for ((i = 0; i < turns; i++)); do
    x=$((i * 7919 % 1009))
    seen[w$x]+=" $i"
    lines+=("${x/1/one}-${i%3}")
done
for key in "${!seen[@]}"; do
    set -- ${seen[$key]}
    [[ $key =~ ^w([0-9]+)$ ]] && out+="${BASH_REMATCH[1]}:$#,"
done
echo "${#out} ${#lines[@]}"
BASH
}

# A parser and an interpreter of sums: objects that live and die in trees.
make_python_trees() { # turns
    echo "turns = $1"
    cat <<'PYTHON'
class Node:
    def __init__(self, sign, left, right):
        self.sign, self.left, self.right = sign, left, right

    def value(self, names):
        left, right = self.left, self.right
        left = names[left] if isinstance(left, str) else left.value(names)
        right = names[right] if isinstance(right, str) else right.value(names)
        return left + right if self.sign == "+" else left * right % 10007


def parse(tokens):
    if tokens[0] != "(":
        return tokens[0], tokens[1:]
    left, rest = parse(tokens[1:])
    right, after = parse(rest[1:])
    return Node(rest[0], left, right), after[1:]


def write(depth, seed):
    if depth == 0:
        return "n%d" % (seed % 17)
    return "(%s%s%s)" % (write(depth - 1, seed * 3 + 1), "+*"[seed % 2],
                         write(depth - 1 - seed % 2 * (depth > 1), seed * 5))


names = {"n%d" % i: i * i + 1 for i in range(17)}
cache = {}
for turn in range(turns):
    text = write(3 + turn % 4, turn)
    tokens = text.replace("(", "( ").replace(")", " )")
    tokens = tokens.replace("+", " + ").replace("*", " * ").split()
    tree, rest = parse(tokens)
    cache[turn % 50] = (tree, tree.value(names))
print(sum(value for tree, value in cache.values()))
PYTHON
}

make_python_records() {
    cat <<'PYTHON'
import sys, json
items = json.load(open(sys.argv[1]))
by_tag = {}
for item in items:
    for tag in item["tags"]:
        by_tag.setdefault(tag, []).append(item)
rows = [{"tag": tag, "count": len(found),
         "mean": sum(item["price"] for item in found) / len(found),
         "names": sorted(item["name"] for item in found)[:5]}
        for tag, found in by_tag.items()]
print(len(json.dumps(sorted(rows, key=lambda row: row["tag"]), indent=1)))
PYTHON
}

make_lua_text() { # turns
    echo "local turns = $1"
    cat <<'LUA'
local words, out = {}, {}
for i = 1, turns do
    local key = ("w%d"):format(i * 7919 % 1009)
    words[key] = words[key] or {}
    table.insert(words[key], { at = i, text = key:rep(i % 5):gsub("1", "one") })
end
for key, found in pairs(words) do
    table.sort(found, function(a, b) return a.at > b.at end)
    out[#out + 1] = key .. "=" .. #found .. ":" .. found[1].text
end
table.sort(out)
print(#table.concat(out, "\n"))
LUA
}

make_perl_tree() { # turns
    echo "my \$turns = $1;"
    cat <<'PERL'
my %tree;
for my $i (1 .. $turns) {
    my @path = split //, sprintf '%05d', $i * 7919 % 99991;
    my $at = \%tree;
    $at = $at->{$_} ||= {} for @path;
    push @{ $at->{found} }, { number => $i, text => join '-', reverse @path };
    if ($i % 3 == 0) {
        delete $tree{ $path[0] }{ $path[1] };
    }
}
sub count {
    my ($at) = @_;
    my $sum = 0;
    for my $key (sort keys %$at) {
        $sum += $key eq 'found' ? @{ $at->{found} } : count($at->{$key});
    }
    return $sum;
}
print count(\%tree), "\n";
PERL
}

# What a data base is asked: joins, sorts, windows, texts and JSON.
make_queries() { # turns
    awk -v turns="$1" "$random"'
    BEGIN {
        for (i = 0; i < turns; i++) {
            printf "select upper(name) || %d, town from person where born > %d",
                   i, 1900 + random(120)
            print " order by name desc limit 30;"
            printf "select json_group_array(what) from visit where day = %d;\n",
                   random(365)
            printf "with recursive n(x) as (select 1 union all select x + 1"
            printf " from n where x < %d) select sum(x * %d), count(*) from n",
                   20 + random(50), random(9)
            print " join person on id = x;"
            printf "select town, born, rank() over (partition by town order by"
            printf " born) from person where id %% 40 = %d;\n", random(40)
        }
    }'
}

make_bc() { # turns
    echo "turns = $1"
    cat <<'BC'
scale = 60
define s(x) { auto e, t, n; e = t = x; for (n = 3; n < 41; n += 2) {
    t = -t * x * x / (n * (n - 1)); e += t }; return (e) }
for (i = 1; i <= turns; i++) { a[i] = s(i / turns) * sqrt(i) + 3 ^ i % 1009 }
x = 0
for (i = 1; i <= turns; i++) x += a[i]
x
BC
}

make_roff() { # paragraphs
    awk -v most="$1" "$random"'
    BEGIN {
        print ".TH TUNNEL 1\n.SH NAME\ntunnel \\- wind"
        for (i = 0; i < most; i++) {
            if (i % 9 == 0)
                printf ".SH PART %d\n", i
            printf ".TP\n.B word%d\n", random(1000)
            n = 5 + random(40)
            for (w = 0; w < n; w++)
                printf "%swind%d", (w ? " " : ""), random(500)
            printf "\n.I italic%d\nand more.\n", i
        }
    }'
}

make_ed() { # turns, for vim -es
    awk -v turns="$1" "$random"'
    BEGIN {
        for (i = 0; i < turns; i++) {
            printf "silent! %d,%ds/wind\\([0-9]*\\)/\\1gust/g\n", 1 + random(500),
                   501 + random(500)
            printf "silent! g/smoke%d/m%d\n", random(10), random(900)
            printf "let x%d = map(range(%d), \"v:val * 3\")\n", i, random(300)
        }
        print "wq!"
    }'
}
