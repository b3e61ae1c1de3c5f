"""Whatever the bytes of a configuration or a link map are: a value, or every mistake with its line, never a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import parse
from bot.linkmap import LinkMapError, parse_links
from bot.rulebooks import Mistake, Mistaken
from tests.docs.files import EXAMPLE
from tests.docs.tomlnotes import switched_on

TEXT = switched_on(EXAMPLE.read_text(encoding="utf-8"))
LINES = TEXT.splitlines()
HERE = Path("somewhere")


def looked_at(text: str) -> None:
    mistakes: tuple[Mistake, ...] = ()
    try:
        parse(text, file="config.toml", here=HERE)
    except Mistaken as error:
        mistakes = error.mistakes
    for mistake in mistakes:
        assert mistake.line >= 1
        assert mistake.what
        assert mistake.remedy


@given(text=st.text(max_size=300))
def test_any_text_is_a_configuration_or_a_list_of_mistakes(text: str) -> None:
    looked_at(text)


@given(raw=st.binary(max_size=300))
def test_any_bytes_are_a_configuration_or_a_list_of_mistakes(raw: bytes) -> None:
    looked_at(raw.decode("utf-8", errors="replace"))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_the_example_with_lines_exchanged_gives_mistakes_and_no_traceback(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place] = data.draw(
            st.sampled_from(["", "[[person]]", "[slack", "x = 1", 'here = "x"', "\x00", *LINES]) | st.text(max_size=40)
        )
    looked_at("\n".join(lines))


values = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "path", "roles"]), inner),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_value_for_any_setting_is_taken_or_named(data: st.DataObject) -> None:
    document: Any = tomlkit.parse(TEXT).unwrap()
    table = data.draw(st.sampled_from(sorted(document)))
    found = document[table][0] if isinstance(document[table], list) else document[table]
    found[data.draw(st.sampled_from(sorted(found)))] = data.draw(values)
    looked_at(tomlkit.dumps(document))


@given(raw=st.binary(max_size=300))
def test_any_bytes_are_a_link_map_or_an_error_with_its_line(raw: bytes) -> None:
    said = "links.toml"
    try:
        parse_links(raw, path="links.toml")
    except LinkMapError as error:
        said = str(error)
    assert said.startswith("links.toml")
