"""How each effect is rendered and delivered: one function a kind of venue. Rendering happens only here, late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.breaker import Breaker
from bot.core.cards import Card, Notice
from bot.core.commands import BotCommand, ConfirmNotice, NoteDraft, NoteRoster
from bot.core.effects import FORGE, IN_THREAD, Effect, addressee, poll_key
from bot.core.minutes import Minutes, minutes_of, record_path, record_text
from bot.core.motion import Motion
from bot.core.people import PersonId, PlatformUser
from bot.core.rules import RosterFault
from bot.core.threads import THREAD
from bot.core.wording import (
    Scene,
    comment_gone,
    dco_help,
    digest_card,
    linked_notice,
    living_card,
    note_card,
    notice_card,
    review_note,
    thread_note,
    thread_result,
    thread_status,
    unlinked_notice,
)
from bot.digests import week_of
from bot.elsewhere import Elsewhere
from bot.heads import head_of
from bot.linking import acting
from bot.names import DirectoryNames
from bot.polls import poll_ref
from bot.ports import (
    Clock,
    Delivery,
    DraftRequest,
    Ledger,
    OutboxRow,
    Platform,
    PlatformError,
    RosterError,
)
from bot.repositories import Repositories, Repository
from bot.rosters import Rosters
from bot.threads.pages import Pages


class NotYet(Exception):
    """The effect has to wait for another one, such as an edit for the post it edits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What came of a delivery: the message's id, and the command to tell the clerk with it.

    Not `sent`: there was nothing to say, so nothing is known of the place.
    """

    ref: str = ""
    command: BotCommand | None = None
    sent: bool = True


NOTHING = Delivered(sent=False)


class Deliveries:
    """Delivers one effect to its venue. Raises PlatformError, ForgeError or RosterError; it stores nothing."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        clock: Clock,
        repositories: Repositories,
        rosters: Rosters,
        platforms: Mapping[str, Platform],
    ) -> None:
        self._ledger, self._clock = ledger, clock
        self._repositories, self._rosters, self._platforms = repositories, rosters, platforms
        self._pages = Pages(ledger=ledger, rosters=rosters)
        self._shown: dict[str, Card] = {}
        self.breaker = Breaker()
        self.elsewhere = Elsewhere(ledger=ledger, clock=clock, repositories=repositories, breaker=self.breaker)

    def forget(self, key: str) -> None:
        """Send this edit even if its rendering is equal to the last one: the message may be gone."""
        self._shown.pop(key, None)

    async def deliver(self, row: OutboxRow) -> Delivered:
        """Render and deliver; a motion or a repository that is gone has nothing to deliver."""
        effect = row.effect
        if effect.kind == "review-due":
            return await self._remind(effect)
        if effect.kind == "digest":
            return await self._digest(effect)
        if effect.kind == "thread-note":
            return await self._to_writer(effect)
        if effect.kind == "dco-help":
            return await self._to_contributor(effect)
        if effect.kind in {"linked", "unlinked"}:
            return await self._of_a_link(effect)
        if effect.kind == "shut":
            return await self._of_a_place(row)
        motion = self._ledger.reader().motion(effect.motion)
        if motion is None:
            return NOTHING
        repository = self._repositories.named(motion.opened.repository)
        if repository is None:
            raise PlatformError(f"{motion.opened.repository} is in no configuration", final=True)
        if effect.venue == FORGE:
            return await self._draft(effect, motion, repository)
        if effect.venue == THREAD:
            return await self._to_thread(effect, motion, repository)
        if effect.venue.startswith("person:"):
            return await self._direct(effect, motion, repository)
        return await self._to_channel(effect, motion, repository)

    def place(self, effect: Effect) -> str:
        """What fails together: a channel, all direct messages of a platform, the forge of a repository."""
        motion = self._ledger.reader().motion(effect.motion) if effect.motion else None
        if effect.venue.startswith("channel:"):
            return effect.venue.removeprefix("channel:")
        name = motion.opened.repository if motion is not None else self._repository_of(effect)
        repository = self._repositories.named(name)
        if effect.venue in {FORGE, THREAD} or effect.kind == "patch" or repository is None:
            return f"{FORGE}:{name}"
        user = self._account(effect, repository)
        return f"{user.platform}:direct" if user is not None else "nobody:direct"

    def _repository_of(self, effect: Effect) -> str:
        """The name of the repository that an effect about no motion is for; empty where it names none."""
        return str(effect.params.get("repository") or effect.params.get("note-repository") or "")

    async def _to_channel(self, effect: Effect, motion: Motion, repository: Repository) -> Delivered:
        name = effect.venue.removeprefix("channel:")
        platform, channel = self._platform(name)
        if effect.kind == "poll-edit":
            return await self._edit(effect, motion, name)
        if effect.kind == "poll":
            delivery = await platform.post(
                channel=channel, card=living_card(motion, self._scene(motion)), key=effect.key
            )
            return self._confirmed(delivery, name == repository.announce, notice=1)
        params = dict(effect.params)
        if effect.kind == "trouble":
            failed = self._ledger.row(str(params["row"]))
            params["why"] = failed.error if failed else ""
        card = notice_card(effect.kind, motion, params, self._scene(motion))
        thread = (
            poll_ref(self._ledger, motion.number, name) if platform.limits.threads and effect.kind in IN_THREAD else ""
        )
        delivery = await platform.post(channel=channel, card=card, key=effect.key, thread=thread)
        announced = effect.kind in {"corrected", "seconded"} and name == repository.announce
        return self._confirmed(delivery, announced, notice=int(params.get("notice", 0)))

    def _confirmed(self, delivery: Delivery, announced: bool, *, notice: int) -> Delivered:
        """The delivery of a notice in the announcing channel starts the window (R12, T19)."""
        command = ConfirmNotice(notice=notice, at=delivery.at) if announced else None
        return Delivered(ref=delivery.ref, command=command)

    async def _edit(self, effect: Effect, motion: Motion, name: str) -> Delivered:
        """Bring the poll up to date; one that was deleted is posted again (T1). Equal renderings are not sent."""
        post = self._ledger.row(poll_key(effect.motion, name))
        if post is None or post.state == "parked":
            return NOTHING
        if post.state != "done":
            raise NotYet(effect.key)
        platform, channel = self._platform(name)
        card = living_card(motion, self._scene(motion))
        ref = poll_ref(self._ledger, effect.motion, name)
        if self._shown.get(effect.key) == card:
            return Delivered(ref=ref, sent=False)
        try:
            await platform.edit(channel=channel, ref=ref, card=card)
        except PlatformError as error:
            if not error.gone:
                raise
            delivery = await platform.post(channel=channel, card=card, key=f"{effect.key}:after:{ref}")
            ref = delivery.ref
        self._shown[effect.key] = card
        return Delivered(ref=ref)

    async def _direct(self, effect: Effect, motion: Motion, repository: Repository) -> Delivered:
        """A direct message, on the announcing platform if the person is there; who is linked nowhere gets none."""
        user = self._account(effect, repository)
        person = addressee(effect)
        needless = effect.kind == "ping" and _needless(effect, motion, person)
        if user is None or needless or self._silent(effect):
            return NOTHING
        offer = None
        if effect.kind == "patch":
            await self._candidate(motion, repository)
            offer = await repository.forge.offer(self._request(motion, repository))
            if offer is None:
                return Delivered()  # it is on the default branch already: the roster tells (F30)
        card = note_card(effect.kind, motion, effect.params, self._scene(motion), offer=offer)
        delivery = await self._platforms[user.platform].direct(user=user, card=card, key=effect.key)
        return Delivered(ref=delivery.ref)

    async def _remind(self, effect: Effect) -> Delivered:
        """A reminder that is about no motion."""
        repository = self._repositories.named(str(effect.params["repository"]))
        user = self._account(effect, repository) if repository is not None else None
        if repository is None or user is None or self._silent(effect):
            return NOTHING
        card = review_note(repository.name)
        delivery = await self._platforms[user.platform].direct(user=user, card=card, key=effect.key)
        return Delivered(ref=delivery.ref)

    async def _to_thread(self, effect: Effect, motion: Motion, repository: Repository) -> Delivered:
        """On the motion's page: its status, the result, or that a ballot stands. Only on a page that may show it."""
        threads, number = repository.threads, await self._pages.number_of(motion, repository)
        if threads is None or not number:
            return NOTHING
        scene = self._scene(motion)
        match effect.kind:
            case "thread-status":
                card = thread_status(motion, scene)
            case "thread-result":
                card = thread_result(motion, scene)
            case _:
                card = Notice(motion=motion.number, lines=comment_gone(motion))
        return Delivered(ref=await threads.keep(number, effect.key, card))

    async def _of_a_link(self, effect: Effect) -> Delivered:
        """To a channel: that an account was linked, or that this was undone (T5)."""
        platform, channel = self._platform(effect.venue.removeprefix("channel:"))
        words = linked_notice if effect.kind == "linked" else unlinked_notice
        delivery = await platform.post(channel=channel, card=words(effect.params, self._plain_scene()), key=effect.key)
        return Delivered(ref=delivery.ref)

    async def _of_a_place(self, row: OutboxRow) -> Delivered:
        """To a channel: that another one takes no posts, or that this is over (F32-F36)."""
        platform, channel = self._platform(row.effect.venue.removeprefix("channel:"))
        ref = await self.elsewhere.deliver(row.effect, row.ref, platform=platform, channel=channel)
        return NOTHING if ref is None else Delivered(ref=ref)

    async def _to_contributor(self, effect: Effect) -> Delivered:
        """On a pull request, because a maintainer asked for it: which commits lack a sign-off (R49)."""
        repository = self._repositories.named(str(effect.params["repository"]))
        if repository is None or repository.threads is None:
            return NOTHING
        card = dco_help(effect.params)
        return Delivered(ref=await repository.threads.keep(int(effect.params["pull"]), effect.key, card))

    def _plain_scene(self) -> Scene:
        return Scene(names=DirectoryNames(self._ledger.reader().directory()), now=self._clock.now())

    async def _to_writer(self, effect: Effect) -> Delivered:
        """To somebody who wrote on a page: why it was not done."""
        repository = self._repositories.named(str(effect.params["note-repository"]))
        if repository is None or repository.threads is None:
            return NOTHING
        card = thread_note(effect.params, self._plain_scene())
        return Delivered(ref=await repository.threads.keep(int(effect.params["note-thread"]), effect.key, card))

    async def _digest(self, effect: Effect) -> Delivered:
        """The weekly digest as the week is now; where nothing is left to say, nothing is posted."""
        repository = self._repositories.named(str(effect.params["repository"]))
        now, reader = self._clock.now(), self._ledger.reader()
        digest = week_of(reader, repository, now) if repository is not None else None
        if digest is None:
            return NOTHING
        platform, channel = self._platform(effect.venue.removeprefix("channel:"))
        card = digest_card(digest, Scene(names=DirectoryNames(reader.directory()), now=now))
        delivery = await platform.post(channel=channel, card=card, key=effect.key)
        return Delivered(ref=delivery.ref)

    def _silent(self, effect: Effect) -> bool:
        """Whether this is a reminder, and its reader wants none."""
        person = self._ledger.reader().directory().person(addressee(effect))
        pings = person.pings if person is not None else None
        return effect.kind in {"ping", "review-due"} and pings is not None and not pings.on

    def _account(self, effect: Effect, repository: Repository) -> PlatformUser | None:
        """Where to reach a person: on the announcing platform if they are there, else on any; None if nowhere."""
        directory, now = self._ledger.reader().directory(), self._clock.now()
        person = directory.person(addressee(effect))
        first = repository.announce.partition(":")[0]
        known = [key for key in (person.accounts if person else ()) if acting(directory, key, now) is not None]
        accounts = sorted(known, key=lambda key: not key.startswith(f"{first}:"))
        return next((PlatformUser.of(key) for key in accounts if key.partition(":")[0] in self._platforms), None)

    async def _draft(self, effect: Effect, motion: Motion, repository: Repository) -> Delivered:
        """The draft pull request; where the change is on the default branch already, the role has begun (F30)."""
        if effect.kind == "draft" and not motion.enactable:
            return NOTHING  # it was withdrawn or declared void before the forge could take it
        if not motion.annulled:
            await self._candidate(motion, repository)
        draft = await repository.forge.open(self._request(motion, repository))
        if draft is not None:
            note = NoteDraft(
                branch=draft.branch,
                commit=draft.commit,
                base=draft.base,
                url=draft.url,
                at=self._clock.now(),
                ready=draft.ready,
            )
            return Delivered(ref=draft.branch, command=note)
        roster = await self._rosters.read(repository)
        if isinstance(roster, RosterFault):
            raise RosterError(path=roster.path, line=roster.line, what=roster.what, remedy=roster.remedy)
        role = roster.role_of(motion.subject)
        return Delivered(command=NoteRoster(commit=roster.commit, maintainers=roster.maintainers, subject_role=role))

    async def _candidate(self, motion: Motion, repository: Repository) -> None:
        """Nobody is added whose account is gone or another's (F39). Who leaves is named by the file: they may be."""
        person = self._ledger.reader().directory().person(motion.subject) if motion.subject is not None else None
        if motion.policy.kind == "add" and person is not None and person.login:
            await self._rosters.follow(repository, person)

    def minutes(self, motion: Motion) -> Minutes:
        """What the draft of this motion says."""
        scene, repository = self._scene(motion), self._repositories.named(motion.opened.repository)
        pages = repository is not None and repository.threads is not None
        return minutes_of(motion, names=scene.names, head=scene.head, genesis=self._ledger.genesis(), pages=pages)

    def _request(self, motion: Motion, repository: Repository) -> DraftRequest:
        minutes = self.minutes(motion)
        records = motion.policy.enactment == "record"
        return DraftRequest(
            branch=minutes.branch,
            path=record_path(motion) if records else repository.roster_path,
            title=minutes.title,
            body=minutes.body,
            message=minutes.message,
            brief=minutes.brief,
            at=motion.draft_from or motion.answered_at or motion.closed_at or motion.opened_at,
            creates=records,
            makes=not motion.annulled,
            edit=self._recorder(motion) if records else self._editor(motion, repository),
        )

    def _editor(self, motion: Motion, repository: Repository) -> Callable[[bytes], bytes | None]:
        return self._rosters.editor(repository, motion, self._ledger.reader().directory())

    def _recorder(self, motion: Motion) -> Callable[[bytes], bytes | None]:
        """The decision record as the whole of its file; None where it stands there already (R53)."""
        text = record_text(motion, head=self._scene(motion).head).encode()
        return lambda data: None if data == text else text

    def _platform(self, name: str) -> tuple[Platform, str]:
        platform, _, channel = name.partition(":")
        if platform not in self._platforms:
            raise PlatformError(f"{platform} is not switched on", final=True)
        return self._platforms[platform], channel

    def _scene(self, motion: Motion) -> Scene:
        reader = self._ledger.reader()
        names, head = DirectoryNames(reader.directory()), head_of(reader, motion)
        return Scene(names=names, now=self._clock.now(), head=head)


def _needless(effect: Effect, motion: Motion, person: PersonId) -> bool:
    """Whether a reminder says nothing any more: the vote is over, they have voted, or a later one is under way too."""
    hours = int(effect.params.get("hours", 0))
    superseded = hours > min(motion.pinged, default=hours)
    return not motion.open or motion.choice_of(person) is not None or (hours > 0 and superseded)
