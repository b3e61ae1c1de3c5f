"""The circuit breaker: each place for itself, longer and longer, closed by the first success."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.breaker import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Breaker

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def failed_often(breaker: Breaker, place: str) -> None:
    for _ in range(FAILURES - 1):
        assert breaker.failed(place, NOW) is None
    assert breaker.failed(place, NOW) == FIRST_PAUSE


def test_f24_a_place_that_keeps_failing_is_paused_and_no_other() -> None:
    breaker = Breaker()
    failed_often(breaker, "slack:C1")
    assert breaker.paused("slack:C1", NOW) == NOW + FIRST_PAUSE
    assert breaker.paused("slack:C2", NOW) is None
    assert list(breaker.open()) == ["slack:C1"]
    assert breaker.paused("slack:C1", NOW + FIRST_PAUSE) is None


def test_f24_a_success_among_failures_begins_the_count_anew() -> None:
    breaker = Breaker()
    for _ in range(10):
        for _ in range(FAILURES - 1):
            assert breaker.failed("forge:x", NOW) is None
        assert breaker.succeeded("forge:x") is False
    assert breaker.open() == {}


def test_f24_each_further_failure_doubles_the_pause_up_to_the_longest() -> None:
    breaker, now = Breaker(), NOW
    failed_often(breaker, "p")
    pauses = [breaker.failed("p", now := now + timedelta(minutes=11)) for _ in range(2000)]
    assert pauses[:3] == [FIRST_PAUSE * 2, FIRST_PAUSE * 4, FIRST_PAUSE * 8]
    assert set(pauses[5:]) == {LONGEST_PAUSE}
    assert breaker.succeeded("p") is True
    assert breaker.paused("p", now) is None
    failed_often(breaker, "p")
