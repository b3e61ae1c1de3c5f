"""Reads a governance policy from a parsed TOML document: unknown keys and values are errors, never ignored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.calendar import Window, parse_window
from bot.core.contradictions import NONE, UNVOTED, contradictions
from bot.core.people import ROLES
from bot.core.policy import Policy, Rulebook
from bot.core.threshold import parse_quorum, parse_threshold

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


CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("add", "remove", "step-down", "resolution", "generic"),
    "role": (*ROLES, ""),
    "initiators": ("maintainers", "anyone", "subject"),
    "electorate": ("snapshot", "live"),
    "ballot": ("yes-no-abstain", "yes-no"),
    "of": ("eligible", "cast", "cast-non-abstain"),
    "revote": ("last", "none"),
    "silence": ("none", "yes"),
    "quorum-counts": ("cast", "cast-non-abstain"),
    "on-no-quorum": ("fail", "extend"),
    "window-start": ("announced", "draft"),
    "close": ("end", "early-certain", "early-unanimous"),
    "objection": ("record", "block", "extend", "escalate"),
    "veto": ("none", "no"),
    "venues": ("all", "pull-request"),
    "secrecy": ("open", "blinded"),
    "visibility": ("private", "public"),
    "enactment": ("draft-pr", "invite", "record", "none"),
    "publish-ballots": ("counts",),
}
DEFAULTS: Final[Mapping[str, Any]] = {
    "role": "",
    "initiators": "maintainers",
    "seconds": 0,
    "electorate": "snapshot",
    "exclude": (),
    "exclude-in-denominator": False,
    "ballot": "yes-no-abstain",
    "of": "eligible",
    "yes-exceeds-no": False,
    "min-yes": 0,
    "max-no": -1,
    "max-missing": -1,
    "no-requires-reason": False,
    "revote": "last",
    "silence": "none",
    "quorum": "0",
    "quorum-counts": "cast",
    "on-no-quorum": "fail",
    "discussion": "0",
    "window-start": "announced",
    "close": "end",
    "lazy": False,
    "objection": "record",
    "veto": "none",
    "venues": "all",
    "secrecy": "open",
    "visibility": "private",
    "evidence-months": 3,
    "cool-down": "0",
    "record-path": "docs/decisions",
    "publish-ballots": "counts",
}
REQUIRED: Final = ("kind", "clause", "threshold", "window", "enactment")
LATER: Final[Mapping[str, str]] = {
    "cap": "caps by company are not supported yet: every person's ballot counts one",
    "weights": "weighted ballots are not supported yet: every ballot counts one",
    "seats": "seats and elections are not supported yet",
    "terms": "terms of office are not supported yet: a role ends by stepping down or by removal",
    "proxies": "nobody votes for somebody else here; a ballot cast elsewhere can be recorded with its link",
    "eligibility": "who may vote is the roster here; this cannot be narrowed yet",
    "pre": "steps before the vote are not supported yet, other than seconds and discussion",
    "tie": "a threshold of >1/2 loses a tie, one of >=1/2 carries it: write the one that you mean",
}
"""What the schema keeps room for: refused with the reason, so that nobody believes that it is in force."""
LATER_VALUES: Final[Mapping[tuple[str, str], str]] = {
    ("of", "seats"): "seats and elections are not supported yet",
    ("of", "margin"): "a margin is not supported yet; more yes than no is yes-exceeds-no = true",
    ("kind", "election"): "seats and elections are not supported yet",
    ("secrecy", "secret"): 'whoever runs the bot can read ballots: only "open" and "blinded" can be promised',
    ("publish-ballots", "names"): "pull requests carry counts, never voters",
}
KEYS: Final = tuple(sorted({*CHOICES, *DEFAULTS, *REQUIRED}))
INTEGERS: Final[Mapping[str, tuple[int, int]]] = {
    "seconds": (0, 100),
    "min-yes": (0, 10_000),
    "max-no": (-1, 10_000),
    "max-missing": (-1, 10_000),
    "evidence-months": (0, 120),
}
BOOLEANS: Final = ("exclude-in-denominator", "yes-exceeds-no", "no-requires-reason", "lazy")
_UNVOTED: Final[Mapping[str, Any]] = {"threshold": ">=1/1", "window": "1d", "initiators": "subject"}
"""What a step-down needs not say, because nobody votes on it (R30)."""
_EXCLUDABLE: Final = ("subject", "proposer")
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_PATH: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*\Z")
_LONGEST: Final = 150
_DEEPEST: Final = 16


def read_rulebook(data: Mapping[str, object]) -> Rulebook:
    """Check a parsed TOML document. Raises PolicyError with all mistakes at once."""
    unknown = sorted(set(data) - {"schema", "name", "document", "motion"})
    remedy = "remove it, or see docs/reference/policy.md"
    problems = [_problem(key, "is not a setting of a policy", remedy) for key in unknown]
    if type(data.get("schema")) is not int or data["schema"] != SCHEMA:
        problems.append(_problem("schema", f"must be {SCHEMA}", f"write schema = {SCHEMA}"))
    unnamed = [key for key in ("name", "document") if not _is_line(data.get(key))]
    problems += [_problem(key, "must be a text of one line", f'write {key} = "..."') for key in unnamed]
    tables: object = data.get("motion")
    if not isinstance(tables, Mapping) or not tables:
        problems.append(_problem("motion", "no kind of motion is described", "add a table [motion.add-maintainer]"))
        tables = {}
    policies = _policies(tables, problems)
    if problems:
        raise PolicyError(tuple(problems))
    return Rulebook(name=str(data["name"]), document=str(data["document"]), motions=policies)


def _problem(key: str, what: str, remedy: str) -> PolicyProblem:
    plain = key if key.isprintable() else key.encode("unicode_escape").decode("ascii")
    return PolicyProblem(key=plain, what=what, remedy=remedy)


def _is_line(value: object) -> bool:
    return type(value) is str and bool(value.strip()) and value.isprintable() and len(value) <= _LONGEST


def _policies(tables: Mapping[str, object], problems: list[PolicyProblem]) -> tuple[Policy, ...]:
    """Every table, checked whole. What one inherits is checked where it stands, so that no mistake is told twice."""
    chains = {name: _chain(name, tables) for name in tables}
    bad: set[str] = set()
    for name, table in tables.items():
        found = _own_problems(name, table, chains[name], tables)
        problems += found
        bad |= {name} if found else set()
    policies: list[Policy] = []
    for name, chain in chains.items():
        if chain is None or bad & set(chain):
            continue
        values = _values(chain, tables)
        above = _values(chain[1:], tables) if len(chain) > 1 else None
        missing = [key for key in REQUIRED if key not in values]
        told = [key for key in missing if above is None or key in above]
        problems += [_problem(f"motion.{name}.{key}", "is missing", f"add {key} = ...") for key in told]
        if missing:
            continue
        whole = above is not None and all(key in above for key in REQUIRED)
        known = contradictions(above) if above is not None and whole else ()
        found = [
            _problem(f"motion.{name}.{key}", *rest)
            for key, *rest in contradictions(values)
            if (key, *rest) not in known
        ]
        problems += found
        if not found:
            policies.append(_read(name, values))
    return tuple(policies)


def _chain(name: str, tables: Mapping[str, object]) -> tuple[str, ...] | None:
    """The table and all that it extends, nearest first; None where that cannot be followed."""
    seen: list[str] = []
    current: object = name
    while current is not None:
        table = tables.get(current) if isinstance(current, str) else None
        if not isinstance(table, Mapping) or current in seen or len(seen) == _DEEPEST:
            return None
        seen.append(str(current))
        current = table.get("extends")
    return tuple(seen)


def _values(chain: tuple[str, ...], tables: Mapping[str, object]) -> dict[str, Any]:
    """All settings of a table: its own, those that it extends, the defaults."""
    merged: dict[str, Any] = {}
    for name in reversed(chain):
        table = tables[name]
        merged |= table if isinstance(table, Mapping) else {}
    merged.pop("extends", None)
    return {**DEFAULTS, **(_UNVOTED if merged.get("kind") == "step-down" else {}), **merged}


def _read(name: str, values: Mapping[str, Any]) -> Policy:
    plain = {key.replace("-", "_"): value for key, value in values.items()}
    read = {key.replace("-", "_"): parse(values[key]) for key, parse in _PARSERS.items()}
    return Policy(motion=name, **{**plain, "exclude": tuple(values["exclude"]), **read})


def _own_problems(
    name: str, table: object, chain: tuple[str, ...] | None, tables: Mapping[str, object]
) -> list[PolicyProblem]:
    """What is wrong with what the table says itself."""
    prefix = f"motion.{name}"
    if not isinstance(table, Mapping):
        return [_problem(prefix, "must be a table", f"write [{prefix}]")]
    found: list[PolicyProblem] = []
    if not _NAME.match(name) or len(name) > _LONGEST:
        found.append(_problem(prefix, "is no name of a motion", "write small letters, digits and hyphens"))
    if "extends" in table:
        found += _check_extends(f"{prefix}.extends", table["extends"], name, chain, tables)
    found += [_unknown(f"{prefix}.{key}", key) for key in sorted(set(table) - {*KEYS, "extends"})]
    for key in sorted(set(table) & set(KEYS)):
        if key in UNVOTED and table.get("kind") == "step-down":
            remedy = f"leave {key} out: the maintainers are informed, and the person confirms"
            found.append(_problem(f"{prefix}.{key}", "nobody votes on stepping down (R30)", remedy))
        else:
            _check(f"{prefix}.{key}", key, table[key], found)
    return found


def _check_extends(
    where: str, base: object, name: str, chain: tuple[str, ...] | None, tables: Mapping[str, object]
) -> list[PolicyProblem]:
    """A base that is none. Where the base itself cannot be followed, that is told there."""
    remedy = "name another table under [motion]"
    if type(base) is not str:
        return [_problem(where, "must be a text", 'write extends = "add-maintainer"')]
    if base not in tables:
        return [_problem(where, f'extends "{base[:60]}", which is no table of this file', remedy)]
    above: object = base
    for _ in range(_DEEPEST - 1 if chain is None else 0):
        if above == name:
            return [_problem(where, "extends itself", remedy)]
        table = tables.get(above) if isinstance(above, str) else None
        if not isinstance(table, Mapping) or table.get("extends") is None:
            return []
        above = table["extends"]
    if chain is None:
        return [_problem(where, f"more than {_DEEPEST} tables extend one another, or a circle of them", remedy)]
    return []


def _unknown(where: str, key: str) -> PolicyProblem:
    if key in LATER:
        return _problem(where, "is not in force", LATER[key])
    return _problem(where, "is not a setting of a motion", f"one of: {', '.join((*KEYS, 'extends'))}")


def _check(where: str, key: str, value: Any, problems: list[PolicyProblem]) -> None:
    """Add what is wrong with one value, if anything."""
    if isinstance(value, str) and (key, value) in LATER_VALUES:
        problems.append(_problem(where, f'"{value}" is not in force', LATER_VALUES[key, value]))
    elif key in CHOICES:
        if value not in CHOICES[key]:
            choices = " or ".join(f'"{choice}"' for choice in CHOICES[key] if choice)
            problems.append(_problem(where, f"{_shown(value)} is not supported", f"write {choices}"))
    elif key in _PARSERS:
        _check_parsed(where, key, value, problems)
    elif key in BOOLEANS:
        if type(value) is not bool:
            problems.append(_problem(where, f"{_shown(value)} does not fit", "write true or false"))
    elif key in INTEGERS:
        least, most = INTEGERS[key]
        if type(value) is not int or not least <= value <= most:
            problems.append(
                _problem(where, f"{_shown(value)} does not fit", f"write a whole number, {least} to {most}")
            )
    elif key == "exclude":
        if not isinstance(value, list | tuple) or any(each not in _EXCLUDABLE for each in value):
            remedy = 'write ["subject"] or ["proposer"], or both'
            problems.append(_problem(where, f"{_shown(value)} does not fit", remedy))
    elif key == "record-path":
        if type(value) is not str or not _PATH.match(value) or len(value) > _LONGEST:
            remedy = "write a folder of the repository, such as docs/decisions"
            problems.append(_problem(where, f"{_shown(value)} does not fit", remedy))
    elif not _is_line(value):
        remedy = "name the section of the document, in one line"
        problems.append(_problem(where, f"{_shown(value)} does not fit", remedy))


def _shown(value: object) -> str:
    """What was written, as far as it helps to see it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _check_parsed(where: str, key: str, value: object, problems: list[PolicyProblem]) -> None:
    if not isinstance(value, str):
        problems.append(_problem(where, "must be a text in quotes", f'write {key} = "..."'))
        return
    try:
        _PARSERS[key](value)
    except ValueError as error:
        what, _, remedy = str(error).partition(": write ")
        problems.append(_problem(where, what, f"write {remedy}" if remedy else "see docs/reference/policy.md"))


def _span(text: str) -> Window | None:
    """A window, or none: `0`."""
    return None if text in NONE else parse_window(text)


_PARSERS: Final[Mapping[str, Callable[[str], object]]] = {
    "threshold": parse_threshold,
    "window": parse_window,
    "quorum": parse_quorum,
    "discussion": _span,
    "cool-down": _span,
}
