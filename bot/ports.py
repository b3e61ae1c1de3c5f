"""What the bot asks of the outside: narrow protocols that adapters and storage implement.

Every port has a contract suite in `tests/contract` that each implementation passes. Nothing here does work.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeVar, runtime_checkable

from bot.core.activity import ActivityReport
from bot.core.answers import Answer
from bot.core.cards import Card, Limits
from bot.core.dco import Signer
from bot.core.docket import Docket, DocketEntry
from bot.core.effects import Effect
from bot.core.events import BoundBy, Event
from bot.core.guard import Verdict
from bot.core.motion import Motion
from bot.core.offer import Offer
from bot.core.people import Person, PersonId, PlatformUser, RosterRow

T = TypeVar("T")

# --------------------------------------------------------------------------- time, ids, kill points


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class Ids(Protocol):
    """Where randomness comes from."""

    def person(self) -> PersonId:
        """A new internal id of a person."""
        ...

    def salt(self) -> str:
        """A new salt of 128 bits, in hex, for the texts of one request."""
        ...


Point = Callable[[str], None]
"""Called by name before and after each commit and each outside call; the fault harness raises in it."""


def no_point(name: str) -> None:
    """The point that does nothing: what production runs with."""


# --------------------------------------------------------------------------- maintainers files


class RosterError(Exception):
    """A maintainers file that cannot be read, or an edit that is refused (R6).

    `line` counts from 1, or is 0 where the whole file is meant. `remedy` says what a person can do.
    """

    def __init__(self, *, path: str, line: int, what: str, remedy: str) -> None:
        super().__init__(f"{path}:{line}: {what}" if line else f"{path}: {what}")
        self.path, self.line, self.what, self.remedy = path, line, what, remedy


PersonField = Literal["login", "name", "email", "company"]
"""What a maintainers file may say of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChange:
    """One person added to `sections`, removed from them, or moved into them out of `sources`.

    Sections are called as the file itself calls them. None named means the only list of the file, or its unnamed
    one; a move without `sources` leaves the one other section that the person is in. A person without a login is
    found by mail address or name. What a move does not give is taken from the record that is moved.
    """

    action: Literal["add", "remove", "move"]
    sections: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    login: str = ""
    name: str = ""
    email: str = ""
    company: str = ""


class RosterFormat(Protocol):
    """A maintainers-file format: reads people, edits one person's records and no other byte.

    `needs` is what must be known of somebody to be added, `holds` what a record of this format can say.
    """

    name: str
    needs: frozenset[PersonField]
    holds: frozenset[PersonField]

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether this looks like a file of this format (content and name)."""
        ...

    def read(self, *, path: str, data: bytes) -> tuple[RosterRow, ...]:
        """The people in the file's order. Raises RosterError for anything it does not understand."""
        ...

    def edit(self, *, path: str, data: bytes, change: RosterChange) -> bytes:
        """The file with exactly that change. Raises RosterError, changing nothing, if it cannot."""
        ...


# --------------------------------------------------------------------------- forge


class ForgeError(Exception):
    """The repository could not be read or written; nothing half-done is visible. `retry` says if waiting helps."""

    def __init__(self, what: str, *, remedy: str = "", retry: bool = True) -> None:
        super().__init__(what)
        self.what, self.remedy, self.retry = what, remedy, retry


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAt:
    """A file's bytes at one commit of a branch (never of a topic branch silently)."""

    path: str
    branch: str
    commit: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest:
    """A draft pull request to be: one file, one change, on a branch of its own.

    `edit` maps the file's present bytes at the default branch to the wanted ones; it returns None when the
    change is there already. It is called again if the base moves (F30). With `creates` the file may be absent
    (R53): then `edit` is given no bytes, and what it returns is made there, with the folders it needs. Without `makes`
    the words of a draft that is there are brought up to date, and none is made where a person has taken it away.
    `brief` is the body of a pull request that somebody else opens, short enough for an address.
    """

    branch: str
    path: str
    title: str
    body: str
    message: str
    at: datetime
    edit: Callable[[bytes], bytes | None] = field(compare=False)
    creates: bool = False
    makes: bool = True
    brief: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft pull request that exists. `commit` is the branch's head, `base` the commit it stands on.

    `ready` says that it is open and no draft: the forge takes none there, or a person has marked it as ready.
    """

    branch: str
    commit: str
    base: str
    number: int
    url: str
    ready: bool = False


class RosterSource(Protocol):
    """Reads the maintainers file at the head of the default branch (R1)."""

    async def read(self, path: str) -> FileAt:
        """The file now. Raises ForgeError if the repository or the file cannot be read."""
        ...


class Drafts(Protocol):
    """Opens draft pull requests: never on the default branch (R48), idempotent by branch name."""

    async def open(self, request: DraftRequest) -> Draft | None:
        """The draft for this branch, made or found; None when the change is on the default branch already, or there
        is no draft and none is to be made.
        """
        ...

    async def patch(self, request: DraftRequest) -> str:
        """The change as a patch in the form that `git am` takes, writing nothing."""
        ...

    async def offer(self, request: DraftRequest) -> Offer | None:
        """What somebody needs to open the pull request themselves (R26); None when the change is there already.

        Opens none, and writes at most this branch. Asked again, it offers the same.
        """
        ...


class Forge(RosterSource, Drafts, Protocol):
    """Both small ports, as one adapter usually serves them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeIdentity:
    """An account on a forge: its id, which stays (`github:7`), and the login that it has at the moment."""

    key: str
    login: str


class Identities(Protocol):
    """Tells who is behind a login: accounts are renamed, and a free login is taken by somebody else (T3)."""

    async def by_login(self, login: str) -> ForgeIdentity | None:
        """The account that has this login now; None if nobody has it. Raises ForgeError if that is unknown."""
        ...

    async def by_id(self, key: str) -> ForgeIdentity | None:
        """The account with this id, whatever its login is now; None if it is gone. Raises ForgeError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A comment on a page of a forge, or the page's own text, as it stands now.

    `id` is the forge's own, such as `comment:7` or `body:12`. `edited` is when it was last changed, if it was.
    """

    id: str
    thread: int
    who: PlatformUser
    login: str
    robot: bool
    text: str
    at: datetime
    edited: datetime | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An issue or a pull request of a repository."""

    number: int
    url: str
    title: str
    text: str
    author: PlatformUser
    pull: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PullChange:
    """What an open pull request does to one file: its bytes where the branches part, and at the pull request's head.

    None stands for no file. `others` says whether it changes other files too. `unreadable` says why there is no telling
    what it does, and no waiting helps: anybody can make a link, a folder or something huge of the file.
    """

    number: int
    head: str
    base: str
    branch: str
    before: bytes | None
    after: bytes | None
    others: bool
    unreadable: str = ""


class Threads(Protocol):
    """The issues and pull requests of a repository as places where maintainers vote."""

    async def number_of(self, link: str) -> int:
        """The number of the issue or pull request that a link names; 0 for a link to anything else."""
        ...

    async def page(self, number: int) -> Page | None:
        """The issue or pull request of this number. Raises ForgeError."""
        ...

    async def keep(self, number: int, key: str, card: Card) -> str:
        """The bot's one comment with this key, made or brought up to date; its id. Raises ForgeError."""
        ...

    async def mark(self, spoken: Spoken, how: Literal["recorded", "refused"]) -> None:
        """Show the writer, by a reaction, what became of their words. Raises ForgeError."""
        ...

    async def own_words(self, spoken: Spoken) -> bool:
        """Whether nobody but the writer has edited this last. Raises ForgeError where that is not known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PullCommit:
    """A commit of a pull request. `merge`: it joins branches, and nobody signs that off.

    `who` is the account that the author's mail address belongs to, where the forge knows one.
    """

    commit: str
    message: str
    author: Signer
    merge: bool
    who: PlatformUser | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PullCommits:
    """The commits of a pull request, who opened it, and what is said beneath it."""

    number: int
    author: PlatformUser
    commits: tuple[PullCommit, ...]
    said: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPull:
    """An open pull request onto the default branch, and the commit that it would merge."""

    number: int
    head: str


class PullChanges(Protocol):
    """Looks into pull requests, and shows a verdict on them."""

    async def pulls(self) -> Sequence[OpenPull]:
        """All open pull requests onto the default branch. Raises ForgeError."""
        ...

    async def show(self, pull: OpenPull, verdict: Verdict) -> None:
        """Show the verdict on this very commit, once, and brought up to date. Raises ForgeError."""
        ...

    async def commits(self, number: int) -> PullCommits | None:
        """Its commits and what is said beneath it; None if there is no such pull request. Raises ForgeError."""
        ...

    async def change(self, number: int, path: str) -> PullChange | None:
        """What it does to this file now; None if there is no such open pull request. Raises ForgeError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactedThere:
    """A reaction on the bot's comment `comment`: `id` is the forge's own of it, `name` what it calls the emoji."""

    id: str
    thread: int
    comment: str
    who: PlatformUser
    login: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPage:
    """A page on which an open motion is voted on. `status` is the id of the bot's comment, empty until it is there."""

    thread: int
    status: str
    reactions: bool


class Ears(Protocol):
    """Where an adapter brings what happens in one repository on its forge. Telling it twice changes nothing.

    It raises NotRecorded, ForgeError or another error where it could not be handled: then it is to be told again.
    """

    async def heard(self, spoken: Spoken) -> None:
        """A comment, or a page's own text, is new or was edited."""
        ...

    async def reacted(self, reacted: ReactedThere) -> None:
        """A reaction was added to a comment of the bot's."""
        ...

    async def watched(self) -> Sequence[WatchedPage]:
        """The pages to look at closely."""
        ...

    async def gone(self, spoken: Spoken) -> None:
        """A comment was deleted, as it stood last; whose ballot was in it is told."""
        ...

    async def missing(self, thread: int, comments: Sequence[str]) -> None:
        """These are all the comments that stand on a page; whose ballot was in another one is told."""
        ...

    async def pushed(self) -> None:
        """The default branch has moved: rosters and links are to be read again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """A device flow that has begun: what its owner types and where, how often to ask, and for how many seconds."""

    user_code: str
    url: str
    interval: int
    lifetime: int
    secret: str = field(repr=False)


class DeviceFlow(Protocol):
    """Proves that somebody has an account on a forge: they type a code there while they are signed in (T4)."""

    async def begin(self) -> DeviceCode:
        """A new code. Raises ForgeError."""
        ...

    async def ask(self, code: DeviceCode) -> ForgeIdentity | Literal["pending", "slower", "denied", "expired"]:
        """Whether they have agreed, and who they are then. Raises ForgeError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A motion as it stands outside of the ledger. `mark` is the beginning of its ledger's genesis.

    `head` may be empty. `where` says where it stands, in words.
    """

    motion: int
    mark: str
    head: str
    where: str


@runtime_checkable
class PublishedHeads(Protocol):
    """Reads what was published of motions: a ledger that has not got it is an old copy (F9, F44)."""

    async def published(self) -> Sequence[Publication]:
        """The motions that have a draft here, the newest among them. Raises ForgeError."""
        ...


class ActivitySource(Protocol):
    """Reads who did what in a repository (R9, R35): counts for humans, never a judgement (R36)."""

    async def activity(
        self, *, since: datetime, until: datetime, progress: Callable[[int, int], None] | None = None
    ) -> ActivityReport:
        """Everyone's activity in commits of the default branch dated `since` up to, not including, `until`.

        `progress` is called in the event loop with how much was read so far and of how much, 0 while that is not
        known. Raises ForgeError; never a part of the numbers.
        """
        ...


# --------------------------------------------------------------------------- chat platforms


class PlatformError(Exception):
    """A platform did not take a message. `retry_after` in seconds if it said when; `gone` if the target is.

    `shut`: the place takes nothing from the bot until a person has mended that.
    """

    def __init__(
        self,
        what: str,
        *,
        retry_after: float | None = None,
        gone: bool = False,
        final: bool = False,
        shut: bool = False,
    ) -> None:
        super().__init__(what)
        self.what, self.retry_after, self.gone, self.final, self.shut = what, retry_after, gone, final, shut


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message that the platform has confirmed: its id there, and when the platform says it was posted."""

    ref: str
    at: datetime


class Platform(Protocol):
    """A place where members talk. Every write is idempotent by its key: look before you post."""

    name: str
    limits: Limits

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        """Post to a channel, or find the message that has this key. Raises PlatformError.

        `thread` is the id of a message to post beneath, where the platform has threads (`limits.threads`).
        """
        ...

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        """Replace a message. Raises PlatformError with `gone` when it was deleted."""
        ...

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        """Send a direct message, or find the one that has this key. Raises PlatformError."""
        ...

    async def is_public(self, channel: str) -> bool:
        """Whether people outside the maintainers can read the channel. Raises PlatformError if unknown."""
        ...


# --------------------------------------------------------------------------- what members ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Words after `/moot`, exactly as typed."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button of a card: its verb and motion. `key` is that of the message, if known: it proves the delivery."""

    verb: str
    motion: int
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form of `bot.core.menu`: the verb, the motion (0 for none) and the fields by name.

    Of a verb without a motion, `repo` may be among them: which repository, where several share a channel.
    """

    verb: str
    motion: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """An emoji added to, or removed from, the poll message of a motion."""

    emoji: str
    motion: int
    added: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One request of a member. `request` is the platform's own immutable id of it: a retry has the same.

    `channel` is named as in the configuration (`slack:C0123`); empty in a direct message with the bot.
    `acted_at` is the platform's time of the action, or the time of receipt where it gives none.
    `sighting` is, for a reaction that was added, what `sighting_of` makes of it: so that it is known after an outage.
    """

    request: str
    who: PlatformUser
    channel: str
    act: Typed | Pressed | Filled | Reacted
    acted_at: datetime
    sighting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePoll:
    """The poll message of a motion that is still open. `reactions` says whether reactions to it are ballots.

    From `closes_at` on, an action whose time nobody knows is none that counts: it is left to `Desk.catch_up`.
    """

    motion: int
    channel: str
    ref: str
    reactions: bool
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A reaction that stands on a poll message now; nobody knows since when."""

    who: PlatformUser
    emoji: str


def sighting_of(poll: LivePoll, standing: Standing) -> str:
    """The name under which a member's reaction to a poll is remembered."""
    return f"seen:{standing.who.key}:{poll.motion}:{poll.ref}:{standing.emoji}"


class Desk(Protocol):
    """Where adapters bring what members ask; the clerk serves it. Never raises: a fault is an answer too."""

    async def ask(self, inbound: Inbound) -> Card:
        """Handle one request to its end; the card is the private answer. It resolves after the commit.

        A card without lines (`Reply(lines=())`) is the answer to what needs none.
        """
        ...

    async def catch_up(self, poll: LivePoll, found: Sequence[Standing]) -> Sequence[tuple[PlatformUser, Card]]:
        """Take in the reactions that stand on a poll after an outage, those not seen before; whom to tell what."""
        ...


class Polls(Protocol):
    """The poll messages that adapters find reactions on, by the platform's own ids of them."""

    def at(self, channel: str, ref: str) -> LivePoll | None:
        """The open motion's poll with this id in this channel; None for any other message."""
        ...

    def live(self, platform: str) -> Sequence[LivePoll]:
        """All poll messages of open motions on a platform."""
        ...


class Completion(Protocol):
    """What can be typed, offered while a member types. It never tells of a motion that the member may not know of."""

    def people(self, channel: str, account: str, typed: str) -> Sequence[str]:
        """Logins that begin like, or hold, what is typed; the best first, 25 at most."""
        ...

    def motions(self, channel: str, account: str, typed: str) -> Sequence[tuple[int, str]]:
        """Open motions of the channel's repositories with their titles; the newest first, 25 at most."""
        ...


async def _unnoticed(*_: object) -> None:
    """What is done about a poll that is gone, or a channel that is shut, where nobody looks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """All that a connected platform is given of the bot.

    `channels` are its channels by the configuration, `people` reads the directory as it is now. It calls
    `connected` after each (re)connect, when the actions missed meanwhile are with the desk: a window that ended
    during the outage is counted a minute later. `zone` takes the time zone that a member's profile there shows.
    `gone` is told of a poll message that is not there any more: it is posted again.
    `shut` is told of channels that the bot cannot post in any more, and why; `opened`, of those where it can again.
    """

    desk: Desk
    polls: Polls
    completion: Completion
    people: Callable[[], Directory]
    channels: Sequence[str]
    connected: Callable[[], Awaitable[None]]
    zone: Callable[[PlatformUser, str], None]
    gone: Callable[[LivePoll], Awaitable[None]] = _unnoticed
    shut: Callable[[Sequence[str], str], Awaitable[None]] = _unnoticed
    opened: Callable[[Sequence[str]], Awaitable[None]] = _unnoticed


class Connection(Platform, Protocol):
    """A platform that is reached over a network and has to be connected to."""

    async def start(self, front: Front) -> None:
        """Connect, or go on trying in the background. PlatformError (`final`): only a person can mend it."""
        ...

    async def stop(self) -> None:
        """Take no more requests, finish those begun, disconnect. Safe to call twice, or without `start`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check has looked at: how it is, in a sentence, and what to do about it if it is not well."""

    mark: Literal["ok", "warning", "wrong"]
    what: str
    remedy: str = ""


# --------------------------------------------------------------------------- ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as it stands in the chain. `hash` covers the stored bytes and the previous hash."""

    seq: int
    motion: int
    version: int
    at: datetime
    event: Event
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """An effect on its way: attempts so far, when it is due, the message's id once delivered.

    `generation` counts how often a `latest` effect was asked for: settling an older one leaves it pending.
    """

    id: int
    effect: Effect
    state: Literal["pending", "done", "parked"]
    attempts: int
    due: datetime
    generation: int = 1
    ref: str = ""
    error: str = ""


class NotRecorded(Exception):
    """The ledger could not commit: nothing of the request is stored, and the member is told so."""


class Transaction(Protocol):
    """One request's reads and writes, atomically, inside the writer. Never held across an await."""

    def answer(self, request: str) -> Answer | None:
        """What was answered to this request id before (a retry), or None."""
        ...

    def motion(self, number: int) -> Motion | None:
        """The motion as it stands now, or None if there is none of that number."""
        ...

    def docket(self) -> Docket:
        """The open motions and next number, for rules that reach across motions."""
        ...

    def directory(self) -> Directory:
        """The people known so far."""
        ...

    def append(self, number: int, events: Sequence[Event], *, at: datetime) -> tuple[Recorded, ...]:
        """Add events to a motion's stream (0 is the stream of people), in order, to the end of the chain."""
        ...

    def remember(self, request: str, answer: Answer, *, at: datetime, motion: int) -> None:
        """Store the answer under the request's id, so that a retry returns it."""
        ...

    def intend(self, effects: Sequence[Effect], *, at: datetime) -> None:
        """Put effects into the outbox; one whose key is there already is left alone (`latest`: made due again)."""
        ...

    def settle(self, row: OutboxRow) -> None:
        """Store a row's new state, attempts, due instant, reference and error.

        A row that was asked for again meanwhile (its generation is newer in the store) stays pending and due.
        """
        ...


class Directory(Protocol):
    """The people projection: internal ids against logins, forge ids and accounts."""

    def person(self, person: PersonId) -> Person | None: ...

    def by_login(self, login: str) -> Person | None: ...

    def by_account(self, account: str) -> Person | None:
        """Whose account this is. A forge id (`github:583231`) is an account by itself: that of its person."""
        ...

    def held(self, account: str) -> datetime | None:
        """Until when this account acts for nobody yet, though it is known whose it is (T5); None if it is not held."""
        ...

    def linked(self, source: BoundBy) -> Mapping[str, PersonId]:
        """The accounts that this source has linked, and whose they are."""
        ...

    def everyone(self) -> Sequence[Person]: ...


class Reader(Protocol):
    """Reads what is committed, beside the writer: from this process or another one, without its lock."""

    def events(self, motion: int) -> Sequence[Recorded]:
        """A motion's stream in order; stream 0 is that of the people."""
        ...

    def motion(self, number: int) -> Motion | None:
        """The motion as it was last committed."""
        ...

    def entry(self, number: int) -> DocketEntry | None:
        """A motion's line in the docket."""
        ...

    def entries(self, *, unfinished: bool = False) -> Sequence[DocketEntry]:
        """The docket by number; only motions that have not ended, if asked."""
        ...

    def directory(self) -> Directory: ...

    def due(self, now: datetime, *, limit: int = 100) -> Sequence[OutboxRow]:
        """Pending rows that may be delivered now: of each motion and venue, the `once` lane's first only.

        A row that is due later than anything is ever put off (`effects.furthest`) is due: a wrong clock has set that.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A ledger in numbers: events in the chain, motions that have not ended and those on their way to a count, outbox.

    `overdue` is by how many seconds the delivery that has waited longest is late; of `pending`, `retried` have failed.
    """

    events: int
    unfinished: int
    voting: int
    pending: int
    retried: int
    parked: int
    overdue: float


@runtime_checkable
class Attached(Protocol):
    """A connection that can say whether it stands now."""

    @property
    def attached(self) -> bool:
        """Whether the platform can be heard at this moment."""
        ...


class Ledger(Protocol):
    """The append-only log and its projections. One writer; futures resolve only after the commit."""

    def transact(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Run the work in the writer, in its own savepoint of a group commit. Its result comes after COMMIT.

        Raises (through the future) whatever the work raises, with nothing stored; NotRecorded if the
        commit failed.
        """
        ...

    def reader(self) -> Reader: ...

    def genesis(self) -> str:
        """A random hex string made with the ledger: it marks branches as this ledger's."""
        ...

    def head(self) -> str:
        """The hash of the last event that is committed: the log's head."""
        ...

    def row(self, key: str) -> OutboxRow | None:
        """The outbox row with this key."""
        ...

    def close(self) -> None: ...
