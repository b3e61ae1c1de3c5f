"""distribution: 66%, 33% and two thirds of the current maintainers, to the person, up to 50 of them."""

from __future__ import annotations

from bot.policytools.figures import figures
from tests.policies.helpers import LARGEST, carries, counted, needed, rule


def test_r16_r17_r18_the_worked_numbers() -> None:
    maintainer, reviewer = rule("distribution", "add-maintainer"), rule("distribution", "add-reviewer")
    assert (needed(maintainer, 12), needed(reviewer, 12)) == (8, 4)
    assert needed(maintainer, 50) == 33
    for of in range(1, LARGEST + 1):
        assert needed(maintainer, of) == -(-66 * of // 100)
        assert needed(reviewer, of) == -(-33 * of // 100)


def test_r19_a_reviewer_carries_with_four_yes_and_eight_no_of_twelve() -> None:
    assert carries(rule("distribution", "add-reviewer"), 12, 4, 8)


def test_r42_the_subject_is_counted_and_may_not_vote() -> None:
    removing = rule("distribution", "remove")
    with_and_without = {2: (2, 1), 4: (3, 2), 5: (4, 3), 7: (5, 4), 8: (6, 5), 10: (7, 6), 12: (8, 8)}
    for of, (counted_in, left_out) in with_and_without.items():
        assert counted(removing, of, 0, barred=1).needed == counted_in
        assert removing.threshold.needed(of - 1) == left_out
    assert figures(removing, 2).fewest is None, "nobody can reach it"
    assert figures(removing, 3).fewest == 2


def test_r51_a_resolution_takes_exactly_two_thirds_of_the_maintainers() -> None:
    resolving = rule("distribution", "resolution")
    assert needed(resolving, 50) == 34
    for of in range(1, LARGEST + 1):
        assert needed(resolving, of) == -(-2 * of // 3)
