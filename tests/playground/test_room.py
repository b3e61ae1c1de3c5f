"""The room keeps what was said over a restart, shows each member only what is theirs, and wakes those who wait."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.playground.cardjson import decode, encode, to_data
from adapters.playground.room import DIRECT, Member, Room
from bot.core.cards import Card, Plain, Reply
from tests.contract.test_platform import CARDS, poll
from tests.playground.scene import CHANNEL, HandClock, members, result

ADA, GRACE = members()[:2]
PRIVATE = Reply(tone="done", lines=((Plain("Recorded: yes"),),))


@pytest.mark.parametrize("card", CARDS, ids=lambda card: type(card).__name__ + getattr(card, "stage", ""))
def test_a_card_comes_back_from_json_as_it_was(card: Card) -> None:
    assert decode(encode(card)) == card


def test_a_card_that_was_stored_before_reactions_could_be_turned_off_takes_them() -> None:
    stored = encode(poll()).replace(',"reactions":true', "")
    assert "reactions" not in stored
    assert decode(stored) == poll()


def test_only_cards_are_encoded_and_decoded() -> None:
    with pytest.raises(TypeError):
        to_data(object())
    with pytest.raises(ValueError, match="not a card"):
        decode('{"_":"Plain","text":"x"}')
    with pytest.raises(ValueError, match="no shape"):
        decode('{"_":"Popen"}')


async def test_what_was_posted_is_there_after_a_restart(tmp_path: Path, clock: HandClock) -> None:
    before = Room(path=tmp_path / "r.db", clock=clock, members=members())
    await before.post(channel=CHANNEL, card=result(), key="m1:result")
    before.react(ADA, before.since(0, ADA)[0], "🎉", added=True)
    epoch = before.epoch
    before.close()
    after = Room(path=tmp_path / "r.db", clock=clock, members=members())
    (row,) = after.since(0, GRACE)
    assert decode(row.card) == result()
    assert list(after.reactions(row)) == [("🎉", "ada")]
    assert after.epoch == epoch
    after.close()


def test_what_was_posted_is_there_after_a_sigkill(tmp_path: Path, clock: HandClock) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from adapters.playground.room import Room\nfrom tests.playground.scene import HandClock, members\n"
        "room = Room(path=Path(sys.argv[1]), clock=HandClock(), members=members())\n"
        "room.say(members()[0], 'still here', place='maintainers', key='say:1')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "r.db")], cwd=root, check=False)
    assert done.returncode == -9
    room = Room(path=tmp_path / "r.db", clock=clock, members=members())
    assert [row.text for row in room.since(0, GRACE)] == ["still here"]
    room.close()


def test_private_replies_and_typed_commands_are_seen_by_their_member_alone(room: Room) -> None:
    room.echo(ADA, "/moot yes 1", place="maintainers", key="typed:1")
    room.whisper(ADA, PRIVATE, place="maintainers", key="reply:1")
    assert [row.kind for row in room.since(0, ADA)] == ["typed", "private"]
    assert room.since(0, GRACE) == []
    assert room.seen_by(GRACE, 1) is None


async def test_direct_messages_stay_between_the_member_and_the_bot(room: Room) -> None:
    await room.direct(user=ADA.account, card=result(), key="m1:d")
    room.say(ADA, "thanks", place=DIRECT, key="say:1")
    assert len(room.since(0, ADA)) == 2
    assert room.since(0, GRACE) == []
    assert room.mail() == {"ada": 1}


def test_the_same_key_never_says_a_thing_twice(room: Room) -> None:
    for _ in range(3):
        room.say(ADA, "hello", place="maintainers", key="say:1")
    assert len(room.since(0, ADA)) == 1


def test_a_reaction_counts_once_a_member_and_emoji(room: Room) -> None:
    room.say(ADA, "hello", place="maintainers", key="say:1")
    row = room.since(0, ADA)[0]
    assert room.react(GRACE, row, "🎉", added=True)
    assert not room.react(GRACE, row, "🎉", added=True)
    assert room.react(GRACE, row, "🎉", added=False)
    assert list(room.reactions(row)) == []


def test_every_change_raises_the_revision_of_what_changed(room: Room) -> None:
    room.say(ADA, "one", place="maintainers", key="say:1")
    room.say(ADA, "two", place="maintainers", key="say:2")
    first = room.since(0, ADA)[0]
    seen = room.revision
    room.delete(first)
    (changed,) = room.since(seen, ADA)
    assert (changed.id, changed.gone, changed.text) == (first.id, True, "")


async def test_those_who_wait_are_woken_by_a_change_and_by_a_stir(room: Room) -> None:
    stamp = room.stamp
    waiting = asyncio.create_task(room.changed(stamp))
    await asyncio.sleep(0)
    room.say(ADA, "one", place="maintainers", key="say:1")
    after = await asyncio.wait_for(waiting, 5)
    assert after != stamp
    room.stir()
    assert await room.changed(after) != after


def test_a_room_needs_a_channel_that_is_not_the_direct_messages(clock: HandClock) -> None:
    for channels in ((), (DIRECT,)):
        with pytest.raises(ValueError, match="room needs a channel"):
            Room(path=None, clock=clock, members=members(), channels=channels)


def test_a_member_who_is_reseated_has_the_new_role(room: Room) -> None:
    room.reseat([Member(login="newperson", name="New Person", role="maintainer", kind="maintainer")])
    member = room.member("newperson")
    assert member is not None
    assert member.role == "maintainer"
    assert room.member("ada") is None
