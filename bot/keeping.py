"""The operator's verbs that change a ledger while no bot runs: restore a backup, erase a person. They ask first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.config import Config
from bot.core.people import fold_login
from bot.linkmap import Link, LinkMapError, parse_links
from bot.ports import ForgeError, RosterError
from bot.wiring import (
    Dossier,
    Erasure,
    LedgerError,
    Restoration,
    forge_of,
    local_forge_of,
    repository_of,
    roster_rows,
)

Tell = Callable[[str], None]
Sure = Callable[[str], bool]


DRY = "A dry run: nothing was changed."


class NotAgreed(LookupError):
    """The operator was asked and did not agree; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Nothing was changed. To agree beforehand, add --yes.")


def restored(backup: Path, ledger: Path, *, tell: Tell, sure: Sure, dry: bool = False) -> None:
    """Replace the ledger by the backup, after its check; `dry` stops before that. Raises LedgerError, or NotAgreed."""
    with Restoration(backup, ledger) as ready:
        report = ready.report
        tell(f"{backup}: {report.events} events, {report.motions} motions, log head {report.head}: whole.")
        if ready.replaces:
            tell(_difference(ledger, ready))
        if dry:
            tell(DRY)
            return
        if ready.replaces and not sure(f"Replace {ledger}?"):
            raise NotAgreed
        aside = ready.finish(at=datetime.now(UTC))
    tell(f"{ledger}: restored." + (f" The old ledger is kept as {aside}." if aside is not None else ""))
    tell("What was recorded after the backup is not in it: tell the members to look at their open polls.")


def _difference(ledger: Path, ready: Restoration) -> str:
    if ready.events is None:
        return f"{ledger}: cannot be read."
    if not ready.related:
        return f"{ledger}: {ready.events} events of another ledger. Its motions are not in the backup."
    if ready.newer:
        return f"{ledger}: has {ready.newer} events more than the backup; only the file kept aside will have them."
    return f"{ledger}: has nothing that the backup has not."


# --------------------------------------------------------------------------- erasing


_REMAINS = """\
Not erased, because it is not the bot's to erase:
- backups and exported bundles, and the copies beside the ledger (*.before-*): delete them and make new ones
- pages and data that were written to files (folkmoot site, data, calendar): write them anew; the bot's log: let it go
- what was posted: polls are drawn again at the next start, other messages and direct messages stay as they are
- branches, pull requests and the history of the repository, which name whom they are about"""


def erased(name: str, ledger: Path, config: Config | None, *, tell: Tell, sure: Sure, dry: bool = False) -> None:
    """Erase a person (T49); `dry` stops before that. Raises LedgerError, or NotAgreed.

    With the configuration it is checked that nothing makes the bot learn of them again at its next start.
    """
    with closing(Erasure(ledger)) as erasure:
        person = erasure.find(name)
        found = erasure.stranger(name) if person is None else erasure.dossier(person)
        if found is None:
            raise LookupError(f"{name}: nobody of this login, account or id is in the ledger (any more)")
        dossier = found
        _refuse_if_needed(name, dossier)
        if config is not None and person is not None:
            names = {fold_login(person.login), person.forge_id or "", *map(str.casefold, person.accounts)} - {""}
            places = asyncio.run(_named_in(config, names))
            if places:
                raise LedgerError(
                    f"{name} would be known again at the next start: {'; '.join(places)}. Take them out first, "
                    "or name the ledger alone with --ledger"
                )
        tell(_found(name, dossier))
        if dry:
            tell(DRY)
            return
        if not sure("Erase them for good?"):
            raise NotAgreed
        done = erasure.erase(dossier, at=datetime.now(UTC))
        drafts = asyncio.run(_forget_drafts(config, dossier.words)) if config is not None else 0
    tell(
        f"Erased: {done.texts} texts, {done.answers} answers, {done.deliveries} deliveries, {drafts} records of drafts."
    )
    numbers = sorted({str(motion) for motion, _ in dossier.mentions}, key=int)
    if numbers:
        tell(f"Others' texts that may name them stay, in motion {', '.join(numbers)}: look at them with folkmoot show.")
    tell(_REMAINS)


def _found(name: str, dossier: Dossier) -> str:
    if not dossier.person:
        return f"{name} is nobody whom the bot knows, and is named in deliveries."
    return (
        f"{name} is {dossier.person}: {len(dossier.digests)} texts (logins, names, mail, accounts, reasons) in "
        f"{len(dossier.motions)} motions. Their ballots stay counted, as those of an erased person."
    )


def _refuse_if_needed(name: str, dossier: Dossier) -> None:
    """A vote that runs needs its voters: who is in one cannot be erased before it has ended."""
    if dossier.open:
        reasons = "; ".join(f"motion {number}: {reason}" for number, reason in dossier.open)
        raise LedgerError(
            f"{name} cannot be erased while a motion needs them. {reasons}. Wait for its end, or withdraw it"
        )


async def _named_in(config: Config, names: Iterable[str]) -> list[str]:
    """Where configuration, rosters and maps of accounts still name somebody."""
    wanted = set(names)
    places = [f'[[person]] login = "{p.login}"' for p in config.person if fold_login(p.login) in wanted]
    for table in config.repository:
        repository = repository_of(table, config, forge_of(table, config))
        try:
            file, rows = await roster_rows(repository)
            if any(fold_login(row.login) in wanted for row in rows):
                places.append(f"{table.name}: {file.path}")
            if repository.links_path:
                file = await repository.forge.read(repository.links_path)
                links = parse_links(file.data, path=file.path)
                if any({fold_login(link.login), link.forge_id, *_keys(link)} & wanted for link in links):
                    places.append(f"{table.name}: {file.path}")
        except (ForgeError, RosterError, LinkMapError) as error:
            places.append(f"{table.name} cannot be looked at ({error})")
    return places


def _keys(link: Link) -> set[str]:
    return {account.key.casefold() for account in link.accounts}


async def _forget_drafts(config: Config, words: tuple[str, ...]) -> int:
    """Take the words out of the titles and bodies that are kept beside the ledger."""
    forges = [local_forge_of(table, config) for table in config.repository]
    return sum([await forge.forget(words) for forge in forges if forge is not None])
