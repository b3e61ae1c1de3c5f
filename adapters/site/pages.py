"""The site as a set of files by path: what is served and what is written to a folder are the same bytes.

All links are relative, so that the site works under any address and from a folder. Everything is rendered from the
public record; nothing here reads the ledger.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.site import charts, words
from adapters.site.feed import atom, summary
from adapters.site.source import Source
from bot.core.record import Record, headline
from bot.core.trends import Quarter, open_for, quarters

PER_PAGE: Final = 50
KEPT: Final = 128
"""How many rendered files are kept while the record does not change."""
_HERE: Final = Path(__file__).parent
_MOTION: Final = re.compile(r"motions/([1-9][0-9]{0,8})\.(html|md)\Z")
_LATER: Final = re.compile(r"page-([1-9][0-9]{0,6})\.html\Z")
HTML, MARKDOWN = "text/html; charset=utf-8", "text/markdown; charset=utf-8"
STATIC: Final = {"site.css": "text/css; charset=utf-8", "moot.svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of the site."""

    data: bytes
    kind: str


class Pages:
    """The files of the site. `title` stands above every page; `base` is the public address where there is one."""

    def __init__(self, source: Source, *, title: str, base: str = "") -> None:
        self._source, self._title = source, title
        self._base = base and base.rstrip("/") + "/"
        self._lock = Lock()
        self._kept: OrderedDict[str, File] = OrderedDict()
        self._head = ""
        self._minutes: dict[int, str] = {}
        self._records: Sequence[Record] = ()
        self._by_number: Mapping[int, Record] = {}
        self._quarters: Sequence[tuple[str, Sequence[Quarter]]] = ()
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            {name: getattr(words, name) for name in ("STATES", "KINDS", "REMARKS", "counted", "days", "percent")}
            | {name: getattr(words, name) for name in ("day", "instant", "machine", "last_minute", "local")}
            | {"ended_early": words.ended_early, "summary": summary, "open_for": open_for}
        )

    def paths(self) -> Iterator[str]:
        """Every file that there is now."""
        self._refresh()
        yield from ("index.html", "turnout.html", "feed.atom", "deadlines.ics", *STATIC)
        yield from (f"page-{number}.html" for number in range(2, self._last() + 1))
        for record in self._records:
            yield f"motions/{record.number}.html"
            if self._minutes_of(record.number):
                yield f"motions/{record.number}.md"

    def render(self, path: str) -> File | None:
        """A file, or None where there is none, and the same None for what may not be known."""
        with self._lock:
            self._refresh()
            file = self._kept.get(path)
            if file is None:
                file = self._render(path)
            if file is not None:
                self._kept[path] = file
                self._kept.move_to_end(path)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            return file

    def missing(self, path: str) -> bytes:
        """The page that says that there is no such page."""
        return self._page("missing.html.j2", here="", up="../" * min(path.count("/"), 9)).data

    def _minutes_of(self, number: int) -> str:
        """The minutes, read once as long as the record does not change: a page, its Markdown and the list want them."""
        if number not in self._minutes:
            self._minutes[number] = self._source.minutes(number)
        return self._minutes[number]

    def _refresh(self) -> None:
        head = self._source.head
        if head != self._head or not self._head:
            self._kept.clear()
            self._minutes.clear()
            self._records = self._source.all()
            self._by_number = {record.number: record for record in self._records}
            names = sorted({record.repository for record in self._records})
            self._quarters = [(name, quarters(r for r in self._records if r.repository == name)) for name in names]
            self._head = head

    def _last(self) -> int:
        """The number of the last page of the index."""
        return max(1, -(-sum(not record.open for record in self._records) // PER_PAGE))

    def _render(self, path: str) -> File | None:
        if path in STATIC:
            return File(data=(_HERE / "static" / path).read_bytes(), kind=STATIC[path])
        match path:
            case "index.html":
                return self._index(1)
            case "turnout.html":
                return self._turnout()
            case "deadlines.ics":
                return File(data=self._source.calendar(), kind="text/calendar; charset=utf-8")
            case "feed.atom":
                data = atom(
                    self._records, self._source.names, genesis=self._source.genesis, title=self._title, base=self._base
                )
                return File(data=data, kind="application/atom+xml; charset=utf-8")
        if (later := _LATER.match(path)) and 2 <= int(later[1]) <= self._last():
            return self._index(int(later[1]))
        if found := _MOTION.match(path):
            return self._motion(int(found[1]), found[2])
        return None

    def _index(self, number: int) -> File:
        decided = [record for record in self._records if not record.open]
        return self._page(
            "index.html.j2",
            here="index.html" if number == 1 else "",
            running=[record for record in self._records if record.open] if number == 1 else [],
            decided=decided[(number - 1) * PER_PAGE : number * PER_PAGE],
            number=number,
            last=self._last(),
            total=len(decided),
            several=len(self._quarters) > 1,
        )

    def _turnout(self) -> File:
        sections = [
            {
                "repository": name,
                "quarters": list(reversed(found)),
                "turnout": charts.turnout(found),
                "windows": charts.windows(found),
            }
            for name, found in self._quarters
            if found
        ]
        running = [record for record in self._records if record.open]
        return self._page("turnout.html.j2", here="turnout.html", sections=sections, running=running)

    def _motion(self, number: int, form: str) -> File | None:
        record = self._by_number.get(number)
        if record is None:
            return None
        minutes = self._minutes_of(number)
        if form == "md":
            return File(data=minutes.encode(), kind=MARKDOWN) if minutes else None
        return self._page(
            "motion.html.j2", here="", up="../", record=record, minutes=minutes, bar=charts.tally_bar(record)
        )

    def _page(self, template: str, *, here: str, up: str = "", **values: Any) -> File:
        names = self._source.names

        def about(record: Record) -> str:
            return headline(record, names) or "(no title)"

        html = self._templates.get_template(template).render(
            title=self._title,
            here=here,
            up=up,
            about=about,
            simulated=any(record.simulated for record in self._records),
            **values,
        )
        return File(data=html.encode("utf-8", "replace"), kind=HTML)
