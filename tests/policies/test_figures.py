"""The figures that are shown, against trying every count there is."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from bot.core.policy import Policy
from bot.policytools.figures import electorate, figures
from bot.rulebooks import load, shipped
from tests.core.test_teller import VARIANTS, ballots, naive, rules

SHIPPED = [policy for name in shipped() for policy in load(name, beside=Path()).motions if policy.kind != "step-down"]


def tried(policy: Policy, roster: int) -> tuple[int | None, int | None, int | None]:
    counted, able = electorate(policy, roster)
    good = [each for each in ballots(policy, able) if naive(policy, able, counted - able, *each, 0)]
    fewest = min((yes for yes, _, _ in good), default=None)
    silent = min((yes for yes, no, abstain in good if not no and not abstain), default=None)
    against = min((yes for yes, no, _ in good if yes + no == able), default=None)
    return fewest, silent, against


@pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: f"{policy.motion}")
def test_the_figures_of_a_shipped_policy_are_right(policy: Policy) -> None:
    for roster in range(1, 11):
        found = figures(policy, roster)
        assert (found.fewest, found.silent, found.against) == tried(policy, roster), roster


@pytest.mark.parametrize("name", VARIANTS)
def test_the_figures_of_any_policy_are_right(name: str) -> None:
    for share, of in product((">=66/100", ">1/2", ">0/1"), ("eligible", "cast", "cast-non-abstain")):
        policy = rules(threshold=share, of=of, **VARIANTS[name])
        for roster in range(1, 8):
            found = figures(policy, roster)
            assert (found.fewest, found.silent, found.against) == tried(policy, roster), (share, of, roster)
