"""A governance policy as data: thresholds, windows, who votes, what enactment means.

A policy is read from TOML text that somebody else loaded; unknown keys and values are errors, never ignored.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from bot.core.calendar import Window, parse_window
from bot.core.people import ROLES
from bot.core.threshold import Threshold, parse_threshold

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProblem:
    """One mistake in a policy: which key, what is wrong, what to write instead."""

    key: str
    what: str
    remedy: str


class PolicyError(Exception):
    """A policy that cannot be used; holds every mistake that was found."""

    def __init__(self, problems: tuple[PolicyProblem, ...]) -> None:
        super().__init__("; ".join(f"{p.key}: {p.what}" for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one kind of motion. Frozen, with its digest, into the event that opens a motion (T14)."""

    motion: str
    kind: str
    role: str
    clause: str
    initiators: Literal["maintainers"]
    electorate: Literal["snapshot", "live"]
    threshold: Threshold
    of: Literal["eligible"]
    yes_exceeds_no: bool
    window: Window
    window_start: Literal["announced"]
    close: Literal["end"]
    objection: Literal["record"]
    revote: Literal["last"]
    visibility: Literal["private", "public"]
    evidence_months: int
    cool_down: Window | None
    enactment: Literal["draft-pr", "invite"]
    publish_ballots: Literal["counts"]

    @property
    def digest(self) -> str:
        """SHA-256 over the policy's fields: the same rules, the same digest."""
        plain = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """A whole policy document: its name, the governance text it stands for, a policy for each kind of motion."""

    name: str
    document: str
    motions: tuple[Policy, ...]

    def adding(self, role: str) -> Policy | None:
        """The policy for adding someone in this role, or None where the document has none."""
        return next((p for p in self.motions if p.kind == "add" and p.role == role), None)


_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("add",),
    "role": ROLES,
    "initiators": ("maintainers",),
    "electorate": ("snapshot", "live"),
    "of": ("eligible",),
    "window-start": ("announced",),
    "close": ("end",),
    "objection": ("record",),
    "revote": ("last",),
    "visibility": ("private", "public"),
    "enactment": ("draft-pr", "invite"),
    "publish-ballots": ("counts",),
}
_DEFAULTS: Final[Mapping[str, Any]] = {
    "initiators": "maintainers",
    "electorate": "snapshot",
    "of": "eligible",
    "yes-exceeds-no": False,
    "window-start": "announced",
    "close": "end",
    "objection": "record",
    "revote": "last",
    "visibility": "private",
    "evidence-months": 3,
    "cool-down": "0d",
    "enactment": "draft-pr",
    "publish-ballots": "counts",
}
_REQUIRED: Final = ("kind", "role", "clause", "threshold", "window")
KEYS: Final = tuple(sorted({*_CHOICES, *_DEFAULTS, *_REQUIRED}))


def read_rulebook(data: Mapping[str, object]) -> Rulebook:
    """Check a parsed TOML document. Raises PolicyError with all mistakes at once."""
    unknown = sorted(set(data) - {"schema", "name", "document", "motion"})
    remedy = "remove it, or see docs/reference/policy.md"
    problems = [_problem(key, "is not a setting of a policy", remedy) for key in unknown]
    if data.get("schema") != SCHEMA:
        problems.append(_problem("schema", f"must be {SCHEMA}", f"write schema = {SCHEMA}"))
    names: dict[str, object] = {key: data.get(key) for key in ("name", "document")}
    for key, value in names.items():
        if not isinstance(value, str) or not value:
            problems.append(_problem(key, "must be a text", f'write {key} = "..."'))
    tables: object = data.get("motion")
    if not isinstance(tables, Mapping) or not tables:
        problems.append(_problem("motion", "no kind of motion is described", "add a table [motion.add-maintainer]"))
        tables = {}
    policies = [_policy(name, tables, problems) for name in tables]
    if problems:
        raise PolicyError(tuple(problems))
    motions = tuple(p for p in policies if p is not None)
    return Rulebook(name=str(names["name"]), document=str(names["document"]), motions=motions)


def _problem(key: str, what: str, remedy: str) -> PolicyProblem:
    return PolicyProblem(key=key, what=what, remedy=remedy)


def _inherited(name: str, tables: Mapping[str, object], problems: list[PolicyProblem]) -> dict[str, Any]:
    """A table with what it extends filled in, nearest first; a circle or a missing base is a mistake."""
    merged: dict[str, Any] = {}
    seen: list[str] = []
    current: str | None = name
    while current is not None:
        table = tables.get(current)
        if current in seen or not isinstance(table, Mapping):
            what = "extends itself" if current in seen else f'extends "{current}", which is no table of this file'
            problems.append(_problem(f"motion.{name}.extends", what, "name another table under [motion]"))
            break
        seen.append(current)
        merged = {**table, **merged}
        current = table.get("extends")
        if current is not None and not isinstance(current, str):
            problems.append(_problem(f"motion.{name}.extends", "must be a text", 'write extends = "add-maintainer"'))
            break
    merged.pop("extends", None)
    return merged


def _policy(name: str, tables: Mapping[str, object], problems: list[PolicyProblem]) -> Policy | None:
    """One table, checked whole. What it inherits is checked where it stands, so that no mistake is told twice."""
    own: object = tables[name]
    if not isinstance(own, Mapping):
        problems.append(_problem(f"motion.{name}", "must be a table", f"write [motion.{name}]"))
        return None
    before, prefix = len(problems), f"motion.{name}"
    table = _inherited(name, tables, problems)
    missing = [key for key in _REQUIRED if key not in table] if len(problems) == before else []
    problems += [_problem(f"{prefix}.{key}", "is missing", f"add {key} = ...") for key in missing]
    for key in sorted(set(own) - {*KEYS, "extends"}):
        near = ", ".join((*KEYS, "extends"))
        problems.append(_problem(f"{prefix}.{key}", "is not a setting of a motion", f"one of: {near}"))
    for key in sorted(set(own) & set(KEYS)):
        _check(f"{prefix}.{key}", key, own[key], problems)
    if problems:
        return None
    plain = {key.replace("-", "_"): value for key, value in {**_DEFAULTS, **table}.items()}
    read = {key.replace("-", "_"): parse(plain[key.replace("-", "_")]) for key, parse in _PARSERS.items()}
    return Policy(motion=name, **{**plain, **read})


def _check(where: str, key: str, value: Any, problems: list[PolicyProblem]) -> None:
    """Add what is wrong with one value, if anything."""
    if key in _CHOICES and value not in _CHOICES[key]:
        choices = " or ".join(f'"{choice}"' for choice in _CHOICES[key])
        problems.append(_problem(where, f"{value!r} is not supported", f"write {choices}"))
    elif key in _PARSERS:
        _check_parsed(where, key, value, problems)
    elif key in _PLAIN:
        kind, remedy = _PLAIN[key]
        if type(value) is not kind or value == "" or (isinstance(value, int) and not 0 <= value <= 120):
            problems.append(_problem(where, f"{value!r} does not fit", remedy))


def _check_parsed(where: str, key: str, value: object, problems: list[PolicyProblem]) -> None:
    if not isinstance(value, str):
        problems.append(_problem(where, "must be a text in quotes", f'write {key} = "..."'))
        return
    try:
        _PARSERS[key](value)
    except ValueError as error:
        what, _, remedy = str(error).rpartition(": ")
        problems.append(_problem(where, what or remedy, remedy if what else "see docs/reference/policy.md"))


def _cool_down(text: str) -> Window | None:
    return None if text in {"0", "0d", "0bd", "0h"} else parse_window(text)


_PARSERS: Final[Mapping[str, Callable[[str], object]]] = {
    "threshold": parse_threshold,
    "window": parse_window,
    "cool-down": _cool_down,
}
_PLAIN: Final[Mapping[str, tuple[type, str]]] = {
    "clause": (str, "name the section of the document"),
    "yes-exceeds-no": (bool, "write true or false"),
    "evidence-months": (int, "write a whole number of months, 120 at most"),
}
