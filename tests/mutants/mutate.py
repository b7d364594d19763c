"""mutate.py - the mutants of a file: one token or one statement changed."""
import os
import re

from bench import ROOT

TOKEN = re.compile(r'''
    /\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*'
  | ^[ \t]*\#(?:[^\n\\]|\\.|\\\n)*
  | [A-Za-z_]\w* | (?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*
  | <<= | >>= | -> | \+\+ | -- | << | >> | <= | >= | == | != | && | \|\|
  | [-+*/%&|^]= | [-+*/%&|^~!<>=?:;,.(){}\[\]]
''', re.X | re.S | re.M)

SWAPS = {
    '<': ['<=', '>='], '>': ['>=', '<='], '<=': ['<', '>'], '>=': ['>', '<'],
    '==': ['!='], '!=': ['=='], '&&': ['||'], '||': ['&&'], '!': [''],
    '+': ['-'], '-': ['+'], '*': ['+'], '/': ['*'], '%': ['/'],
    '<<': ['>>'], '>>': ['<<'], '&': ['|'], '|': ['&'], '^': ['&'],
    '~': [''], '+=': ['-='], '-=': ['+='], '|=': ['&='], '&=': ['|='],
    '++': ['--'], '--': ['++'], '<<=': ['>>='], '>>=': ['<<='],
    'true': ['false'], 'false': ['true'], 'break': [''], 'continue': [''],
}
SPARED = ('POLISHED_ASSERT', 'POLISHED_STEP', '_Static_assert')


class Mutant:
    def __init__(self, path, text, start, end, new):
        self.path, self.start, self.end, self.new = path, start, end, new
        self.line = text.count('\n', 0, start) + 1
        first = text.rfind('\n', 0, start) + 1
        self.column = start - first + 1
        last = text.find('\n', end)
        old = ' '.join(text[start:end].split())
        self.what = '%s -> %s' % (old, new or 'nothing')
        self.context = ' '.join(text[first:last].split())
        self.nth = 1  # of those that look alike

    def name(self):
        return '%s:%d:%d: %s' % (self.path, self.line, self.column, self.what)

    def key(self):
        """Stays the same when lines move: for the list of equivalents."""
        nth = ' (%d)' % self.nth if self.nth > 1 else ''
        return '%s: %s: %s%s' % (self.path, self.what, self.context, nth)


def tokens_of(text):
    return [t for t in TOKEN.finditer(text)
            if not t.group().lstrip().startswith(('/*', '//', '#', '"', "'"))]


def spared_ranges(text, tokens):
    """Where nothing is changed: calls of what is spared."""
    ranges = []
    for i, token in enumerate(tokens):
        if token.group() not in SPARED:
            continue
        depth = 0
        for other in tokens[i + 1:]:
            depth += {'(': 1, ')': -1}.get(other.group(), 0)
            if depth == 0:
                ranges.append((token.start(), other.end()))
                break
    return ranges


def is_unary(tokens, i):
    before = tokens[i - 1].group() if i else ';'
    return before in ('return', 'case', 'sizeof') or not (
        before[0].isalnum() or before[0] == '_' or before in (')', ']'))


def is_type_star(tokens, i):
    after = tokens[i + 1].group()
    before = tokens[i - 1].group()
    if i > 1 and tokens[i - 2].group() in ('struct', 'enum', 'union'):
        return True
    return after in ('*', ')', 'const', 'restrict', ',') or before == 'void'


def token_mutants(path, text, tokens):
    depth = 0
    for i, token in enumerate(tokens):
        old = token.group()
        depth += {'{': 1, '}': -1}.get(old, 0)
        news = SWAPS.get(old, [])
        if re.match(r'\d', old):
            digits = re.match(r'(0[xX][0-9a-fA-F]+|\d+)(.*)', old)
            value = int(digits.group(1), 0)
            news = ['%d%s' % (value + 1, digits.group(2))]
            if value > 0:
                news.append('%d%s' % (value - 1, digits.group(2)))
        if old in ('*', '&', '+', '-') and is_unary(tokens, i):
            news = []
        if old == '*' and (is_type_star(tokens, i) or depth == 0):
            news = []
        for new in news:
            yield Mutant(path, text, token.start(), token.end(), new)


def statement_mutants(path, text, tokens):
    """Statements that are a call or an assignment are dropped."""
    start, depth = 0, 0
    for i, token in enumerate(tokens):
        old = token.group()
        depth += {'(': 1, ')': -1}.get(old, 0)
        if depth or old not in ('{', '}', ';', ')', 'else', ':'):
            continue
        if old == ')' and tokens[start].group() not in ('if', 'for', 'while',
                                                        'switch'):
            continue
        if old == ';' and i > start:
            words = tokens[start:i]
            first = words[0].group()
            body = [w.group() for w in words]
            is_call = len(body) > 1 and body[1] in ('(', '[', '->', '.')
            is_set = any(w in body for w in
                         ('=', '+=', '-=', '|=', '&=', '++', '--', '<<=',
                          '>>='))
            is_plain = (re.match(r'[A-Za-z_*+-]', first) and
                        first not in ('return', 'goto', 'break', 'continue',
                                      'struct', 'const', 'static', 'enum',
                                      'unsigned', 'for', 'while', 'do',
                                      'typedef', 'extern', 'void'))
            is_declared = (len(body) > 1 and re.match(r'[A-Za-z_]', body[0])
                           and re.match(r'[A-Za-z_*]', body[1]))
            if is_plain and (is_call or is_set) and not is_declared \
                    and body[0] != '*' or (body[0] == '*' and is_set):
                yield Mutant(path, text, words[0].start(), words[-1].end(), '')
        start = i + 1


def mutants_of(path):
    with open(os.path.join(ROOT, path)) as file:
        text = file.read()
    tokens = tokens_of(text)
    spared = spared_ranges(text, tokens)
    found = {}
    for make in (token_mutants, statement_mutants):
        for mutant in make(path, text, tokens):
            if any(a <= mutant.start < b for a, b in spared):
                continue
            found[(mutant.start, mutant.end, mutant.new)] = mutant
    seen = {}
    mutants = [found[key] for key in sorted(found)]
    for mutant in mutants:
        key = mutant.key()
        mutant.nth = seen[key] = seen.get(key, 0) + 1
    return text, mutants
