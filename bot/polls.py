"""Where the poll messages of open motions are, so that adapters know what a reaction is about. It only reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.core.effects import poll_edit_key, poll_key
from bot.core.motion import Motion
from bot.ports import Ledger, LivePoll
from bot.repositories import Repositories


class LedgerPolls:
    """The `Polls` port over the outbox: the id of a poll message is what its delivery brought."""

    def __init__(self, *, ledger: Ledger, repositories: Repositories) -> None:
        self._ledger, self._repositories = ledger, repositories
        self._found: dict[tuple[str, str], int] = {}

    def at(self, channel: str, ref: str) -> LivePoll | None:
        """The open motion's poll with this id in this channel; None for any other message."""
        number = self._found.get((channel, ref))
        if number is None:
            self._found.update({(poll.channel, poll.ref): poll.motion for poll in self._all(channel)})
            number = self._found.get((channel, ref))
        motion = self._ledger.reader().motion(number) if number is not None else None
        if motion is None or poll_ref(self._ledger, motion.number, channel) != ref:
            return None
        return _live(motion, channel, ref)

    def live(self, platform: str) -> Sequence[LivePoll]:
        """All poll messages of open motions on a platform."""
        channels = [c for each in self._repositories.all() for c in each.channels if c.startswith(f"{platform}:")]
        return [poll for channel in dict.fromkeys(channels) for poll in self._all(channel)]

    def _all(self, channel: str) -> Iterator[LivePoll]:
        reader = self._ledger.reader()
        names = {repository.name for repository in self._repositories.of_channel(channel)}
        for entry in reader.entries(unfinished=True):
            if entry.repository not in names or entry.closed_at is not None:
                continue
            motion, ref = reader.motion(entry.number), poll_ref(self._ledger, entry.number, channel)
            poll = _live(motion, channel, ref) if motion is not None and ref else None
            if poll is not None:
                yield poll


def poll_ref(ledger: Ledger, motion: int, channel: str) -> str:
    """The id of a poll message, or of the one that has replaced it; empty before it is delivered."""
    edited = ledger.row(poll_edit_key(motion, channel))
    posted = edited if edited is not None and edited.ref else ledger.row(poll_key(motion, channel))
    return posted.ref if posted is not None else ""


def _live(motion: Motion, channel: str, ref: str) -> LivePoll | None:
    if not motion.open:
        return None
    votes = motion.policy.kind != "step-down" and motion.policy.secrecy == "open"
    return LivePoll(motion=motion.number, channel=channel, ref=ref, reactions=votes, closes_at=motion.closes_at)
