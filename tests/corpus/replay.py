"""Replays real edits of maintainers files, each a commit in which people changed exactly one person.

The edits are test data outside the project: `FOLKMOOT_CORPUS` names the file or its folder, else it is looked for
in `../shared/corpus` beside the project.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from adapters.rosterfile import FORMATS, detect
from bot.core.people import fold_login
from bot.ports import RosterChange, RosterError, RosterFormat

NAME: Final = "roster-edits.jsonl"
PROJECT: Final = Path(__file__).parents[2]
Verdict = Literal["exact", "position", "different", "refused", "wrong"]
VERDICTS: Final[tuple[Verdict, ...]] = ("exact", "position", "different", "refused", "wrong")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One edit and how it came out. `after` is empty and `reason` set where it was refused."""

    case: dict[str, Any]
    verdict: Verdict
    after: str = ""
    reason: str = ""

    @property
    def label(self) -> str:
        """The edit in a line: where, when, what, who."""
        case = self.case
        person = case["person"].get("github") or case["person"].get("name")
        roles = ", ".join(case["roles"])
        return f"{case['repo']} {case['path']} {case['commit'][:8]}: {case['action']} {person} ({roles})"


def corpus() -> Path | None:
    """The file of real edits, or None where it is not there."""
    named = os.environ.get("FOLKMOOT_CORPUS")
    path = Path(named) if named else PROJECT.parent / "shared" / "corpus"
    path = path / NAME if path.is_dir() else path
    return path if path.is_file() else None


def cases() -> list[dict[str, Any]]:
    """Every edit of the corpus; none where it is absent."""
    path = corpus()
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path else []


def format_named(name: str) -> RosterFormat:
    """The format of this name."""
    return next(known for known in FORMATS if known.name == name)


def change_of(case: dict[str, Any]) -> RosterChange:
    """The edit as it would be asked for."""
    person = case["person"]
    return RosterChange(
        action=case["action"],
        sections=tuple(case["roles"]),
        sources=tuple(case["from_roles"]),
        login=person.get("github", ""),
        name=person.get("name", ""),
        email=person.get("email", ""),
        company=person.get("company", ""),
    )


def replay(case: dict[str, Any], *, by_name: bool = False) -> Replayed:
    """Make one edit; the format is found as an operator's file is, or taken from the corpus with `by_name`."""
    data = case["before"].encode()
    try:
        form = format_named(case["format"]) if by_name else detect(case["path"], data)
        if form.name != case["format"]:
            return Replayed(case=case, verdict="refused", reason=f"taken for {form.name}")
        after = form.edit(path=case["path"], data=data, change=change_of(case))
    except RosterError as error:
        return Replayed(case=case, verdict="refused", reason=f"{error} ({error.remedy})")
    return Replayed(case=case, verdict=_verdict(form, case, after), after=after.decode())


def _verdict(form: RosterFormat, case: dict[str, Any], after: bytes) -> Verdict:
    wanted = case["after"].encode()
    if touches_another(form, case, after):
        return "wrong"
    if after == wanted:
        return "exact"
    return "position" if _sorted_words(after) == _sorted_words(wanted) else "different"


def _sorted_words(data: bytes) -> list[list[bytes]]:
    """The lines in no order, and where people share lines the words of a line in none; line ends and indents count."""
    return sorted(sorted(line.split(b" ")) for line in data.split(b"\n"))


def touches_another(form: RosterFormat, case: dict[str, Any], after: bytes) -> bool:
    """Whether anybody but the person of this edit has another record than before."""
    before = form.read(path=case["path"], data=case["before"].encode())
    counts: Counter[tuple[str, ...]] = Counter()
    for sign, rows in ((1, form.read(path=case["path"], data=after)), (-1, before)):
        for row in rows:
            counts[(row.section, row.login, row.name, row.email, row.company)] += sign
    changed = [record for record, count in counts.items() if count]
    return not changed or not all(_is(record, case["person"]) for record in changed)


def _is(record: tuple[str, ...], person: dict[str, str]) -> bool:
    _, login, name, email, _ = record
    if login and person.get("github"):
        same = fold_login(login) == fold_login(person["github"])
        return same or name == person.get("name") or email == person.get("email")
    return (bool(name) and name == person.get("name")) or (bool(email) and email == person.get("email"))


def table(found: Iterable[Replayed]) -> list[str]:
    """How many came out how, by format and action, with a last line for all."""
    counts: Counter[tuple[str, str, Verdict]] = Counter()
    for each in found:
        for key in ((each.case["format"], each.case["action"]), (each.case["format"], "all"), ("all", "all")):
            counts[(*key, each.verdict)] += 1
    keys = sorted({key[:2] for key in counts}, key=lambda key: (key[0] == "all", key[0], key[1] == "all", key[1]))
    lines = [f"{'format':<12}{'action':<8}" + "".join(f"{name:>11}" for name in VERDICTS) + f"{'good':>8}"]
    for form, action in keys:
        row = [counts[(form, action, verdict)] for verdict in VERDICTS]
        share = 100 * (row[0] + row[1]) // sum(row)
        lines.append(f"{form:<12}{action:<8}" + "".join(f"{number:>11}" for number in row) + f"{share:>7}%")
    return lines
