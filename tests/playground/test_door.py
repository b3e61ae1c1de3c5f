"""The server lets in the page that was opened with this start's token, and nothing else."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from adapters.playground.web import Site
from tests.playground.client import POSTS, Client


async def test_the_first_visit_trades_the_token_for_a_cookie(site: Site, stranger: ClientSession) -> None:
    async with stranger.get(site.url, allow_redirects=False) as response:
        assert response.status == 303
        assert response.headers["Location"] == "/"
        cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("path", ["/", "/state", "/events?as=ada", "/static/js/main.js", "/?token=wrong", "/?token=é"])
async def test_without_the_token_nothing_is_shown(site: Site, stranger: ClientSession, path: str) -> None:
    async with stranger.get(f"http://127.0.0.1:{site.port}{path}") as response:
        assert response.status == 403
        assert "terminal" in await response.text()


@pytest.mark.parametrize("path", POSTS)
async def test_without_the_token_nothing_is_done(site: Site, stranger: ClientSession, path: str) -> None:
    base = f"http://127.0.0.1:{site.port}"
    async with stranger.post(f"{base}/{path}", json={}, headers={"Origin": base}) as response:
        assert response.status == 403


async def test_another_host_name_is_refused_even_with_the_token(site: Site, client: Client) -> None:
    for host in ("evil.example", f"evil.example:{site.port}", "127.0.0.1", f"127.0.0.1:{site.port + 1}"):
        async with client.session.get(f"{client.base}/state", headers={"Host": host}) as response:
            assert response.status == 421


async def test_localhost_is_another_name_of_the_same_place(site: Site, stranger: ClientSession) -> None:
    url = f"http://127.0.0.1:{site.port}/?token={site.token}"
    async with stranger.get(url, headers={"Host": f"localhost:{site.port}"}, allow_redirects=False) as response:
        assert response.status == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", None])
@pytest.mark.parametrize("path", POSTS)
async def test_a_request_from_another_page_is_refused(client: Client, path: str, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    async with client.session.post(f"{client.base}/{path}", json={}, headers=headers) as response:
        assert response.status == 403


@pytest.mark.parametrize("path", ["/", "/state", "/static/js/main.js", "/nowhere", "/events?as=ada"])
async def test_every_response_carries_the_headers_that_keep_others_out(client: Client, path: str) -> None:
    async with client.session.get(f"{client.base}{path}") as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_holds_no_inline_script_and_names_no_other_host(client: Client) -> None:
    async with client.session.get(f"{client.base}/") as response:
        html = await response.text()
    assert "http://" not in html
    assert "https://" not in html
    assert html.count("<script") == html.count('src="/static/') - html.count('<img src="/static/')
    assert "style=" not in html


async def test_files_outside_the_static_folder_are_not_served(client: Client) -> None:
    for path in ("/static/../web.py", "/static/%2e%2e/web.py", "/static/", "/static/js/"):
        async with client.session.get(f"{client.base}{path}") as response:
            assert response.status in (403, 404)
