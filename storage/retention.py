"""Retention (T49): texts of motions that ended long ago, and answers to requests of that time. The events stay.

Done in small pieces, each a unit of the writer's, so that no ballot waits for it; doing it twice changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from storage.chain import PEOPLE
from storage.shapes import stamp

PIECE: Final = 500
_MOTIONS: Final = """
    SELECT DISTINCT t.motion FROM texts AS t JOIN docket AS d ON d.motion = t.motion
    WHERE t.text IS NOT NULL AND d.ended = 1
    AND (SELECT at FROM events WHERE motion = t.motion ORDER BY version DESC LIMIT 1) < ?"""
_TEXTS: Final = "SELECT digest FROM texts WHERE motion = ? AND text IS NOT NULL"
_ANSWERS: Final = """
    SELECT request FROM inbox WHERE at < ? AND (motion = ? OR motion IN (SELECT motion FROM docket WHERE ended = 1))"""


def old_texts(conn: sqlite3.Connection, before: datetime) -> Iterator[tuple[int, str]]:
    """The texts, by motion and digest, of motions of which nothing has been heard since `before`."""
    for (motion,) in conn.execute(_MOTIONS, (stamp(before),)).fetchall():
        for (digest,) in conn.execute(_TEXTS, (motion,)):
            yield motion, digest


def old_answers(conn: sqlite3.Connection, before: datetime) -> Iterator[str]:
    """Requests that were answered before then, about nothing that has not ended: nobody asks them again."""
    for (request,) in conn.execute(_ANSWERS, (stamp(before), PEOPLE)):
        yield request
