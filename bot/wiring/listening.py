"""What listens to repositories on GitHub: one poller each, and the address that GitHub's webhooks arrive at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from adapters.github import GitHubForge
from adapters.github.hooks import Hooks, Listener, Receipts
from adapters.github.polling import Poller
from bot.config import Config
from bot.core.motion import Motion
from bot.ports import Ears
from bot.service import Service
from bot.threads.guard import guarded
from bot.threads.receipts import DeliveryReceipts
from bot.wiring.github import github_secret

BACK = timedelta(days=14)
"""How far back the first look goes: what was read before is not done again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """The listeners of an instance, by the repositories' names."""

    pollers: Mapping[str, tuple[Poller, Ears]] = field(default_factory=dict)
    hooks: Hooks | None = None

    async def start(self) -> None:
        """Listen and look from now on. Raises OSError if the webhooks' port is taken, ForgeError without its secret."""
        for poller, ears in self.pollers.values():
            await poller.start(ears)
        if self.hooks is not None:
            await self.hooks.start()

    async def stop(self) -> None:
        """Listen and look no more. Safe to call twice."""
        if self.hooks is not None:
            await self.hooks.stop()
        for poller, _ in self.pollers.values():
            await poller.stop()

    async def heard(self, motion: Motion) -> bool:
        """Look once more, so that no ballot in a comment is missed when the count is made."""
        found = self.pollers.get(motion.opened.repository)
        return found is None or not found[0].running or await found[0].look()


def listening_of(config: Config, service: Service, forges: Mapping[str, object]) -> Listening:
    """The listeners of a configuration; none for repositories that are not on GitHub, or where they are off."""
    pollers: dict[str, tuple[Poller, Ears]] = {}
    listeners: dict[str, Listener] = {}
    for repository in service.repositories.all():
        forge, ears = forges.get(repository.name), service.ears(repository)
        if not isinstance(forge, GitHubForge) or ears is None:
            continue
        guard = service.guard(repository) if config.github.merge_guard else None
        poller = Poller(
            forge.client,
            forge.git,
            forge.threads,
            since=_since(service),
            seconds=float(config.github.poll_seconds),
            pulls=partial(guarded, guard) if guard is not None else None,
        )
        pollers[repository.name] = (poller, ears)
        listeners[forge.client.repository.casefold()] = Listener(
            ears=ears,
            threads=forge.threads,
            default_branch=forge.git.default_branch,
            pull=guard.look if guard is not None else None,
        )
    hooks = None
    if config.github.webhook_listen is not None and listeners:
        kept = DeliveryReceipts(service.clerk)
        hooks = Hooks(
            secret=github_secret("GITHUB_WEBHOOK_SECRET", config.github.webhook_secret_file, config),
            receipts=Receipts(known=kept.known, keep=kept.keep),
            listeners=listeners,
            listen=config.github.webhook_listen,
        )
    made = Listening(pollers=pollers, hooks=hooks)
    service.alarm.hear_first(made.heard)
    return made


def _since(service: Service) -> datetime:
    """Never before the ledger began: what was written earlier was not written to this bot."""
    first = service.ledger.reader().events(0)
    earliest = service.clock.now() - BACK
    return max(earliest, first[0].at) if first else service.clock.now()
