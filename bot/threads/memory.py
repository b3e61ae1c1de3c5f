"""What has been read of a comment before: each version of it once, so that only what is new in it is an action."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.answers import Answer
from bot.ports import Clock, Ledger, Transaction

MOST_VERSIONS = 200
"""Edits of one comment that are looked at; one who edits more often writes a new comment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A comment as it was read: when it was written or last edited, and digests of its command lines."""

    place: int
    at: str
    lines: tuple[str, ...]
    ballot: str


class Memory:
    """The versions of comments, kept in the inbox: under names of their own, they are never answered twice."""

    def __init__(self, *, ledger: Ledger, clock: Clock) -> None:
        self._ledger, self._clock = ledger, clock
        self._key = ledger.genesis().encode()

    def digest(self, words: str) -> str:
        """What tells two command lines apart, and tells nobody what they say."""
        return hmac.new(self._key, words.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[:16]

    async def last(self, comment: str) -> Version | None:
        """The newest version that was read, or None."""

        def work(txn: Transaction) -> Version | None:
            found: Version | None = None
            for place in range(MOST_VERSIONS):
                answer = txn.answer(_name(comment, place))
                if answer is None:
                    break
                params = answer.params
                lines = tuple(str(params["lines"]).split())
                found = Version(place=place, at=str(params["at"]), lines=lines, ballot=str(params["ballot"]))
            return found

        return await asyncio.wrap_future(self._ledger.transact(work))

    async def keep(self, comment: str, version: Version) -> None:
        """Remember that this version was read, and acted upon."""
        params = {"at": version.at, "lines": " ".join(version.lines), "ballot": version.ballot}
        answer = Answer(ok=True, code="heard", params=params)

        def work(txn: Transaction) -> None:
            if txn.answer(_name(comment, version.place)) is None:
                txn.remember(_name(comment, version.place), answer, at=self._clock.now(), motion=0)

        await asyncio.wrap_future(self._ledger.transact(work))


def new_lines(lines: Sequence[str], ballots: Sequence[str], before: Version | None) -> tuple[int, ...]:
    """The places of the lines that are an action: all of a new comment; of an edited one those it had not before.

    The ballot of a comment is its last one: where that is another one now, it is cast anew, whatever stood before it.
    `ballots` holds the digest where the line is a ballot, else nothing.
    """
    known = set(before.lines) if before is not None else set()
    last = max((place for place, digest in enumerate(ballots) if digest), default=-1)
    places = []
    for place, digest in enumerate(lines):
        changed = place == last and before is not None and digest != before.ballot
        if digest not in known or changed:
            places.append(place)
    return tuple(places)


def stamp_of(at: datetime) -> str:
    """An instant as part of a name."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _name(comment: str, place: int) -> str:
    return f"heard:{comment}:{place}"
