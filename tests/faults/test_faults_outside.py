"""Faults on the other side: platforms that refuse, messages that vanish, a repository that changes or breaks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dulwich.repo import Repo

from adapters.localgit.sample import maintainers_file
from bot.core.events import DraftOpened, RoleBegan
from bot.outbox import LONG_PATIENCE
from bot.ports import Filled, OutboxRow, PlatformError, Pressed
from bot.wiring import verify
from tests.faults.harness import tone_of
from tests.faults.scene import MAIN, Scene, commit_file, file_in
from tests.faults.script import CANDIDATE, LOGINS, MOTION, OUTSIDER

pytestmark = pytest.mark.faults
YES = Pressed(verb="yes", motion=MOTION)
ACCEPTED = Filled(verb="accepted", motion=MOTION, values={"name": "New Person", "email": "new@example.org"})


async def accepted(scene: Scene) -> None:
    """A motion that has carried; the candidate has accepted, and nothing of that is delivered yet."""
    await scene.carry()
    await scene.ask(LOGINS[0], Pressed(verb="invite", motion=MOTION))
    await scene.settle()
    assert tone_of(await scene.ask(LOGINS[0], ACCEPTED)) == "done"


async def test_f24_a_rate_limit_is_waited_out_in_order_while_other_motions_and_people_are_served(
    scene: Scene,
) -> None:
    await scene.nominate()

    def limited(what: str, key: str) -> Exception | None:
        first_motion = what == "post" and key.startswith(f"m{MOTION}:")
        return PlatformError("slow down", retry_after=30) if first_motion else None

    scene.flaky.fail = limited
    for login, reason in ((LOGINS[1], "first"), (LOGINS[2], "second")):
        await scene.ask(login, Filled(verb="object", motion=MOTION, values={"reason": reason}))
    await scene.settle()
    calls = scene.flaky.calls
    await scene.nominate(OUTSIDER, by=LOGINS[3])
    assert scene.motion(2).delivered == 1
    assert not any("objects" in card for card in scene.cards())
    scene.world.clock.move(timedelta(seconds=29))
    await scene.settle()
    assert scene.flaky.calls <= calls + 4  # the other motion's poll and edits; the limited venue was left in peace
    scene.flaky.fail = None
    scene.world.clock.move(timedelta(seconds=1))
    await scene.settle()
    said = [card for card in scene.cards() if "objects" in card]
    assert ["first" in said[0], "second" in said[1], len(said)] == [True, True, 2]


async def test_f24_a_wait_of_next_to_nothing_is_a_wait(scene: Scene) -> None:
    await scene.nominate()
    scene.flaky.fail = lambda what, key: PlatformError("slow down", retry_after=1e-9) if what == "post" else None
    await scene.ask(LOGINS[1], Filled(verb="object", motion=MOTION, values={"reason": "once"}))
    calls = scene.flaky.calls
    await scene.settle()
    assert scene.flaky.calls <= calls + 2
    scene.flaky.fail = None
    scene.world.clock.move(timedelta(seconds=1))
    await scene.settle()
    assert sum("objects" in card for card in scene.cards()) == 1


async def test_f32_what_was_told_to_wait_a_thousand_times_is_not_given_up_for_one_lost_answer(scene: Scene) -> None:
    await scene.nominate()
    scene.flaky.fail = lambda what, key: (
        PlatformError("the token is revoked", retry_after=1) if what == "post" else None
    )
    await scene.ask(LOGINS[1], Filled(verb="object", motion=MOTION, values={"reason": "once"}))
    for _ in range(LONG_PATIENCE):
        scene.world.clock.move(timedelta(seconds=1))
        await scene.settle()
    scene.flaky.fail = lambda what, key: PlatformError("no answer") if what == "post" else None
    scene.world.clock.move(timedelta(seconds=1))
    await scene.settle()
    scene.flaky.fail = None
    scene.world.clock.move(timedelta(minutes=10))
    await scene.settle()
    assert sum("objects" in card for card in scene.cards()) == 1


async def test_f24_a_platform_that_fails_for_a_day_gets_everything_once_and_in_order_when_it_is_back(
    scene: Scene,
) -> None:
    await scene.nominate()
    scene.flaky.fail = lambda what, key: PlatformError("503 service unavailable")
    await scene.ask(LOGINS[1], YES)
    for number in range(3):
        await scene.ask(LOGINS[2], Filled(verb="object", motion=MOTION, values={"reason": f"reason {number}"}))
    for _ in range(24 * 6):
        scene.world.clock.move(timedelta(minutes=10))
        await scene.settle()
    assert scene.motion().yes == 1
    scene.flaky.fail = None
    scene.world.clock.move(timedelta(minutes=11))
    await scene.settle()
    said = [card for card in scene.cards() if "objects" in card]
    assert [f"reason {number}" in card for number, card in enumerate(said)] == [True] * 3
    assert "1 yes" in scene.cards()[0]


async def test_f24_a_confirmation_that_is_lost_after_the_post_does_not_post_again(scene: Scene) -> None:
    scene.flaky.lose = 1
    answer = await scene.says(LOGINS[0], f'nominate @{CANDIDATE} --months 7 --evidence "reviews" Kind.')
    assert answer.startswith("✓")
    assert scene.motion().delivered == 0
    scene.world.clock.move(timedelta(minutes=1))
    await scene.settle()
    assert scene.motion().delivered == 1
    assert len(scene.cards()) == 1


async def test_f30_a_base_that_moves_after_the_acceptance_gives_a_draft_on_the_new_one(scene: Scene) -> None:
    await accepted(scene)
    longer = maintainers_file().replace("# REVIEWERS", "# A remark that somebody added\n#\n# REVIEWERS")
    moved = commit_file(scene.world.repository, "MAINTAINERS", longer, at=scene.world.clock.now())
    await scene.settle()
    (draft,) = scene.drafts()
    assert draft.parents == [moved]
    changed = file_in(scene.world.repository, draft, "MAINTAINERS").splitlines()
    assert set(longer.splitlines()) <= set(changed)
    assert len(changed) == len(longer.splitlines()) + 1
    with Repo(str(scene.world.repository)) as repo:
        assert repo.refs[MAIN] == moved


async def test_f30_a_change_that_somebody_has_made_already_begins_the_role_without_a_draft(scene: Scene) -> None:
    await accepted(scene)
    row = f'"{CANDIDATE}","New Person","new@example.org"'
    lines = maintainers_file().splitlines()
    lines.insert(lines.index("#", 6), row)
    commit_file(scene.world.repository, "MAINTAINERS", "\n".join((*lines, "")), at=scene.world.clock.now())
    await scene.settle()
    kinds = [type(event) for event in scene.events()]
    assert (kinds.count(DraftOpened), kinds.count(RoleBegan)) == (0, 1)
    assert scene.drafts() == []
    assert scene.motion().ended


async def test_f36_and_t1_a_poll_that_was_deleted_stands_there_again_at_the_next_change_with_everything_right(
    scene: Scene,
) -> None:
    await scene.nominate()
    await scene.ask(LOGINS[1], YES)
    await scene.settle()
    for count, login in enumerate(LOGINS[2:4], start=2):
        scene.room.delete(next(row for row in scene.rows() if not row.gone))
        assert scene.cards() == []
        await scene.ask(login, YES)
        await scene.settle()
        assert len(scene.cards()) == 1
        assert f"{count} yes" in scene.cards()[0]
    restarted = await scene.again()
    await restarted.ask(LOGINS[4], YES)
    await restarted.settle()
    assert len(restarted.cards()) == 1
    assert "4 yes" in restarted.cards()[0]
    assert sum(row.gone for row in restarted.rows()) == 2
    scene.instance, scene.room = restarted.instance, restarted.room


async def test_f41_a_poison_effect_is_parked_and_everything_else_flows(scene: Scene) -> None:
    await scene.nominate()

    def poisoned(what: str, key: str) -> Exception | None:
        return RuntimeError("a mistake of ours") if ":objection:" in key else None

    scene.flaky.fail = poisoned
    await scene.ask(LOGINS[1], Filled(verb="object", motion=MOTION, values={"reason": "Too soon."}))
    await scene.settle()
    await scene.ask(LOGINS[2], YES)
    await scene.settle()
    assert "1 yes" in scene.cards()[0]
    await scene.nominate(OUTSIDER, by=LOGINS[3])
    assert scene.motion(2).delivered == 1
    key = next(row.effect.key for row in pending(scene) if row.effect.kind == "objection")
    for _ in range(40):
        scene.world.clock.move(timedelta(minutes=10))
        await scene.settle()
    assert scene.state(key) == "parked"
    assert await scene.says(LOGINS[0], f"withdraw {MOTION} Let us wait.") != ""
    assert any("withdrawn" in card for card in scene.cards())


async def test_f41_a_draft_that_cannot_be_made_is_told_once_and_made_when_the_file_is_mended_days_later(
    scene: Scene,
) -> None:
    await accepted(scene)
    good = maintainers_file()
    commit_file(scene.world.repository, "MAINTAINERS", good + '"broken\n', at=scene.world.clock.now())
    for _ in range(3 * 24):
        scene.world.clock.move(timedelta(hours=1))
        await scene.settle()
    told = [card for card in scene.cards() if "No draft yet" in card]
    assert len(told) == 1
    assert "MAINTAINERS:" in told[0]
    assert verify(scene.world.ledger).problems == ()
    assert scene.drafts() == []
    commit_file(scene.world.repository, "MAINTAINERS", good, at=scene.world.clock.now())
    scene.world.clock.move(timedelta(minutes=11))
    await scene.settle()
    (draft,) = scene.drafts()
    assert CANDIDATE in file_in(scene.world.repository, draft, "MAINTAINERS")
    assert scene.motion().draft is not None


def pending(scene: Scene) -> list[OutboxRow]:
    """What waits to be delivered, whenever it is due."""
    later = scene.world.clock.now() + timedelta(days=1000)
    return list(scene.instance.service.ledger.reader().due(later))
