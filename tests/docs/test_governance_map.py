"""The governance map holds every rule, names code and tests that exist, and calls built only what a test names."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import pytest

from tests.docs.files import MAP, ROOT

RULES: Final = tuple(range(1, 55))
_ROW: Final = re.compile(r'^\| <a id="r(?P<id>\d+)"></a>R(?P<number>\d+) \|(?P<cells>.*)\|$', re.M)
_CODE: Final = re.compile(r"`(?P<path>[\w/.-]+)(?::(?P<name>[\w.-]+))?`")
_TEST: Final = re.compile(r"`(test_\w+)`")
_IN_NAME: Final = re.compile(r"(?<![a-z0-9])r(\d+)(?=_|$)")
_IN_WORDS: Final = re.compile(r"\bR(\d+)(?:(?:-| to )R(\d+))?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule of the map; the cells are Markdown."""

    number: int
    anchor: int
    clause: str
    does: str
    code: str
    tests: str
    seen: str

    @property
    def built(self) -> bool:
        return not self.does.startswith("**Not yet")


@cache
def rows() -> tuple[Row, ...]:
    """The rows of all tables of the map."""
    found = []
    for match in _ROW.finditer(MAP.read_text(encoding="utf-8")):
        clause, does, code, tests, seen = (cell.strip() for cell in match["cells"].split("|"))
        number, anchor = int(match["number"]), int(match["id"])
        found.append(Row(number=number, anchor=anchor, clause=clause, does=does, code=code, tests=tests, seen=seen))
    return tuple(found)


@cache
def named_by() -> dict[str, frozenset[int]]:
    """Every test function, with the rules that its name or its docstring names."""
    found: dict[str, frozenset[int]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                named = {int(number) for number in _IN_NAME.findall(node.name)}
                for first, last in _IN_WORDS.findall(ast.get_docstring(node) or ""):
                    named |= set(range(int(first), int(last or first) + 1))
                found[node.name] = found.get(node.name, frozenset()) | named
    return found


def test_every_rule_has_one_row_in_order() -> None:
    assert tuple(row.number for row in rows()) == RULES
    assert all(row.anchor == row.number for row in rows())


@pytest.mark.parametrize("number", RULES)
def test_a_row_names_its_clause_and_what_the_bot_does(number: int) -> None:
    row = _row(number)
    assert row.clause
    assert row.does
    if row.built:
        assert row.seen


@pytest.mark.parametrize("number", RULES)
def test_what_is_not_built_points_to_no_code_and_no_test(number: int) -> None:
    row = _row(number)
    assert bool(_CODE.search(row.code)) is row.built
    assert bool(_TEST.search(row.tests)) is row.built


@pytest.mark.parametrize("number", RULES)
def test_every_place_in_the_code_that_is_named_exists(number: int) -> None:
    for match in _CODE.finditer(_row(number).code):
        path = ROOT / match["path"]
        assert path.is_file(), match[0]
        if match["name"]:
            assert match["name"] in _defined(match["path"]), match[0]


@pytest.mark.parametrize("number", RULES)
def test_every_test_that_is_named_exists(number: int) -> None:
    assert [name for name in _TEST.findall(_row(number).tests) if name not in named_by()] == []


@pytest.mark.parametrize("number", RULES)
def test_what_is_built_is_named_by_one_of_the_tests_in_its_row(number: int) -> None:
    row = _row(number)
    named = [name for name in _TEST.findall(row.tests) if number in named_by().get(name, frozenset())]
    elsewhere = [name for name, numbers in named_by().items() if number in numbers]
    assert named or not row.built, (
        f"no test in this row names R{number}; tests that do: {', '.join(elsewhere) or 'none'}"
    )


def _row(number: int) -> Row:
    return next(row for row in rows() if row.number == number)


@cache
def _defined(path: str) -> frozenset[str]:
    """The functions, classes, methods (`Class.method`) and constants of a file; the keys of one that is TOML."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if not path.endswith(".py"):
        return frozenset(re.findall(r"^\[?([\w.-]+)", text, re.M))
    found: set[str] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}" for each in node.body if hasattr(each, "name")}
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(found)
