"""Reads the Date header of a server, to compare it with this machine's clock. It sends no token and no body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import aiohttp

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """What time it was there. `ahead` is how far this machine's clock goes before it; `unsure` is half the way."""

    ahead: timedelta
    unsure: timedelta


async def date_of(url: str, *, now: Callable[[], datetime], seconds: float) -> Dated | None:
    """Ask the server behind this address for its time; None if it does not say. Raises OSError where it is silent."""
    timeout = aiohttp.ClientTimeout(total=seconds)
    proxied = urlsplit(url).hostname not in LOOPBACK
    try:
        async with aiohttp.ClientSession(timeout=timeout, trust_env=proxied) as session:
            before = now()
            async with session.head(url, allow_redirects=False) as answer:
                after, header = now(), answer.headers.get("Date", "")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise OSError(f"{urlsplit(url).hostname} does not answer ({type(error).__name__})") from None
    try:
        there = parsedate_to_datetime(header)
    except ValueError:
        return None
    if there.tzinfo is None:
        there = there.replace(tzinfo=UTC)
    here = before + (after - before) / 2
    # A header counts whole seconds and cuts the rest off: half a second stands for it.
    return Dated(ahead=here - there - timedelta(seconds=0.5), unsure=(after - before) / 2 + timedelta(seconds=0.5))
