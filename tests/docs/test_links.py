"""What our own pages point to is there: files, headings, verbs and options; and they tell nothing of any machine."""

from __future__ import annotations

import itertools
import re
import shlex
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pytest
import typer
from typer.exceptions import TyperException

from bot.cli import app
from bot.core import grammar
from bot.core.menu import BY_NAME, COMMAND
from tests.docs.commandtree import HELP, PROGRAM, commands
from tests.docs.files import ROOT, named, pages
from tests.docs.prose import anchors, links, shown

PAGES: Final = tuple(pages())
BESIDES: Final = tuple(
    ROOT / name
    for name in ("Makefile", "pyproject.toml", "config.example.toml", "requirements.txt", "requirements-dev.txt")
)
_PLACES: Final = re.compile(
    r"(?<![\w.:/~-])/(?:home|Users|root|work|mnt)/[\w.-]+|\b[A-Z]:\\\w|/tmp/(?:tmp|pytest|bash)\w+|file://"
)
_REGISTRIES: Final = tuple(
    ".".join(parts)
    for parts in (
        ("py" + "pi", "org"),
        ("python" + "hosted", "org"),
        ("npm" + "js", "org"),
        ("npm" + "js", "com"),
        ("crates", "io"),
        ("ruby" + "gems", "org"),
        ("proxy", "golang", "org"),
    )
)
_MIRRORS: Final = ("arti" + "factory", "dev" + "pi/", "nexus/" + "repository")
_MAKING: Final = re.compile(
    "|".join(rf"\b{a}{b}\b" for a, b in (("age", "nts?"), ("sub-?age", "nts?"), ("ses", "sions?"))),
    re.IGNORECASE,
)
_STANDS: Final = re.compile(r"\A[A-Z_/]+\Z|[…<\[]|\.\.\.")
"""A word that stands for what is to be typed in its place."""
_ANY: Final = frozenset({"VERB", "[OPTIONS]", "…", "..."})
"""What stands for any verb or options."""
_OUTSIDE: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [wrong for target in links(text) if (wrong := _broken(page, target))] == []


@pytest.mark.parametrize("page", [*PAGES, *BESIDES], ids=named)
def test_nothing_names_a_machine_or_a_package_registry(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [match[0] for match in _PLACES.finditer(text)] == []
    assert [host for host in (*_REGISTRIES, *_MIRRORS) if host in text.casefold()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_is_about_the_project_and_not_about_its_making(page: Path) -> None:
    assert [match[0] for match in _MAKING.finditer(page.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_that_is_shown_exists(page: Path) -> None:
    lines = [line.text for line in shown(page.read_text(encoding="utf-8"))]
    assert [wrong for line in lines if (wrong := _not_typeable(line))] == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (f"{PROGRAM} fly 1", "fly"),
        (f"{PROGRAM} show 1 --colour", "--colour"),
        (f".venv/bin/{PROGRAM} pr close 1", "close"),
        (f"{PROGRAM} show one", "one"),
        (f"{PROGRAM} policy check a b", "b"),
        (f"{COMMAND} impeach @ada", "impeach"),
        (f"{COMMAND} object 12 --loudly", "--loudly"),
    ],
)
def test_a_command_that_does_not_exist_is_found(line: str, wrong: str) -> None:
    assert wrong in _not_typeable(line)


@pytest.mark.parametrize("line", [f"FOLKMOOT_CONFIG=x {PROGRAM} pr show 1 -c x  # a note", f"{COMMAND} +1 12", PROGRAM])
def test_a_command_that_exists_passes(line: str) -> None:
    assert _not_typeable(line) == ""


def _broken(page: Path, target: str) -> str:
    """What is wrong with a link; empty for a good one and for one that leads to another host."""
    if _OUTSIDE.match(target):
        return ""
    path, _, anchor = unquote(target).partition("#")
    if path.startswith("/"):
        return f"{target}: not relative"
    file = (page.parent / path).resolve() if path else page
    if not file.is_relative_to(ROOT) or not file.exists():
        return f"{target}: no such file"
    if anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8")):
        return f"{target}: no such heading"
    return ""


def _not_typeable(line: str) -> str:
    """What in this line names no verb or option; empty where it is no command of ours or a good one."""
    words = _words(line)
    while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
        words = words[1:]
    if not words:
        return ""
    if words[0] == COMMAND:
        return _not_in_menu(words[1:], line)
    return _not_in_tree(words[1:], line) if words[0].rpartition("/")[2] == PROGRAM else ""


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return line.split()


def _not_in_tree(words: list[str], line: str) -> str:
    known = {command.path[1:]: command for command in commands()}
    path: tuple[str, ...] = ()
    rest = list(words)
    while rest and known[path].group and not rest[0].startswith("-"):
        word = rest.pop(0)
        if word in _ANY:
            continue
        path = (*path, word)
        if path not in known:
            return f"{line}: no verb {word}"
    options = {name for option in known[path].options for name in option.names} | {HELP}
    given = {word.partition("=")[0].strip("[]") for word in rest if re.match(r"\[?-{1,2}[a-z]", word)}
    return next((f"{line}: no option {name}" for name in sorted(given - options)), "") or _not_taken(path, rest, line)


def _not_taken(path: tuple[str, ...], words: list[str], line: str) -> str:
    """What the verb itself would say to these words; what is left out, or stands for something else, is no mistake."""
    typed = list(itertools.takewhile(lambda word: word not in {"|", ">", "&&"}, words))
    if not typed or HELP in typed or any(_STANDS.search(word) for word in typed):
        return ""
    verb: Any = typer.main.get_command(app)
    for name in path:
        verb = verb.commands[name]
    try:
        verb.make_context(PROGRAM, typed)
    except (typer.Exit, SystemExit):
        return ""  # an option that does its work at once, such as the version
    except TyperException as error:
        left_out = str(error).startswith("Missing ") or str(error).endswith("requires an argument.")
        return "" if left_out else f"{line}: {error}"
    return ""


def _not_in_menu(words: list[str], line: str) -> str:
    if not words or words[0] in _ANY:
        return ""
    verb = BY_NAME.get(grammar._ALIASES.get(words[0], words[0]))
    if verb is None:
        return f"{line}: no verb {words[0]}"
    flags = {field.flag for field in verb.fields if field.place == "flag"}
    given = {word.partition("=")[0].strip("[]") for word in words[1:] if re.match(r"\[?--[a-z]", word)}
    return next((f"{line}: no option {name}" for name in sorted(given - flags)), "")
