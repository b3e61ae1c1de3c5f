"""The pages: what they say, that every link leads somewhere, how they are cut, and what they are written to."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree as Xml

import pytest

from adapters.site import Pages, write_site
from adapters.site.feed import ATOM
from adapters.site.files import MANIFEST
from bot.core.record import Record, record_of
from bot.core.trends import quarters
from bot.wiring.site import pages_of
from tests.core.builders import PlainNames, dispute
from tests.site.conftest import Governed
from tests.site.scene import with_site
from tests.world import World


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in {"href", "src"} and value]


def text(pages: Pages, path: str) -> str:
    file = pages.render(path)
    assert file is not None, path
    return file.data.decode()


def test_every_link_leads_to_a_file_of_the_site(pages: Pages) -> None:
    paths = set(pages.paths())
    for path in paths:
        if path.endswith(".html"):
            links = Links()
            links.feed(text(pages, path))
            for link in links.found:
                assert link.startswith("#") or urljoin(path, link) in paths, (path, link)


def test_no_page_needs_a_script_or_a_style_of_its_own(pages: Pages) -> None:
    for path in pages.paths():
        if path.endswith(".html"):
            assert not re.search(r"<script|<style| style=| on[a-z]+=", text(pages, path)), path


def test_a_motion_tells_its_count_its_arithmetic_its_window_and_its_head(pages: Pages) -> None:
    page = text(pages, "motions/4.html")
    assert "<strong>Carried:</strong> 9 yes, 9 needed. 85% of those who could vote did." in page
    assert "2/3 of 13 = 8.66…, so 9 (Conflict Resolution, R51)" in page
    assert "12 June 2026, 23:59 UTC" in page
    assert re.search(r'<code class="hash">[0-9a-f]{64}</code>', page)
    assert text(pages, "motions/4.md").startswith("The maintainers of `distribution` have decided motion 4: carried.")


def test_what_members_typed_is_text_and_nothing_else(pages: Pages) -> None:
    page = text(pages, "motions/5.html")
    assert "Drop &lt;b&gt;Windows&lt;/b&gt; &amp; BSD" in page
    assert "We stop &lt;script&gt;alert(1)&lt;/script&gt; there." in page
    assert 'href="https://example.org/i/8"' not in page, "an address that a member typed is no link"


def test_a_step_down_has_no_vote(pages: Pages) -> None:
    page = text(pages, "motions/7.html")
    assert "steps down as a maintainer of distribution" in page
    assert "needed" not in page


def test_the_feed_is_atom_with_identifiers_that_stay(project: Governed, pages: Pages) -> None:
    root = Xml.fromstring(text(pages, "feed.atom"))  # noqa: S314 - our own
    entries = root.findall(f"{{{ATOM}}}entry")
    titles = [entry.findtext(f"{{{ATOM}}}title") for entry in entries]
    assert titles == [
        "Lost: Drop <b>Windows</b> & BSD (motion 5)",
        "Carried: Keep the v2 API (motion 4)",
        "Carried: Make newperson a maintainer of distribution (motion 1)",
    ]
    summary = entries[1].findtext(f"{{{ATOM}}}summary") or ""
    assert summary.startswith("Carried: 9 yes (9 needed), 2 no, 0 abstained, 2 did not vote. 2/3 of 13")
    ids = [entry.findtext(f"{{{ATOM}}}id") or "" for entry in (root, *entries)]
    assert len(set(ids)) == 4
    assert all(each.startswith("urn:uuid:") for each in ids)
    assert root.findtext(f"{{{ATOM}}}updated") == "2026-08-20T00:00:30Z"
    config = with_site(project.config, url="https://governance.example.org/d")
    again, _ = pages_of(config, project.ledger, project.at)
    there = Xml.fromstring(text(again, "feed.atom"))  # noqa: S314
    assert [entry.findtext(f"{{{ATOM}}}id") for entry in there.findall(f"{{{ATOM}}}entry")] == ids[1:]
    links = [link.attrib["href"] for link in there.iter(f"{{{ATOM}}}link")]
    assert "https://governance.example.org/d/motions/5.html" in links


def test_the_same_record_makes_the_same_bytes(project: Governed, pages: Pages) -> None:
    again, _ = pages_of(project.config, project.ledger, project.at)
    for path in pages.paths():
        assert pages.render(path) == again.render(path)


async def test_a_page_shows_what_has_happened_since(world: World) -> None:
    pages, _ = pages_of(world.config, world.service.ledger, world.clock.now)
    assert "No public motion is open." not in text(pages, "index.html")
    await world.end(9)
    page = text(pages, "motions/9.html")
    assert "<strong>Lost:</strong> 4 yes, 9 needed" in page


@pytest.mark.parametrize(
    "path", ["", "page-1.html", "page-2.html", "motions/01.html", "motions/.html", "../config.toml", "site.css/", "x"]
)
def test_what_is_no_file_of_the_site_is_not_there(pages: Pages, path: str) -> None:
    assert pages.render(path) is None


# ---------------------------------------------------------------------- many motions


class Many:
    """A record of so many motions, all alike."""

    genesis, head, names = "ab" * 32, "cd" * 32, PlainNames()

    def __init__(self, count: int) -> None:
        moot = dispute()
        moot.votes(yes=9, no=1)
        moot.close()
        first = record_of(moot.motion, head=self.head)
        assert first is not None
        decided = first.decided_at
        assert decided is not None
        self._all = [replace(first, number=n, decided_at=decided + timedelta(days=n)) for n in range(count, 0, -1)]

    def all(self) -> list[Record]:
        return self._all

    def minutes(self, number: int) -> str:
        return "Minutes.\n"

    def calendar(self) -> bytes:
        return b""


def test_a_long_record_is_cut_into_pages_that_lead_to_each_other() -> None:
    pages = Pages(Many(120), title="Much")
    assert [path for path in pages.paths() if path.startswith("page-")] == ["page-2.html", "page-3.html"]
    first, second, third = (text(pages, path) for path in ("index.html", "page-2.html", "page-3.html"))
    assert first.count('<li class="motion">') == second.count('<li class="motion">') == 50
    assert third.count('<li class="motion">') == 20
    assert 'rel="next" href="page-2.html"' in first
    assert 'rel="prev" href="index.html"' in second
    assert 'rel="prev" href="page-2.html"' in third
    assert 'rel="next"' not in third


def test_a_chart_shows_the_latest_quarters_and_the_table_all() -> None:
    pages = Pages(Many(2000), title="Much")
    page = text(pages, "turnout.html")
    assert page.count('<rect class="column"') == 24
    assert page.count('<th scope="row">20') == len(quarters(Many(2000).all())) == 22
    assert "the latest 12 quarters" in page


# ---------------------------------------------------------------------- into a folder


def test_a_folder_gets_the_same_bytes_and_only_what_changed_is_written(pages: Pages, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    first = write_site(pages, folder)
    assert not first.unchanged
    for path in pages.paths():
        file = pages.render(path)
        assert file is not None
        assert (folder / path).read_bytes() == file.data
    again = write_site(pages, folder)
    assert not again.written
    (folder / "motions/1.html").write_text("other")
    assert write_site(pages, folder).written == ("motions/1.html",)


def test_a_dry_run_writes_nothing(pages: Pages, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert "index.html" in write_site(pages, folder, dry=True).written
    assert not folder.exists()


def test_what_is_no_longer_in_the_record_is_removed_and_nothing_else(pages: Pages, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_site(pages, folder)
    (folder / "motions/77.html").write_text("it was public once")
    (folder / "mine.txt").write_text("somebody's own")
    known = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps([*known, "motions/77.html", "../escape", ".git/config"]))
    done = write_site(pages, folder)
    assert done.removed == ("motions/77.html",)
    assert not (folder / "motions/77.html").exists()
    assert (folder / "mine.txt").read_text() == "somebody's own"


def test_a_folder_that_holds_something_else_is_refused(pages: Pages, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="name an empty folder"):
        write_site(pages, tmp_path / "out")
