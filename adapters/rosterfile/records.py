"""What every maintainers file is made of: sections and the records in them, each with the place it stands at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from adapters.rosterfile.text import Text, refuse
from bot.core.people import RosterRow, fold_login


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A person as typed, or as a record has them. Empty is unknown."""

    login: str = ""
    name: str = ""
    email: str = ""
    company: str = ""

    @property
    def shown(self) -> str:
        """How to call them in a message."""
        return self.login or self.name or self.email


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Who):
    """One person in one section.

    `index` is its line, counted from 0, `height` the lines it takes, and `own` those of them that are not below it;
    `start` and `stop` are its own characters where it shares a line. `extra` is what else it says. `aliases` are
    other keys the file has for the person. `fixed` says why it cannot be edited. `anchor` names what else in the
    file is about this person alone. `written` is its own text, where a move may carry it over as it is.
    """

    section: str
    extra: tuple[str, ...] = ()
    index: int
    height: int = 1
    own: int = 1
    start: int = -1
    stop: int = -1
    aliases: tuple[str, ...] = ()
    fixed: str = ""
    anchor: str = ""
    written: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        """What the record says, without where it stands."""
        return (self.section, self.login, self.name, self.email, self.company, *self.extra)

    @property
    def row(self) -> RosterRow:
        """The record as the rest of the bot sees it."""
        return RosterRow(
            section=self.section,
            login=self.login,
            name=self.name,
            email=self.email,
            company=self.company,
            line=self.index + 1,
        )


@dataclass(slots=True, kw_only=True)
class Section:
    """A list of people. `index` is its heading's line, `body` the line where a first record belongs.

    `aliases` are other names that it answers to, where they are not another section's name. `details` is what its
    format wants to remember of it: columns, an indent, an opening bracket's place.
    """

    name: str
    index: int
    body: int
    records: list[Record] = field(default_factory=list)
    aliases: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    start: int = -1
    stop: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A parsed file. `rest` are facts that are no person's record, each led by the anchor that it belongs to."""

    text: Text
    sections: tuple[Section, ...]
    rest: tuple[tuple[str, ...], ...] = ()

    @property
    def records(self) -> list[Record]:
        """Every record of every section, section by section."""
        return [record for section in self.sections for record in section.records]


def section_of(sheet: Sheet, name: str | None) -> Section:
    """The section of this name, by its own, then ignoring case, then by an alias; None is the file's only one.

    Raises RosterError where there is none, or several.
    """
    path = sheet.text.path
    if name is None:
        return _only(sheet)
    folded = name.casefold()
    for found in (
        [each for each in sheet.sections if each.name == name],
        [each for each in sheet.sections if each.name.casefold() == folded],
        [each for each in sheet.sections if folded in (alias.casefold() for alias in each.aliases)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            lines = ", ".join(str(each.index + 1) for each in found)
            what = f"{len(found)} sections are called {name!r} (lines {lines})"
            refuse(path, found[0].index + 1, what, "give them names of their own, or edit the file by hand")
    what = f"there is no section {name!r} (the file has: {_names(sheet.sections)})"
    refuse(path, 0, what, f"add the section {name} to the file by hand, or name one that it has")


def _only(sheet: Sheet) -> Section:
    unnamed = [each for each in sheet.sections if not each.name]
    found = unnamed if len(unnamed) == 1 else sheet.sections
    if len(found) == 1:
        return found[0]
    what = f"the file has {len(found) or 'no'} sections: {_names(found)}" if found else "the file has no section"
    refuse(sheet.text.path, 0, what, "name one as the role")


def _names(sections: Iterable[Section]) -> str:
    names = [each.name or "an unnamed list" for each in sections]
    shown = ", ".join(names[:12])
    return f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown or "none"


def find(sheet: Sheet, section: Section, who: Who) -> Record | None:
    """This person's record in a section: by login, else by the file's key for them, mail address or name.

    Raises RosterError where it could be two people, or where only the file's key fits and all else differs.
    """
    if who.login:
        wanted = fold_login(who.login)
        found = [each for each in section.records if each.login and fold_login(each.login) == wanted]
        if not found:
            keyed = [each for each in section.records if wanted in (fold_login(key) for key in each.aliases)]
            found = [each for each in keyed if _agrees(each, who, strictly=bool(each.login))]
        if not found:
            found = [each for each in section.records if not each.login and _agrees(each, who, strictly=True)]
    else:
        found = [each for each in section.records if _agrees(each, who, strictly=True)]
    if len(found) > 1:
        lines = ", ".join(str(each.index + 1) for each in found)
        what = f"{who.shown} could be {len(found)} people in {section.name or 'the list'} (lines {lines})"
        refuse(sheet.text.path, found[0].index + 1, what, "name the person more exactly, or edit the file by hand")
    return found[0] if found else None


def _agrees(record: Record, who: Who, *, strictly: bool = False) -> bool:
    """Whether a name or mail address that both have is the same; `strictly`: and at least one is."""
    pairs = [(record.email, who.email), (record.name, who.name)]
    same = [" ".join(a.split()).casefold() == " ".join(b.split()).casefold() for a, b in pairs if a and b]
    if strictly and not who.login and who.email and record.email:
        return same[0]
    return any(same) if same else not strictly
