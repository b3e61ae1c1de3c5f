"""The maintainers-file formats that are known. Must never guess which one a file is in: no match is an error."""

from __future__ import annotations

from typing import Final

from adapters.rosterfile.codeowners import CodeOwners
from adapters.rosterfile.csvhash import CsvHash
from adapters.rosterfile.csvheader import CsvHeader
from adapters.rosterfile.mdlist import MdList
from adapters.rosterfile.mdtable import MdTable
from adapters.rosterfile.owners import Aliases, Owners
from adapters.rosterfile.plain import Plain
from adapters.rosterfile.tomlmoby import TomlMoby
from bot.ports import RosterError, RosterFormat

FORMATS: Final[tuple[RosterFormat, ...]] = (
    CsvHash(),
    TomlMoby(),
    Owners(),
    Aliases(),
    CodeOwners(),
    MdTable(),
    MdList(),
    Plain(),
    CsvHeader(),
)
"""Every format, in the order in which they are tried."""


def detect(path: str, data: bytes) -> RosterFormat:
    """The format of this file, by content and name. Raises RosterError if none or several claim it (R6, T9)."""
    found = [known for known in FORMATS if known.recognises(path=path, data=data)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(known.name for known in found or FORMATS)
    raise RosterError(
        path=path,
        line=0,
        what=f"several formats fit: {names}" if found else "no known maintainers-file format fits",
        remedy=f"set the roster's `format` in the configuration to one of: {names}",
    )
