"""bench.py - core, alloc and tests compiled once, so that a changed file costs
one compilation."""
import glob
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
CC = os.environ.get('MUTANTS_CC', 'gcc').split()
FLAGS = ['-std=c11', '-O1', '-w']
TINY = ['-include', os.path.join(ROOT, 'src/core/tiny.h')]
TESTS = ['-Itests', '-Itests/contract', '-Itests/unit', '-Ifuzz']
DRIVER = ['src/sim/operation%s.c' % part
          for part in ('', '_book', '_decode', '_setup')]


class Bench:
    """A directory of objects, by kind: each kind has flags of its own."""

    compilers = {}  # by kind, where it is not CC

    def __init__(self, directory):
        self.directory = directory
        self.sources = sorted(self.library('.c'))
        self.newest = {room: max(
            os.path.getmtime(path)
            for path in glob.glob(os.path.join(ROOT, room, '**/*.h'),
                                  recursive=True))
            for room in ('src', 'include', 'tests', 'fuzz')}
        self.build()

    def library(self, ending):
        return ['src/%s/%s' % (room, name) for room in ('core', 'alloc')
                for name in os.listdir(os.path.join(ROOT, 'src', room))
                if name.endswith(ending)]

    def list(self, room, pattern):
        return ['tests/%s/%s' % (room, name) for name in
                sorted(os.listdir(os.path.join(ROOT, 'tests', room)))
                if re.fullmatch(pattern + r'\.c', name)]

    def oracle(self):
        return self.list('contract', '(oracle.*|caps)')

    def driver(self):
        """What reads operations and makes them, under the oracle."""
        return self.oracle() + self.list('contract', 'drive.*') + DRIVER

    def explorer(self):
        return self.list('explorer', '(?!test_).*') + self.oracle()

    def object(self, source, kind, base=None):
        return os.path.join(base or self.directory, kind + '-' +
                            source.replace('/', '-')[:-2] + '.o')

    def archive(self, kind):
        return os.path.join(self.directory, kind + '.a')

    def compile(self, source, kind, extra, base=None, overlay=None):
        """None, or what the compiler says."""
        where = overlay if overlay and os.path.exists(
            os.path.join(overlay, source)) else ROOT
        includes = ['-I' + os.path.join(overlay, 'src')] if overlay else []
        includes += ['-Iinclude', '-Isrc']
        command = self.compilers.get(kind, CC) + FLAGS + includes + extra + [
            '-c', os.path.join(where, source), '-o',
            self.object(source, kind, base)]
        done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE,
                              timeout=120)
        return None if done.returncode == 0 else \
            done.stderr.decode(errors='replace')

    def is_old(self, source, kind):
        """Was it never compiled, or has it or a header changed since?"""
        path = self.object(source, kind)
        newest = max([os.path.getmtime(os.path.join(ROOT, source))] + [
            time for room, time in self.newest.items()
            if room in ('src', 'include') or not source.startswith('src/')])
        return not os.path.exists(path) or os.path.getmtime(path) < newest

    def compile_all(self, jobs, kinds):
        """Each job once, and an archive of the library for each kind."""
        jobs = {(source, kind): extra for source, kind, extra in jobs
                if self.is_old(source, kind)}
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for error in pool.map(lambda job: self.compile(*job[0], job[1]),
                                  jobs.items()):
                if error:
                    sys.exit('cannot compile: ' + error)
        for kind in kinds:
            subprocess.run(['ar', 'rcs', self.archive(kind)] +
                           [self.object(source, kind)
                            for source in self.sources], check=True)

    def find_users(self):
        """Which sources include each header."""
        users = {}
        for source in self.sources:
            out = subprocess.run(CC + ['-std=c11', '-Iinclude', '-Isrc', '-MM',
                                       source], cwd=ROOT, check=True,
                                 stdout=subprocess.PIPE).stdout.decode()
            for path in out.replace('\\\n', ' ').split()[1:]:
                users.setdefault(os.path.normpath(path), []).append(source)
        return users

    def symbols(self, source, kind):
        out = subprocess.run(['nm', self.object(source, kind)],
                             stdout=subprocess.PIPE, check=True).stdout
        needs, gives = set(), set()
        for line in out.decode().splitlines():
            mark, name = line.split()[-2:]
            (needs if mark == 'U' else gives).add(name)
        return needs, gives

    def find_policies(self, kind):
        """Which policies each source is part of."""
        symbols = {source: self.symbols(source, kind)
                   for source in self.sources}
        giver = {name: source for source in self.sources
                 for name in symbols[source][1]}
        found = {source: [] for source in self.sources}
        with open(os.path.join(ROOT, 'include/polished/policies.def')) as rows:
            heads = re.findall(r'POLISHED_ROW\(polished_(\w+)\)', rows.read())
        for head in heads:
            seen, todo = set(), [giver['polished_' + head]]
            while todo:
                source = todo.pop()
                if source in seen:
                    continue
                seen.add(source)
                todo += [giver[name] for name in symbols[source][0]
                         if name in giver]
            for source in seen:
                found[source].append(head.replace('_', '-'))
        return found
