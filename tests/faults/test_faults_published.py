"""F9, F44, T46: a ledger that has not got what was published from it does not start, and says what to do."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest
from dulwich.refs import Ref
from dulwich.repo import Repo

from bot.clocks import RandomIds
from bot.ports import ForgeError, Pressed, Publication
from bot.published import head_in, lost, publications
from bot.wiring import Instance, LedgerError, build, copy_ledger, verify
from tests.faults.scene import Scene
from tests.faults.script import LOGINS, MOTION
from tests.faults.test_faults_outside import ACCEPTED, accepted
from tests.faults.world import World

pytestmark = pytest.mark.faults


async def starts(world: World, *, accept_lost: bool = False) -> Instance:
    return await build(world.config, clock=world.clock, ids=RandomIds(), room=world.room(), accept_lost=accept_lost)


async def refused(world: World, said: str) -> None:
    before = verify(world.ledger).head if world.ledger.exists() else ""
    with pytest.raises(LedgerError, match=said) as caught:
        await starts(world)
    assert "folkmoot restore" in str(caught.value)
    assert "--accept-lost" in str(caught.value)
    if before:
        assert verify(world.ledger).head == before


async def drafted(scene: Scene, early: Path) -> None:
    """A motion with its draft; `early` is a copy of the ledger from before there was any motion."""
    copy_ledger(scene.world.ledger, early)
    await accepted(scene)
    await scene.settle()
    assert len(scene.drafts()) == 1
    await scene.instance.close()


async def mended(scene: Scene) -> None:
    scene.instance = await starts(scene.world, accept_lost=True)


async def test_f44_an_old_backup_without_the_published_motion_does_not_start(scene: Scene, tmp_path: Path) -> None:
    await drafted(scene, tmp_path / "early.db")
    shutil.copy(tmp_path / "early.db", scene.world.ledger)
    await refused(scene.world, r"is an older copy.*it knows no motion 1, which the branch folkmoot/1-[0-9a-f]{6} of")
    await mended(scene)


async def test_f44_an_old_backup_from_before_the_count_does_not_start(scene: Scene, tmp_path: Path) -> None:
    await scene.nominate()
    copy_ledger(scene.world.ledger, tmp_path / "during.db")
    await scene.instance.close()
    scene.instance = await starts(scene.world)
    scene.room = scene.instance.room or scene.room
    for login in LOGINS[:8]:
        await scene.ask(login, Pressed(verb="yes", motion=MOTION))
    due = scene.instance.service.alarm.close_due(scene.motion())
    assert due is not None
    scene.world.clock.move_to(due)
    await scene.settle()
    await scene.ask(LOGINS[0], Pressed(verb="invite", motion=MOTION))
    await scene.ask(LOGINS[0], ACCEPTED)
    await scene.settle()
    assert len(scene.drafts()) == 1
    await scene.instance.close()
    shutil.copy(tmp_path / "during.db", scene.world.ledger)
    await refused(scene.world, r"its motion 1 has not ended, and the branch .* says [0-9a-f]{16}")
    await mended(scene)


async def test_f44_an_old_backup_from_before_a_step_down_was_confirmed_does_not_start(
    scene: Scene, tmp_path: Path
) -> None:
    await scene.says(LOGINS[11], "step-down New job, less time.")
    copy_ledger(scene.world.ledger, tmp_path / "during.db")
    await scene.says(LOGINS[11], f"confirm {MOTION}")
    assert len(scene.drafts()) == 1
    await scene.instance.close()
    await (await starts(scene.world)).close()  # what it has published is what it has
    shutil.copy(tmp_path / "during.db", scene.world.ledger)
    await refused(scene.world, r"its motion 1 has not ended, and the branch .* says [0-9a-f]{16}")
    await mended(scene)


async def test_f44_a_branch_that_was_deleted_after_the_merge_is_not_needed(scene: Scene, tmp_path: Path) -> None:
    await drafted(scene, tmp_path / "early.db")
    with Repo(str(scene.world.repository)) as repo:
        for ref in [ref for ref in repo.refs.allkeys() if ref.startswith(b"refs/heads/folkmoot/")]:
            del repo.refs[Ref(ref)]
    shutil.copy(tmp_path / "early.db", scene.world.ledger)
    await refused(scene.world, "it knows no motion 1")
    await mended(scene)


async def test_f9_an_empty_ledger_beside_published_motions_does_not_start(scene: Scene, tmp_path: Path) -> None:
    await drafted(scene, tmp_path / "early.db")
    kept = tmp_path / "kept.db"
    shutil.move(scene.world.ledger, kept)
    for _ in range(2):
        await refused(
            scene.world, "is empty, and the branch folkmoot/1-[0-9a-f]{6} of .* is of a motion in another ledger"
        )
    await (await starts(scene.world, accept_lost=True)).close()
    await (await starts(scene.world)).close()  # it is in use from then on
    shutil.move(kept, scene.world.ledger)
    scene.instance = await starts(scene.world)


async def test_f44_a_ledger_that_has_everything_starts_whatever_else_is_there(scene: Scene, tmp_path: Path) -> None:
    await drafted(scene, tmp_path / "early.db")
    with Repo(str(scene.world.repository)) as repo:
        (head,) = [repo.refs[ref] for ref in repo.refs.allkeys() if ref.startswith(b"refs/heads/folkmoot/")]
        for name in ("folkmoot/77-0123ab", "folkmoot/site", "folkmootish/1-0123ab"):
            repo.refs[Ref(b"refs/heads/" + name.encode())] = head
    scene.instance = await starts(scene.world)


async def test_a_forge_that_cannot_be_asked_does_not_keep_the_bot_from_starting() -> None:
    class Down:
        async def published(self) -> list[Publication]:
            raise ForgeError("502")

    class Other:
        pass

    assert await publications({"a": Down(), "b": Other()}) == []


def test_t46_a_head_that_differs_is_another_past() -> None:
    found = Publication(motion=1, mark="abc123", head="9" * 64, where="pull request 7")
    path, genesis = Path("l.db"), "abc123" + "0" * 58
    ask = partial(lost, path, [found], entry=lambda _: None, events=lambda _: ())
    assert "it knows no motion 1" in ask(genesis=genesis, empty=True)
    assert ask(genesis="f" * 64, empty=False) == ""
    assert "is empty, and pull request 7" in ask(genesis="f" * 64, empty=True)


def test_the_head_is_read_from_commits_and_bodies() -> None:
    head = "0a" * 32
    assert head_in(f"Add x\n\nFolkmoot-Motion: 1\nFolkmoot-Log-Head: {head}\n") == head
    assert head_in(f"| Record | motion 1, log head `{head}` |") == head
    assert head_in(f"somebody says Folkmoot-Log-Head: {head}") == ""
    assert head_in("nothing") == ""
