"""What all formats share: read people, change one record by splices, parse again and prove that nothing else differs.

Must never hand out an edit that is not proved (R6, T24).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable

from adapters.rosterfile.cells import Flaw, company_flaw, email_flaw, login_flaw, name_flaw
from adapters.rosterfile.records import Record, Section, Sheet, Who, find, section_of
from adapters.rosterfile.text import MAX_BYTES, Splice, lines_out, refuse, spliced
from bot.core.people import RosterRow, fold_login
from bot.ports import PersonField, RosterChange


class SpliceFormat(ABC):
    """A format that knows how to parse a file, cut a record out and put one in. The rest is here."""

    name: str
    needs: frozenset[PersonField] = frozenset({"login"})
    holds: frozenset[PersonField] = frozenset({"login"})
    delimiters: str = ""
    largest: int = MAX_BYTES

    @abstractmethod
    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether this looks like a file of this format (content and name)."""

    @abstractmethod
    def parse(self, path: str, data: bytes) -> Sheet:
        """The file's sections and records. Raises RosterError for anything that is not understood."""

    @abstractmethod
    def put(self, sheet: Sheet, section: Section, who: Who, like: Record | None) -> list[Splice]:
        """What adds this person to a section; `like` is the record they are moved from, where they are."""

    def cut(self, sheet: Sheet, record: Record) -> list[Splice]:
        """What removes a record: its lines, if the format says nothing else."""
        return [lines_out(sheet.text, record.index, record.height)]

    def create(self, sheet: Sheet, name: str) -> Section | None:
        """A section that is not there yet but needs no heading of its own, or None."""
        return None

    def read(self, *, path: str, data: bytes) -> tuple[RosterRow, ...]:
        """Everyone in every section, in the file's order. Raises RosterError for what is not understood (R6)."""
        return tuple(record.row for record in self.parse(path, data).records)

    def edit(self, *, path: str, data: bytes, change: RosterChange) -> bytes:
        """The file with one person's records changed. Raises RosterError, changing nothing, if it cannot (T24)."""
        sheet = self.parse(path, data)
        who = Who(login=change.login.removeprefix("@"), name=change.name, email=change.email, company=change.company)
        if not (who.login or who.name or who.email):
            refuse(path, 0, "nobody is named", "name the person by login, name or mail address")
        sections: tuple[str | None, ...] = tuple(dict.fromkeys(change.sections)) or (None,)
        match change.action:
            case "add":
                self._check(path, who, known=Who())
                for name in sections:
                    sheet = self._add(sheet, name, who, None)
            case "remove":
                for name in sections:
                    sheet = self._remove(sheet, self._present(sheet, name, who))
            case "move":
                sheet = self._move(sheet, sections, change.sources, who)
        return spliced(sheet.text, ())

    def _move(self, sheet: Sheet, targets: Iterable[str | None], sources: tuple[str, ...], who: Who) -> Sheet:
        goals = [self._target(sheet, name).name for name in targets]
        names = sources or self._sources(sheet, goals, who)
        found = [self._present(sheet, name, who) for name in names]
        first = found[0]
        merged = merge(who, first)
        self._check(sheet.text.path, merged, known=first)
        for goal in goals:
            if any(record.section == goal for record in found):
                refuse(sheet.text.path, first.index + 1, f"{who.shown} is in {goal} already", "move to another section")
        for name in names:
            sheet = self._remove(sheet, self._present(sheet, name, who), moved=True)
        for goal in goals:
            sheet = self._add(sheet, goal, merged, first)
        return sheet

    def _sources(self, sheet: Sheet, goals: list[str], who: Who) -> tuple[str, ...]:
        """The one section that the person is in, besides those that they go to."""
        found = [each.name for each in sheet.sections if each.name not in goals and find(sheet, each, who)]
        if len(found) != 1:
            where = f"in {len(found)} sections ({', '.join(found)})" if found else "in no other section"
            refuse(sheet.text.path, 0, f"{who.shown} is {where}", "say which section they leave")
        return tuple(found)

    def _present(self, sheet: Sheet, name: str | None, who: Who) -> Record:
        section = section_of(sheet, name)
        record = find(sheet, section, who)
        if record is None:
            where = section.name or "the list"
            refuse(sheet.text.path, section.index + 1, f"{who.shown} is not in {where}", "nothing to remove")
        if record.fixed:
            refuse(sheet.text.path, record.index + 1, record.fixed, "edit this line by hand")
        return record

    def _remove(self, sheet: Sheet, record: Record, *, moved: bool = False) -> Sheet:
        splices = self.cut(sheet, record) if not moved else self.lift(sheet, record)
        return self._proved(sheet, splices, gone=record, section=None, who=None)

    def lift(self, sheet: Sheet, record: Record) -> list[Splice]:
        """What takes a record out that will be put in again elsewhere."""
        return self.cut(sheet, record)

    def _target(self, sheet: Sheet, name: str | None) -> Section:
        known = {each.name for each in sheet.sections}
        if name is not None and name not in known:
            created = self.create(sheet, name)
            if created is not None:
                return created
        return section_of(sheet, name)

    def _add(self, sheet: Sheet, name: str | None, who: Who, like: Record | None) -> Sheet:
        section = self._target(sheet, name)
        present = find(sheet, section, Who(login=who.login) if who.login else who)
        if present is not None:
            where = section.name or "the list"
            refuse(sheet.text.path, present.index + 1, f"{who.shown} is in {where} already", "nothing to add")
        return self._proved(sheet, self.put(sheet, section, who, like), gone=None, section=section, who=who)

    def _check(self, path: str, who: Who, *, known: Who) -> None:
        """Refuse what may not be written into this format. What the file has already is not judged (T23, T31, T32)."""
        missing = sorted(field for field in self.needs if not getattr(who, field))
        if "login" in missing:
            refuse(path, 0, f"{self.name} names people by their forge login, and none is given", "give the login")
        if missing:
            refuse(path, 0, f"{self.name} needs the person's {' and '.join(missing)}", "give it")
        marks = self.delimiters
        flaws: list[Flaw | None] = []
        if who.login and who.login != known.login:
            flaws.append(login_flaw(who.login))
        if who.name != known.name and "name" in self.holds and who.name:
            flaws.append(name_flaw(who.name, delimiters=marks))
        if who.email != known.email and "email" in self.holds:
            flaws.append(email_flaw(who.email, delimiters=marks.replace("@", "")))
        if who.company != known.company and "company" in self.holds:
            flaws.append(company_flaw(who.company, delimiters=marks))
        for flaw in flaws:
            if flaw is not None:
                refuse(path, 0, flaw.what, flaw.remedy)

    def _proved(
        self, sheet: Sheet, splices: list[Splice], *, gone: Record | None, section: Section | None, who: Who | None
    ) -> Sheet:
        """The edited file, parsed again: exactly one record differs, in the right section, and says what was meant."""
        path = sheet.text.path
        after = self.parse(path, spliced(sheet.text, splices))
        before_said = [record.said for record in sheet.records]
        after_said = [record.said for record in after.records]
        anchor = gone.anchor if gone is not None else ""
        if gone is not None:
            before_said.remove(gone.said)
        if section is not None and who is not None:
            new = _new(sheet, after)
            if new is None or new.section != section.name or not _fits(new, who):
                refuse(path, 0, "the edit would not add exactly this record", "edit the file by hand")
            after_said.remove(new.said)
            anchor = new.anchor
        if before_said != after_said or not _same_rest(sheet, after, anchor):
            refuse(path, 0, "the edit would change another record", "edit the file by hand")
        concerned = section.name if section is not None else gone.section if gone is not None else ""
        if _others(sheet, concerned) != _others(after, concerned):
            refuse(path, 0, "the edit would change the file's sections", "edit the file by hand")
        return after


def merge(who: Who, known: Who) -> Who:
    """What was typed of a person, else what the file has of them."""
    return Who(
        login=known.login or who.login,
        name=who.name or known.name,
        email=who.email or known.email,
        company=who.company or known.company,
    )


def _new(before: Sheet, after: Sheet) -> Record | None:
    """The one record that is there now and was not, or None if there is not exactly one."""
    had = Counter(record.said for record in before.records)
    fresh: list[Record] = []
    for record in after.records:
        had[record.said] -= 1
        if had[record.said] < 0:
            fresh.append(record)
    return fresh[0] if len(fresh) == 1 else None


def _fits(record: Record, who: Who) -> bool:
    """Whether a record says of a person what was meant, or less where the file has no place for it."""
    if record.login and fold_login(record.login) != fold_login(who.login):
        return False
    pairs = (
        (record.name, who.name or who.login),
        (record.email, who.email),
        (record.company.casefold(), who.company.casefold()),
    )
    return any((record.login, record.name, record.email)) and all(not has or has == meant for has, meant in pairs)


def _same_rest(before: Sheet, after: Sheet, anchor: str) -> bool:
    """Whether all facts that belong to nobody concerned are as they were, in their order."""
    kept = [[fact for fact in sheet.rest if not anchor or fact[0] != anchor] for sheet in (before, after)]
    return kept[0] == kept[1]


def _others(sheet: Sheet, concerned: str) -> list[str]:
    """Every section but the one concerned, which may begin to exist or cease to."""
    return [each.name for each in sheet.sections if each.name != concerned]
