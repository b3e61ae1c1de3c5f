"""What cannot be meant together is refused with its reason, and what can be meant is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.contradictions import RULES
from bot.core.policy import Policy
from bot.core.schema import CHOICES, PolicyError, read_rulebook

BASE: dict[str, dict[str, Any]] = {
    "add": {"kind": "add", "role": "maintainer", "enactment": "draft-pr"},
    "remove": {"kind": "remove", "window-start": "draft", "enactment": "draft-pr"},
    "resolution": {"kind": "resolution", "enactment": "record"},
    "generic": {"kind": "generic", "enactment": "none"},
}


def read(base: str, **changes: Any) -> Policy:
    """One motion of this kind with changes."""
    numbers = {"threshold": ">=2/3", "window": "5bd", "clause": "Rules"}
    table = {**BASE[base], **numbers, **{key.replace("_", "-"): value for key, value in changes.items()}}
    book = read_rulebook({"schema": 1, "name": "small", "document": "X.md", "motion": {"it": table}})
    return book.motions[0]


def step_down(**changes: Any) -> Policy:
    table = {"kind": "step-down", "clause": "Rules", "enactment": "draft-pr"}
    table |= {key.replace("_", "-"): value for key, value in changes.items()}
    return read_rulebook({"schema": 1, "name": "s", "document": "X.md", "motion": {"it": table}}).motions[0]


WRONG: list[tuple[str, str, dict[str, Any], str]] = [
    ("add", "role", {"role": ""}, "is missing"),
    ("generic", "role", {"role": "maintainer"}, "nobody gets or loses a role here"),
    ("resolution", "role", {"role": "reviewer"}, "nobody gets or loses a role here"),
    ("add", "initiators", {"initiators": "subject"}, "only stepping down is begun by the person it is about"),
    ("add", "window-start", {"window_start": "draft"}, "only a removal is voted on in its draft"),
    ("remove", "window-start", {"window_start": "announced"}, "a removal is voted on in its draft (R40)"),
    ("generic", "enactment", {"enactment": "draft-pr"}, "there is no roster to change"),
    ("resolution", "enactment", {"enactment": "invite"}, "there is no roster to change"),
    ("add", "venues", {"venues": "pull-request"}, "only a removal has a pull request of its own to be voted on (R40)"),
    (
        "resolution",
        "venues",
        {"venues": "pull-request"},
        "only a removal has a pull request of its own to be voted on (R40)",
    ),
    (
        "remove",
        "venues",
        {"venues": "pull-request", "secrecy": "blinded"},
        "everybody sees who comments what on a pull request",
    ),
    (
        "remove",
        "venues",
        {"venues": "pull-request", "no_requires_reason": True},
        "the reasons would stand on the pull request (R44)",
    ),
    ("add", "enactment", {"enactment": "record"}, "a roster is changed by a draft"),
    ("add", "enactment", {"enactment": "none"}, "a roster is changed by a draft"),
    ("remove", "enactment", {"enactment": "invite"}, "a roster is changed by a draft"),
    ("remove", "enactment", {"enactment": "none"}, "a roster is changed by a draft"),
    ("generic", "cool-down", {"cool_down": "90d"}, "only candidacies wait for one another"),
    ("resolution", "exclude", {"exclude": ["subject"]}, "it is about a text: there is no subject"),
    ("remove", "exclude-in-denominator", {"exclude_in_denominator": True}, "nobody is excluded"),
    ("generic", "quorum-counts", {"ballot": "yes-no", "quorum_counts": "cast-non-abstain"}, "nobody can abstain here"),
    ("generic", "on-no-quorum", {"on_no_quorum": "extend"}, "there is no quorum that could be missed"),
    ("generic", "objection", {"objection": "escalate"}, "there is nothing to escalate from"),
    ("generic", "silence", {"lazy": True, "silence": "yes"}, "lazy consensus has silence carry already"),
    ("generic", "close", {"close": "early-certain", "objection": "block"}, "nobody could object any more"),
    ("generic", "close", {"close": "early-unanimous", "objection": "extend"}, "nobody could object any more"),
    (
        "generic",
        "close",
        {"close": "early-unanimous", "lazy": True},
        "the first yes would end the silence that carries",
    ),
    ("generic", "secrecy", {"secrecy": "blinded", "no_requires_reason": True}, "a reason would name the voter"),
    ("generic", "secrecy", {"secrecy": "blinded", "threshold": ">=1/1"}, "what carries would show every ballot"),
    ("generic", "secrecy", {"secrecy": "blinded", "max_no": 0}, "what carries would show every ballot"),
    ("generic", "secrecy", {"secrecy": "blinded", "veto": "no"}, "what carries would show every ballot"),
    ("generic", "secrecy", {"secrecy": "blinded", "close": "early-unanimous"}, "what carries would show every ballot"),
]


@pytest.mark.parametrize(("kind", "key", "changes", "what"), WRONG)
def test_what_cannot_be_meant_together_is_refused(kind: str, key: str, changes: dict[str, Any], what: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read(kind, **changes)
    assert [(p.key, p.what) for p in caught.value.problems] == [(f"motion.it.{key}", what)]
    assert caught.value.problems[0].remedy


def test_every_contradiction_that_is_looked_for_has_been_found_here() -> None:
    found = {(key, what) for _, key, _, what in WRONG}
    found.add(("initiators", "only the person can step down (R30)"))
    assert found == {(key, what) for key, what, _ in RULES}


def test_r30_stepping_down_is_the_persons_own_whether_or_not_the_file_says_so() -> None:
    assert step_down().initiators == "subject"
    for who in ("maintainers", "anyone"):
        with pytest.raises(PolicyError) as caught:
            step_down(initiators=who)
        assert [p.what for p in caught.value.problems] == ["only the person can step down (R30)"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("threshold", ">=2/3"), ("quorum", "5"), ("seconds", 1), ("lazy", True), ("discussion", "1bd"), ("veto", "no")],
)
def test_r30_nothing_about_votes_can_be_said_of_a_step_down(key: str, value: object) -> None:
    with pytest.raises(PolicyError) as caught:
        step_down(**{key: value})
    assert [(p.key, p.what) for p in caught.value.problems] == [
        (f"motion.it.{key}", "nobody votes on stepping down (R30)")
    ]


def test_every_choice_of_every_setting_can_be_made_somewhere() -> None:
    """A contradiction must not take a whole value out of the format."""
    helped: dict[tuple[str, str], dict[str, Any]] = {
        ("objection", "escalate"): {"lazy": True},
        ("on-no-quorum", "extend"): {"quorum": ">=1/2"},
    }
    made = {("kind", kind) for kind in BASE} | {("kind", "step-down"), ("initiators", "subject")}
    for kind in BASE:
        for key, values in CHOICES.items():
            for value in values:
                try:
                    read(kind, **{key.replace("-", "_"): value, **helped.get((key, value), {})})
                except PolicyError:
                    continue
                made.add((key, value))
    assert made == {(key, value) for key, values in CHOICES.items() for value in values}
