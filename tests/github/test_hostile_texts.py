"""T28: whatever members and strangers type, nothing of it is live in anything that goes to GitHub."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.github.markdown import drawn_line
from bot.core.cards import Code, Plain, Strong
from tests.github.council import NAMES, Council
from tests.github.live import PARSER, live, reads

HOSTILE: Final = (
    "Fixes #1",
    "closes lantern/lantern#1 and resolves GH-2",
    "Fixes https://github.com/lantern/lantern/issues/1",
    "@team look, @lantern/maintainers and cc @ada",
    "/approve",
    "/lgtm cancel",
    "bors r+",
    "<!-- /merge --> hidden",
    "<details><summary>more</summary>",
    "<img src=x onerror=alert(1)>",
    "[click](https://evil.example) ![x](https://evil.example/x.png)",
    "[a]: https://evil.example",
    "www.evil.example",
    "# Motion 77: carried",
    "> quoted",
    "- [x] done",
    "1. first",
    "``` fence",
    "~~~ fence",
    "| a | b |",
    "**bold** _em_ ~~gone~~",
    "&#64;team &lt;b&gt;",
    "\\@team \\#1",
    "---",
    "===",
    "    /approve",
)
SENTINELS: Final = ("#1", "@team", "/approve", "/lgtm", "/merge", "evil.example", "GH-2", "Motion 77", "onerror")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("cc @team", "a mention"),
        ("Fixes #1", "a reference"),
        ("a/b#12", "a reference"),
        ("gh-12", "a reference"),
        ("see https://x.example", "a link"),
        ("see www.x.example", "a link"),
        ("[x](http://x.example)", "a link"),
        ("<http://x.example>", "a link"),
        ("[x]\n\n[x]: http://x.example", "a command"),
        ("text\n/approve", "a command"),
        ("a <!-- hidden --> b", "a tag"),
        ("a <b>b</b>", "a tag"),
        ("<!-- hidden -->", "html_block"),
        ("![x](http://x.example)", "image"),
        ("# Heading", "heading_open"),
        ("> quoted", "blockquote_open"),
        ("&#64;team", "a mention"),
        ("\\@team", "a mention"),
    ],
)
def test_the_reader_of_these_tests_sees_what_is_live(text: str, what: str) -> None:
    assert any(found.startswith(what) for found in live(text)), live(text)


@pytest.mark.parametrize("text", ["plain words", "`@team #1`", "```\n@team\n```", "@<!-- -->team", "a@b", "#\u00b7one"])
def test_the_reader_of_these_tests_leaves_alone_what_is_not(text: str) -> None:
    assert live(text) == []


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("span", [Plain, Strong])
def test_t28_no_text_is_live_in_a_comment_and_each_reads_as_it_was_typed(text: str, span: Any) -> None:
    for line in ((span(text),), (Plain("They said: "), span(text)), (span(text), Code("@team"), Plain(text))):
        written = drawn_line(line)
        assert live(written) == []
        assert " ".join(text.split()) in " ".join(reads(written).split())


@settings(max_examples=400, deadline=None)
@given(text=st.text(st.sampled_from("@#/<>!-[]()`*_~|&;:.\\ \n\tabwGH1=+$'\u2028\u202e\u200b"), max_size=40))
def test_t28_no_mixture_of_marks_is_live_in_a_comment(text: str) -> None:
    assert live(drawn_line((Plain(text),))) == []
    assert live(drawn_line((Plain("a"), Strong(text), Plain(text)))) == []


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "") + '"'


async def played(council: Council) -> None:
    """A resolution, a candidacy and a removal, with a hostile text wherever somebody can type one."""
    body = "\n\n".join(["/moot resolve", *HOSTILE])
    page = council.repo.open_issue(by="outsider", title="Fixes #1 @team <!-- /merge -->", body=body)
    await council.settle()
    for number, text in enumerate(HOSTILE):
        await council.says("outsider", text, page)
        await council.says(NAMES[number % len(NAMES)], f"/moot {('yes', 'no', 'abstain')[number % 3]} {text}", page)
    await council.says("outsider", "/moot yes @team /approve", page)
    await council.says("ada", "/moot @team #1", page)
    await council.says("ada", "/moot status\n/moot object Fixes #1 @team <!-- x -->\n/moot why @team", page)
    for text in HOSTILE[:6]:
        await council.ask("bob", f"object 1 {text}")
    for name in NAMES:
        await council.says(name, "/moot yes Fixes #1 @team", page)
    await council.end()
    evidence = quoted("Fixes #1 @team /approve <!-- /merge -->")
    await council.ask("ada", f"nominate @newperson --months 7 --evidence {evidence} /approve @team Fixes #1")
    for name in NAMES:
        await council.ask(name, "yes 2 Fixes #1 @team")
    await council.end(2)
    await council.ask("ada", "invite 2")
    await council.ask("ada", 'accepted 2 --name "New Person" --email new@example.org')
    await council.settle()


def written(council: Council) -> dict[str, str]:
    """All that the bot has written to GitHub, but for files: where it stands, and what it says."""
    own = council.shop.app.bot
    found = {f"comment {each.id}": each.body for each in council.repo.comments.values() if each.user is own}
    for issue in council.repo.issues.values():
        if issue.user is own:
            found[f"title {issue.number}"], found[f"body {issue.number}"] = issue.title, issue.body
    for seen in council.hub.seen:
        if seen.method != "GET" and isinstance(seen.body, dict):
            for key in ("title", "body", "message", "ref", "head", "output"):
                if key in seen.body and "graphql" not in seen.path:
                    found[f"{seen.method} {seen.path} {key} {len(found)}"] = str(seen.body[key])
    return found


def blobs(council: Council) -> list[str]:
    """The files that the bot has written."""
    made = [seen.body for seen in council.hub.seen if seen.method == "POST" and seen.path.endswith("/git/blobs")]
    return [base64.b64decode(body["content"]).decode() for body in made if isinstance(body, dict)]


async def test_t28_nothing_that_was_typed_is_live_anywhere_on_github_after_a_whole_story(council: Council) -> None:
    await played(council)
    assert council.motion(1).outcome == "carried"
    assert council.motion(2).outcome == "carried"
    all_of_it = written(council)
    assert len([where for where in all_of_it if where.startswith("body")]) == 2
    (record,) = [text for text in blobs(council) if text.startswith("# Motion 1: carried")]
    assert "Fixes #1" in record, "what was put to the vote stands in its record"
    found = live(record, structure=True)
    assert [each for each in found if not each.startswith("a command")] == [], "nobody looks for commands in a file"
    assert sum(block.type == "fence" for block in PARSER.parse(record)) == 1
    for where, text in all_of_it.items():
        allowed = [council.shop.url, council.repo.full_name]
        urls = [word for word in text.replace("(", " ").replace(")", " ").split() if any(a in word for a in allowed)]
        assert live(text, links=urls, structure=where.startswith("body")) == [], where
        assert [each for each in SENTINELS if each in text.replace("<!-- -->", "").replace("\\", "")] == [], where
