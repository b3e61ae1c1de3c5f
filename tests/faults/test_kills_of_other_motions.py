"""F1 and F2 for the other motions: a removal, a step-down and a resolution, killed at their points, and at pairs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.plain import plain_card
from bot.ports import Inbound, Pressed, Typed
from bot.wiring import Instance
from storage.verify import verify
from tests.faults.harness import Life, Stumbled, tone_of
from tests.faults.points import Points
from tests.faults.script import LOGINS, OUTSIDER, START, Act
from tests.faults.world import CHANNEL, REPOSITORY, World, account

pytestmark = pytest.mark.faults

AWAY = LOGINS[11]
DRAFT = datetime.fromisoformat("2026-03-04T00:00:01+00:00")
REMOVED = datetime.fromisoformat("2026-03-12T00:02:00+00:00")
RESOLVED = datetime.fromisoformat("2026-03-10T00:02:00+00:00")
_HEX = re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{40}\b|\b[0-9a-f]{16}\b|\b[0-9a-f]{12}\b|(?<=folkmoot/1-)[0-9a-f]{6}")
LIVES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """At an instant: somebody asks for something, the draft is merged, or time alone has passed."""

    at: datetime
    login: str = ""
    act: Act | None = None
    merge: bool = False


def beats(start: datetime, *asked: tuple[str, Act]) -> tuple[Beat, ...]:
    """Requests, a minute apart."""
    return tuple(
        Beat(at=start + timedelta(minutes=number), login=login, act=act)
        for number, (login, act) in enumerate(asked, start=1)
    )


def press(verb: str) -> Pressed:
    return Pressed(verb=verb, motion=1)


EIGHT = tuple((login, press("yes")) for login in LOGINS[:8])
SCRIPTS: dict[str, tuple[Beat, ...]] = {
    "removal": (
        *beats(START, (LOGINS[1], Typed(text=f"contact @{AWAY}")), (LOGINS[2], press("contact-take"))),
        *beats(START + timedelta(hours=1), (LOGINS[2], press("contact-cannot")), (LOGINS[4], press("remove"))),
        Beat(at=DRAFT),
        *beats(DRAFT, *EIGHT),
        Beat(at=REMOVED),
        Beat(at=REMOVED + timedelta(hours=1), merge=True),
    ),
    "step-down": (
        *beats(
            START,
            (AWAY, Typed(text="step-down New job, less time.")),
            (AWAY, Typed(text=f"hand-over 1 --to @{LOGINS[0]} The storage drivers.")),
            (AWAY, press("confirm")),
        ),
        Beat(at=START + timedelta(hours=1), merge=True),
    ),
    "resolution": (
        *beats(
            START,
            (OUTSIDER, Typed(text='resolve --title "Keep v2" --link https://example.org/i/7 The v2 API stays.')),
            *EIGHT,
        ),
        Beat(at=RESOLVED),
        Beat(at=RESOLVED + timedelta(hours=1), merge=True),
    ),
}


@dataclass(slots=True)
class OtherLife(Life):
    """A life that plays another script than the candidacy's."""

    script: tuple[Beat, ...] = ()

    async def _play(self, instance: Instance) -> None:
        world, position = self.world, self.world.position
        if not self.eager:
            await instance.service.settle()
        while position.step < len(self.script):
            beat = self.script[position.step]
            world.clock.move_to(max(world.clock.now(), beat.at))
            motion = instance.service.ledger.reader().motion(1)
            due = instance.service.alarm.close_due(motion) if motion is not None and beat.act is None else None
            if due is not None:  # a start past the end waits a little longer before it counts
                world.clock.move_to(max(world.clock.now(), due if due < beat.at + timedelta(hours=1) else beat.at))
            if beat.act is not None and not position.answered:
                card = await instance.service.desk.ask(
                    Inbound(
                        request=f"playground:beat-{position.step}",
                        who=account(beat.login),
                        channel=CHANNEL,
                        act=beat.act,
                        acted_at=beat.at,
                    )
                )
                if tone_of(card) != "done":
                    raise Stumbled(f"beat {position.step}, {beat.act}: {plain_card(card)}")
                position.answered = True
            if beat.merge:
                drafts = await instance.forges[REPOSITORY].drafts()
                assert len(drafts) == 1
                await instance.forges[REPOSITORY].merge(drafts[0].branch, at=beat.at)
            await instance.service.settle()
            position.step, position.answered = position.step + 1, False


def lived(folder: Path, script: tuple[Beat, ...], *kills: int) -> tuple[int, tuple[str, ...]]:
    """Play a script with these kills; the points of the last life, and all that was told and decided."""
    world = World.new(folder)
    numbers = list(kills)
    try:
        for _ in range(LIVES):
            points = Points(numbers.pop(0) if numbers else None)
            if OtherLife(world, points, eager=sum(kills) % 2 == 1, script=script).run():
                return points.reached, told(world)
        raise Stumbled("it did not come to its end")
    finally:
        world.remove()


def told(world: World) -> tuple[str, ...]:
    """What stands in the channel and in everybody's letters, and what the ledger says of itself."""
    report = verify(world.ledger)
    assert report.problems == ()
    room = world.room()
    try:
        cards = [plain_card(card) for card in room.cards()]
        letters = [f"@{login}: {plain_card(card)}" for login in LOGINS for card in room.letters(login)]
    finally:
        room.close()
    return (*(_HEX.sub("(hex)", text) for text in (*cards, *letters)), f"{report.motions} motions")


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_f1_and_f2_no_kill_of_another_motion_loses_or_doubles_anything(
    worlds: Path, name: str, *, everything: bool
) -> None:
    script = SCRIPTS[name]
    count, ending = lived(worlds, script)
    assert count > 40
    singles = range(1, count + 1, 1 if everything else 11)
    pairs = [(first, second) for first in singles for second in range(2, count, 5 if everything else 97)]
    for kills in [*((number,) for number in singles), *pairs[:: 1 if everything else 7]]:
        assert sorted(lived(worlds, script, *kills)[1]) == sorted(ending), f"{name}, killed at {kills}"
