"""Requests that carry an id which another request has carried: a retry, or somebody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.answers import Answer
from tests.world import World, logins

ADA, BOB = logins()[:2]


def choices(world: World) -> dict[str, str | None]:
    directory = world.service.ledger.reader().directory()
    people = {person: directory.person(person) for person in world.motion().ballots}
    return {found.login: world.motion().choice_of(person) for person, found in people.items() if found is not None}


async def test_t38_two_people_whose_requests_have_the_same_id_both_have_their_ballots(world: World) -> None:
    await world.nominate()
    assert "Recorded: yes" in await world.ask(ADA, "yes 1", request="same")
    assert "Recorded: no" in await world.ask(BOB, "no 1", request="same")
    assert "Recorded: no" in await world.ask(BOB, "no 1", request="same"), "a retry has the answer of its own"
    assert choices(world) == {ADA: "yes", BOB: "no"}
    assert len(world.service.ledger.reader().events(1)) == 4, "opened, delivered, two ballots"


@pytest.mark.parametrize("words", ["pings off", "mute 1"])
async def test_t38_nobody_is_given_the_answer_to_somebody_elses_private_request(world: World, words: str) -> None:
    await world.nominate()
    first = await world.ask(ADA, "no 1", request="same")
    assert await world.ask(BOB, words, request="same") != first


async def test_t38_a_retry_of_a_ballot_never_replaces_the_later_one_of_the_same_person(world: World) -> None:
    await world.nominate()
    then = world.clock.now()
    await world.ask(ADA, "yes 1", request="first", acted_at=then)
    world.clock.move(timedelta(minutes=1))
    await world.ask(ADA, "no 1", request="second")
    assert "Recorded: yes" in await world.ask(ADA, "yes 1", request="first", acted_at=then)
    assert choices(world) == {ADA: "no"}


async def test_a_retry_of_what_was_answered_before_an_upgrade_has_that_answer(world: World) -> None:
    await world.nominate()
    kept = Answer(ok=False, code="no-such-motion")
    ledger = world.service.ledger
    ledger.transact(lambda txn: txn.remember("before", kept, at=world.clock.now(), motion=1)).result()
    assert "no motion of that number" in await world.ask(ADA, "yes 1", request="before")
    assert choices(world) == {}
