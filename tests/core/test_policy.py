"""Policies as data: what ships is right, and whatever is not understood is refused, all mistakes at once."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from importlib.resources import files
from typing import Any

import pytest

from bot.core.calendar import Window
from bot.core.policy import Policy, Rulebook
from bot.core.schema import DEFAULTS, KEYS, LATER, LATER_VALUES, PolicyError, PolicyProblem, read_rulebook
from bot.core.threshold import Threshold
from tests.core.builders import RULES, policy

SMALL: dict[str, Any] = {
    "kind": "add",
    "role": "maintainer",
    "clause": "Adding maintainers",
    "threshold": ">=66/100",
    "window": "5bd",
    "enactment": "draft-pr",
}


def book(motions: object = None, **changes: Any) -> Rulebook:
    """Read a small document with these tables."""
    tables = {"add-maintainer": SMALL} if motions is None else motions
    return read_rulebook({"schema": 1, "name": "small", "document": "GOVERNANCE.md", "motion": tables, **changes})


def problems(motions: object = None, **changes: Any) -> dict[str, PolicyProblem]:
    """What is wrong with a document, by key; no key may be named twice."""
    with pytest.raises(PolicyError) as caught:
        book(motions, **changes)
    found = {problem.key: problem for problem in caught.value.problems}
    assert len(found) == len(caught.value.problems), caught.value.problems
    assert all(problem.what and problem.remedy for problem in found.values())
    assert all(key in str(caught.value) for key in found)
    return found


def one_problem(**changes: Any) -> PolicyProblem:
    """The one thing that is wrong with the small table after these changes."""
    table = {**SMALL, **{key.replace("_", "-"): value for key, value in changes.items()}}
    found = problems({"add-maintainer": {key: value for key, value in table.items() if value is not ...}})
    assert len(found) == 1, found
    return next(iter(found.values()))


def test_the_shipped_policy_says_what_the_governance_document_says() -> None:
    adding = policy()
    assert (RULES.name, RULES.document) == ("distribution", "GOVERNANCE.md")
    assert str(adding.threshold) == ">=66/100"  # R16
    assert str(policy("reviewer").threshold) == ">=33/100"  # R17
    for each in (adding, policy("reviewer")):  # R29: the same process
        assert each.window == Window(count=5, unit="bd")  # R12
        assert (each.window_start, each.close) == ("announced", "end")  # R12, R13
        assert (each.electorate, each.of) == ("snapshot", "eligible")  # R5, R16
        assert (each.objection, each.revote) == ("record", "last")  # R20, R15
        assert (each.yes_exceeds_no, each.cool_down) == (False, None)  # R19, R23
        assert each.visibility == "private"  # R24
        assert each.evidence_months == 3  # R7
        assert each.enactment == "draft-pr"  # R26
        assert each.publish_ballots == "counts"
        assert each.clause == "Adding maintainers"


def test_the_shipped_policy_writes_out_what_its_document_has_a_rule_about() -> None:
    """So that what is in force can be read in the file, and a changed default cannot change it."""
    text = (files("bot.policies") / "distribution.toml").read_text(encoding="utf-8")
    written = set(tomllib.loads(text)["motion"]["add-maintainer"])
    assert written <= set(KEYS)
    silent = {"quorum", "seconds", "lazy", "veto", "secrecy", "silence", "min-yes", "max-no", "max-missing", "exclude"}
    assert written.isdisjoint(silent)
    adding = policy()
    for key in set(KEYS) - written:
        assert key in DEFAULTS, key
        value = getattr(adding, key.replace("-", "_"))
        assert str(value) == str(DEFAULTS[key]) or value is None, key


def test_r54_what_the_document_does_not_know_is_off_unless_a_policy_switches_it_on() -> None:
    plain = book().adding("maintainer")
    assert plain is not None
    assert not plain.quorum
    assert (plain.secrecy, plain.veto, plain.lazy, plain.silence, plain.close) == ("open", "none", False, "none", "end")
    assert (plain.min_yes, plain.max_no, plain.max_missing, plain.seconds) == (0, -1, -1, 0)


def test_every_field_of_a_policy_has_a_key_in_the_file() -> None:
    assert {field.name for field in fields(Policy)} == {key.replace("-", "_") for key in KEYS} | {"motion"}


def test_a_role_that_the_document_does_not_know_has_no_policy() -> None:
    assert book().adding("maintainer") is not None
    assert book().adding("reviewer") is None


def test_a_table_that_extends_another_takes_what_it_does_not_say_itself() -> None:
    chained = book(
        {
            "add-maintainer": {**SMALL, "evidence-months": 6},
            "add-reviewer": {"extends": "add-maintainer", "role": "reviewer", "threshold": ">=33/100"},
            "add-junior": {"extends": "add-reviewer", "window": "7d"},
        }
    )
    by_name = {each.motion: each for each in chained.motions}
    junior = by_name["add-junior"]
    assert (junior.role, junior.threshold, junior.window) == (
        "reviewer",
        Threshold(numerator=33, denominator=100),
        Window(count=7, unit="d"),
    )
    assert junior.evidence_months == 6
    assert by_name["add-maintainer"].window == Window(count=5, unit="bd")


def test_the_order_of_the_tables_is_nothing_to_extends() -> None:
    child = {"extends": "add-maintainer", "role": "reviewer"}
    first = book({"add-reviewer": child, "add-maintainer": SMALL}).adding("reviewer")
    assert first == book({"add-maintainer": SMALL, "add-reviewer": child}).adding("reviewer")


@pytest.mark.parametrize(
    ("tables", "key", "what"),
    [
        ({"a": {"extends": "a"}}, "motion.a.extends", "extends itself"),
        ({"a": {**SMALL, "extends": "z"}}, "motion.a.extends", 'extends "z", which is no table of this file'),
        ({"a": {**SMALL, "extends": 3}}, "motion.a.extends", "must be a text"),
    ],
)
def test_a_base_that_cannot_be_followed_is_one_mistake(tables: dict[str, Any], key: str, what: str) -> None:
    found = problems(tables)
    assert {key: problem.what for key, problem in found.items()} == {key: what}


def test_two_tables_that_extend_each_other_are_both_named() -> None:
    found = problems({"a": {**SMALL, "extends": "b"}, "b": {"extends": "a"}})
    assert {key: problem.what for key, problem in found.items()} == {
        "motion.a.extends": "extends itself",
        "motion.b.extends": "extends itself",
    }


def test_an_inherited_mistake_is_told_once_and_where_it_stands() -> None:
    found = problems({"a": {**SMALL, "windw": "5bd", "role": "king"}, "b": {"extends": "a"}})
    assert sorted(found) == ["motion.a.role", "motion.a.windw"]


def test_what_is_missing_in_a_base_is_told_once() -> None:
    base = {key: value for key, value in SMALL.items() if key != "window"}
    assert list(problems({"a": base, "b": {"extends": "a"}, "c": {"extends": "b", "kind": "add"}})) == [
        "motion.a.window"
    ]


def test_an_inherited_contradiction_is_told_once_and_a_new_one_where_it_arises() -> None:
    base = {**SMALL, "lazy": True, "silence": "yes"}
    child = {"extends": "a", "objection": "escalate", "lazy": True}
    assert list(problems({"a": base, "b": child})) == ["motion.a.silence"]
    assert list(problems({"a": SMALL, "b": {"extends": "a", "objection": "escalate"}})) == ["motion.b.objection"]


def test_a_table_is_judged_whole_even_where_another_has_mistakes() -> None:
    found = problems({"a": {**SMALL, "role": "king"}, "b": {**SMALL, "objection": "escalate"}})
    assert sorted(found) == ["motion.a.role", "motion.b.objection"]


def test_tables_that_extend_one_another_without_end_are_refused_in_no_time() -> None:
    chain: dict[str, Any] = {f"m{n}": {"extends": f"m{n + 1}"} for n in range(3000)}
    tables = {**chain, "m3000": SMALL}
    with pytest.raises(PolicyError) as caught:
        read_rulebook({"schema": 1, "name": "long", "document": "X.md", "motion": tables})
    assert all("more than 16 tables" in problem.what for problem in caught.value.problems)
    assert len(caught.value.problems) == 3000 - 15


@pytest.mark.parametrize(("above", "fits"), [(0, True), (15, True), (16, False), (17, False), (40, False)])
def test_no_table_is_lost_where_a_chain_is_too_long(above: int, fits: bool) -> None:
    tables: dict[str, Any] = {f"m{n}": {"extends": f"m{n + 1}"} for n in range(above)}
    tables[f"m{above}"] = SMALL
    if fits:
        assert len(book(tables).motions) == above + 1
    else:
        assert len(problems(tables)) == above - 15


def test_all_mistakes_are_told_at_once() -> None:
    found = problems(
        {
            "a": {**SMALL, "threshold": "66%", "window": "soon", "colour": "red", "yes-exceeds-no": "no"},
            "b": "add",
            "c": {"kind": "add", "cool-down": 90},
            "d": {"kind": "add"},
        },
        name="",
        schema=2,
        colour="blue",
    )
    assert sorted(found) == sorted(
        [
            *("colour", "schema", "name", "motion.b", "motion.a.yes-exceeds-no"),
            *("motion.a.threshold", "motion.a.window", "motion.a.colour", "motion.c.cool-down"),
            *("motion.d.clause", "motion.d.threshold", "motion.d.window", "motion.d.enactment"),
        ]
    )


@pytest.mark.parametrize("schema", [True, 1.0, "1", 2, None])
def test_a_format_of_another_version_is_refused(schema: object) -> None:
    assert list(problems(schema=schema)) == ["schema"]


@pytest.mark.parametrize("name", ["", "Add Maintainer", "a\nb", "add_maintainer", "-a", "a.b", "x" * 151])
def test_the_name_of_a_motion_can_be_typed_and_printed(name: str) -> None:
    found = problems({name: SMALL})
    assert [problem.what for problem in found.values()] == ["is no name of a motion"]
    assert all(key.isprintable() for key in found)


def test_an_unknown_setting_is_refused_with_those_that_there_are() -> None:
    problem = one_problem(qorum="1/2")
    assert problem.key == "motion.add-maintainer.qorum"
    assert problem.what == "is not a setting of a motion"
    assert all(key in problem.remedy for key in KEYS)


@pytest.mark.parametrize("key", sorted(LATER))
def test_what_is_not_supported_yet_is_refused_with_the_reason(key: str) -> None:
    problem = one_problem(**{key.replace("-", "_"): {"max": 2}})
    assert (problem.key, problem.what) == (f"motion.add-maintainer.{key}", "is not in force")
    assert problem.remedy == LATER[key]


@pytest.mark.parametrize(("key", "value"), sorted(LATER_VALUES))
def test_a_value_that_is_not_supported_yet_is_refused_with_the_reason(key: str, value: str) -> None:
    problem = one_problem(**{key.replace("-", "_"): value})
    assert problem.what == f'"{value}" is not in force'
    assert problem.remedy == LATER_VALUES[key, value]


@pytest.mark.parametrize("key", ["kind", "role", "clause", "threshold", "window", "enactment"])
def test_what_has_no_default_must_be_written(key: str) -> None:
    problem = one_problem(**{key: ...})
    assert (problem.key, problem.what) == (f"motion.add-maintainer.{key}", "is missing")


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("kind", "vote", 'write "add" or "remove" or "step-down" or "resolution" or "generic"'),
        ("role", "admin", 'write "maintainer" or "reviewer"'),
        ("initiators", "all", 'write "maintainers" or "anyone" or "subject"'),
        ("electorate", "everyone", 'write "snapshot" or "live"'),
        ("ballot", "yes", 'write "yes-no-abstain" or "yes-no"'),
        ("of", "turnout", 'write "eligible" or "cast" or "cast-non-abstain"'),
        ("window-start", "opened", 'write "announced" or "draft"'),
        ("close", "early", 'write "end" or "early-certain" or "early-unanimous"'),
        ("objection", "veto", 'write "record" or "block" or "extend" or "escalate"'),
        ("revote", "first", 'write "last" or "none"'),
        ("veto", "yes", 'write "none" or "no"'),
        ("visibility", "secret", 'write "private" or "public"'),
        ("enactment", "merge", 'write "draft-pr" or "invite" or "record" or "none"'),
        ("publish-ballots", "all", 'write "counts"'),
        ("exclude", "subject", 'write ["subject"] or ["proposer"], or both'),
        ("exclude", ["everyone"], 'write ["subject"] or ["proposer"], or both'),
        ("exclude", [["subject"]], 'write ["subject"] or ["proposer"], or both'),
        ("lazy", "yes", "write true or false"),
        ("min-yes", 1.5, "write a whole number, 0 to 10000"),
        ("max-no", -2, "write a whole number, -1 to 10000"),
        ("seconds", True, "write a whole number, 0 to 100"),
        ("quorum", 5, 'write quorum = "..."'),
        ("quorum", "half", 'write 0 for none, 5, >=1/2, or both: ">=1/2, 5"'),
        ("quorum", "5, 6", "write one share, one number, or one of each"),
        ("quorum", ">=1/2, >=1/3", "write one share, one number, or one of each"),
        ("quorum", "", 'write 0 for none, 5, >=1/2, or both: ">=1/2, 5"'),
        ("threshold", ">=0/1", "write >0/1 where one yes is enough"),
        ("threshold", ">1/1", "write a share of at most 1/1"),
        ("record-path", "../outside", "write a folder of the repository, such as docs/decisions"),
        ("record-path", "/etc", "write a folder of the repository, such as docs/decisions"),
        ("record-path", ".git/hooks", "write a folder of the repository, such as docs/decisions"),
        ("record-path", "docs//x", "write a folder of the repository, such as docs/decisions"),
        ("record-path", "", "write a folder of the repository, such as docs/decisions"),
        ("clause", "two\nlines", "name the section of the document, in one line"),
        ("clause", "x" * 151, "name the section of the document, in one line"),
        ("threshold", "66%", "write a fraction with its sign, such as >=66/100 or >2/3"),
        ("threshold", 0.66, 'write threshold = "..."'),
        ("window", "five days", "write 5bd (business days), 7d (days) or 72h (hours)"),
        ("window", 5, 'write window = "..."'),
        ("cool-down", "soon", "write 5bd (business days), 7d (days) or 72h (hours)"),
        ("clause", "", "name the section of the document, in one line"),
        ("clause", 7, "name the section of the document, in one line"),
        ("yes-exceeds-no", 1, "write true or false"),
        ("evidence-months", "3", "write a whole number, 0 to 120"),
        ("evidence-months", True, "write a whole number, 0 to 120"),
        ("evidence-months", -1, "write a whole number, 0 to 120"),
        ("evidence-months", 121, "write a whole number, 0 to 120"),
        ("electorate", ["live"], 'write "snapshot" or "live"'),
    ],
)
def test_a_value_that_is_not_supported_is_refused_with_a_remedy(key: str, value: object, remedy: str) -> None:
    problem = one_problem(**{key: value})
    assert problem.key == f"motion.add-maintainer.{key}"
    assert problem.remedy == remedy


@pytest.mark.parametrize("motions", [{}, [], "add"])
def test_a_policy_without_motions_is_none(motions: object) -> None:
    assert list(problems(motions)) == ["motion"]


@pytest.mark.parametrize("text", ["0", "0d", "0bd", "0h"])
def test_r23_a_cool_down_of_nothing_is_none(text: str) -> None:
    read = book({"add-maintainer": {**SMALL, "cool-down": text}}).adding("maintainer")
    assert read is not None
    assert read.cool_down is None


def test_t14_the_digest_is_that_of_the_rules_and_of_nothing_else() -> None:
    """Pinned: a release that changes it would change what every stored motion says about its rules."""
    assert policy().digest == policy().digest
    assert policy().digest == "6a9274a94ee96410bb1496ccfb67d528e651813aca95c4ce048719f348e00a87"
    changed = replace(policy(), yes_exceeds_no=True)
    assert changed.digest != policy().digest


def test_t14_any_changed_field_changes_the_digest() -> None:
    other: dict[str, Any] = {
        "threshold": Threshold(numerator=2, denominator=3),
        "window": Window(count=6, unit="bd"),
        "cool_down": Window(count=90, unit="d"),
        "evidence_months": 4,
        "yes_exceeds_no": True,
    }
    seen = {policy().digest}
    for field in fields(Policy):
        seen.add(replace(policy(), **{field.name: other.get(field.name, "something else")}).digest)
    assert len(seen) == len(fields(Policy)) + 1
