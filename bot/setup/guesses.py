"""What can be known without asking: which file names the maintainers, which rules they follow, the time zone."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.core.calendar import CalendarError, zone
from bot.core.people import MAINTAINER, REVIEWER, RosterRow
from bot.ports import RosterError
from bot.repositories import FORMER
from bot.wiring import detect_roster_format

DEFAULT_POLICY: Final = "distribution"
_ROSTER: Final = re.compile(
    r"((\.github|docs)/)?(maintainers|owners|owners_aliases|codeowners|committers|approvers|core[-_]?team|steering)"
    r"(\.(md|txt|toml|csv|rst|ya?ml))?",
    re.IGNORECASE,
)
_RULES: Final = re.compile(
    r"((\.github|docs)/)?(governance|maintainers_guide|contributing|readme)(\.\w+)?", re.IGNORECASE
)
_ORDER: Final = ("maintainers", "committers", "steering", "core", "approvers", "owners", "codeowners")
_LEADING: Final = (
    re.compile(r"maintainer", re.IGNORECASE),
    re.compile(r"committer|approver|owner|council|steering|\bcore\b|\bpmc\b", re.IGNORECASE),
)
_REVIEWING: Final = re.compile(r"review|triage", re.IGNORECASE)
_SIGNS: Final[Mapping[str, Sequence[str]]] = {
    "distribution": (r"66\s*%", r"five business days", r"distribution"),
    "containerd": (r"2/3 of the current committers", r"seven days", r"containerd"),
    "apache": (r"apache", r"\bPMC\b", r"72 hours"),
    "conda": (r"steering council", r"conda", r"quorum"),
    "oci-image-spec": (r"two-thirds of votes cast", r"\bTOB\b", r"open container"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A maintainers file: its format, its people, and the sections that probably stand for the roles."""

    path: str
    format: str
    rows: tuple[RosterRow, ...]
    maintainers: str | None
    reviewers: str | None
    emeritus: str

    @property
    def sections(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.section for row in self.rows))

    def logins(self, section: str) -> tuple[str, ...]:
        """The people of a section; by name where the file has no login."""
        return tuple(f"@{row.login}" if row.login else row.name for row in self.rows if row.section == section)


def is_wanted(path: str) -> bool:
    """Whether a file may name the maintainers, or say by which rules they decide."""
    return bool(_ROSTER.fullmatch(path) or _RULES.fullmatch(path))


def rosters(files: Mapping[str, bytes]) -> Sequence[Found]:
    """The maintainers files among these, the likeliest first."""
    found = [each for path, data in files.items() if _ROSTER.fullmatch(path) and (each := read(path, data))]
    return sorted(found, key=lambda each: (each.maintainers is None, _rank(each.path), each.path))


def read(path: str, data: bytes) -> Found | None:
    """What a file says; None where no format fits, or it names nobody."""
    try:
        form = detect_roster_format(path, data)
        rows = form.read(path=path, data=data)
    except RosterError:
        return None
    if not any(row.login for row in rows):
        return None
    sections = list(dict.fromkeys(row.section for row in rows))
    maintainers, reviewers = sections_of(rows)
    emeritus = next((each for each in sections if FORMER.search(each)), "")
    return Found(
        path=path, format=form.name, rows=rows, maintainers=maintainers, reviewers=reviewers, emeritus=emeritus
    )


def sections_of(rows: Sequence[RosterRow]) -> tuple[str | None, str | None]:
    """The sections that probably hold the maintainers and the reviewers; None where that would be a bad guess."""
    sections = [each for each in dict.fromkeys(row.section for row in rows) if not FORMER.search(each)]
    reviewing = [each for each in sections if _REVIEWING.search(each)]
    rest = [each for each in sections if each not in reviewing]
    for words in _LEADING:
        leading = [each for each in rest if words.search(each)]
        if leading:
            return (leading[0] if len(leading) == 1 else None), _only(reviewing)
    return _only(rest), _only(reviewing)


def _only(names: Sequence[str]) -> str | None:
    return names[0] if len(names) == 1 else None


def _rank(path: str) -> int:
    name = Path(path).name.casefold()
    return next((place for place, start in enumerate(_ORDER) if name.startswith(start)), len(_ORDER))


def policy(files: Mapping[str, bytes]) -> str:
    """The shipped rules that the repository's documents sound most like; empty where none stands out."""
    text = "\n".join(
        data.decode("utf-8", errors="replace") for path, data in files.items() if "governance" in path.casefold()
    ) or "\n".join(data.decode("utf-8", errors="replace") for path, data in files.items() if _RULES.fullmatch(path))
    flat = " ".join(text.split())
    scores = {
        name: sum(re.search(sign, flat, re.IGNORECASE) is not None for sign in signs) for name, signs in _SIGNS.items()
    }
    best = max(scores.values())
    names = [name for name, score in scores.items() if score == best]
    return names[0] if best >= 2 and len(names) == 1 else ""


def time_zone(root: Path = Path("/")) -> str:
    """The machine's time zone by its name; UTC where it has none."""
    named = [os.environ.get("TZ", "").strip().removeprefix(":")]
    try:
        named.append(os.readlink(root / "etc/localtime").partition("zoneinfo/")[2])
    except OSError:
        named.append("")
    try:
        named.append((root / "etc/timezone").read_text(encoding="ascii", errors="replace").strip())
    except OSError:
        named.append("")
    for name in filter(None, named):
        try:
            zone(name)
        except CalendarError:
            continue
        return "UTC" if name in {"Etc/UTC", "UCT", "Zulu", "Etc/UCT"} else name
    return "UTC"


def name_of(where: str) -> str:
    """A repository's name from its path or address."""
    last = where.rstrip("/").rpartition("/")[2].removesuffix(".git")
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in last)
    return plain.strip("-._") or "repository"


ROLE_WORDS: Final[Mapping[str, str]] = {MAINTAINER: "who votes", REVIEWER: "who reviews"}
