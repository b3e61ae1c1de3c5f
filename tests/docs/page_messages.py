"""docs/reference/messages.md: what members read. The words come from bot/core/wording and from the golden files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.core.answers import Answer, Params
from bot.core.cards import Code, Line, Strong
from bot.core.people import PersonId
from bot.core.plain import plain_line
from bot.core.wording import Scene, answer_card
from bot.core.wording.answers import _RECEIPTS
from bot.core.wording.refusals import REFUSALS
from tests.docs.files import CARDS, named
from tests.docs.markdown import code, fence, page, table

_SAMPLE: Final[Params] = {
    "motion": 12,
    "person": "p1",
    "account": "slack:T0123/U0456",
    "map": ".folkmoot/links.toml",
    "on": True,
    "zone": "Europe/Berlin",
    "start": 9,
    "end": 17,
    "repository": "distribution",
    "role": "reviewer",
    "verb": "nominate",
    "field": "reason",
    "flag": "role",
    "limit": 500,
    "length": 512,
    "char": "U+202E",
    "eligible": 12,
    "asked": 7,
    "code": "ABCD-1234",
    "url": "https://github.com/login/device",
    "minutes": 15,
    "open": 2,
    "path": "MAINTAINERS",
    "line": 14,
    "remedy": "write login, name and mail, with commas between them",
    "outcome": "lost",
    "choice": "yes",
    "until": "2024-03-12T00:00:00+00:00",
    "closed": "2024-03-12T00:00:00+00:00",
    "why": "employer",
    "count": 1,
    "of": 2,
    "stage": "discussion",
    "known": "distribution, distribution-library",
    "proof": "9c1185a5c5e9",
}
_READING: Final[Params] = {"what": "this row has 2 columns, not 3"}
_VOTE: Final[Params] = {"what": "vote"}
_OTHERWISE: Final[Mapping[str, Params]] = {
    **dict.fromkeys(("closed", "too-late", "not-voting-yet", "not-in-electorate", "left-the-electorate"), _VOTE),
    **dict.fromkeys(("candidate-votes-not", "subject-votes-not", "unlinked"), _VOTE),
    "roster-unreadable": _READING,
    "policy-unreadable": {
        **_READING,
        "what": 'window: "5 days" is not a window',
        "remedy": "write 5bd",
        "line": 9,
        "path": "policy.toml",
    },
    "not-a-maintainer": {"what": "propose", "motion": None},
    "not-carried": {"what": "invite"},
    "name-unfit": {"field": "name"},
    "too-many-motions": {"limit": 5},
    "already-proposed": {"what": "propose"},
    "text-missing": {"verb": None},
    "second-needed": {"what": "withdraw"},
    "acceptance-recorded": {"bare": True},
}
"""Where a code means something else by a parameter than the others do; None: it has no such parameter."""


class _Placeholders(dict[str, str | int | bool | None]):
    """Sample values; a parameter that has none is shown by its name."""

    def __missing__(self, key: str) -> str:
        return f"<{key}>"


class _Names:
    """Everybody is called the same."""

    def login(self, person: PersonId) -> str:
        return "newperson"


def messages(cards: Path = CARDS) -> str:
    """The page, with a section for each golden file in the folder; there may be none yet."""
    files = sorted(cards.rglob("*.txt")) if cards.is_dir() else []
    shown = [f"### {f.relative_to(cards).with_suffix('').as_posix()}\n\n{fence(_read(f))}" for f in files]
    golden = "## Polls, notices and direct messages\n\nAs plain text; each platform draws the same in its own way."
    if not shown:
        golden = ""
    return page(
        "Messages",
        f"bot/core/wording and {named(CARDS)}",
        "Everything the bot says, with sample values: motion 12, the login newperson, the repository distribution. "
        "A refusal says what was not done, why, and what to do instead; it is private, and it changes nothing. "
        "“Recorded” is only ever said after the request is stored.",
        "## Refusals\n\n" + table(("Code", "Words"), [(code(c), words(c, ok=False)) for c in sorted(REFUSALS)]),
        "## Receipts\n\n" + table(("Code", "Words"), [(code(c), words(c, ok=True)) for c in sorted(_RECEIPTS)]),
        "## Faults\n\nWhere something broke on the bot's own side:\n\n" + table(("Code", "Words"), [_fault()]),
        golden,
        *shown,
    )


def words(name: str, *, ok: bool) -> str:
    """An answer in Markdown, a line a line."""
    sample = {**_SAMPLE, **_OTHERWISE.get(name, {})}
    params = _Placeholders({key: value for key, value in sample.items() if value is not None})
    scene = Scene(names=_Names(), now=datetime(2024, 3, 5, 9, tzinfo=UTC))
    lines = answer_card(Answer(ok=ok, code=name, params=params), scene).lines
    return "<br>".join(map(_line, lines))


def _fault() -> tuple[str, str]:
    scene = Scene(names=_Names(), now=datetime(2024, 3, 5, 9, tzinfo=UTC))
    card = answer_card(Answer(ok=False, code="fault", params={"incident": "3f9a2c"}), scene)
    return code("fault"), "<br>".join(map(_line, card.lines))


def _line(line: Line) -> str:
    parts = []
    for span in line:
        match span:
            case Code():
                parts.append(code(span.text))
            case Strong():
                parts.append(f"**{span.text}**")
            case _:
                parts.append(plain_line((span,)).replace("<", "&lt;"))
    return "".join(parts)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
