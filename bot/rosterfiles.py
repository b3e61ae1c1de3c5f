"""Maintainers files on this machine: shows who is in one, and makes one edit. For `folkmoot roster`.

Must never follow a symlink, and never leave a file half written.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot.core.people import RosterRow
from bot.ports import RosterChange, RosterError, RosterFormat
from bot.wiring import detect_roster_format, roster_formats

MAX_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A file's format and the people in it."""

    format: str
    rows: tuple[RosterRow, ...]

    @property
    def data(self) -> dict[str, object]:
        """The same, for JSON."""
        people = [
            {
                "section": row.section,
                "login": row.login,
                "name": row.name,
                "email": row.email,
                "company": row.company,
                "line": row.line,
            }
            for row in self.rows
        ]
        return {"format": self.format, "people": people}

    @property
    def text(self) -> str:
        """The same, in words: a heading for each section, a line for each person."""
        lines = [f"Format: {self.format}"]
        for section in dict.fromkeys(row.section for row in self.rows):
            lines += ["", section or "(unnamed list)"]
            for row in (each for each in self.rows if each.section == section):
                said = (row.login and f"@{row.login}", row.name, row.email and f"<{row.email}>", row.company)
                lines.append(f"  {row.line}: {'  '.join(filter(None, said))}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A file's new bytes. `unheld` is what was given of the person that its format has no place for."""

    path: Path
    data: bytes
    unheld: tuple[str, ...] = ()


def show(path: Path, *, named: str = "auto") -> Shown:
    """Who is in a maintainers file. Raises RosterError."""
    data = read(path)
    form = format_of(path, data, named)
    return Shown(format=form.name, rows=form.read(path=str(path), data=data))


def apply(path: Path, change: RosterChange, *, to: Path | None = None, named: str = "auto") -> tuple[Edited, ...]:
    """What one edit makes of a file, or of two where a person moves to another file. Raises RosterError."""
    data = read(path)
    form = format_of(path, data, named)
    if to is None or os.path.abspath(to) == os.path.abspath(path):
        after = form.edit(path=str(path), data=data, change=change)
        return (Edited(path=path, data=after, unheld=_unheld(form, change)),)
    target = read(to)
    there = format_of(to, target, "auto" if _other_kind(path, to) else named)
    leaving = replace(change, action="remove", sections=change.sources, sources=())
    without = form.edit(path=str(path), data=data, change=leaving)
    gone = _gone(form, path, data, without)
    coming = RosterChange(
        action="add",
        sections=change.sections,
        login=gone.login or change.login,
        name=change.name or gone.name,
        email=change.email or gone.email,
        company=change.company or gone.company,
    )
    with_them = there.edit(path=str(to), data=target, change=coming)
    return (Edited(path=path, data=without), Edited(path=to, data=with_them, unheld=_unheld(there, change)))


def write(files: tuple[Edited, ...]) -> None:
    """Replace the files' bytes, each at once; all are on the disk before the first is replaced. Raises OSError."""
    ready: list[tuple[str, Path]] = []
    try:
        for file in files:
            mode = stat.S_IMODE(file.path.lstat().st_mode)
            handle, name = tempfile.mkstemp(dir=file.path.parent, prefix=f".{file.path.name}.")
            ready.append((name, file.path))
            with os.fdopen(handle, "wb") as out:
                out.write(file.data)
                out.flush()
                os.fchmod(out.fileno(), mode)
                os.fsync(out.fileno())
        while ready:
            name, path = ready[0]
            os.replace(name, path)
            ready.pop(0)
    finally:
        for name, _ in ready:
            Path(name).unlink(missing_ok=True)


def read(path: Path) -> bytes:
    """The bytes of a regular file. Raises RosterError for a symlink (T25), another kind, or one over 1 MiB (T36)."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        what = "a symbolic link" if error.errno == errno.ELOOP else f"cannot be read: {error.strerror}"
        remedy = "name the file that it leads to" if error.errno == errno.ELOOP else "name a file that is there"
        raise RosterError(path=str(path), line=0, what=what, remedy=remedy) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise RosterError(path=str(path), line=0, what="not a regular file", remedy="name a maintainers file")
    with os.fdopen(handle, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        what = f"the file has more than {MAX_BYTES} bytes"
        raise RosterError(path=str(path), line=0, what=what, remedy="name a maintainers file")
    return data


def format_of(path: Path, data: bytes, named: str) -> RosterFormat:
    """The format of this name, or with `auto` the one that the file is in. Raises RosterError."""
    if named == "auto":
        return detect_roster_format(str(path), data)
    found = next((form for form in roster_formats() if form.name == named), None)
    if found is None:
        names = ", ".join(form.name for form in roster_formats())
        raise RosterError(path=str(path), line=0, what=f"there is no format {named!r}", remedy=f"write one of: {names}")
    return found


def _unheld(form: RosterFormat, change: RosterChange) -> tuple[str, ...]:
    given = {"login": change.login, "name": change.name, "email": change.email, "company": change.company}
    if change.action == "remove":
        return ()
    return tuple(field for field, value in given.items() if value and field not in form.holds)


def _other_kind(path: Path, to: Path) -> bool:
    """Whether the other file is called so that a format set for this one says nothing about it."""
    return path.suffix != to.suffix


def _gone(form: RosterFormat, path: Path, before: bytes, after: bytes) -> RosterRow:
    """The record that an edit has removed."""
    kept = [replace(row, line=0) for row in form.read(path=str(path), data=after)]
    for row in form.read(path=str(path), data=before):
        plain = replace(row, line=0)
        if plain not in kept:
            return plain
        kept.remove(plain)
    raise RosterError(path=str(path), line=0, what="nobody left this file", remedy="edit it by hand")
