"""`folkmoot policy`: what an operator types, and what comes back."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli_policy import LARGEST, policy_app
from bot.core.people import PersonId
from bot.policytools import figures
from bot.ports import Transaction
from bot.rulebooks import shipped
from storage.sqlite import SqliteLedger
from tests.core.builders import Moot, policy
from tests.storage.samples import StoppedClock

SMALL = """\
schema = 1
name = "small"
document = "GOVERNANCE.md"

[motion.add-maintainer]
kind = "add"
role = "maintainer"
clause = "Adding maintainers"
threshold = ">=66/100"
window = "5bd"
enactment = "draft-pr"
"""


def run(*words: str | Path) -> Result:
    """Type this after `folkmoot policy`."""
    return CliRunner().invoke(policy_app, [str(word) for word in words])


def said(*words: str | Path) -> str:
    """What is printed, where nothing may go wrong."""
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def data(*words: str | Path) -> Any:
    return json.loads(said(*words, "--json"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small policy of one's own."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def changed(small: Path, *edits: tuple[str, str], name: str = "changed.toml", more: str = "") -> Path:
    """A copy of it with edits."""
    text = small.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = small.with_name(name)
    path.write_text(text + more, encoding="utf-8")
    return path


# --------------------------------------------------------------------------- check


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_policy_is_found_good(name: str) -> None:
    assert said("check", name).startswith(f"✓ {name}.toml: ")


def test_a_good_file_is_told_with_its_motions(small: Path) -> None:
    assert said("check", small) == f"✓ {small}: 1 kind of motion: add-maintainer\n"


def test_every_mistake_is_told_with_its_line_what_is_wrong_and_what_to_write(small: Path) -> None:
    wrong = changed(small, (">=66/100", "66%"), ('"5bd"', '"soon"'), more="cap = 1\nqorum = 5\n")
    result = run("check", wrong)
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.removeprefix("folkmoot: ").splitlines()
    assert sorted(line.removeprefix(f"{wrong}:").partition(": ")[0] for line in lines) == ["10", "12", "13", "9"]
    assert f'{wrong}:9: motion.add-maintainer.threshold: "66%" is not a threshold. Write a fraction with its sign' in (
        result.stderr
    )
    assert f"{wrong}:12: motion.add-maintainer.cap: is not in force. Caps by company are not supported yet" in (
        result.stderr
    )


@pytest.mark.parametrize("text", ["", "schema = ", "[motion", "\x00", "schema = 1\nschema = 1", "a = [[[[", "é = 1"])
def test_a_file_that_is_no_policy_is_refused_with_a_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    result = run("check", path)
    assert result.exit_code == 2
    assert f"{path}:" in result.stderr
    assert "Traceback" not in result.output


def test_a_file_that_is_no_text_or_far_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(bytes(range(256)))
    assert run("check", path).exit_code == 2
    path.write_bytes(b"#" * 300_000)
    result = run("check", path)
    assert (result.exit_code, "too large" in result.stderr) == (2, True)


@pytest.mark.parametrize("command", ["check", "explain", "lint"])
def test_a_policy_that_is_not_there_is_answered_with_those_that_ship(command: str, tmp_path: Path) -> None:
    for missing in (tmp_path / "nowhere.toml", tmp_path):
        result = run(command, missing)
        assert result.exit_code == 2
        assert all(name in result.stderr for name in shipped())


# --------------------------------------------------------------------------- explain


def test_r18_a_motion_is_explained_for_a_roster_with_the_arithmetic() -> None:
    text = said("explain", "distribution", "--motion", "add-maintainer", "--electorate", "12")
    assert "add-maintainer (add as maintainer): “Adding maintainers”" in text
    assert "66% of 12 = 7.92, so 8." in text
    assert "Any maintainer." in text
    assert "at least 66% of all who are counted" in text
    assert "5 business days, from the announcement" in text
    assert text.splitlines()[-1].split() == ["12", "12", "8"]


def test_without_a_number_there_is_a_table_for_one_to_fifteen() -> None:
    text = said("explain", "distribution", "--motion", "add-reviewer")
    rows = [line.split() for line in text.splitlines() if line.strip()[:1].isdigit()]
    assert [int(row[0]) for row in rows] == list(range(1, 16))
    assert [int(row[2]) for row in rows] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5]


def test_r42_where_nobody_can_reach_the_bar_it_says_never() -> None:
    counts = data("explain", "distribution", "--motion", "remove")["motions"][0]["counts"]
    assert [row["fewest_yes"] for row in counts[:4]] == [None, None, 2, 3]
    assert counts[11] == {
        "maintainers": 12,
        "counted": 12,
        "may_vote": 11,
        "quorum": 0,
        "fewest_yes": 8,
        "yes_if_nobody_else_votes": 8,
        "yes_if_all_others_say_no": 8,
    }


def test_what_depends_on_the_turnout_is_told_for_each_case() -> None:
    row = data("explain", "conda", "--motion", "other", "-n", "20")["motions"][0]["counts"][0]
    assert (row["quorum"], row["yes_if_nobody_else_votes"], row["yes_if_all_others_say_no"]) == (10, 10, 11)
    text = said("explain", "conda", "--motion", "other", "-n", "20")
    assert "at least 5 must take part; an abstention is taking part." in text


@pytest.mark.parametrize("name", shipped())
def test_every_motion_of_every_shipped_policy_is_explained_in_every_respect(name: str) -> None:
    explained = data("explain", name)["motions"]
    assert explained
    for motion in explained:
        topics = set(motion["says"])
        if motion["kind"] == "step-down":
            assert (topics, motion["counts"]) == ({"proposing", "voting", "afterwards"}, [])
        else:
            assert topics == {
                *("proposing", "voting", "counting", "quorum", "time"),
                *("early_close", "objections", "privacy", "afterwards"),
            }
            assert len(motion["counts"]) == 15


@pytest.mark.parametrize(
    ("name", "motion", "words"),
    [
        ("apache", "lazy-consensus", "Silence carries, unless somebody says no or objects."),
        ("apache", "lazy-consensus", "It cannot carry while one stands."),
        ("apache", "code-change", "One no stops it, until it is taken back."),
        ("apache", "code-change", "A no needs a reason."),
        ("apache", "release", "At least 3 must say yes."),
        ("oci-image-spec", "motion", "1 other maintainer must second it"),
        ("oci-image-spec", "urgent-motion", "As soon as it carries and everybody who took part said yes."),
        ("oci-image-spec", "remove", "It is discussed for 1 business day before the draft exists."),
        ("containerd", "add-security-advisor", "As soon as no ballot that is still missing could change the result."),
        ("conda", "other", "the window runs once more, then it is lost"),
        ("conda", "add-maintainer", "whoever runs the bot could read them"),
        ("distribution", "remove", "The subject may not vote, but is counted."),
        ("distribution", "step-down", "The person, and nobody else."),
        ("distribution", "resolution", "Anybody the forge knows."),
    ],
)
def test_a_rule_is_said_in_plain_words(name: str, motion: str, words: str) -> None:
    assert words in said("explain", name, "--motion", motion)


def test_a_kind_names_all_motions_of_it_and_an_unknown_one_is_answered_with_those_there_are() -> None:
    assert [each["motion"] for each in data("explain", "distribution", "--motion", "add")["motions"]] == [
        "add-maintainer",
        "add-reviewer",
    ]
    result = run("explain", "distribution", "--motion", "election")
    assert result.exit_code == 2
    assert "add-maintainer, add-reviewer, step-down" in result.stderr


@pytest.mark.parametrize("electorate", ["0", "-1", "1001", "twelve", "1e3"])
def test_an_electorate_that_is_none_is_refused(electorate: str) -> None:
    assert run("explain", "distribution", "--electorate", electorate).exit_code == 2


def test_the_largest_electorate_is_explained() -> None:
    assert LARGEST == figures.LARGEST
    assert (
        data("explain", "distribution", "--motion", "add-maintainer", "-n", "1000")["motions"][0]["counts"][0][
            "fewest_yes"
        ]
        == 660
    )


# --------------------------------------------------------------------------- diff


def test_two_equal_policies_differ_in_nothing(small: Path) -> None:
    assert said("diff", small, small) == "The rules are the same.\n"
    assert data("diff", "conda", "conda")["changes"] == []


def test_every_difference_is_told_by_field_and_a_threshold_with_its_effect(small: Path) -> None:
    other = changed(
        small,
        (">=66/100", ">=2/3"),
        ('window = "5bd"', 'window = "7d"\nquorum = ">=1/2, 5"\nmax-no = 0\nyes-exceeds-no = true'),
    )
    assert said("diff", small, other).splitlines() == [
        "add-maintainer: threshold: at least 66% → at least 2/3 (first differs among 50: 33 yes before, 34 after)",
        "add-maintainer: more yes than no needed: no → yes",
        "add-maintainer: most no: no limit → 0",
        "add-maintainer: quorum: none → at least 1/2 of those who are counted, and at least 5",
        "add-maintainer: window: 5 business days → 7 days",
    ]


def test_a_motion_that_is_new_or_gone_is_told(small: Path) -> None:
    text = said("diff", small, "distribution")
    assert "add-reviewer: new in B." in text
    assert "decision: gone in B: it could not be proposed any more." in said("diff", "distribution", small)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Three motions that were closed (8 of 12, 7 of 12, 4 of 12 for a reviewer), and one that is open."""
    path = tmp_path / "ledger.sqlite3"
    ballots = [(policy(), 8, 1), (policy(), 7, 0), (policy("reviewer"), 4, 8)]
    store = SqliteLedger(path, clock=StoppedClock())
    try:
        for number, (rules, yes, no) in enumerate(ballots, start=1):
            moot = Moot(12, rules, number=number, subject=PersonId(f"candidate{number}"))
            moot.votes(yes=yes, no=no)
            moot.close(late=timedelta(seconds=30))
            _store(store, moot)
        moot = Moot(12, number=4, subject=PersonId("candidate4"))
        moot.votes(yes=12)
        _store(store, moot)
    finally:
        store.close()
    return path


def _store(store: SqliteLedger, moot: Moot) -> None:
    def work(txn: Transaction) -> None:
        for at, event in moot.log:
            txn.append(moot.number, [event], at=at)

    store.transact(work).result()


def test_past_motions_that_would_have_ended_otherwise_are_named(tmp_path: Path, small: Path, ledger: Path) -> None:
    other = changed(small, ("66/100", "1/2"), ('"small"', '"distribution"'))
    text = said("diff", "distribution", other, "--ledger", ledger)
    assert "Past motions counted again under B: 2, of which 1 would end otherwise." in text
    assert "Motion 2 (add-maintainer): lost with 7 yes, 0 no, 0 abstained of 12; under B carried." in text
    assert "Motion 3 (add-reviewer): B has no such motion." in text
    assert "Motion 4" not in text, "it is still open"


def test_r19_more_yes_than_no_would_have_lost_the_reviewer(tmp_path: Path, ledger: Path) -> None:
    shipped_text = (Path(__file__).parents[2] / "bot/policies/distribution.toml").read_text(encoding="utf-8")
    other = tmp_path / "stricter.toml"
    other.write_text(shipped_text.replace("yes-exceeds-no = false", "yes-exceeds-no = true "), encoding="utf-8")
    past = data("diff", "distribution", other, "--ledger", ledger)["past"]
    assert (past["counted"], past["changed"], past["unknown"], past["other_policy"]) == (3, 1, [], 0)
    assert past["motions"][2] == {
        "motion": 3,
        "kind": "add-reviewer",
        "then": "carried",
        "now": "lost",
        "lacks": ["yes-exceeds-no"],
    }


def test_motions_of_another_policy_are_left_alone(ledger: Path) -> None:
    past = data("diff", "containerd", "conda", "--ledger", ledger)["past"]
    assert (past["counted"], past["other_policy"]) == (0, 3)


def test_comparing_changes_nothing_in_the_ledger(ledger: Path) -> None:
    before = ledger.read_bytes()
    said("diff", "distribution", "containerd", "--ledger", ledger)
    assert ledger.read_bytes() == before


def test_a_ledger_that_is_none_is_refused(tmp_path: Path, ledger: Path) -> None:
    assert run("diff", "distribution", "conda", "--ledger", tmp_path / "none").exit_code == 1
    wrong = tmp_path / "wrong.sqlite3"
    wrong.write_bytes(b"no ledger at all" * 100)
    result = run("diff", "distribution", "conda", "--ledger", wrong)
    assert result.exit_code == 1
    assert result.stderr.startswith("folkmoot: ")


# --------------------------------------------------------------------------- lint


def warnings(*words: str | Path) -> dict[str, Any]:
    """What is warned about, by code; the first of each."""
    found: dict[str, Any] = {}
    for each in data("lint", *words)["warnings"]:
        assert each["what"]
        assert each["why"]
        assert each["remedy"]
        found.setdefault(each["code"], each)
    return found


def test_r18_66_percent_beside_two_thirds_is_warned_about_with_where_they_differ() -> None:
    near = warnings("distribution")["near-shares"]
    assert (near["motion"], near["key"], near["file"]) == ("resolution", "threshold", "distribution.toml")
    assert near["why"] == "they first differ among 50: >=66/100 needs 33, >=2/3 needs 34"


def test_r42_a_removal_that_two_maintainers_can_never_carry_is_warned_about_with_the_table() -> None:
    unreachable = warnings("distribution")["unreachable"]
    assert unreachable["motion"] == "remove"
    assert unreachable["what"] == "it cannot be reached with 2 maintainers"
    for pair in ("N=2: 2/1", "N=4: 3/2", "N=5: 4/3", "N=7: 5/4", "N=8: 6/5", "N=10: 7/6"):
        assert pair in unreachable["why"]
    assert "N=12" not in unreachable["why"], "8 with and without"
    assert "unreachable" not in warnings("distribution", "--electorate", "12")
    assert warnings("distribution", "--electorate", "12")["counted-but-barred"]["motion"] == "remove"


def test_r19_a_bar_that_carries_against_a_majority_is_warned_about(small: Path) -> None:
    against = warnings("distribution")["against-majority"]
    assert (against["motion"], against["what"]) == ("add-reviewer", "it carries with 4 yes and 8 no of 12 (R19)")
    better = changed(small, (">=66/100", ">=33/100"), ('"5bd"', '"5bd"\nyes-exceeds-no = true'))
    assert "against-majority" not in warnings(better)


def test_a_share_of_the_cast_with_nothing_that_says_how_many_must_vote_is_warned_about(small: Path) -> None:
    cast = changed(small, ('"5bd"', '"5bd"\nof = "cast"'))
    alone = warnings(cast)["no-denominator"]
    assert (alone["line"], alone["key"]) == (11, "of")
    assert alone["what"].startswith("one yes of 12 decides")
    for remedy in ('quorum = ">=1/2"', "min-yes = 3"):
        assert "no-denominator" not in warnings(changed(cast, ('of = "cast"', f'of = "cast"\n{remedy}'), name="x.toml"))
    assert warnings("apache")["no-denominator"]["motion"] == "procedural"


def test_abstentions_that_make_the_quorum_for_one_yes_are_warned_about_once() -> None:
    carry = warnings("conda")["abstentions-carry"]
    assert (carry["motion"], "add-maintainer" in carry["also"]) == ("other", True)


def test_a_number_above_the_electorate_is_warned_about(small: Path) -> None:
    three = changed(small, ('"5bd"', '"5bd"\nmin-yes = 6'))
    assert warnings(three, "-n", "5")["too-few"]["key"] == "min-yes"
    assert "too-few" not in warnings(three, "-n", "6")
    assert warnings("conda", "-n", "4")["too-few"]["key"] == "quorum"
    assert "too-few" not in warnings("conda", "-n", "5")


def test_lazy_consensus_that_an_objection_ends_without_more_time_is_warned_about(small: Path) -> None:
    lazy = changed(small, ('"5bd"', '"5bd"\nlazy = true'))
    assert warnings(lazy)["lazy-without-time"]["key"] == "objection"
    for objection in ("block", "escalate", "extend"):
        better = changed(lazy, ("lazy = true", f'lazy = true\nobjection = "{objection}"'), name="y.toml")
        assert "lazy-without-time" not in warnings(better)


@pytest.mark.parametrize(
    ("window", "short"), [("1d", True), ("2d", True), ("71h", True), ("72h", False), ("3d", False), ("1bd", False)]
)
def test_a_window_that_a_weekend_can_swallow_is_warned_about(small: Path, window: str, short: bool) -> None:
    assert ("short-window" in warnings(changed(small, ("5bd", window)))) == short


def test_a_subject_who_may_vote_on_their_removal_is_warned_about() -> None:
    assert warnings("containerd")["subject-votes"]["motion"] == "remove"
    assert "subject-votes" not in warnings("distribution")


def test_r40_a_vote_that_is_kept_to_the_pull_request_is_explained_compared_and_warned_about(
    tmp_path: Path, small: Path
) -> None:
    shipped_text = (Path(__file__).parents[2] / "bot/policies/distribution.toml").read_text(encoding="utf-8")
    alone = tmp_path / "alone.toml"
    assert 'kind = "remove"' in shipped_text
    alone.write_text(shipped_text.replace('kind = "remove"', 'kind = "remove"\nvenues = "pull-request"'), "utf-8")
    assert "Only comments and reactions on the pull request are ballots." in said(
        "explain", alone, "--motion", "remove"
    )
    assert "remove: where ballots count: all → pull-request" in said("diff", "distribution", alone)
    assert warnings(str(alone))["ballots-on-the-page"]["motion"] == "remove"
    elsewhere = changed(small, ('kind = "add"', 'kind = "add"\nvenues = "pull-request"'))
    assert "only a removal has a pull request of its own to be voted on (R40)" in run("check", elsewhere).stderr


def test_a_policy_with_nothing_to_warn_about_is_told_so_and_strict_says_it_by_exit_code(small: Path) -> None:
    assert said("lint", small, "--strict") == f"✓ {small}: nothing to warn about.\n"
    result = run("lint", "distribution", "--strict")
    assert result.exit_code == 1
    assert all(line.startswith("distribution.toml:") for line in result.stdout.splitlines())
    assert run("lint", "distribution").exit_code == 0


# --------------------------------------------------------------------------- all of it


def test_the_verbs_start_without_loading_anything_heavy() -> None:
    heavy = "{'pydantic', 'adapters', 'storage', 'aiohttp'}"
    code = f"import sys, bot.cli_policy; print([m for m in sys.modules if m.split('.')[0] in {heavy}])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_a_terminal_sees_no_control_characters_of_a_file(small: Path) -> None:
    result = run("check", changed(small, more='"\\u001b[31mred" = 1\n'))
    assert result.exit_code == 2
    assert "\x1b" not in result.output
