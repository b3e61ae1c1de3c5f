"""What the rules need to know about the world, fetched before the transaction: rosters, policies, people, channels."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot import rulebooks
from bot.core.activity import candidate_window, candidates
from bot.core.answers import Params, Refused
from bot.core.commands import (
    Acknowledge,
    AskContact,
    HandOver,
    MemberCommand,
    Nominate,
    Practice,
    Propose,
    ProposeRemoval,
    RecordAnswer,
    RecordBallot,
    RecordContact,
    Rerun,
    Snooze,
    StepDown,
    TakeContact,
    TakeInvitation,
)
from bot.core.motion import Motion
from bot.core.people import MAINTAINER, PersonId, Roster, fold_login
from bot.core.policy import Policy, Rulebook
from bot.core.practice import practice_policy
from bot.core.rules import Facts, Opening, PullRequest, RosterFault
from bot.hours import Rota
from bot.ports import Clock, ForgeError, Ids, Ledger, Platform, PlatformError, RosterError
from bot.pullchanges import Diffs
from bot.repositories import Repository
from bot.rosters import Rosters

HISTORY_SECONDS = 2.0
"""How long a nomination waits for the candidate list; beyond that it goes without the warning."""
READS = 3
"""How often roster and policy are read until both are of one commit."""


class Lookups:
    """Fetches facts. It decides nothing: what it could not find out is handed on as a fault or a refusal."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        clock: Clock,
        ids: Ids,
        rosters: Rosters,
        platforms: Mapping[str, Platform],
        employers: Mapping[str, str],
        rota: Rota,
    ) -> None:
        self._rota = rota
        self._ledger, self._clock, self._ids = ledger, clock, ids
        self._rosters, self._platforms, self._employers = rosters, platforms, employers
        self._diffs = Diffs(rosters)

    async def facts(
        self, command: MemberCommand, repository: Repository, actor: PersonId, number: int
    ) -> Facts | Refused:
        """Everything that this command's rule may ask for."""
        salt = self._ids.salt()
        match command:
            case Nominate() | Propose() | StepDown() | AskContact() | Rerun() | ProposeRemoval() | Practice():
                return await self._opening(command, repository, actor, number, salt)
            case TakeInvitation() | RecordAnswer() | Acknowledge() | TakeContact() | RecordContact():
                roster = await self._rosters.read(repository)
                if isinstance(roster, RosterFault):
                    return _roster_refusal(roster)
                employers = self._known_employers()
                return Facts(actor=actor, salt=salt, current=frozenset(roster.maintainers), employers=employers)
            case Snooze():
                person = self._ledger.reader().directory().person(actor)
                morning = self._rota.morning(person, self._clock.now())
                return Facts(actor=actor, salt=salt, morning=morning)
            case HandOver():
                return Facts(actor=actor, salt=salt, other=self._person(command.taker))
            case RecordBallot():
                return Facts(actor=actor, salt=salt, other=self._person(command.voter))
            case _:
                return Facts(actor=actor, salt=salt)

    def _person(self, login: str | None) -> PersonId | None:
        found = self._ledger.reader().directory().by_login(login) if login else None
        return found.id if found else None

    def _known_employers(self) -> dict[PersonId, str]:
        """Who works where, as far as the configuration says (R37)."""
        directory = self._ledger.reader().directory()
        found = {login: directory.by_login(login) for login in self._employers}
        return {person.id: self._employers[login] for login, person in found.items() if person is not None}

    async def _opening(
        self, command: MemberCommand, repository: Repository, actor: PersonId, number: int, salt: str
    ) -> Facts | Refused:
        read = await self.rules(repository)
        if isinstance(read, Refused):
            return read
        roster, rulebook = read
        before = self._ledger.reader().motion(number) if number else None
        sponsor = self._sponsor(command, before)
        account, doubt = await self._account(command, repository)
        subject = self._subject(command, actor, before, account)
        policy = _policy_for(command, rulebook, roster, subject, before)
        if isinstance(policy, Refused):
            return policy
        try:
            public = [await self._is_public(name) for name in repository.channels]
        except (KeyError, PlatformError):
            return Refused(code="channel-unknown")
        everyone = self._ledger.reader().directory().everyone()
        opening = Opening(
            repository=repository.name,
            roster=roster,
            policy=policy,
            rulebook=rulebook.name,
            document=rulebook.document,
            channel=repository.announce,
            channel_public=any(public),
            zone=repository.zone,
            holidays=repository.holidays(self._clock.now()),
            subject=subject,
            sponsor=sponsor,
            linked=frozenset(person.id for person in everyone if person.accounts),
            limit=repository.limit,
            listed=await self._listed(command, repository),
            pages=repository.threads is not None,
            pull=await self._pull(command, repository, before),
            account=account,
            doubt=doubt,
            simulated=any(platform.limits.simulated for platform in self._platforms.values()),
        )
        current = frozenset(roster.maintainers) if isinstance(roster, Roster) else None
        return Facts(actor=actor, salt=salt, current=current, opening=opening)

    async def _account(self, command: MemberCommand, repository: Repository) -> tuple[str, Refused | None]:
        """The id of a candidate's account where the forge has such, or why nobody can be sure whose it is (T3, F39)."""
        if not isinstance(command, Nominate) or repository.identities is None:
            return "", None
        try:
            found = await repository.identities.by_login(fold_login(command.login))
        except ForgeError as error:
            return "", Refused(code="account-unsure", params={"login": command.login, "what": error.what})
        if found is None:
            return "", Refused(code="account-unknown", params={"login": command.login})
        named = self._ledger.reader().directory().by_login(command.login)
        if named is not None and named.forge_id not in {None, found.key}:
            return "", Refused(code="account-of-another", params={"login": command.login})
        return found.key, None

    async def _pull(self, command: MemberCommand, repository: Repository, before: Motion | None) -> PullRequest | None:
        """The pull request that a nomination names, as it is now, if it adds the candidate (R27)."""
        link, login, role = "", "", ""
        if isinstance(command, Nominate):
            link, login, role = command.pull_request, command.login, command.role
        elif isinstance(command, Rerun) and before is not None and before.policy.kind == "add":
            person = self._ledger.reader().directory().person(before.subject) if before.subject is not None else None
            link = (before.opened.link.text or "") if before.opened.link is not None else ""
            login, role = person.login if person is not None else "", before.role
        if not link or repository.threads is None:
            return None
        try:
            number = await repository.threads.number_of(link)
            return await self._diffs.adds(repository, number, login, role) if number else None
        except ForgeError:
            return None

    def _subject(self, command: MemberCommand, actor: PersonId, before: Motion | None, account: str) -> PersonId | None:
        """Whom the motion is about; a candidate who is not known yet, by account or login, gets a new id."""
        match command:
            case Nominate():
                known = self._ledger.reader().directory().by_account(account) if account else None
                return known.id if known is not None else self._person(command.login) or self._ids.person()
            case AskContact():
                return self._person(command.login)
            case StepDown():
                return actor
            case _:
                return before.subject if before is not None else None

    def _sponsor(self, command: MemberCommand, before: Motion | None) -> PersonId | None:
        if isinstance(command, Nominate):
            return self._person(command.sponsor)
        return before.opened.sponsor if isinstance(command, Rerun) and before is not None else None

    async def _listed(self, command: MemberCommand, repository: Repository) -> bool | None:
        """Whether a candidate is among the regular contributors, if the history can be read quickly (R10)."""
        if not isinstance(command, Nominate) or repository.activity is None:
            return None
        since, until = candidate_window(self._clock.now())
        try:
            async with asyncio.timeout(HISTORY_SECONDS):
                report = await repository.activity.activity(since=since, until=until)
                rows = await self._rosters.rows(repository)
        except (ForgeError, RosterError, TimeoutError):
            return None
        login = fold_login(command.login)
        held = [row for row in rows if repository.role_of(row) == MAINTAINER]
        return any(login in map(fold_login, found.activity.logins) for found in candidates(report, held).rows)

    async def _is_public(self, name: str) -> bool:
        """Whether outsiders can read the channel. Raises KeyError or PlatformError where that is not known (R24)."""
        platform, _, channel = name.partition(":")
        return await self._platforms[platform].is_public(channel)

    async def rules(self, repository: Repository) -> tuple[Roster | RosterFault, Rulebook] | Refused:
        """The roster and the rules; a policy of the repository's own is taken at the roster's commit."""
        for _ in range(READS):
            roster = await self._rosters.read(repository)
            if repository.rulebook is not None:
                return roster, repository.rulebook
            try:
                file = await repository.forge.read(repository.policy_path)
                rulebook = rulebooks.parse(file.data.decode("utf-8", errors="replace"), file=file.path)
            except rulebooks.Mistaken as error:
                first = error.mistakes[0]
                return _policy_refusal(first.file, first.line, first.what, first.remedy)
            except ForgeError as error:
                return _policy_refusal(repository.policy_path, 0, error.what, error.remedy or "check the path")
            if isinstance(roster, RosterFault) or roster.commit == file.commit:
                return roster, rulebook
        return _policy_refusal(repository.policy_path, 0, "the branch moves while I read it", "try again")


def _policy_for(
    command: MemberCommand,
    rulebook: Rulebook,
    roster: Roster | RosterFault,
    subject: PersonId | None,
    before: Motion | None,
) -> Policy | Refused | None:
    """The policy that a command opens a motion by; None where the document has none."""
    held = roster.role_of(subject) or "" if isinstance(roster, Roster) and subject is not None else ""
    match command:
        case Nominate():
            return rulebook.about("add", command.role)
        case StepDown():
            return rulebook.about("step-down", held)
        case AskContact():
            return rulebook.about("remove", held)
        case Propose():
            return _policy_of_text(command, rulebook)
        case Practice():
            return practice_policy(rulebook, command.minutes)
        case _:
            return rulebook.named(before.policy.motion) if before is not None else None


def _policy_of_text(command: Propose, rulebook: Rulebook) -> Policy | Refused:
    """The named policy for a text, or the only one there is."""
    if command.policy == "resolve":
        found = rulebook.of_kind("resolution")
    elif command.policy:
        texts = (*rulebook.of_kind("generic"), *rulebook.of_kind("resolution"))
        found = tuple(policy for policy in texts if policy.motion == command.policy)
    else:
        found = rulebook.of_kind("generic")
    if not found:
        return Refused(code="unknown-policy")
    return found[0] if len(found) == 1 else Refused(code="several-policies")


def _roster_refusal(fault: RosterFault) -> Refused:
    params: Params = {
        "path": fault.path,
        "line": fault.line,
        "what": fault.what,
        "remedy": fault.remedy,
        "start": "Not recorded:",
    }
    return Refused(code="roster-unreadable", params=params)


def _policy_refusal(path: str, line: int, what: str, remedy: str) -> Refused:
    return Refused(code="policy-unreadable", params={"path": path, "line": line, "what": what, "remedy": remedy})


def folded(employers: Mapping[str, str]) -> dict[str, str]:
    """Employers by folded login."""
    return {fold_login(login): employer for login, employer in employers.items()}
