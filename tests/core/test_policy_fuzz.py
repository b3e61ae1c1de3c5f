"""Whatever TOML can hold, reading a policy gives a rulebook or says what is wrong: never another exception."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.policy import Rulebook
from bot.core.schema import CHOICES, DEFAULTS, KEYS, LATER, PolicyError, read_rulebook
from bot.core.teller import count
from bot.policytools.explain import as_text, explain
from bot.policytools.lint import lint
from bot.rulebooks import Mistake, Mistaken, parse, shipped

DATES = [datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1), time(1, 2)]
SCALARS: st.SearchStrategy[Any] = (
    st.text(max_size=20)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.sampled_from(DATES)
    | st.sampled_from([">=2/3", ">1/2", "5bd", "0", ">=1/2, 5", "subject", "no", "yes", ["subject"]])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["a", "b", "add-maintainer"]) | st.text(max_size=6)
SETTINGS = st.dictionaries(st.sampled_from([*KEYS, *LATER, "extends"]) | st.text(max_size=6), VALUES, max_size=8)
FIT: dict[str, st.SearchStrategy[Any]] = {key: st.sampled_from(values) for key, values in CHOICES.items()}
FIT |= {
    "clause": st.just("Rules"),
    "threshold": st.sampled_from([">=2/3", ">1/2", ">=1/1", ">0/1", ">=33/100"]),
    "window": st.sampled_from(["5bd", "72h", "24h"]),
    "quorum": st.sampled_from(["0", "5", ">=1/2", ">=1/2, 3"]),
    "discussion": st.sampled_from(["0", "1bd"]),
    "cool-down": st.sampled_from(["0d", "90d"]),
    "record-path": st.just("docs"),
    "exclude": st.lists(st.sampled_from(["subject", "proposer"]), max_size=2),
    "extends": st.sampled_from(["a", "b", "c"]),
}
NUMBERS: dict[str, st.SearchStrategy[Any]] = {
    key: st.booleans() if type(value) is bool else st.integers(0, 3)
    for key, value in DEFAULTS.items()
    if key not in FIT
}
ALWAYS = ("kind", "clause", "threshold", "window", "enactment", "role")
FITTING = st.fixed_dictionaries(
    {key: FIT[key] for key in ALWAYS},
    optional={key: value for key, value in {**FIT, **NUMBERS}.items() if key not in ALWAYS},
)


def outcome(data: dict[str, Any]) -> Rulebook | PolicyError:
    """What reading it gives; anything else is raised."""
    read: Rulebook | PolicyError
    try:
        read = read_rulebook(data)
    except PolicyError as error:
        read = error
    told = read.problems if isinstance(read, PolicyError) else ()
    assert told or (isinstance(read, Rulebook) and len(read.motions) == len(data["motion"]))
    assert all(problem.what and problem.remedy and problem.key.isprintable() for problem in told)
    return read


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["schema", "name", "document", "motion"]) | st.text(max_size=5), VALUES))
def test_any_document_is_read_or_refused(data: dict[str, Any]) -> None:
    outcome(data)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(NAMES, SETTINGS | VALUES, max_size=4))
def test_any_tables_are_read_or_refused(tables: dict[str, Any]) -> None:
    outcome({"schema": 1, "name": "x", "document": "X.md", "motion": tables})


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), FITTING, max_size=3))
def test_what_is_read_can_be_counted_explained_and_linted(tables: dict[str, Any]) -> None:
    read = outcome({"schema": 1, "name": "x", "document": "X.md", "motion": tables})
    if isinstance(read, PolicyError):
        return
    for policy in read.motions:
        assert count(policy, eligible=5, yes=2, no=1, abstain=0).eligible == 5
    assert as_text(explain(read, electorate=7))
    assert all(warned.what and warned.why and warned.remedy for warned in lint(read, electorate=7))


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(shipped()), data=st.data())
def test_a_shipped_policy_with_any_line_broken_is_read_or_refused_with_its_lines(
    name: str, data: st.DataObject
) -> None:
    lines = (files("bot.policies") / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.sampled_from(lines) | st.text(max_size=30))
    text = "\n".join([*lines[:at], other, *lines[at + 1 :]])
    told: tuple[Mistake, ...] = ()
    try:
        parse(text, file="broken.toml")
    except Mistaken as error:
        told = error.mistakes
    assert all(1 <= mistake.line <= len(text.splitlines()) + 1 for mistake in told)


def test_every_shipped_policy_can_be_read() -> None:
    for name in shipped():
        text = (files("bot.policies") / f"{name}.toml").read_text(encoding="utf-8")
        assert read_rulebook(tomllib.loads(text)).name == name
