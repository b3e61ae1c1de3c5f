"""A governance policy as data: thresholds, windows, who votes, what enactment means.

A policy is read from TOML text that somebody else loaded; unknown keys and values are errors, never ignored.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from bot.core.calendar import CalendarError, Window, parse_window
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
            return merged
        seen.append(current)
        merged = {**table, **merged}
        current = table.get("extends")
        if current is not None and not isinstance(current, str):
            problems.append(_problem(f"motion.{name}.extends", "must be a text", 'write extends = "add-maintainer"'))
            return merged
    merged.pop("extends", None)
    return merged


def _policy(name: str, tables: Mapping[str, object], problems: list[PolicyProblem]) -> Policy | None:
    before = len(problems)
    if not isinstance(tables[name], Mapping):
        problems.append(_problem(f"motion.{name}", "must be a table", f"write [motion.{name}]"))
        return None
    table = _inherited(name, tables, problems)
    prefix = f"motion.{name}"
    for key in sorted(set(table) - set(KEYS)):
        near = ", ".join(KEYS)
        problems.append(_problem(f"{prefix}.{key}", "is not a setting of a motion", f"one of: {near}"))
    missing = [key for key in _REQUIRED if key not in table]
    problems += [_problem(f"{prefix}.{key}", "is missing", f"add {key} = ...") for key in missing]
    if len(problems) > before:
        return None
    values = {**_DEFAULTS, **table}
    for key, allowed in _CHOICES.items():
        if values[key] not in allowed:
            choices = " or ".join(f'"{choice}"' for choice in allowed)
            problems.append(_problem(f"{prefix}.{key}", f"{values[key]!r} is not supported", f"write {choices}"))
    read = {
        "threshold": _read(f"{prefix}.threshold", values["threshold"], parse_threshold, problems),
        "window": _read(f"{prefix}.window", values["window"], parse_window, problems),
        "cool_down": _read(f"{prefix}.cool-down", values["cool-down"], _cool_down, problems),
    }
    for key, kind, remedy in (
        ("clause", str, "name the section of the document"),
        ("yes-exceeds-no", bool, "write true or false"),
        ("evidence-months", int, "write a whole number of months"),
    ):
        if type(values[key]) is not kind or values[key] == "" or (kind is int and not 0 <= values[key] <= 120):
            problems.append(_problem(f"{prefix}.{key}", f"{values[key]!r} does not fit", remedy))
    if len(problems) > before:
        return None
    plain = {key.replace("-", "_"): value for key, value in values.items()}
    return Policy(motion=name, **{**plain, **read})


def _cool_down(text: str) -> Window | None:
    return None if text in {"0", "0d", "0bd", "0h"} else parse_window(text)


def _read(key: str, value: object, parse: Any, problems: list[PolicyProblem]) -> Any:
    if not isinstance(value, str):
        problems.append(_problem(key, "must be a text in quotes", f'write {key.rsplit(".", 1)[1]} = "..."'))
        return None
    try:
        return parse(value)
    except (CalendarError, ValueError) as error:
        what, _, remedy = str(error).partition(": ")
        problems.append(_problem(key, what, remedy or "see docs/reference/policy.md"))
        return None
