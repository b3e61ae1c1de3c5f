"""Text that people wrote: digests that can outlive it, and characters that deceive."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.people import PlatformUser, fold_login
from bot.core.prose import Prose, deceptive, digest, tidy

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]))


@given(text=TEXTS, salt=st.text("0123456789abcdef", min_size=1))
def test_the_digest_of_a_text_is_that_of_its_own_salt(text: str, salt: str) -> None:
    prose = Prose.of(text, salt=salt, label="reason")
    assert prose.salt is not None
    assert prose.digest == digest(text, prose.salt)
    assert prose.digest == hashlib.sha256(f"{prose.salt}\0{text}".encode()).hexdigest()
    assert str(prose) == text


def test_two_texts_of_one_request_share_no_salt_and_the_requests_salt_is_not_shown() -> None:
    reason, name = (Prose.of("same", salt="s1", label=label) for label in ("reason", "name"))
    assert reason.salt != name.salt
    assert reason.digest != name.digest
    assert "s1" not in {reason.salt, name.salt}


def test_the_same_request_makes_the_same_digest_again() -> None:
    assert Prose.of("same", salt="s1", label="reason") == Prose.of("same", salt="s1", label="reason")
    assert Prose.of("same", salt="s2", label="reason").digest != Prose.of("same", salt="s1", label="reason").digest


def test_t49_an_erased_text_says_so_and_keeps_its_digest() -> None:
    prose = Prose.of("gone", salt="s1", label="reason")
    erased = Prose(digest=prose.digest, salt=None, text=None)
    assert str(erased) == "(erased)"
    assert erased.digest == prose.digest


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain text", None),
        ("lines\nand\ttabs", None),
        ("Zoë, 李小龙, مرحبا, שלום, नमस्ते", None),
        ("👩‍💻 and 🤷🏽‍♀️ and ❤️", None),
        ("می‌خواهم", None),
        ("", None),
        ("a\u202eb", "U+202E"),
        ("a\u2066b", "U+2066"),
        ("a\u200bb", "U+200B"),
        ("a\u200eb", "U+200E"),
        ("\ufeffa", "U+FEFF"),
        ("a\x00b", "U+0000"),
        ("a\x1b[31m", "U+001B"),
        ("a\rb", "U+000D"),
        ("a\u2028b", "U+2028"),
        ("a\u2029b", "U+2029"),
        ("a\u0085b", "U+0085"),
        ("a\x0bb", "U+000B"),
        ("a\u00adb", "U+00AD"),
        ("a\ue000b", "U+E000"),
        ("a\U000e0041b", "U+E0041"),
        ("a\ud800b", "U+D800"),
    ],
)
def test_t31_the_first_character_that_deceives_is_named_by_its_code_point(text: str, found: str | None) -> None:
    assert deceptive(text) == found


@pytest.mark.parametrize(("char", "found"), [("\n", "U+000A"), ("\t", "U+0009"), ("\u200d", "U+200D"), (" ", None)])
def test_t24_a_name_holds_no_line_end_and_no_joiner(char: str, found: str | None) -> None:
    assert deceptive(f"New{char}Person", name=True) == found


@given(st.text())
def test_t31_what_passes_has_nothing_hidden_in_it(text: str) -> None:
    if deceptive(text, name=True) is None:
        assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for char in text)
        assert len(text.splitlines()) <= 1


@given(TEXTS)
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert "\r" not in tidy(text)


@pytest.mark.parametrize("login", ["@Ada", "ada", " ADA ", "@ADA"])
def test_r5_logins_compare_without_case_and_without_the_sign(login: str) -> None:
    assert fold_login(login) == "ada"


def test_an_account_is_named_by_the_platforms_own_ids() -> None:
    assert PlatformUser(platform="slack", team="T01", user="U02").key == "slack:T01/U02"
