"""T34, T35, T42: nowhere in the tree is a text of anybody a format, a template, code, a log's message or a pickle."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
TREES: Final = ("bot", "adapters", "storage")
FILES: Final = sorted(path for tree in TREES for path in (ROOT / tree).rglob("*.py"))
TEMPLATES: Final = sorted(path for tree in TREES for path in (ROOT / tree).rglob("*.j2"))
SCRIPTS: Final = sorted(path for tree in TREES for path in (ROOT / tree).rglob("*.js"))
UNPICKLING: Final = {"pickle", "_pickle", "marshal", "shelve", "dbm", "copyreg"} | {
    "dill",
    "cloudpickle",
    "joblib",
    "jsonpickle",
}
RUNNING: Final = frozenset({"eval", "exec", "compile", "__import__"})
LOGS: Final = frozenset({"log", "_log", "LOG", "_LOG", "logger"})
LEVELS: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
Found = Iterator[tuple[int, str]]


def unpickled(tree: ast.Module) -> Found:
    """Imports of what runs code when it reads data, calls of what runs text, and stores of jobs that pickle."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, each.name) for each in names if each.name.partition(".")[0] in UNPICKLING)
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in UNPICKLING:
                yield node.lineno, module
            case ast.ImportFrom(module=str(module)) if module.startswith("apscheduler.jobstores"):
                yield node.lineno, module
            case ast.Call(func=ast.Name(id=name)) if name in RUNNING:
                yield node.lineno, name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="yaml"), attr="load" | "unsafe_load" | "full_load")):
                yield node.lineno, "yaml.load"
            case ast.keyword(arg="jobstores" | "jobstore"):
                yield node.lineno, str(node.arg)


def formats(tree: ast.Module) -> Found:
    """`format`, `format_map`, `%` and templates whose pattern is not written in the same file as a constant."""
    constants = _constants(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=pattern, attr="format" | "format_map")):
                if not _constant(pattern, constants):
                    yield node.lineno, ast.unparse(node)
            case ast.BinOp(left=pattern, op=ast.Mod(), right=ast.Tuple() | ast.Dict()):
                if not _constant(pattern, constants):
                    yield node.lineno, ast.unparse(node)
            case ast.ImportFrom(module="string", names=names):
                yield from ((node.lineno, each.name) for each in names if each.name in {"Template", "Formatter"})
            case ast.Call(func=ast.Attribute(value=ast.Name(id="Blob"), attr="from_string")):
                continue  # of git's, from bytes
            case ast.Call(func=ast.Attribute(attr="from_string") | ast.Name(id="Template" | "Markup" | "Formatter")):
                yield node.lineno, ast.unparse(node)


def logged(tree: ast.Module) -> Found:
    """Lines of a log whose message is not a constant: what is variable goes into fields."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=level), args=args) if name in LOGS:
                message = args[1:2] if level == "log" else args[:1]
                if level in LEVELS | {"log"} and not all(_constant(each, set()) for each in message):
                    yield node.lineno, ast.unparse(node)


def _constants(tree: ast.Module) -> set[str]:
    """Names of the module that are bound once, to a text that is written there, or imported by a constant's name."""
    found: set[str] = set()
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ) if value is not None and _constant(value, found):
                found.add(name)
            case ast.ImportFrom(names=names):
                found |= {each.asname or each.name for each in names if each.name.isupper()}
    return found


def _constant(node: ast.expr, names: set[str]) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in names
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, op=ast.Add(), right=other):
            return _constant(one, names) and _constant(other, names)
        case ast.JoinedStr(values=values):
            return all(
                isinstance(each, ast.Constant)
                or (isinstance(each, ast.FormattedValue) and _constant(each.value, names))
                for each in values
            )
    return False


def found(look: object, files: list[Path] = FILES) -> list[str]:
    assert callable(look)
    return [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for path in files
        for line, what in look(ast.parse(path.read_text(encoding="utf-8")))
    ]


@pytest.mark.parametrize("look", [unpickled, formats, logged])
def test_t34_t35_t42_nothing_in_the_tree_runs_or_formats_what_somebody_typed(look: object) -> None:
    assert len(FILES) > 250
    assert found(look) == []


@pytest.mark.parametrize(
    ("look", "code"),
    [
        (unpickled, "import pickle"),
        (unpickled, "from marshal import loads"),
        (unpickled, "import shelve as s"),
        (unpickled, "from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore"),
        (unpickled, "AsyncIOScheduler(jobstores={'default': store})"),
        (unpickled, "scheduler.add_job(f, jobstore='x')"),
        (unpickled, "eval(text)"),
        (unpickled, "yaml.load(text)"),
        (formats, "def f(text): return text.format(self)"),
        (formats, "def f(text): return text.format_map(d)"),
        (formats, "def f(text): return text % (1,)"),
        (formats, "from string import Template"),
        (formats, "environment.from_string(text)"),
        (formats, "Markup(text)"),
        (formats, "PATTERN = read()\nPATTERN.format(1)"),
        (logged, "log.info(f'he said {text}')"),
        (logged, "log.error(text)"),
        (logged, "log.log(30, 'x ' + text)"),
    ],
)
def test_the_look_over_the_tree_sees_what_it_is_there_for(look: object, code: str) -> None:
    assert callable(look)
    assert list(look(ast.parse(code))) != []


@pytest.mark.parametrize(
    ("look", "code"),
    [
        (formats, "_A: Final = 'x'\nB = _A + '{}'\nB.format(1)"),
        (formats, "'{}'.format(text)"),
        (formats, "number % 2"),
        (logged, "log.log(30, 'gone' if x else 'there', text=text)"),
        (unpickled, "import json"),
    ],
)
def test_the_look_over_the_tree_leaves_alone_what_is_well(look: object, code: str) -> None:
    assert callable(look)
    assert list(look(ast.parse(code))) == []


def test_t42_ruffs_rules_against_pickles_and_evaluated_text_are_on_and_nowhere_off() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    off = [*lint["ignore"], *(rule for rules in lint["per-file-ignores"].values() for rule in rules)]
    assert "S" in lint["select"]
    assert [
        rule for rule in off if rule in {"S", "S1", "S102", "S3", "S301", "S302", "S307", "S506", "S7", "S701"}
    ] == []
    hushed = re.compile(r"noqa: [^#\n]*\bS(?:102|301|302|307|403|506|701|702|704)\b")
    assert [str(path) for path in FILES if hushed.search(path.read_text(encoding="utf-8"))] == []


def test_t35_every_template_environment_escapes_and_no_template_switches_that_off() -> None:
    made = [
        (path, node)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Environment")
    ]
    assert len(made) == 2
    for path, node in made:
        given = {each.arg: each.value for each in node.keywords}
        assert ast.unparse(given["autoescape"]) == "True", path
        assert ast.unparse(given["undefined"]) == "StrictUndefined", path
    assert len(TEMPLATES) == 7
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"\|\s*safe\b|autoescape|\bMarkup\b|<script(?![^>]*\bsrc=)|\son\w+=", text) == [], path
        assert re.findall(r"=\s*\{\{", re.sub(r"\{%.*?%\}", "", text)) == [], f"{path}: an attribute without quotes"


def test_t35_no_script_of_a_page_makes_markup_or_code_of_text() -> None:
    making = re.compile(
        r"\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function|createContextualFragment"
        r"|setTimeout\(\s*[\"'`]|srcdoc|DOMParser|setHTML"
    )
    assert len(SCRIPTS) > 3
    assert {path.name: making.findall(path.read_text(encoding="utf-8")) for path in SCRIPTS} == {
        path.name: [] for path in SCRIPTS
    }
