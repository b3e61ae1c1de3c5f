"""The index of the documentation leads to every page, and the how-to pages keep to one thing each."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.docs.files import ROOT, named
from tests.docs.prose import links

DOCS: Final = ROOT / "docs"
LONGEST: Final = 1_000
"""Words of a how-to: about a page, or two where a table of rights belongs to it."""


def test_the_index_names_every_page() -> None:
    index = DOCS / "README.md"
    led = {(DOCS / target.partition("#")[0]).resolve() for target in links(index.read_text(encoding="utf-8"))}
    pages = {page for page in DOCS.rglob("*.md") if page != index and page.parent.name != "decisions"}
    assert sorted(named(page) for page in pages - led) == []


@pytest.mark.parametrize("page", sorted((DOCS / "how-to").glob("*.md")), ids=lambda page: str(page.name))
def test_a_how_to_is_short(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").split()) <= LONGEST
