"""What has to hold of every message, answer and draft: once, complete, and only where it belongs."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import closing

from bot.core.cards import Card, Poll
from bot.core.events import InvitationTaken
from bot.core.people import PersonId
from bot.core.plain import plain_card
from tests.simulation.naive import Book
from tests.simulation.oracle import Findings, Log
from tests.simulation.talk import Remark
from tests.simulation.town import Place
from tests.simulation.venue import Message
from tests.simulation.world import World

KEY = re.compile(r"m(\d+):([a-z-]+)(?::|$)")
TOKEN = re.compile(r"tok\d+x\d+z")
CLOSED = (
    "is no account any more",
    "nobody can be reached there",
    "nobody here has the account",
    "takes no direct messages",
)
"""What platforms say of an account that was closed."""
NAMES = re.compile(r"\b(?:user\d{3}|newcomer\d\d)\b")
DRAFT = re.compile(r"folkmoot/(\d+)-")


def check_places(world: World, log: Log, found: Findings) -> None:
    """Everything that has left the bot."""
    owners = {account.key: human.login for human in world.town.people for account in human.accounts.values()}
    for venue in world.venues.values():
        for problem in venue.problems():
            found.wrong(problem)
        for whisper in venue.whispers():
            _check_text(world, whisper.text, whisper.place, owners[whisper.account], found)
        there = [message for message in venue.messages() if not message.gone]
        seen = Counter((message.place, message.audience, message.key) for message in there)
        for what, times in seen.items():
            if times > 1:
                found.wrong(f"posted {times} times: {what}")
        for message in venue.messages():
            found.figures["messages"] += 1
            _check_message(world, log, message, owners, found)
        for sent in venue.sent:
            for card in sent.answers:
                _check_words(world, card, sent.channel, sent.login, found)
    if world.talk is not None and world.hub is not None:
        for problem in [*world.hub.problems(), *world.talk.problems()]:
            found.wrong(problem)
        for remark in world.talk.remarks():
            _check_remark(world, remark, found)
    for book in log.books.values():
        _check_announced(world, log, book, found)
    _check_drafts(world, log, found)
    _check_outbox(world, found)


def _check_remark(world: World, remark: Remark, found: Findings) -> None:
    """What stands on a page says counts, and names nobody but whom it is about and who has written there (T22)."""
    assert world.talk is not None
    where = f"{remark.place}/{remark.page}"
    for word in set(TOKEN.findall(remark.text)):
        token = world.tokens[word]
        if token.kind != "public" or token.place != remark.place:
            found.wrong(f"{word} ({token.kind} of {token.place}) stands on {where}: {remark.text[:200]}")
    writers = {sent.login.casefold() for sent in world.talk.sent if sent.channel == f"github:{where}"}
    titles = set(NAMES.findall(world.talk.title(remark).casefold()))
    for name in set(NAMES.findall(remark.text.casefold())) - writers - titles:
        found.wrong(f"{where} names {name}: {remark.text[:200]}")
    found.figures["remarks"] += 1


def _place(world: World, book: Book) -> Place:
    return next(place for place in world.town.places if place.name == book.opened.repository)


def _check_message(world: World, log: Log, message: Message, owners: dict[str, str], found: Findings) -> None:
    key = KEY.match(message.key)
    if key is None:
        if not message.key.startswith("review:"):
            found.wrong(f"a message with the key {message.key}")
        return
    book = log.books.get(int(key[1]))
    if book is None:
        found.wrong(f"{message.key} is about no motion")
        return
    reader = owners.get(message.audience, "")
    if message.place and message.place not in _place(world, book).channels:
        found.wrong(f"{message.key} stands in {message.place}, which is no channel of {book.opened.repository}")
    if message.place and not book.proposed:
        found.wrong(f"{message.key} stands in {message.place}, but is a private contact")
    if reader and not may_know(log, world, book, reader):
        found.wrong(f"{message.key} was sent to {reader}, who may not know of it")
    if reader and key[2].startswith("contact") and _is(log, book.opened.subject, reader):
        found.wrong(f"{message.key} was sent to its subject")
    for card in message.shown:
        _check_words(world, card, message.place, reader, found)


def may_know(log: Log, world: World, book: Book, login: str) -> bool:
    """Whether somebody is, or was, among those whom a motion concerns."""
    place = _place(world, book)
    ever = {name.casefold() for data in place.rosters.values() for name in _names(data)}
    people = {book.opened.proposer, *book.voters, *book.barred, *book.pinned[0], *book.pinned[1]}
    stepping = book.policy.kind == "step-down" and _is(log, book.opened.subject, login)
    return login.casefold() in ever or stepping or any(log.is_of(person, login) for person in people)


def _names(data: bytes) -> list[str]:
    """Everybody who ever was in the maintainers' part of the file, broken or not."""
    text = data.decode().partition("# REVIEWERS")[0]
    return re.findall(r'^"([^"]+)"', text, re.MULTILINE)


def _is(log: Log, person: PersonId | None, login: str) -> bool:
    return person is not None and log.is_of(person, login)


def _check_words(world: World, card: Card, channel: str, reader: str, found: Findings) -> None:
    """Words that members typed are only where they may be."""
    if getattr(card, "lines", True):
        _check_text(world, plain_card(card), channel, reader, found)


def _check_text(world: World, text: str, channel: str, reader: str, found: Findings) -> None:
    for word in set(TOKEN.findall(text)):
        token = world.tokens[word]
        place = next(place for place in world.town.places if place.name == token.place)
        if token.kind == "reason":
            found.wrong(f"the reason {word} stands in {channel or reader}: {text[:200]}")
        elif channel and channel not in place.channels:
            found.wrong(f"{word} ({token.kind} of {token.place}) stands in {channel}: {text[:200]}")
        elif not channel and token.kind in {"private", "note", "talk"} and not _insider(world, place, reader):
            found.wrong(f"{word} ({token.kind} of {token.place}) was told to {reader}: {text[:200]}")


def _insider(world: World, place: Place, login: str) -> bool:
    ever = {
        name.casefold() for data in place.rosters.values() for name in re.findall(r'^"([^"]+)"', data.decode(), re.M)
    }
    return login.casefold() in ever


def _check_announced(world: World, log: Log, book: Book, found: Findings) -> None:
    """One result a channel, and a poll that shows how it stands."""
    counted = book.counted
    for channel in _place(world, book).channels:
        venue = world.venues[channel.partition(":")[0]]
        mine = [message for message in venue.messages() if message.place == channel]
        results = [m for m in mine if m.key.startswith(f"m{book.number}:result:")]
        wanted = 1 if counted is not None and counted.outcome != "void" else 0
        if len(results) != wanted:
            found.wrong(f"motion {book.number} has {len(results)} results in {channel} instead of {wanted}")
        if wanted and results and counted is not None and counted.outcome not in plain_card(results[0].card):
            found.wrong(f"motion {book.number} in {channel}: the result does not say {counted.outcome}")
        polls = [m for m in mine if isinstance(m.card, Poll) and m.card.motion == book.number and not m.gone]
        if book.proposed and len(polls) > 1:
            found.wrong(f"motion {book.number} has {len(polls)} polls in {channel}")
        for message in polls:
            _check_poll(book, message, found)


def _check_poll(book: Book, message: Message, found: Findings) -> None:
    card = message.card
    assert isinstance(card, Poll)
    if book.policy.secrecy == "blinded":
        for shown in message.shown:
            if isinstance(shown, Poll) and shown.bar is not None and shown.stage in {"announcing", "open"}:
                found.wrong(f"motion {book.number}: the poll {message.ref} has shown a blinded count")
    votes = list(book.standing_votes(book.voters).values())
    said = (votes.count("yes"), votes.count("no"), votes.count("abstain"))
    if (
        card.bar is not None
        and book.policy.kind != "step-down"
        and (card.bar.yes, card.bar.no, card.bar.abstain) != said
    ):
        found.wrong(f"motion {book.number}: the poll {message.ref} in {message.place} shows {card.bar}, it is {said}")
    ends = {"MotionClosed": {"carried", "lost", "void"}, "MotionWithdrawn": {"withdrawn"}, "MotionVoided": {"void"}}
    if book.endings and card.stage not in ends[book.endings[-1]]:
        found.wrong(f"motion {book.number}: the poll {message.ref} in {message.place} still says {card.stage}")


def _check_drafts(world: World, log: Log, found: Findings) -> None:
    for place in world.town.places:
        branches = Counter(map(_motion_of, place.yard.branches()))
        for number, times in branches.items():
            found.figures["drafts"] += times
            book = log.books.get(number)
            if times > 1 or book is None or book.opened.repository != place.name:
                found.wrong(f"{place.name} has {times} drafts of motion {number}")
        for page in place.yard.pages():
            book = log.books[_motion_of(page.branch)]
            _check_page(world, log, book, f"{page.title}\n{page.body}\n{page.message}", found)


def _motion_of(branch: str) -> int:
    named = DRAFT.match(branch)
    return int(named[1]) if named else 0


def _check_page(world: World, log: Log, book: Book, text: str, found: Findings) -> None:
    """No text of members, and nobody's name but of those who act for all: not who voted (R24, R44)."""
    for word in set(TOKEN.findall(text)):
        found.wrong(f"the draft of motion {book.number} says {word} ({world.tokens[word].kind})")
    named = set(NAMES.findall(text.casefold()))
    inviters = [event.person for event in log.events(book.number) if isinstance(event, InvitationTaken)]
    known = {book.opened.subject, *inviters}
    for name in named:
        if not any(_is(log, person, name) for person in known):
            found.wrong(f"the draft of motion {book.number} names {name}")


def _check_outbox(world: World, found: Findings) -> None:
    """Nothing waits for ever, and what was given up has a reason."""
    with closing(sqlite3.connect(world.ledger)) as conn:
        rows = conn.execute("SELECT key, state, attempts, due, error FROM outbox WHERE state != 'done'").fetchall()
    for key, state, attempts, due, error in rows:
        if state == "parked" and any(words in error for words in CLOSED):
            found.figures["parked: account closed"] += 1
        elif key.endswith((":draft", ":patch")) and error:
            found.figures["draft not possible"] += 1
        else:
            found.wrong(f"outbox: {key} is {state} after {attempts} attempts, due {due}: {error}")
