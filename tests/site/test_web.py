"""The server: it reads only, sets nothing, tells nothing it should not, and keeps the maintainers' calendar shut."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import icalendar
import pytest
from aiohttp import ClientSession
from yarl import URL

from adapters.site import Served
from bot.clocks import ManualClock
from bot.config import Config
from bot.credentials import SecretMissing
from bot.wiring.site import open_site
from tests.site.conftest import Governed
from tests.site.scene import SECRETS, with_site

TOKEN = "a-token_of-the-maintainers-0123"


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def test_every_answer_carries_the_headers_and_no_cookie(site: Served, http: ClientSession) -> None:
    for path, status in (("", 200), ("site.css", 200), ("nowhere", 404), ("motions/2.html", 404)):
        async with http.get(site.url + path) as answer:
            assert answer.status == status
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_it_can_only_be_read(site: Served, http: ClientSession, method: str) -> None:
    async with http.request(method, site.url + "index.html") as answer:
        assert answer.status == 405
        assert "GET" in answer.headers["Allow"]


async def test_what_is_private_answers_as_what_does_not_exist(site: Served, http: ClientSession) -> None:
    async with http.get(site.url + "motions/2.html") as private, http.get(site.url + "motions/99.html") as none:
        assert (private.status, await private.text()) == (none.status, await none.text())


async def test_a_reader_who_has_the_page_is_told_that_it_is_still_right(site: Served, http: ClientSession) -> None:
    async with http.get(site.url) as first:
        tag = first.headers["ETag"]
    async with http.get(site.url, headers={"If-None-Match": tag}) as again:
        assert again.status == 304
        assert again.headers["ETag"] == tag
    async with http.head(site.url) as head:
        assert head.status == 200


@pytest.mark.parametrize(
    "path", ["%2e%2e/config.toml", "..%2fconfig.toml", "motions/1.html%00", "%ff", "motions//1.html"]
)
async def test_no_path_leads_out_of_the_site(site: Served, http: ClientSession, path: str) -> None:
    async with http.get(URL(site.url + path, encoded=True)) as answer:
        assert answer.status == 404


# ---------------------------------------------------------------------- the maintainers' calendar


def guarded(project: Governed, folder: Path, text: str = TOKEN, mode: int = 0o600) -> Config:
    """The configuration with a file that holds this token."""
    path = folder / "calendar.token"
    path.write_text(text + "\n")
    path.chmod(mode)
    return with_site(project.config, listen="127.0.0.1:0", private_calendar_token_file=str(path))


async def test_the_public_calendar_holds_what_is_public(site: Served, http: ClientSession) -> None:
    async with http.get(site.url + "deadlines.ics") as answer:
        assert answer.content_type == "text/calendar"
        text = await answer.text()
    assert "Sign every release" in text
    assert not [secret for secret in SECRETS if secret in text]


async def test_the_token_opens_the_maintainers_calendar(project: Governed, tmp_path: Path, http: ClientSession) -> None:
    served = await open_site(guarded(project, tmp_path), project.ledger, ManualClock(project.now))
    async with http.get(f"{served.url}deadlines-{TOKEN}.ics") as answer:
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "pendingone" in str(icalendar.Calendar.from_ical(await answer.text()).walk("VEVENT"))
    for wrong in (TOKEN[:-1], TOKEN + "x", "", TOKEN.upper()):
        async with http.get(f"{served.url}deadlines-{wrong}.ics") as answer:
            assert answer.status == 404
    async with http.get(served.url + "index.html") as answer:
        assert TOKEN not in await answer.text()
    await served.close()


async def test_without_a_token_there_is_no_such_calendar(site: Served, http: ClientSession) -> None:
    for path in ("deadlines-.ics", "deadlines-None.ics", f"deadlines-{TOKEN}.ics"):
        async with http.get(site.url + path) as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("", 0o600, "20 letters"),
        ("short", 0o600, "20 letters"),
        ("has a space in it, and is long", 0o600, "20 letters"),
        ("../../../../../../etc/passwd", 0o600, "20 letters"),
        (TOKEN, 0o644, "others can read"),
        (TOKEN, 0o620, "others can read"),
    ],
)
async def test_a_token_that_is_no_secret_stops_the_start(
    project: Governed, tmp_path: Path, text: str, mode: int, said: str
) -> None:
    config = guarded(project, tmp_path, text, mode)
    with pytest.raises(SecretMissing, match=said) as told:
        await open_site(config, project.ledger, ManualClock(project.now))
    assert not text or len(text) < 20 or text not in str(told.value)


async def test_a_token_file_that_is_not_there_stops_the_start(project: Governed, tmp_path: Path) -> None:
    config = guarded(project, tmp_path)
    (tmp_path / "calendar.token").unlink()
    with pytest.raises(SecretMissing, match="cannot be read"):
        await open_site(config, project.ledger, ManualClock(project.now))
