"""What a local draft's title and body are: one JSON and one readable .md file a draft, in a folder beside the ledger.

Must never be the only proof of anything: the branch itself is looked at first, a record is rewritten at will.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.git.checks import branch_parts
from bot.ports import ForgeError

DraftState = Literal["open", "merged", "gone"]
"""`merged`: the default branch has it. `gone`: the branch is not there and was not merged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A draft as the clerk last wrote it. `commit` and `base` are the clerk's own, in hex; `at` is ISO, in UTC."""

    number: int
    branch: str
    path: str
    title: str
    body: str
    message: str
    commit: str
    base: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft as it is shown: what was written about it, and where its branch stands now."""

    number: int
    branch: str
    path: str
    title: str
    body: str
    commit: str
    base: str
    diff: str
    state: DraftState
    at: datetime


class Records:
    """The folder of records. Every write is whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, branch: str) -> str:
        """Where people read the body: the .md file, relative to what the folder lies in."""
        return f"{self._folder.name}/{_stem(branch)}.md"

    def load(self, branch: str) -> Record | None:
        """This branch's record, or None."""
        file = self._folder / f"{_stem(branch)}.json"
        return self._read(file) if file.exists() else None

    def all(self) -> tuple[Record, ...]:
        """Every record, by motion number."""
        files = self._folder.glob("*.json") if self._folder.is_dir() else ()
        return tuple(sorted((self._read(file) for file in files), key=lambda record: (record.number, record.branch)))

    def current(self, record: Record) -> bool:
        """Whether both files already say exactly this."""
        return all(file.exists() and file.read_bytes() == data for file, data in self._files(record))

    def save(self, record: Record) -> None:
        """Write both files, the readable one first, each atomically and onto the disk."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file, data in self._files(record):
            _write(file, data)

    def forget(self, words: Sequence[str]) -> int:
        """Exchange these words for `erased-person` in what is said of every draft; returns how many were changed."""
        named = re.compile("|".join(map(re.escape, words)) or r"(?!)", re.IGNORECASE)
        changed = 0
        for record in self.all():
            title, body, message = (
                named.sub("erased-person", text) for text in (record.title, record.body, record.message)
            )
            after = replace(record, title=title, body=body, message=message)
            if after != record:
                self.save(after)
                changed += 1
        return changed

    def _files(self, record: Record) -> tuple[tuple[Path, bytes], ...]:
        stem = _stem(record.branch)
        text = json.dumps({"version": 1, **asdict(record)}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        return ((self._folder / f"{stem}.md", _page(record)), (self._folder / f"{stem}.json", text.encode()))

    def _read(self, file: Path) -> Record:
        try:
            fields = json.loads(file.read_bytes())
            if fields.pop("version") != 1:
                raise ValueError("unknown version")
            return Record(**fields)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ForgeError(
                f"the draft's record {file.name} cannot be read", remedy="delete it: it is written again", retry=False
            ) from error


def _stem(branch: str) -> str:
    number, mark = branch_parts(branch)
    return f"{number:04d}-{mark}"


def _page(record: Record) -> bytes:
    lines = (
        f"# {record.title}",
        "",
        f"Draft pull request of motion {record.number}: branch `{record.branch}` at `{record.commit[:12]}`,"
        f" on `{record.base[:12]}`, {record.at}.",
        "",
        record.body.rstrip("\n"),
        "",
    )
    return "\n".join(lines).encode()


def _write(file: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
