"""What every chat platform promises the bot, run against each of them: posts once, edits, and never marks text up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, get_args

import pytest

from adapters.playground.cardjson import decode
from adapters.playground.room import DIRECT, Member, Room
from bot.core.cards import (
    Bar,
    Button,
    Card,
    Code,
    Line,
    Link,
    Listing,
    Mention,
    Moment,
    Note,
    Notice,
    Plain,
    Poll,
    Reply,
    Span,
    Strong,
)
from bot.core.motion import Stage
from bot.core.people import PersonId, PlatformUser
from bot.core.prose import REASON_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from bot.ports import Platform, PlatformError, Point, no_point
from tests.discord.bench import discord
from tests.slack.bench import slack

ADA = Member(login="ada", name="Ada", role="maintainer", kind="maintainer")
NOW = datetime(2025, 6, 30, 9, 30, tzinfo=UTC)


class Killed(BaseException):
    """The process is dead from this point on."""


class Bench(Protocol):
    """A platform to try, and a way to see what its members see. The same place is opened again after a kill."""

    @property
    def channel(self) -> str: ...

    @property
    def user(self) -> PlatformUser: ...

    def platform(self, *, point: Point = no_point, public: bool = False) -> Platform: ...

    async def posts(self) -> Sequence[str]:
        """All that is in the channel, as the text that a reader gets."""
        ...

    async def directs(self) -> Sequence[str]:
        """All that the user has got, as text."""
        ...

    async def delete(self, ref: str) -> None:
        """Delete a message as an administrator of the platform can."""
        ...


class _Still:
    def now(self) -> datetime:
        return NOW


@dataclass(slots=True)
class PlaygroundBench:
    """The playground's room in a file, opened anew for each platform object."""

    path: Path
    rooms: list[Room]
    channel: str = "playground:maintainers"

    @property
    def user(self) -> PlatformUser:
        return ADA.account

    def platform(self, *, point: Point = no_point, public: bool = False) -> Room:
        self.rooms.append(Room(path=self.path, clock=_Still(), members=[ADA], public=public, point=point))
        return self.rooms[-1]

    async def posts(self) -> Sequence[str]:
        return self._texts("maintainers")

    async def directs(self) -> Sequence[str]:
        return self._texts(DIRECT)

    async def delete(self, ref: str) -> None:
        room = self.platform()
        row = room.seen_by(ADA, int(ref))
        assert row is not None
        room.delete(row)

    def _texts(self, place: str) -> list[str]:
        rows = self.platform().since(0, ADA)
        return [words_of(decode(row.card)) for row in rows if row.place == place and not row.gone]


@asynccontextmanager
async def playground(tmp: Path) -> AsyncIterator[Bench]:
    bench = PlaygroundBench(tmp / "room.db", [])
    yield bench
    for room in bench.rooms:
        room.close()


BENCHES: tuple[Callable[[Path], AbstractAsyncContextManager[Bench]], ...] = (playground, slack, discord)


@pytest.fixture(params=BENCHES, ids=lambda factory: factory.__name__)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with request.param(tmp_path) as made:
        yield made


# --------------------------------------------------------------------------- cards to send


def _text_of(span: Span) -> str:
    match span:
        case Mention(login=login):
            return f"@{login}"
        case Moment(at=at):
            return f"{at:%Y-%m-%d %H:%M}"
        case Plain(text=text) | Strong(text=text) | Code(text=text) | Link(text=text):
            return text


def words_of(card: Card) -> str:
    """What a reader of the card gets, as text."""
    lines: tuple[Line, ...]
    match card:
        case Poll():
            lines = (card.heading, card.byline, (Plain(card.quote),), *card.notes, card.tally, card.closes)
        case Notice():
            lines = (*card.lines, (Plain(card.quote),))
        case Note():
            lines = (*card.lines, (Plain(card.code),))
        case Reply():
            lines = card.lines
        case Listing():
            lines = (card.heading, *card.rows, card.footer)
    return "\n".join("".join(_text_of(span) for span in line) for line in lines)


SPANS: Line = (
    Plain("Plain, "),
    Strong("strong, "),
    Mention(PersonId("p1"), "ada"),
    Moment(NOW),
    Moment(NOW, "Europe/Berlin"),
    Code("/moot yes 1"),
    Link("a page", "https://example.org/"),
)
BUTTONS = (Button(verb="yes", label="Yes", style="primary"), Button(verb="object", label="Object", form=True))


def poll(*, quote: str = "Why not.", stage: Stage = "open", yes: int = 0) -> Poll:
    return Poll(
        motion=1,
        stage=stage,
        heading=(Plain("Motion 1 · Make "), Mention(PersonId("p2"), "newperson"), Plain(" a maintainer")),
        byline=SPANS,
        quote=quote,
        notes=(SPANS, (Plain("A note"),)),
        bar=Bar(yes=yes, no=0, abstain=0, not_voted=12 - yes, needed=8),
        tally=(Strong(f"{yes} of 8 needed"),),
        arithmetic=SPANS,
        closes=(Moment(NOW),),
        following=(),
        buttons=BUTTONS,
    )


def notice(text: str) -> Notice:
    return Notice(motion=1, lines=((Plain(text),),))


def note(text: str) -> Note:
    return Note(motion=1, lines=((Plain(text),),))


def blinded() -> Poll:
    """A poll whose count is hidden and on which reactions are no ballots."""
    return replace(poll(), bar=None, tally=(Strong("3 of 12 have voted"),), reactions=False)


def informed(*areas: str) -> Notice:
    """A step-down: a notice that is kept up to date."""
    return Notice(
        motion=2,
        lines=(
            (Strong("Motion 2"), Plain(" · "), Mention(PersonId("p1"), "ada"), Plain(" steps down.")),
            *((Plain(f"☐ {area} → nobody yet"),) for area in areas),
        ),
        quote="It was a pleasure.",
        buttons=(
            Button(verb="confirm", label="Make the draft now", style="primary"),
            Button(verb="hand-over", label="Hand over…", form=True),
        ),
    )


STAGES: tuple[Stage, ...] = get_args(Stage)
CARDS: tuple[Card, ...] = (
    *(poll(stage=stage) for stage in STAGES),
    blinded(),
    informed("The storage drivers"),
    Notice(motion=1, lines=(SPANS, SPANS), quote="Somebody said this.", buttons=BUTTONS),
    Note(motion=1, lines=(SPANS,), code="From 9c41ab\n--- a/MAINTAINERS\n", buttons=BUTTONS),
    Reply(tone="refused", lines=(SPANS,), motion=1),
    Listing(heading=SPANS, rows=(SPANS, SPANS), footer=SPANS),
)


# --------------------------------------------------------------------------- promises


async def test_a_post_is_found_again_by_its_key_and_never_posted_twice(bench: Bench) -> None:
    platform = bench.platform()
    first = await platform.post(channel=bench.channel, card=notice("one"), key="m1:a")
    again = await bench.platform().post(channel=bench.channel, card=notice("another wording"), key="m1:a")
    assert again == first
    assert len(await bench.posts()) == 1


async def test_posts_with_other_keys_are_other_messages_in_order(bench: Bench) -> None:
    platform = bench.platform()
    refs = [(await platform.post(channel=bench.channel, card=notice(t), key=f"m1:{t}")).ref for t in ("one", "two")]
    assert len(set(refs)) == 2
    assert [text.strip() for text in await bench.posts()] == ["one", "two"]


async def test_a_delivery_says_when_it_was_posted_in_an_aware_instant(bench: Bench) -> None:
    delivery = await bench.platform().post(channel=bench.channel, card=notice("one"), key="m1:a")
    assert delivery.at.tzinfo is not None


async def test_a_direct_message_reaches_its_member_once_and_nobody_else(bench: Bench) -> None:
    platform = bench.platform()
    first = await platform.direct(user=bench.user, card=note("psst"), key="m1:d")
    again = await platform.direct(user=bench.user, card=note("psst"), key="m1:d")
    assert again == first
    assert len(await bench.directs()) == 1
    assert await bench.posts() == []


async def test_an_edit_replaces_the_message_in_its_place(bench: Bench) -> None:
    platform = bench.platform()
    delivery = await platform.post(channel=bench.channel, card=poll(), key="m1:poll")
    await platform.post(channel=bench.channel, card=notice("later"), key="m1:b")
    await platform.edit(channel=bench.channel, ref=delivery.ref, card=poll(yes=5))
    before, after = await bench.posts()
    assert "5 of 8 needed" in before
    assert "later" in after


async def test_any_card_in_a_channel_can_be_edited_also_into_one_of_another_shape(bench: Bench) -> None:
    platform = bench.platform()
    delivery = await platform.post(channel=bench.channel, card=informed(), key="m2:poll")
    await platform.edit(channel=bench.channel, ref=delivery.ref, card=informed("The storage drivers"))
    assert "☐ The storage drivers" in (await bench.posts())[0]
    await platform.edit(channel=bench.channel, ref=delivery.ref, card=blinded())
    (after,) = await bench.posts()
    assert "3 of 12 have voted" in after


async def test_editing_a_deleted_message_says_that_it_is_gone(bench: Bench) -> None:
    platform = bench.platform()
    delivery = await platform.post(channel=bench.channel, card=poll(), key="m1:poll")
    await bench.delete(delivery.ref)
    with pytest.raises(PlatformError) as caught:
        await platform.edit(channel=bench.channel, ref=delivery.ref, card=poll(yes=1))
    assert caught.value.gone


async def test_editing_a_message_that_never_was_says_that_it_is_gone(bench: Bench) -> None:
    with pytest.raises(PlatformError) as caught:
        await bench.platform().edit(channel=bench.channel, ref="999999", card=poll())
    assert caught.value.gone


async def test_an_unknown_channel_and_an_unknown_member_are_refused_for_good(bench: Bench) -> None:
    platform = bench.platform()
    stranger = PlatformUser(platform=bench.user.platform, team=bench.user.team, user="nobody-here")
    with pytest.raises(PlatformError) as channel:
        await platform.post(channel=f"{platform.name}:nowhere", card=notice("x"), key="m1:a")
    with pytest.raises(PlatformError) as member:
        await platform.direct(user=stranger, card=note("x"), key="m1:b")
    assert channel.value.final
    assert member.value.final


@pytest.mark.parametrize("public", [True, False])
async def test_the_platform_says_whether_a_channel_is_public(bench: Bench, public: bool) -> None:
    assert await bench.platform(public=public).is_public(bench.channel) is public


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("what", ["post", "direct", "edit"])
async def test_a_kill_around_a_write_and_then_another_try_leave_exactly_one_message(
    bench: Bench, what: str, where: str
) -> None:
    async def tell(platform: Platform) -> None:
        if what == "direct":
            await platform.direct(user=bench.user, card=note("once"), key="m1:d")
            return
        delivery = await platform.post(channel=bench.channel, card=poll(), key="m1:poll")
        if what == "edit":
            await platform.edit(channel=bench.channel, ref=delivery.ref, card=poll(yes=3))

    def point(name: str) -> None:
        if name == f"platform.{where}.{what}":
            raise Killed(name)

    with pytest.raises(Killed):
        await tell(bench.platform(point=point))
    await tell(bench.platform())
    messages = [*await bench.posts(), *await bench.directs()]
    assert len(messages) == 1
    assert what != "edit" or "3 of 8 needed" in messages[0]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: type(card).__name__ + getattr(card, "stage", ""))
async def test_every_shape_of_card_is_taken_in_a_channel_and_directly(bench: Bench, card: Card) -> None:
    platform = bench.platform()
    await platform.post(channel=bench.channel, card=card, key="m1:c")
    await platform.direct(user=bench.user, card=card, key="m1:d")
    assert len([*await bench.posts(), *await bench.directs()]) == 2


@pytest.mark.parametrize("char", ["x", "é", "文", "👩‍🚀"])
async def test_the_longest_texts_that_members_may_type_are_taken(bench: Bench, char: str) -> None:
    def long(limit: int) -> str:
        return (char * limit)[:limit]

    platform = bench.platform()
    notes = ((Plain(long(TITLE_LIMIT)),), (Plain(long(TEXT_LIMIT)),))
    full = poll(quote=long(TEXT_LIMIT))
    wide = replace(full, notes=notes)
    await platform.post(channel=bench.channel, card=wide, key="m1:poll")
    objection = Notice(motion=1, lines=((Plain("An objection:"),),), quote=long(REASON_LIMIT))
    await platform.post(channel=bench.channel, card=objection, key="m1:o")
    assert long(REASON_LIMIT) in (await bench.posts())[1]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<!channel> <!here> <@U0123>",
        "@everyone @here <@&42>",
        "*bold* _it_ ~no~ `code` [a](https://evil.example) <https://evil.example|good>",
        "&lt;b&gt; &amp; \"'",
        "{{ 7 * 7 }} ${7*7} %s",
    ],
)
async def test_what_looks_like_markup_arrives_as_the_text_that_it_is(bench: Bench, text: str) -> None:
    platform = bench.platform()
    await platform.post(channel=bench.channel, card=poll(quote=text), key="m1:poll")
    await platform.direct(user=bench.user, card=note(text), key="m1:d")
    assert text in (await bench.posts())[0]
    assert text in (await bench.directs())[0]
