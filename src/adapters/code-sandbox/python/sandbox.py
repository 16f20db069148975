"""Runs inside the interpreter: starts the code and writes its result as JSON.

A prelude is a module that defines `drive(code)`. `code` offers
  code.call()     runs it as the body of a function; what it returns
  code.module()   runs it as a module; the dict of its names
  code.names      what it sees as globals, to add to
"""
import ast
import asyncio
import datetime
import decimal
import inspect
import io
import json
import linecache
import math
import sys
import traceback

CODE_FILE = 'code.py'
PRELUDE_FILE = 'prelude.py'
PRINTED_CHARS_MAX = 20_000


class Code:
    def __init__(self, source, names):
        self.source = source
        self.names = names

    def call(self):
        tree = compile(self.source, CODE_FILE, 'exec', ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        waits = any(isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)) for node in _own_nodes(tree))
        make = ast.AsyncFunctionDef if waits else ast.FunctionDef
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        function = make(name='code', args=nothing, body=tree.body or [ast.Pass()], decorator_list=[], type_params=[])
        module = ast.fix_missing_locations(ast.Module(body=[function], type_ignores=[]))
        exec(compile(module, CODE_FILE, 'exec'), self.names)
        return settled(self.names['code']())

    def module(self):
        exec(compile(self.source, CODE_FILE, 'exec'), self.names)
        return self.names


def settled(value):
    """The result of a coroutine that needs nothing from outside."""
    if not inspect.iscoroutine(value):
        return value
    try:
        value.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError('The code waits for something that never happens.')


def _own_nodes(tree):
    """Nodes of the code itself, without those of functions in it."""
    open_nodes = list(tree.body)
    while open_nodes:
        node = open_nodes.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            open_nodes.extend(ast.iter_child_nodes(node))


class _Console(io.TextIOBase):
    """Keeps what is printed, up to a bound."""

    def __init__(self):
        self.text = ''

    def writable(self):
        return True

    def write(self, text):
        if len(self.text) < PRINTED_CHARS_MAX:
            self.text += text[:PRINTED_CHARS_MAX - len(self.text)]
        return len(text)


def _plain(value):
    """Value as JSON knows it."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return _plain(float(value))
    if isinstance(value, (bytes, bytearray)):
        return value.decode('utf-8', 'replace')
    raise TypeError(f'The result holds a {type(value).__name__}, which cannot be written as JSON.')


def _failure(error):
    if isinstance(error, SyntaxError) and error.filename == CODE_FILE:
        return {'code': 'code-error', 'message': f'{type(error).__name__}: {error.msg}', 'line': error.lineno}
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == CODE_FILE]
    line = lines[-1] if lines else None
    if isinstance(error, MemoryError):
        return {'code': 'code-memory', 'message': 'The code needs more memory than a step may use.', 'line': None}
    if isinstance(error, RecursionError):
        return {'code': 'code-error', 'message': 'The code calls itself too deeply.', 'line': line}
    text = str(error)[:2000]
    if isinstance(error, ModuleNotFoundError):
        text += '. Only the standard library is there.'
    return {'code': 'code-error', 'message': f'{type(error).__name__}: {text}' if text else type(error).__name__, 'line': line}


def run(prelude, source, globals_text, result_chars_max):
    """Always returns JSON text: {"ok", "value" as text | "failure", "printed"}."""
    console = _Console()
    sys.stdout = sys.stderr = console
    linecache.cache[CODE_FILE] = (len(source), None, source.splitlines(True), CODE_FILE)
    try:
        names = {'__name__': '__main__', **json.loads(globals_text)}
        ours = {'__name__': 'prelude', 'console': console, 'settled': settled}
        if prelude:
            exec(compile(prelude, PRELUDE_FILE, 'exec'), ours)
        code = Code(source, names)
        value = ours['drive'](code) if prelude else code.call()
        text = json.dumps(_plain(value), allow_nan=False, ensure_ascii=False)
        if len(text) > result_chars_max:
            failure = {'code': 'code-output-too-large', 'message': f'The result of the code is larger than {round(result_chars_max / 1000)} kB.', 'line': None}
            answer = {'ok': False, 'failure': failure}
        else:
            answer = {'ok': True, 'value': text}
    except BaseException as error:  # SystemExit and KeyboardInterrupt are the code's doing as well
        answer = {'ok': False, 'failure': _failure(error)}
    answer['printed'] = console.text.splitlines()[:100]
    return json.dumps(answer)
