"""The count, and what is certain, against a brute force that tries everything those who have not voted may do."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache, partial
from itertools import product
from typing import Any

import pytest

from bot.core.policy import Policy
from bot.core.teller import Tally, count
from bot.core.threshold import Quorum, Threshold, parse_quorum, parse_threshold
from tests.core.builders import policy

NONE = Quorum()
SHARES = (">=66/100", ">=1/3", ">1/2", ">0/1", ">=1/1")
LARGEST = 6


def rules(**changes: Any) -> Policy:
    """The plain policy with changes; thresholds and quorums as text."""
    if "threshold" in changes:
        changes["threshold"] = parse_threshold(changes["threshold"])
    if "quorum" in changes:
        changes["quorum"] = parse_quorum(changes["quorum"])
    return policy(**changes)


def naive(p: Policy, able: int, barred: int, yes: int, no: int, abstain: int, objections: int) -> bool:
    """Whether it carries, written down once more from the rules and on fractions."""
    silent = able - yes - no - abstain
    if p.objection == "block" and objections:
        return False
    if p.veto == "no" and no:
        return False
    if p.lazy and no == 0 and objections == 0:
        return True
    agreed = yes + silent if p.silence == "yes" else yes
    base = {
        "eligible": able + barred,
        "cast": able if p.silence == "yes" else yes + no + abstain,
        "cast-non-abstain": able - abstain if p.silence == "yes" else yes + no,
    }[p.of]
    bar = Fraction(p.threshold.numerator, p.threshold.denominator)
    if base == 0 or (Fraction(agreed, base) <= bar if p.threshold.strict else Fraction(agreed, base) < bar):
        return False
    took = yes + no + (abstain if p.quorum_counts == "cast" else 0)
    share = p.quorum.share
    if share is not None:
        part = Fraction(took, able + barred)
        least = Fraction(share.numerator, share.denominator)
        if part <= least if share.strict else part < least:
            return False
    return (
        took >= p.quorum.number
        and yes >= p.min_yes
        and (p.max_no < 0 or no <= p.max_no)
        and (p.max_missing < 0 or silent <= p.max_missing)
        and (not p.yes_exceeds_no or agreed > no)
    )


def ballots(p: Policy, able: int) -> Iterator[tuple[int, int, int]]:
    """Every count that so many people can give."""
    for yes, no in product(range(able + 1), repeat=2):
        for abstain in range(able + 1 if p.ballot == "yes-no-abstain" else 1):
            if yes + no + abstain <= able:
                yield yes, no, abstain


def expected(p: Policy, able: int, barred: int, yes: int, no: int, abstain: int) -> str | None:
    """What is certain: tried with every completion, with and without an objection."""

    @cache
    def carried(y: int, n: int, a: int, objections: int) -> bool:
        return naive(p, able, barred, y, n, a, objections)

    results = {
        carried(yes + y, no + n, abstain + a, objections)
        for y, n, a in ballots(p, able - yes - no - abstain)
        for objections in (0, 1)
    }
    return None if len(results) == 2 else "carried" if True in results else "lost"


VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "yes-no": {"ballot": "yes-no"},
    "quorum share": {"quorum": ">=2/3"},
    "quorum number": {"quorum": "3"},
    "quorum both, without abstentions": {"quorum": ">1/2, 2", "quorum_counts": "cast-non-abstain"},
    "yes-no quorum": {"ballot": "yes-no", "quorum": ">=1/2"},
    "min-yes": {"min_yes": 3},
    "max-no": {"max_no": 1},
    "cilium": {"max_no": 0},
    "max-missing": {"max_missing": 1},
    "veto": {"veto": "no"},
    "veto and min-yes": {"veto": "no", "min_yes": 2},
    "silence": {"silence": "yes"},
    "silence, min-yes, quorum": {"silence": "yes", "min_yes": 1, "quorum": "2"},
    "silence, more yes": {"silence": "yes", "yes_exceeds_no": True},
    "more yes": {"yes_exceeds_no": True},
    "more yes, quorum": {"yes_exceeds_no": True, "quorum": ">=1/2"},
    "lazy": {"lazy": True},
    "lazy quorum": {"lazy": True, "quorum": "4"},
    "lazy max-missing": {"lazy": True, "max_missing": 0},
    "lazy veto": {"lazy": True, "veto": "no"},
    "lazy block": {"lazy": True, "objection": "block"},
    "lazy escalate, yes-no": {"lazy": True, "objection": "escalate", "ballot": "yes-no", "max_missing": 2},
    "block": {"objection": "block"},
    "everything": {"quorum": ">=1/2, 2", "min_yes": 1, "max_no": 2, "max_missing": 3, "yes_exceeds_no": True},
}


@pytest.mark.parametrize("of", ["eligible", "cast", "cast-non-abstain"])
@pytest.mark.parametrize("name", VARIANTS)
def test_r13_certain_is_exactly_what_no_ballot_to_come_and_no_objection_can_change(name: str, of: str) -> None:
    for share in SHARES:
        p = rules(threshold=share, of=of, **VARIANTS[name])
        for able, barred in [*((n, 0) for n in range(LARGEST + 1)), (1, 1), (4, 1), (3, 2)]:
            for yes, no, abstain in ballots(p, able):
                counted = count(p, eligible=able + barred, barred=barred, yes=yes, no=no, abstain=abstain)
                where = (share, able, barred, yes, no, abstain)
                assert counted.carried == naive(p, able, barred, yes, no, abstain, 0), where
                assert counted.certain == expected(p, able, barred, yes, no, abstain), where


@pytest.mark.parametrize("name", ["lazy", "lazy block", "block", "lazy escalate, yes-no", "lazy quorum"])
def test_a_standing_objection_is_counted_as_the_rules_say(name: str) -> None:
    for share in SHARES:
        p = rules(threshold=share, **VARIANTS[name])
        for yes, no, abstain in ballots(p, 5):
            counted = count(p, eligible=5, yes=yes, no=no, abstain=abstain, objections=2)
            assert counted.carried == naive(p, 5, 0, yes, no, abstain, 2)
            assert counted.certain == expected(p, 5, 0, yes, no, abstain)


def test_what_ends_lazy_consensus_for_good_ends_it_in_the_count() -> None:
    p = rules(lazy=True, objection="escalate", threshold=">1/2")
    assert count(p, eligible=4, yes=0, no=0, abstain=0).carried
    assert count(p, eligible=4, yes=0, no=0, abstain=0, lazy=False).lacks == ("threshold",)
    assert count(p, eligible=4, yes=3, no=0, abstain=0, lazy=False).certain == "carried"


def test_a_quorum_that_a_single_no_breaks_leaves_lazy_consensus_uncertain() -> None:
    """All say no, or all stay silent: both would carry. One no alone does not."""
    p = rules(lazy=True, of="cast", threshold=">=1/2", quorum="5")
    assert count(p, eligible=5, yes=3, no=2, abstain=0).carried
    assert count(p, eligible=5, yes=3, no=0, abstain=0).carried
    assert not count(p, eligible=5, yes=3, no=1, abstain=0).carried
    assert count(p, eligible=5, yes=3, no=0, abstain=0).certain is None


def test_r42_nobody_waits_for_those_who_are_counted_but_may_not_vote() -> None:
    p = rules(threshold=">=66/100")
    removal = partial(count, eligible=12, barred=1)
    assert removal(p, yes=7, no=4, abstain=0).certain == "lost"
    assert removal(p, yes=7, no=3, abstain=0).certain is None
    assert removal(p, yes=8, no=0, abstain=0).certain == "carried"
    assert count(p, eligible=2, barred=1, yes=0, no=0, abstain=0).certain == "lost"
    everyone = rules(threshold=">=66/100", max_missing=0)
    assert removal(everyone, yes=11, no=0, abstain=0).carried
    silence = rules(threshold=">=1/1", silence="yes")
    assert removal(silence, yes=0, no=0, abstain=0).lacks == ("threshold",), "the barred say nothing"


@pytest.mark.parametrize(("yes", "barred"), [(6, 0), (5, 1)])
def test_more_ballots_than_people_who_may_vote_are_a_fault(yes: int, barred: int) -> None:
    with pytest.raises(ValueError, match="ballots of 5 people"):
        count(rules(), eligible=5, barred=barred, yes=yes, no=0, abstain=0)


@pytest.mark.parametrize("text", ["0", "5", ">=1/2", ">=1/2, 5"])
def test_t14_a_quorum_is_written_as_it_is_read_and_changes_the_digest(text: str) -> None:
    assert str(parse_quorum(text)) == text
    assert parse_quorum(str(parse_quorum(text))) == parse_quorum(text)
    others = {policy(quorum=parse_quorum(other)).digest for other in ("0", "5", "6", ">=1/2", ">=1/2, 5", ">=1/2, 6")}
    assert len(others) == 6


def test_t13_a_quorum_is_exact_for_every_electorate_up_to_200() -> None:
    for text in (">=1/2", ">=60/100", ">=2/3", ">=70/100", ">=75/100", ">1/2", ">=30/100"):
        asked = parse_quorum(f"{text}, 5")
        assert asked.share is not None
        for of in range(1, 201):
            assert asked.needed(of) == max(5, least(asked.share, of))


def least(share: Threshold, of: int) -> int:
    bar = Fraction(share.numerator, share.denominator)
    return next(n for n in range(of + 2) if (Fraction(n, of) > bar if share.strict else Fraction(n, of) >= bar))


def test_the_parts_of_a_tally_add_up() -> None:
    counted: Tally = count(rules(), eligible=12, barred=1, yes=5, no=2, abstain=1)
    assert counted.yes + counted.no + counted.abstain + counted.not_voted == counted.eligible == 12
    assert (counted.base, counted.needed, counted.took_part, counted.quorum) == (12, 8, 8, 0)
