"""A small scripted bot behind the page: enough to press, fill in and react, without any of the real rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from adapters.playground.backstage import DraftPanel, Move, Summary
from adapters.playground.room import Member, Room
from bot.core.cards import (
    Bar,
    Button,
    Card,
    Code,
    Line,
    Listing,
    Mention,
    Moment,
    Note,
    Notice,
    Plain,
    Poll,
    Reply,
    Strong,
)
from bot.core.commands import Choice
from bot.core.people import PersonId, PlatformUser
from bot.core.reactions import choice_of
from bot.ports import Filled, Inbound, LivePoll, Pressed, Reacted, Standing, Typed

START = datetime(2025, 6, 30, 9, 30, tzinfo=UTC)
CHANNEL = "playground:maintainers"
NAMES = (
    *("Ada Lovelace", "Grace Hopper", "Barbara Liskov", "Edsger Dijkstra", "Frances Allen", "Donald Knuth"),
    *("Radia Perlman", "Ken Thompson", "Margaret Hamilton", "Niklaus Wirth", "Shafi Goldwasser", "Tony Hoare"),
)
BALLOTS = (
    Button(verb="yes", label="Yes", style="primary"),
    Button(verb="no", label="No"),
    Button(verb="abstain", label="Abstain"),
    Button(verb="object", label="Object", form=True),
    Button(verb="status", label="Where it stands"),
)
DIFF = f"""\
diff --git a/MAINTAINERS b/MAINTAINERS
--- a/MAINTAINERS
+++ b/MAINTAINERS
@@ -8,6 +8,7 @@
 # GitHub ID, Name, Email Address
 "ada","Ada Lovelace","ada@example.org"
 "grace","Grace Hopper","grace@example.org"
+"newperson","New Person","new@example.org"
{" "}
 # REVIEWERS
"""
BODY = """\
The maintainers of **sample** approved this between 30 June and 7 July: 9 yes, 1 no, 0 abstained, 2 did not vote.

- 8 of 12 needed (66%, *Adding maintainers*)
- Roster at `0d6b721`

Record: motion 1, log head `9c41`.
"""


def members() -> tuple[Member, ...]:
    """Twelve maintainers, two reviewers and two others."""
    maintainers = [
        Member(login=name.split()[0].lower(), name=name, role="maintainer", kind="maintainer") for name in NAMES
    ]
    return (
        *maintainers,
        Member(login="linus", name="Linus Pauling", role="reviewer", kind="reviewer"),
        Member(login="hedy", name="Hedy Lamarr", role="reviewer", kind="reviewer"),
        Member(login="newperson", name="New Person", role="contributor", kind="outsider"),
        Member(login="visitor", name="Visitor", role="passing by", kind="outsider"),
    )


@dataclass(slots=True, kw_only=True)
class HandClock:
    """A clock that moves when it is told to."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at


def person(login: str) -> Mention:
    return Mention(PersonId(login), login)


@dataclass(slots=True, kw_only=True)
class ScriptedDesk:
    """Answers what the page asks: nominations make a poll, ballots are counted in it. Keeps what it was asked."""

    room: Room
    asked: list[Inbound] = field(default_factory=list)
    answers: dict[str, Card] = field(default_factory=dict)
    ballots: dict[str, Choice] = field(default_factory=dict)
    poll_ref: str = ""
    poll: Poll | None = None
    fault: Exception | None = None

    async def ask(self, inbound: Inbound) -> Card:
        if self.fault is not None:
            raise self.fault
        self.asked.append(inbound)
        if inbound.request not in self.answers:
            self.answers[inbound.request] = await self._answer(inbound)
        return self.answers[inbound.request]

    async def catch_up(self, poll: LivePoll, found: Sequence[Standing]) -> Sequence[tuple[PlatformUser, Card]]:
        raise AssertionError("the room has no outages")

    async def _answer(self, inbound: Inbound) -> Card:
        match inbound.act:
            case Typed(text=text):
                return await self._typed(inbound, text)
            case Pressed(verb=verb):
                return await self._cast(inbound, verb)
            case Filled(verb="nominate", values=values):
                return await self._nominate(inbound, values["login"], values["text"])
            case Filled(verb=verb):
                return await self._cast(inbound, verb)
            case Reacted(emoji=emoji, added=True):
                return await self._cast(inbound, choice_of(emoji) or "")
            case Reacted():
                return reply("info", "Removing a reaction does not take a ballot back: it stands.")

    async def _typed(self, inbound: Inbound, text: str) -> Card:
        verb, *rest = text.split(maxsplit=2)
        if verb == "nominate":
            return await self._nominate(inbound, rest[0].removeprefix("@"), rest[-1])
        if verb in ("yes", "no", "abstain"):
            return await self._cast(inbound, verb)
        if verb == "help":
            rows = tuple((Code(f"/moot {word}"), Plain(" does what it says.")) for word in ("nominate", "yes", "no"))
            return Listing(heading=(Plain("What you can type"),), rows=rows, footer=(Plain("That is all."),))
        return reply("refused", f"There is no verb {verb}. Nothing was done.")

    async def _nominate(self, inbound: Inbound, login: str, text: str) -> Card:
        self.poll = poll_of(inbound.who.user, login, text, inbound.acted_at)
        delivery = await self.room.post(channel=inbound.channel, card=self.poll, key="m1:poll")
        self.poll_ref = delivery.ref
        return Reply(tone="done", lines=((Strong("Motion 1"), Plain(" is open.")),), motion=1)

    async def _cast(self, inbound: Inbound, verb: str) -> Card:
        if verb not in ("yes", "no", "abstain"):
            return reply("info", "Noted.")
        choice: Choice = "yes" if verb == "yes" else "no" if verb == "no" else "abstain"
        if inbound.who.user not in {member.login for member in members()[:12]}:
            return reply("refused", "Your ballot was not counted: only the 12 maintainers vote on this.")
        self.ballots[inbound.who.user] = choice
        if self.poll is not None:
            self.poll = counted(self.poll, self.ballots)
            await self.room.edit(channel=CHANNEL, ref=self.poll_ref, card=self.poll)
        until = Moment(START + timedelta(days=7))
        line: Line = (Plain("Recorded: "), Strong(choice), Plain(" on motion 1. You can change it until "), until)
        return Reply(tone="done", lines=((*line, Plain(".")),), motion=1)


def reply(tone: str, text: str) -> Reply:
    """A private answer of one sentence."""
    return Reply(tone="refused" if tone == "refused" else "info", lines=((Plain(text),),))


def poll_of(proposer: str, candidate: str, text: str, now: datetime) -> Poll:
    """The poll of a motion that was just opened."""
    fresh = Poll(
        motion=1,
        stage="open",
        heading=(Plain("Motion 1 · Make "), person(candidate), Plain(" a maintainer of sample")),
        byline=(Plain("proposed by "), person(proposer), Plain(", sponsored by "), person("grace")),
        quote=text,
        notes=((Plain("Active for 7 months, as attested (the document asks for more than 3)"),),),
        bar=Bar(yes=0, no=0, abstain=0, not_voted=12, needed=8),
        tally=(),
        arithmetic=(Plain("66% of 12 = 7.92, so 8 (Adding maintainers)"),),
        closes=(Plain("Closes "), Moment(now + timedelta(days=7, hours=14, minutes=29)), Plain(" (in 7 days)")),
        following=(Plain("Then: if carried, a maintainer invites the candidate."),),
        buttons=BALLOTS,
    )
    return counted(fresh, {})


def counted(poll: Poll, ballots: dict[str, Choice]) -> Poll:
    """The poll with these ballots in it."""
    yes, no, abstain = (sum(ballot == choice for ballot in ballots.values()) for choice in ("yes", "no", "abstain"))
    left = 12 - yes - no - abstain
    words = f" · ● {yes} yes · ○ {no} no · – {abstain} abstain · {left} have not voted"
    bar = Bar(yes=yes, no=no, abstain=abstain, not_voted=left, needed=8)
    return replace(poll, bar=bar, tally=(Strong(f"{yes} of 8 needed"), Plain(words)))


@dataclass(slots=True, kw_only=True)
class Stagehand:
    """A backstage whose clock moves and whose one draft can be merged."""

    room: Room
    clock: HandClock
    panels: list[DraftPanel] = field(default_factory=list)
    movable: bool = True
    summary: Summary = field(
        default_factory=lambda: Summary(repository="sample", policy="distribution", ledger="demo/ledger.db")
    )

    def clock_now(self) -> datetime:
        return self.clock.now()

    async def move(self, how: Move) -> str:
        self.clock.at += timedelta(hours=1) if how == "hour" else timedelta(days=1)
        note = Note(
            motion=1,
            lines=((Plain("Motion 1 closes in 48 hours. You have not voted."),),),
            buttons=BALLOTS[:3],
        )
        if how == "deadline":
            await self.room.direct(user=members()[1].account, card=note, key="m1:ping:48")
        return f"It is {self.clock.at:%a %d %b %H:%M} UTC."

    def drafts(self) -> Sequence[DraftPanel]:
        return tuple(self.panels)

    async def merge(self, branch: str) -> str:
        self.panels = [replace(p, state="merged") if p.branch == branch else p for p in self.panels]
        return f"{branch} is merged."


def draft() -> DraftPanel:
    """A draft that can be merged with a button."""
    return DraftPanel(
        number=1,
        branch="folkmoot/1-9c41ab",
        title="Add newperson to MAINTAINERS",
        body=BODY,
        diff=DIFF,
        state="open",
        mergeable=True,
    )


def letter() -> Note:
    """A direct message with a text to copy."""
    text = "Hi New Person,\n\nthe maintainers would like you to join them. Would you?\n\nAda"
    return Note(motion=1, lines=((Plain("Here is a draft of the letter. Change every word if you like."),),), code=text)


def result() -> Notice:
    """A message of the bot to the channel."""
    line: Line = (
        Plain("Motion 1 is "),
        Strong("carried"),
        Plain(": 9 yes (8 needed), 1 no, 2 did not vote. Next: one maintainer invites "),
        person("newperson"),
        Plain("."),
    )
    invite = Button(verb="invite", label="I will invite them", style="primary")
    return Notice(motion=1, lines=(line,), buttons=(invite,))
