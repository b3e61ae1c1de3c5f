"""The csv-hash format of distribution and moby: quoted rows under upper-case comment headings. Edits one line of text.

Must never re-serialise: every byte outside the one changed line stays, or the edit is refused (R6, T24).
"""

from __future__ import annotations

import re
from typing import Final

from adapters.rosterfile.csvhash_parse import cells, parse
from adapters.rosterfile.editing import SpliceFormat
from adapters.rosterfile.placing import LOGINS, successor
from adapters.rosterfile.records import Record, Section, Sheet, Who
from adapters.rosterfile.text import MAX_BYTES, Splice, lines_in, opened
from bot.ports import PersonField

_HEADING: Final = re.compile(rb"^(?:\xef\xbb\xbf)?#+[ \t]*[A-Z][A-Z0-9]{2,}\b(?![ \t]*[a-z])", re.MULTILINE)
_ROW: Final = re.compile(rb'^[ \t]*"[^"\n]*"[ \t]*,[ \t]*"', re.MULTILINE)


class CsvHash(SpliceFormat):
    """`"login","Name","mail"` under `# MAINTAINERS`, `# REVIEWERS`, `# COMMITTERS`, as distribution has it."""

    name: str = "csv-hash"
    needs: frozenset[PersonField] = frozenset({"login"})
    holds: frozenset[PersonField] = frozenset({"login", "name", "email"})
    delimiters: str = ",;"

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether there are an upper-case heading and a quoted row; a broken row elsewhere does not hide the format."""
        return len(data) <= MAX_BYTES and _HEADING.search(data) is not None and _ROW.search(data) is not None

    def parse(self, path: str, data: bytes) -> Sheet:
        """The sections and their rows. Raises RosterError for any line that is neither comment nor row."""
        return parse(opened(path, data))

    def put(self, sheet: Sheet, section: Section, who: Who, like: Record | None) -> list[Splice]:
        """A row in the order the section has, else its last; spaced as the section's last row is.

        Without a name the login stands in for it. What a row to be moved has beyond the mail address goes with it.
        """
        style = section.records[-1] if section.records else next(reversed(sheet.records), None)
        gap, at = ",", section.index
        if style is not None:
            at = style.index
            found = cells(sheet.text.bare(at).strip(" \t"))
            gap = found[1] if not isinstance(found, str) else gap
        extra = like.extra if like is not None else ()
        row = (who.login, who.name or who.login, who.email, *extra)
        line = gap.join('"' + cell.replace('"', '""') + '"' for cell in row)
        return [lines_in(sheet.text, _place(section, who), [line], like=at)]


def _place(section: Section, who: Who) -> int:
    """The line that the new row takes."""
    before = successor(section.records, who, LOGINS[:1])
    if before is not None:
        return before.index
    return section.records[-1].index + 1 if section.records else section.body
