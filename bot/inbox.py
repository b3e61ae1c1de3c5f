"""Under which name a request is answered once: the platform's own id of it, and the person who asked.

A platform's ids are its own to choose, and a page may choose them: so nobody is given the answer to somebody else.
"""

from __future__ import annotations

from datetime import datetime

from bot.core.answers import Answer
from bot.core.people import PersonId
from bot.ports import Transaction


def answered(txn: Transaction, request: str, person: PersonId) -> Answer | None:
    """What this person was answered to this request; also by a version that kept answers by the id alone."""
    return txn.answer(_name(request, person)) or txn.answer(request)


def keep(txn: Transaction, request: str, person: PersonId, answer: Answer, *, at: datetime, motion: int) -> None:
    """Store the answer for a retry by the same person."""
    txn.remember(_name(request, person), answer, at=at, motion=motion)


def _name(request: str, person: PersonId) -> str:
    return f"{request} of {person}"
