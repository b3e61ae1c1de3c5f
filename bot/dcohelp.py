"""Finds what lacks a sign-off in a pull request, and what a maintainer may do about it (R49). It changes no commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence

import structlog

from bot.comments import own_paragraphs
from bot.core.answers import Refused
from bot.core.cards import Card
from bot.core.commands import HelpDco
from bot.core.dco import Consent, Signer, Unsigned, sign_off, signers, unsigned
from bot.core.effects import Effect
from bot.core.people import MAINTAINER, Person, fold_login
from bot.core.prose import REASON_LIMIT
from bot.core.rules import RosterFault
from bot.core.rules.texts import check_text
from bot.core.threads import THREAD
from bot.core.wording import dco_card
from bot.ports import Clock, ForgeError, Ledger, PullCommit, PullCommits, RosterError, Spoken
from bot.repositories import Repository
from bot.rosters import Rosters

log = structlog.get_logger("folkmoot.dco")
MOST = 20
"""Messages that are shown at once."""


class DcoHelp:
    """Answers `/moot dco`."""

    def __init__(self, *, ledger: Ledger, clock: Clock, rosters: Rosters, wake: Callable[[], None]) -> None:
        self._ledger, self._clock, self._rosters, self._wake = ledger, clock, rosters, wake

    async def answer(self, ask: HelpDco, repository: Repository, actor: Person | None) -> Card | Refused:
        """What is missing; with a consent, what a maintainer may write; on request, a word to the contributor."""
        if repository.changes is None:
            return Refused(code="dco-no-forge")
        refused = check_text(ask.trivial, field="trivial", limit=REASON_LIMIT, needed=False)
        if refused:
            return refused
        try:
            acting = await self._maintainer(repository, actor)
            if acting is None and (ask.trivial or ask.post):
                return Refused(code="dco-maintainers")
            pull = await repository.changes.commits(ask.pull)
            if pull is None:
                return Refused(code="dco-no-pull")
            mine = [each for each in pull.commits if not each.merge]
            missing = unsigned([(each.commit, each.message, each.author) for each in mine])
            consents = await self._consents(repository, pull)
        except (ForgeError, RosterError) as error:
            log.warning("pull request not read", repository=repository.name, pull=ask.pull, error=str(error))
            return Refused(code="dco-no-pull")
        if ask.post and missing:
            await self._post(repository, pull, missing)
        others = {each.commit for each in mine if each.who not in {None, pull.author}}
        messages = _messages(ask, mine, missing, consents, acting, others)
        consented = any(each.author.mail.casefold() in consents and each.commit not in others for each in missing)
        hint = "maintainer" if consented else "consent"
        hint = "address" if acting is not None and not acting.mail else hint
        return dco_card(ask.pull, len(mine), missing, messages, hint)

    async def _maintainer(self, repository: Repository, actor: Person | None) -> Signer | None:
        """The acting maintainer as the maintainers file has them; None for anybody else."""
        roster = await self._rosters.read(repository)
        if actor is None or isinstance(roster, RosterFault) or roster.role_of(actor.id) != MAINTAINER:
            return None
        rows = await self._rosters.rows(repository)
        mine = [row for row in rows if fold_login(row.login) == fold_login(actor.login)]
        row = next((row for row in mine if row.email), mine[0] if mine else None)
        return Signer(name=(row.name or actor.login) if row else actor.login, mail=row.email if row else "")

    async def _consents(self, repository: Repository, pull: PullCommits) -> dict[str, Spoken]:
        """Where the one who opened the pull request has signed off in their own words, by mail address (folded)."""
        found: dict[str, Spoken] = {}
        for said in pull.said:
            if said.who != pull.author or said.robot:
                continue
            signed = signers(own_paragraphs(said.text))
            if signed and repository.threads is not None and not await repository.threads.own_words(said):
                continue  # somebody else has edited it: no consent of the contributor's
            for signer in signed:
                found.setdefault(signer.mail.casefold(), said)
        return found

    async def _post(self, repository: Repository, pull: PullCommits, missing: Sequence[Unsigned]) -> None:
        params: dict[str, str | int] = {
            "repository": repository.name,
            "pull": pull.number,
            "commits": " ".join(each.commit for each in missing),
            "depth": len(pull.commits),
        }
        key = f"dco:{repository.name}:{pull.number}:{pull.commits[-1].commit}"
        effect = Effect(key=key, lane="once", motion=0, venue=THREAD, kind="dco-help", params=params)
        now = self._clock.now()
        await asyncio.wrap_future(self._ledger.transact(lambda txn: txn.intend((effect,), at=now)))
        self._wake()


def _messages(
    ask: HelpDco,
    commits: Sequence[PullCommit],
    missing: Sequence[Unsigned],
    consents: dict[str, Spoken],
    maintainer: Signer | None,
    others: Collection[str],
) -> list[str]:
    """What the acting maintainer may write: each with a recorded consent, or the words that it is trivial.

    `others` are the commits of other accounts than that which opened the pull request: it cannot consent for them.
    """
    if maintainer is None or not maintainer.mail:
        return []
    whole = {each.commit: each.message for each in commits}
    made = []
    for each in missing[:MOST]:
        said = consents.get(each.author.mail.casefold()) if each.commit not in others else None
        if said is None and not ask.trivial:
            continue
        consent = Consent(link=said.url) if said is not None else Consent(trivial=" ".join(ask.trivial.split()))
        try:
            text = sign_off(whole[each.commit], author=each.author, maintainer=maintainer, consent=consent)
        except ValueError:
            continue  # a name that would forge a line: by hand, or not at all (T23)
        made.append(f"# {each.commit[:12]}\n{text}")
    return made
