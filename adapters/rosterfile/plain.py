"""Plain lines, a person each: `Name <mail> (@login)`, with comments, headings and labels. Edits one line.

Must never take prose for people: a line that is neither comment, heading nor person is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final

from adapters.rosterfile.csvhash_parse import title_of
from adapters.rosterfile.editing import SpliceFormat
from adapters.rosterfile.placing import NAMES_FIRST, successor
from adapters.rosterfile.records import Record, Section, Sheet, Who
from adapters.rosterfile.shapes import MARKS, Span, best, rendered, shape_of
from adapters.rosterfile.text import MAX_BYTES, Splice, Text, lines_in, opened, refuse
from bot.core.people import fold_login
from bot.ports import PersonField, RosterError

_LABEL: Final = r"(?:([^\s:<>()@\"',]+):[ \t]+)?"
_LOGIN: Final = r"[A-Za-z0-9_-]{1,39}"
_LINE: Final = re.compile(
    rf"[ \t]*{_LABEL}(?P<name>(?>[^<>()@#:\"\[\]|]*[^<>()@#:\"\[\]|\s]))?"
    r"(?P<mails>(?:[ \t]*<[^<>\s]*>)+)?"
    rf"(?:(?:[ \t]+|^|(?<=>))(?:\((?:[A-Za-z]{{1,12}}: ?)?(?P<wrapped>@?{_LOGIN}@?)(?:[,;] ?[^()]*)?\)"
    rf"|@(?P<handle>{_LOGIN})))?"
    r"(?P<tail>[ \t]+[^\s<>][^<>]*+)?[ \t]*$"
)
_MAIL: Final = re.compile(r"<([^<>\s]*)>")
_COMPANY: Final = re.compile(r",[ \t]+([^,]*\S)$")
_PROSE: Final = re.compile(r"(?:\b[^\W\d_][\w'’,;.:/#*()-]{0,40}[ \t]{1,9}){3}\S")
_COLUMN: Final = re.compile(r"^[A-Z]:[ \t]", re.MULTILINE)
_NEW_LABEL: Final = re.compile(r"[A-Za-z0-9._/*-]{1,100}")


class Plain(SpliceFormat):
    """`Name <mail> (@login) pkg:*` under `# MAINTAINERS`, or `file: Name <mail>`, as etcd and moby had it."""

    name: str = "plain"
    needs: frozenset[PersonField] = frozenset()
    holds: frozenset[PersonField] = frozenset({"login", "name", "email", "company"})
    delimiters: str = '<>()[]@#:,;|"'

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether every line is a person, a comment, blank or of a paragraph of prose, and there is a mail address."""
        if len(data) > MAX_BYTES or PurePosixPath(path).suffix in {".md", ".csv", ".toml", ".yaml", ".yml"}:
            return False
        if b"<" not in data and b"@" not in data:
            return False
        try:
            records = self.parse(path, data).records
        except RosterError:
            return False
        return any(record.email for record in records)

    def parse(self, path: str, data: bytes) -> Sheet:
        """The people under each heading and label. Raises RosterError for a line that is none of it."""
        text = opened(path, data)
        if _COLUMN.search(text.text):
            refuse(path, 0, "lines of one capital letter and a colon are another format", "point at another file")
        reader = _Reader(text=text, prose=_prose(text))
        for index in range(len(text.lines)):
            if index not in reader.prose:
                reader.line(index, text.bare(index))
        return Sheet(text=text, sections=reader.finish())

    def create(self, sheet: Sheet, name: str) -> Section | None:
        """A label that nobody has yet, where others have one: it needs no heading."""
        labelled = [each for each in sheet.sections if each.details == ("label",)]
        if not labelled or not _NEW_LABEL.fullmatch(name):
            return None
        last = labelled[-1].records[-1]
        return Section(name=name, index=last.index, body=last.index + 1, details=("label",))

    def put(self, sheet: Sheet, section: Section, who: Who, like: Record | None) -> list[Splice]:
        """A line in the shape of its neighbours, in their order if the list, or its largest part, has one."""
        text = sheet.text
        if section.details == ("label",):
            return [_labelled(sheet, section, who)]
        records = _part(text, section.records)
        before = successor(records, who, NAMES_FIRST)
        shapes = [_shape(text, each) for each in reversed(records or sheet.records)]
        if like is None and who.login and not any(MARKS["login"] in shape for shape in shapes):
            shapes += [_shape(text, each) for each in reversed(sheet.records)]
        wanted = best(shapes, who)
        line = rendered(wanted, who) if wanted is not None else _default(who)
        at = before.index if before is not None else (records[-1].index + 1 if records else section.body)
        return [lines_in(text, at, [line], like=records[-1].index if records else section.index)]


def _default(who: Who) -> str:
    words = (who.name or who.login, f"<{who.email}>" if who.email else "", f"(@{who.login})" if who.login else "")
    return " ".join(word for word in words if word)


def _part(text: Text, records: list[Record]) -> list[Record]:
    """The largest run of records with no blank line between, the first of equals."""
    runs: list[list[Record]] = []
    for record in records:
        if runs and record.index == runs[-1][-1].index + 1:
            runs[-1].append(record)
        else:
            runs.append([record])
    return max(runs, key=len, default=[])


def _labelled(sheet: Sheet, section: Section, who: Who) -> Splice:
    """A line with a label, among the others with one; in their order if they have one."""
    text = sheet.text
    others = [each.records[0] for each in sheet.sections if each.details == ("label",) and each.records]
    mine = section.records
    shapes = [_shape(text, each) for each in reversed(others)]
    person = rendered(best(shapes, who) or "", who)
    line = f"{section.name}: {person}"
    if mine:
        return lines_in(text, mine[-1].index + 1, [line], like=mine[-1].index)
    names = [each.section.casefold() for each in others]
    before = None
    if len(names) > 1 and names == sorted(names):
        before = next((each for each in others if section.name.casefold() < each.section.casefold()), None)
    at = before.index if before is not None else others[-1].index + 1
    return lines_in(text, at, [line], like=others[-1].index)


def _shape(text: Text, record: Record) -> str:
    """A record's line without its label and further mail addresses, its values as marks."""
    line = text.bare(record.index)
    match = _LINE.match(line)
    if match is None:
        return ""
    name, company = _named(match["name"] or "")
    spans = [Span(field="name", start=match.start("name"), stop=match.start("name") + len(name))] if name else []
    if company:
        spans.append(Span(field="company", start=match.end("name") - len(company), stop=match.end("name")))
    mails = [_MAIL.search(line, match.start("mails"), match.end("mails"))] if match["mails"] else []
    stop = match.end("mails")
    for mail in mails:
        if mail is not None:
            spans.append(Span(field="email", start=mail.start(1), stop=mail.end(1)))
            stop = mail.end()
    for group in ("wrapped", "handle"):
        if match[group]:
            start = match.start(group) + match[group].startswith("@")
            spans.append(Span(field="login", start=start, stop=start + len(match[group].strip("@"))))
    further = stop if mails else len(line)
    begin = match.end(1) + 1 if match[1] else 0
    cut = match.end("mails") if mails else further
    shape = shape_of(line[:further], [each for each in spans if each.stop <= further])
    rest = shape_of(line[cut:], [_moved(each, -cut) for each in spans if each.start >= cut])
    return shape[len(line[:begin]) :].lstrip(" \t") + rest if begin else shape + rest


def _named(written: str) -> tuple[str, str]:
    """A name, and the company behind a comma."""
    match = _COMPANY.search(written)
    return (written[: match.start()], match[1]) if match is not None and match.start() else (written, "")


def _prose(text: Text) -> frozenset[int]:
    """The lines of paragraphs that are prose: a sentence in them, and nothing of a person in any line."""
    found: set[int] = set()
    run: list[int] = []
    for index in range(len(text.lines) + 1):
        line = text.bare(index).strip() if index < len(text.lines) else ""
        if line:
            run.append(index)
            continue
        lines = [text.bare(each) for each in run]
        if any(_PROSE.search(each) or _introduces(each) for each in lines) and not any(
            "<" in each or "@" in each for each in lines
        ):
            found.update(each for each in run if not text.bare(each).lstrip().startswith("#"))
        run = []
    return frozenset(found)


def _introduces(line: str) -> bool:
    return line.rstrip().endswith(":") and line.count(":") == 1 and " " in line.strip() and line.strip()[0].isalpha()


def _moved(span: Span, by: int) -> Span:
    """The span, moved."""
    return replace(span, start=span.start + by, stop=span.stop + by)


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Goes through the lines once; `open` is the heading's section, or the unnamed list."""

    text: Text
    prose: frozenset[int]
    sections: list[Section] = field(default_factory=list)
    labels: dict[str, Section] = field(default_factory=dict)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    after_person: bool = False

    def line(self, index: int, line: str) -> None:
        stripped = line.strip(" \t")
        if not stripped or stripped.startswith("#"):
            title = title_of(stripped)
            if title is not None and (title[1] or not self.after_person):
                self.sections.append(Section(name=title[0], index=index, body=index + 1))
            self.after_person = False
            return
        self._person(index, line)
        self.after_person = True

    def _person(self, index: int, line: str) -> None:
        match = _LINE.match(line)
        login = ((match["wrapped"] or match["handle"] or "").strip("@")) if match is not None else ""
        mails = _MAIL.findall(match["mails"]) if match is not None and match["mails"] else []
        if match is None or not (login or mails):
            remedy = "write Name <mail> (@login), or make it a comment"
            refuse(self.text.path, index + 1, "neither a person nor a comment", remedy)
        section = self._section(index, match[1] or "")
        tail = (match["tail"] or "").strip()
        name, company = _named(match["name"] or "")
        record = Record(
            section=section.name,
            login=login,
            name=name,
            email=mails[0] if mails else "",
            company=company,
            extra=(*mails[1:], tail),
            index=index,
        )
        key = (section.name, fold_login(login or record.email or record.name))
        if key in self.seen:
            what = f"{record.shown} is there twice (first: line {self.seen[key]})"
            refuse(self.text.path, index + 1, what, "delete one of the two lines")
        self.seen[key] = index + 1
        section.records.append(record)

    def _section(self, index: int, label: str) -> Section:
        if label:
            if label not in self.labels:
                self.labels[label] = Section(name=label, index=index, body=index, details=("label",))
            return self.labels[label]
        if not self.sections:
            self.sections.append(Section(name="", index=index, body=index))
        return self.sections[-1]

    def finish(self) -> tuple[Section, ...]:
        people = [each for each in self.sections if each.name or each.records]
        named: dict[str, Section] = {}
        for section in people:
            other = named.setdefault(section.name, section)
            if other is not section and other.records and section.records:
                what = f"a second section {section.name} (first: line {other.index + 1})"
                refuse(self.text.path, section.index + 1, what, "join the two lists under one heading")
            if section.records:
                named[section.name] = section
        kept = [each for each in people if named[each.name] is each]
        return (*kept, *self.labels.values())
