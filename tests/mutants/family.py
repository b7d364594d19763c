"""family.py - all mutants of a file in one object.

Each function is there once as it was and once for each mutant of it; under its
own name stands a switch that calls the one whose number MUTANT is in the
environment.  So a hundred mutants cost one compilation.  What does not compile
is left out, and so is what is changed outside of functions.
"""
import os
import re
import threading

# Linked to each library: which mutant, and how long it may take.
ENTRY = '''#include <stdlib.h>
#include <sys/time.h>
int polished_mutant;
__attribute__((__constructor__)) static void enter(void)
{
    const char *number = getenv("MUTANT"), *limit = getenv("MUTANT_MS");
    long ms = limit ? atol(limit) : 0;
    struct itimerval timer = {{0, 0}, {ms / 1000, ms % 1000 * 1000}};
    polished_mutant = number ? atoi(number) : 0;
    setitimer(ITIMER_PROF, &timer, NULL);
}
'''


class Function:
    """Where its head begins, its body begins and its body ends."""

    def __init__(self, text, start, body, end):
        self.start, self.body, self.end = start, body, end
        head = text[start:body]
        last = head.rindex(')')
        depth, at = 0, last
        while True:
            depth += {')': 1, '(': -1}.get(head[at], 0)
            if depth == 0:
                break
            at -= 1
        name = re.search(r'\w+$', head[:at])
        self.name = name.group()
        self.name_at = start + name.start()
        self.arguments = [] if head[at + 1:last].strip() == 'void' else [
            re.search(r'(\w+)\s*(\[[^]]*\])?$', one.strip()).group(1)
            for one in head[at + 1:last].split(',')]

    def copy(self, text, number, mutant=None):
        """The function under another name, mutated."""
        before = text[self.start:self.name_at]
        if not re.search('static|_INLINE', before):
            before = 'static ' + before
        after = text[self.name_at + len(self.name):self.end] if not mutant \
            else text[self.name_at + len(self.name):mutant.start] + \
            mutant.new + text[mutant.end:self.end]
        return before + '%s__%d' % (self.name, number) + after

    def choice(self, text, numbers):
        call = 'return %s__%%d(%s);\n' % (self.name,
                                          ', '.join(self.arguments))
        return text[self.start:self.body] + '\n{\nswitch (polished_mutant) {\n' \
            + ''.join('case %d: ' % n + call % n for n in numbers) + \
            'default: ' + call % 0 + '}\n}'


def functions_of(text):
    """The code is formatted: a function's braces stand alone at a margin."""
    found = []
    for brace in re.finditer(r'\n\{\n', text):
        end = text.index('\n}', brace.end() - 1) + 2
        margin = max(text.rfind(mark, 0, brace.start()) + len(mark)
                     for mark in ('\n}\n', ';\n', '*/\n', '\n\n'))
        line = text.rfind('\n#', margin, brace.start())
        if line >= 0:
            margin = text.index('\n', line + 1) + 1
        found.append(Function(text, margin, brace.start(), end))
    return found


class Family:
    """The mutants of one file, and the libraries in which they all are."""

    def __init__(self, bench, path, text, mutants, sources):
        self.bench, self.path, self.text = bench, path, text
        self.sources = sources
        self.base = os.path.join(bench.directory, path.replace('/', '-'))
        self.lock = threading.RLock()
        self.libraries, self.programs = {}, {}
        self.bad = set()  # numbers of what does not compile
        self.homes = {}   # number: function
        functions = functions_of(text)
        for number, mutant in enumerate(mutants, 1):
            for function in functions:
                if function.body < mutant.start and \
                        mutant.end < function.end:
                    self.homes[number] = function
        self.mutants = dict(enumerate(mutants, 1))
        self.numbers = {mutant.key(): number
                        for number, mutant in self.mutants.items()
                        if number in self.homes}
        self.functions = functions

    def write(self):
        """The file; for each line of it, whose it is."""
        pieces, at = [(None, 'extern int polished_mutant;\n')], 0
        for function in self.functions:
            numbers = [n for n, home in self.homes.items()
                       if home is function and n not in self.bad]
            if not numbers:
                continue
            pieces.append((None, self.text[at:function.start]))
            pieces.append((None, function.copy(self.text, 0) + '\n'))
            pieces += [(n, function.copy(self.text, n, self.mutants[n]) + '\n')
                       for n in numbers]
            pieces.append((None, function.choice(self.text, numbers)))
            at = function.end
        pieces.append((None, self.text[at:]))
        changed = os.path.join(self.base, self.path)
        os.makedirs(os.path.dirname(changed), exist_ok=True)
        with open(changed, 'w') as file:
            file.write(''.join(text for _, text in pieces))
        owners = []
        for number, text in pieces:
            owners += [number] * text.count('\n')
        return owners

    def compile(self, source, kind, extra):
        """Leave out what does not compile, until all does."""
        while True:
            owners = self.write()
            error = self.bench.compile(source, kind, extra, self.base,
                                       self.base)
            if not error:
                return
            lines = re.findall(re.escape(self.path) + r':(\d+):\d+: error',
                               error)
            bad = {owners[int(line) - 1] for line in lines} - {None}
            if not bad:
                raise RuntimeError(error)
            self.bad |= bad

    def library(self, kind):
        with self.lock:
            if kind not in self.libraries:
                objects = []
                for source in self.sources:
                    self.compile(source, kind, self.bench.fast_flags(kind))
                    objects.append(self.bench.object(source, kind, self.base))
                self.libraries[kind] = os.path.join(self.base, kind + '.so')
                self.bench.share(self.libraries[kind],
                                 objects + [self.bench.entry])
            return self.libraries[kind]

    def program(self, killer):
        """A unit test of a header has it compiled in; else None."""
        source = self.bench.own_source(self.path, killer)
        if not source:
            return None
        with self.lock:
            if killer.name() not in self.programs:
                library = self.library(killer.kind)
                self.compile(source, killer.kind,
                             self.bench.test_flags(killer.kind))
                self.programs[killer.name()] = self.bench.link(
                    os.path.join(self.base, killer.program + killer.kind),
                    [self.bench.object(source, killer.kind, self.base),
                     library], killer.kind)
            return self.programs[killer.name()]


class Member:
    """One mutant of a family, as Mutated is one alone."""

    def __init__(self, family, mutant):
        self.family, self.mutant = family, mutant
        self.number = family.numbers[mutant.key()]
        self.environment = {'MUTANT': str(self.number)}

    def library(self, kind):
        path = self.family.library(kind)
        return None if self.number in self.family.bad else path

    def own_program(self, killer):
        return self.family.program(killer)
