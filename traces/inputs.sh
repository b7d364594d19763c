# Inputs for the programs that are recorded and measured, the same each time:
# read by traces/record.sh and bench/bench_record.sh.  Each writes to standard
# output, and says by a number how much.

# A generator of numbers that every awk has: sums stay exact below 2^53.
random='function random(n) {
    seed = (seed * 16807) % 2147483647
    return int(seed / 2147483647 * n)
}
BEGIN { seed = 4711 }'

make_sql() { # rows
    awk -v rows="$1" "$random"'
    BEGIN {
        print "create table person(id integer primary key, name text,"
        print "  town text, born integer);"
        print "create table visit(person integer, day integer, what text);"
        print "create index by_name on person(name);"
        print "begin;"
        for (i = 1; i <= rows; i++) {
            printf "insert into person values(%d, \"name%05d\",", i,
                   random(90000)
            printf " \"town%d\", %d);\n", random(40), 1900 + random(120)
        }
        for (i = 1; i <= rows; i++)
            printf "insert into visit values(%d, %d, \"note %d\");\n",
                   1 + random(rows), random(365), random(1000)
        print "commit;"
        print "create index by_person on visit(person);"
        print "select town, count(*), avg(born) from person group by town;"
        print "select name, count(*) c from person join visit on"
        print "  person = id group by id order by c desc, name limit 20;"
        print "update person set town = upper(town) where born < 1950;"
        print "delete from visit where day % 7 = 0;"
        print "select group_concat(what) from visit where person < 50;"
    }'
}

make_json() { # items
    awk -v items="$1" "$random"'
    BEGIN {
        printf "["
        for (i = 1; i <= items; i++) {
            printf "%s{\"id\":%d,\"name\":\"item %d\",", (i > 1 ? "," : ""), i,
                   random(100000)
            printf "\"price\":%d.%02d,\"tags\":[", random(1000), random(100)
            n = random(5)
            for (t = 1; t <= n; t++)
                printf "%s\"tag%d\"", (t > 1 ? "," : ""), random(50)
            printf "],\"stock\":{\"here\":%d,\"there\":%d}}\n", random(20),
                   random(20)
        }
        print "]"
    }'
}

# A matrix of small functions that call one another, and a table of them.
make_c() { # functions
    awk -v most="$1" "$random"'
    BEGIN {
        print "struct node { struct node *left, *right; long key; };"
        for (i = 0; i < most; i++) {
            printf "static long step%d(struct node *n, long x)\n{\n", i
            print "    long sum = 0;"
            printf "    for (int i = 0; i < %d; i++) {\n", 3 + random(40)
            printf "        if (n->key > x + %d)\n", random(100)
            printf "            n = n->left ? n->left : n->right;\n"
            printf "        else if (n->right)\n            n = n->right;\n"
            printf "        sum += n->key * %d ^ (x << %d);\n", random(99),
                   random(9)
            print "    }"
            if (i > 0)
                printf "    return sum > x ? step%d(n, sum) : sum;\n}\n",
                       random(i)
            else
                print "    return sum;\n}"
        }
        print "long (*const steps[])(struct node *, long) = {"
        for (i = 0; i < most; i++)
            printf "    step%d,\n", i
        print "};"
    }'
}

make_python() { # turns
    echo "turns = $1"
    cat <<'PYTHON'
words = {}
text = "the wind in the tunnel turns the page of the book of the wind"
for turn in range(turns):
    for place, word in enumerate(text.split()):
        key = word[turn % len(word):] + word[:turn % len(word)]
        words.setdefault(key, []).append((turn, place, word.upper()))
table = sorted(words.items(), key=lambda item: (-len(item[1]), item[0]))
lines = ["%s: %s" % (key, ", ".join("%d.%d" % at[:2] for at in found))
         for key, found in table]
print(len("\n".join(lines)), sum(len(line.split(",")) for line in lines))
PYTHON
}

make_lua() {
    cat <<'LUA'
local function sieve(most)
    local found, out = {}, {}
    for n = 2, most do
        if not found[n] then
            out[#out + 1] = n
            for m = n * n, most, n do found[m] = true end
        end
    end
    return out
end
local queue, seen = { { x = 1, path = "1" } }, {}
for _ = 1, 6000 do
    local at = table.remove(queue, 1)
    for _, x in ipairs { at.x * 2 % 7919, (at.x + 7) % 7919 } do
        if not seen[x] then
            seen[x] = at.path:sub(-40) .. ">" .. x
            queue[#queue + 1] = { x = x, path = seen[x] }
        end
    end
    if #queue == 0 then break end
end
print(#sieve(20000), #queue, #seen[4])
LUA
}

make_perl() {
    cat <<'PERL'
my (%count, @lines);
while (my $line = <>) {
    $count{$_}++ for grep { length > 2 } split /\W+/, $line;
    push @lines, join '|', reverse split /,/, $line;
}
printf "%s %d\n", $_, $count{$_}
    for (sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count)[0 .. 9];
print scalar @lines, "\n";
PERL
}

# The history of twelve files, as git fast-import reads it.
make_history() { # commits
    awk -v most="$1" "$random"'
    function body(file,    i, text) {
        text = ""
        for (i = 0; i < 60; i++)
            text = text line[file, i] "\n"
        return text
    }
    BEGIN {
        for (commit = 0; commit < most; commit++) {
            printf "commit refs/heads/main\n"
            printf "committer A U Thor <author@example.org> %d +0000\n",
                   1600000000 + commit * 3600
            printf "data <<END\nChange number %d\nEND\n", commit
            for (n = 0; n < 2; n++) {
                file = random(12)
                for (i = 0; i < 60; i++)
                    if (random(8) == 0 || commit < 12)
                        line[file, i] = "line " i " is now " random(100000)
                text = body(file)
                printf "M 644 inline file%d.txt\ndata %d\n%s\n", file,
                       length(text), text
            }
        }
    }'
}

# 1380 files below the current directory.
make_tree() {
    for outer in 0 1 2 3 4 5 6 7 8 9; do
        for inner in 0 1 2 3 4 5; do
            mkdir -p "tree/part$outer/section$inner"
            for leaf in 0 1 2 3 4 5 6 7 8 9 a b c d e f g h i j k l m; do
                : >"tree/part$outer/section$inner/leaf-$outer$inner$leaf"
            done
        done
    done
}
