"""The demo: a sample or a real repository, a playground, and either a page in the browser or the story by itself."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import config as configs
from bot.clocks import ManualClock, RandomIds
from bot.config import Config
from bot.core.motion import Motion
from bot.core.people import fold_login
from bot.core.plain import plain_card
from bot.core.teller import recount
from bot.ports import ForgeError, RosterError
from bot.reports import rfc3339
from bot.story import Story, Stumbled
from bot.wiring import (
    Instance,
    build,
    create_sample,
    forge_of,
    read_ledger,
    repository_of,
    roster_rows,
    verify,
)

SAMPLE = "distribution.git"
CHANNEL = "playground:maintainers"
NEWCOMERS = ("newperson", "morgan-w")
_CONFIG = """\
# Made by the demo. Everything is in this folder: folkmoot serve --config config.toml goes on where it stopped.

[folkmoot]
ledger = "folkmoot.sqlite3"

[[repository]]
name = "{name}"
forge = "localgit"
path = {path}
policy = "distribution"
channels = ["playground:maintainers"]

[[person]]
login = "newperson"

[[person]]
login = "morgan-w"

[playground]
enabled = true
port = {port}
clock = "movable"
"""
Tell = Callable[[str], None]


class DemoError(Exception):
    """The demo cannot begin, or did not get to its end; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where a demo plays: its folder, its repository, its configuration."""

    folder: Path
    repository: Path
    config: Config

    def relative(self, path: Path) -> str:
        """A path for the summary: relative to the folder, or absolute outside it."""
        return str(path.relative_to(self.folder)) if path.is_relative_to(self.folder) else str(path)


def prepare(folder: Path | None, repository: Path | None, *, port: int = 0) -> Stage:
    """Make the folder (which must be empty), and the sample repository unless there is a real one."""
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-")) if folder is None else folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise DemoError(f"{folder} is not empty. Nothing was done. Name an empty folder, or none for a new one.")
    except OSError as error:
        raise DemoError(f"{folder} cannot be used: {error.strerror}. Nothing was done.") from error
    if repository is None:
        where, name = folder / SAMPLE, "distribution"
        create_sample(where, at=datetime.now(UTC))
    else:
        where, name = repository.absolute(), _name(repository.absolute())
    file = folder / "config.toml"
    file.write_text(_CONFIG.format(name=name, path=json.dumps(SAMPLE if repository is None else str(where)), port=port))
    config = configs.load(file)
    return Stage(folder=folder, repository=where, config=config)


def _name(path: Path) -> str:
    """A repository's name from its folder's: `distribution` for `.../distribution.git`."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in path.name)
    return plain.removesuffix(".git").strip("-._") or "repository"


async def require_roster(stage: Stage) -> None:
    """The repository has to have a roster that can be read. Raises DemoError with what to mend."""
    table = stage.config.repository[0]
    try:
        await roster_rows(repository_of(table, stage.config, forge_of(table, stage.config)))
    except RosterError as error:
        raise DemoError(f"{stage.repository}: {error}. {error.remedy}. No motion was opened.") from error
    except ForgeError as error:
        raise DemoError(f"{stage.repository}: {error.what}. {error.remedy}. No motion was opened.") from error


async def headless(stage: Stage, tell: Tell) -> dict[str, Any]:
    """Play the story with a simulated clock, check what came of it, and return the summary. Raises DemoError."""
    await require_roster(stage)
    clock = ManualClock(datetime.now(UTC).replace(microsecond=0))
    instance = await build(stage.config, clock=clock, ids=RandomIds(), accept_lost=True)
    try:
        motion = await _play(stage, instance, clock, tell)
        summary = _summary(stage, instance, motion)
        await _show_channel(instance, tell)
    except Stumbled as error:
        raise DemoError(f"the story stopped: {error}") from error
    finally:
        await instance.close()
    _check(stage, summary)
    return summary


async def _play(stage: Stage, instance: Instance, clock: ManualClock, tell: Tell) -> Motion:
    room, service = instance.room, instance.service
    if room is None:
        raise DemoError("there is no playground")
    maintainers = [member.login for member in room.members if member.kind == "maintainer"]
    if not maintainers:
        raise DemoError(f"{stage.repository}: the roster names no maintainer. No motion was opened.")
    accounts = {member.login: member.account for member in room.members}
    taken = {fold_login(login) for login in accounts} - set(NEWCOMERS)
    candidate = next(name for name in (*NEWCOMERS, "folkmoot-newcomer") if name not in taken)
    outsider = next(name for name in accounts if name in NEWCOMERS)

    def say(caption: str, words: str) -> None:
        tell(f"\n— {caption}\n{words}")

    story = Story(
        service=service,
        clock=clock,
        channel=CHANNEL,
        account=accounts.__getitem__,
        maintainers=maintainers,
        outsider=outsider,
        candidate=candidate,
        say=say,
    )
    return await story.run()


async def _show_channel(instance: Instance, tell: Tell) -> None:
    """The channel as it stands at the end, in words."""
    if instance.room is None:
        return
    tell("\n=== The channel at the end ===")
    for card in instance.room.cards():
        tell(f"\n{plain_card(card)}")


def _summary(stage: Stage, instance: Instance, motion: Motion) -> dict[str, Any]:
    """What came of it, from the ledger and the forge, not from the story."""
    counted, draft = recount(motion), motion.draft
    if draft is None or motion.closes_at is None:
        raise Stumbled("the motion has no draft")
    minutes = instance.service.deliveries.minutes(motion)
    entry = instance.service.ledger.reader().entry(motion.number)
    if entry is None:
        raise Stumbled("the motion is not in the docket")
    return {
        "motion": motion.number,
        "kind": motion.policy.kind,
        "outcome": motion.outcome,
        "eligible": counted.eligible,
        "needed": counted.needed,
        "yes": counted.yes,
        "no": counted.no,
        "abstain": counted.abstain,
        "not_voted": counted.not_voted,
        "opened_at": rfc3339(motion.opened_at),
        "closes_at": rfc3339(motion.closes_at),
        "repository": stage.relative(stage.repository),
        "branch": draft.branch,
        "commit": draft.commit,
        "pull_request_body": minutes.body,
        "ledger": stage.relative(stage.config.ledger),
        "log_head": entry.head,
    }


def _check(stage: Stage, summary: dict[str, Any]) -> None:
    """All of it has to have happened, by what is on the disk now."""
    report = verify(stage.config.ledger)
    if report.problems:
        raise DemoError(f"the ledger does not verify: {report.problems[0]}")
    motion = read_ledger(stage.config.ledger).motion(summary["motion"])
    if motion is None or motion.outcome != "carried" or summary["log_head"] not in summary["pull_request_body"]:
        raise DemoError("the record and the draft do not agree")


def ending(stage: Stage, summary: dict[str, Any]) -> str:
    """The last words of the headless demo: what came of it, and where to look."""
    config = f"--config {stage.folder / 'config.toml'}"
    return (
        f"\n=== What came of it ===\n"
        f"Motion {summary['motion']} {summary['outcome']}: {summary['yes']} yes of {summary['needed']} needed, "
        f"{summary['no']} no, {summary['abstain']} abstained, {summary['not_voted']} did not vote "
        f"({summary['eligible']} maintainers).\n"
        f"Draft: branch {summary['branch']} in {stage.repository}, commit {summary['commit'][:12]}.\n"
        f"Record: log head {summary['log_head']}\n"
        f"Look closer: folkmoot show {summary['motion']} {config}\n"
        f"             folkmoot pr show {summary['motion']} {config}\n"
        f"             folkmoot verify {config}"
    )
