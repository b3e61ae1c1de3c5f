"""T33: whatever a record, a configuration or a name holds, it is text in pages and charts, and nothing runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from html.parser import HTMLParser
from typing import Any, Final
from xml.etree import ElementTree as Xml

import pytest
from playwright.async_api import Browser

from adapters.site import Pages, serve
from bot.core.people import PersonId
from bot.core.prose import Prose
from bot.core.record import Record
from bot.core.wording import Names
from tests.site.test_pages import text

HOSTILE: Final = (
    "</title><script>hit('script')</script>",
    "\"><img src=x onerror=hit('attribute')>",
    "' autofocus onfocus=hit('quote') x='",
    "</desc></svg><svg onload=hit('svg')><foreignObject><body onload=hit('body')>",
    "javascript:hit('address')",
    "{{ 7 * 7 }}{% for x in y %}{# gone #}",
    "$\\frac{1}{0}$ \\input{/etc/passwd} $$x$$",
    "]]><!-- <b>--><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "\x00\x1b[31m\u2028\ufffe",
)
ELEMENTS: Final = {"svg", "title", "desc", "g", "defs", "pattern", "path", "rect", "line", "circle", "text", "tspan"}
CHOSEN: Final = {"kind", "state", "zone"}
"""Fields that are words of the bot's own, or checked when the configuration is read."""


class HostileSource:
    """The public record of a project, with a hostile text in every place that holds one."""

    def __init__(self, pages: Pages, typed: str) -> None:
        self._source, self._typed = pages._source, typed
        self.genesis, self.head = self._source.genesis, "0" * 64

    @property
    def names(self) -> Names:
        return self

    def login(self, person: PersonId) -> str:
        return self._typed

    def all(self) -> Sequence[Record]:
        return [replace(record, **dict(self._changed(record))) for record in self._source.all()]

    def _changed(self, record: Record) -> Iterator[tuple[str, Any]]:
        for each in fields(record):
            value = getattr(record, each.name)
            if isinstance(value, Prose):
                yield each.name, replace(value, text=self._typed)
            elif isinstance(value, str) and value and each.name not in CHOSEN:
                yield each.name, self._typed

    def minutes(self, number: int) -> str:
        return self._typed

    def calendar(self) -> bytes:
        return self._source.calendar()


@dataclass
class Reader(HTMLParser):
    """What a page is made of."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    drawn: set[str] = field(default_factory=set)
    inside: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside += tag == "svg"
        if self.inside:
            self.drawn.add(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "svg"


def hostile(pages: Pages, typed: str) -> Pages:
    return Pages(HostileSource(pages, typed), title=typed)


def shape(page: str) -> tuple[Reader, list[tuple[str, tuple[str, ...]]]]:
    reader = Reader()
    reader.feed(page)
    return reader, [(tag, tuple(sorted(attrs))) for tag, attrs in reader.tags]


@pytest.mark.parametrize("typed", HOSTILE)
def test_t33_a_hostile_record_makes_the_same_elements_as_a_harmless_one_and_none_that_runs(
    pages: Pages, typed: str
) -> None:
    calm, charts = hostile(pages, "words"), 0
    made = hostile(pages, typed)
    for path in [path for path in made.paths() if path.endswith(".html")]:
        reader, tags = shape(text(made, path))
        assert tags == shape(text(calm, path))[1], path
        assert reader.drawn <= ELEMENTS, path
        charts += len(reader.drawn) > 0
        for tag, attrs in reader.tags:
            assert tag not in {"script", "style", "iframe", "object", "embed", "base", "form", "foreignobject"}, path
            assert not [name for name in attrs if name.startswith("on") or name == "style"], path
            address = attrs.get("href") or attrs.get("src") or ""
            assert address.partition(":")[0] in {"https", "http"} or ":" not in address, (path, address)
    assert charts > 2


@pytest.mark.parametrize("typed", HOSTILE)
def test_t33_a_hostile_record_makes_a_feed_that_reads_as_xml_and_holds_it_as_text(pages: Pages, typed: str) -> None:
    feed = Xml.fromstring(text(hostile(pages, typed), "feed.atom"))  # noqa: S314 - our own
    calm = Xml.fromstring(text(hostile(pages, "words"), "feed.atom"))  # noqa: S314
    assert [each.tag for each in feed.iter()] == [each.tag for each in calm.iter()]


@pytest.mark.browser
@pytest.mark.parametrize("typed", HOSTILE[:5])
async def test_t33_nothing_of_a_hostile_record_runs_in_a_browser(browser: Browser, pages: Pages, typed: str) -> None:
    made = hostile(pages, typed)
    site = await serve(made, host="127.0.0.1", port=0)
    context = await browser.new_context(bypass_csp=True)  # the pages hold by themselves
    page = await context.new_page()
    hits: list[str] = []
    await page.expose_function("hit", lambda what: hits.append(what))
    for path in ("index.html", "turnout.html", "motions/1.html", "motions/4.html", "motions/5.html"):
        await page.goto(site.url + path)
        assert await page.evaluate("document.querySelectorAll('script, foreignObject, iframe').length") == 0
        assert await page.locator("svg").count() or path == "index.html"
    await context.close()
    await site.close()
    assert hits == []
