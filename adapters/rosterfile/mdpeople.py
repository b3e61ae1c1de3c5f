"""The people in a piece of Markdown: profile links, `@login`, mail addresses, and the names and companies beside.

Must never tell two people for one: a piece with several logins is nobody's alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from adapters.rosterfile.records import Who
from adapters.rosterfile.shapes import Span, shape_of

_LOGIN: Final = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})"
_TOKEN: Final = re.compile(
    rf"\[(?P<text>[^\[\]\n]*)\]\((?P<url>[^()\s]*)\)"
    rf"|<(?P<mail>[^<>@\s]+@[^<>@\s]+)>"
    rf"|(?<![\w.])@(?P<handle>{_LOGIN})(?![\w/-])"
    rf"|(?P<bare>(?<![\w.@/+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)
_PROFILE: Final = re.compile(rf"https?://(?:www\.)?(?:github|gitlab)\.com/({_LOGIN})/?", re.IGNORECASE)
_NAME_END: Final = " \t\n([{<-–—:,/|*_"
_NAME_START: Final = " \t\n*_"
_COMPANY: Final = re.compile(r"[\])>]*[ \t]*(?:,|-|–|—)[ \t]+([^,()\[\]<>@|]*[^,()\[\]<>@|\s.])")
_NAME_MAX: Final = 60
_IN_BRACKETS: Final = re.compile(r"[ \t]\(([^()\[\]<>@|\n]{2,60})(?:\)|$)")
_BOLD: Final = re.compile(r"\*\*([^*\n<>\[\]()|`@]{1,60})\*\*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Who):
    """A person with the spans of what is said of them, and the shape of the piece that they stand in."""

    spans: tuple[Span, ...] = ()
    shape: str = ""
    start: int = 0
    stop: int = 0


def profile(url: str) -> str:
    """The login that a link leads to, or nothing where it is no person's page on a forge."""
    match = _PROFILE.fullmatch(url)
    return match[1] if match is not None else ""


def several(text: str) -> list[Found] | None:
    """Everyone in a piece with one person or, each apart from the next by a comma, many; None if that is unclear."""
    whole = person(text)
    if whole is not None:
        return [whole]
    pieces = [
        (match.start(), match.end()) for match in re.finditer(r"(?:[^,(\[<]|\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>)+", text)
    ]
    if sum(stop - start for start, stop in pieces) + text.count(",", 0) < len(text) - 2:
        return None
    found = []
    for start, stop in pieces:
        piece = text[start:stop]
        lead = len(piece) - len(piece.lstrip())
        each = person(piece.strip())
        if each is None or not each.login:
            return None
        found.append(_moved(each, start + lead))
    return found


def logins(text: str) -> list[str]:
    """Every login in a piece of text, in whatever form."""
    return [token.login for token in _tokens(text) if token.login]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    match: re.Match[str]
    login: str = ""
    spans: tuple[Span, ...] = ()
    email: str = ""
    text: str = ""


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        group = next((name for name in ("mail", "bare", "handle") if match[name]), "")
        if group == "handle":
            span = Span(field="login", start=match.start(group), stop=match.end(group))
            found.append(_Token(match=match, login=match[group], spans=(span,)))
        elif group:
            span = Span(field="email", start=match.start(group), stop=match.end(group))
            found.append(_Token(match=match, email=match[group], spans=(span,)))
        elif match["url"] is not None:
            found.append(_link(match))
    return found


def _link(match: re.Match[str]) -> _Token:
    """A link: to a profile, to a mail address, or to something else, which is no one's."""
    login, text = profile(match["url"]), match["text"]
    shown = text.removeprefix("@")
    url = Span(field="login", start=match.end("url") - len(login), stop=match.end("url"))
    if login and match["url"].endswith("/"):
        url = Span(field="login", start=url.start - 1, stop=url.stop - 1)
    words = Span(field="login", start=match.end("text") - len(shown), stop=match.end("text"))
    if login and shown.casefold() == login.casefold():
        return _Token(match=match, login=shown, spans=(words, url))
    if login:
        return _Token(match=match, login=login, spans=(url,), text=text)
    if match["url"].startswith("mailto:"):
        mail = match["url"].removeprefix("mailto:")
        spans = [Span(field="email", start=match.end("url") - len(mail), stop=match.end("url"))]
        if text == mail:
            spans.append(Span(field="email", start=match.start("text"), stop=match.end("text")))
        return _Token(match=match, email=mail, spans=tuple(spans), text="" if text == mail else text)
    return _Token(match=match)


def person(text: str) -> Found | None:
    """The one person that a piece of text is about; None where it is nobody, or more than one."""
    tokens = _tokens(text)
    named = [token for token in tokens if token.login]
    mails = [token for token in tokens if token.email]
    if len({token.login.casefold() for token in named}) > 1 or (len(mails) > 1 and not named):
        return None
    first = next((token for token in tokens if token.login or token.email), None)
    if first is None:
        return None
    name, spans = _name(text, first, named)
    login = named[0].login if named else ""
    shown = first.text.removeprefix("@")
    if named and first is named[0] and name and first.text and name != first.text and re.fullmatch(_LOGIN, shown):
        words = Span(field="login", start=first.match.end("text") - len(shown), stop=first.match.end("text"))
        login, spans = shown, [*spans, words]
    spans += [span for token in (*named, *mails[:1]) for span in token.spans]
    company = next((span for span in spans if span.field == "company"), None)
    if company is None:
        company = _company(text, [token for token in tokens if token.login or token.email][-1].match.end())
        spans += [company] if company is not None else []
    return Found(
        login=login,
        name=name,
        email=mails[0].email if mails else "",
        company=text[company.start : company.stop] if company is not None else "",
        spans=tuple(spans),
        shape=shape_of(text, spans),
        stop=len(text),
    )


def _name(text: str, first: _Token, named: list[_Token]) -> tuple[str, list[Span]]:
    """The name before the first link or address, else the bold words, else the words of the link itself."""
    before = text[: first.match.start()].rstrip(_NAME_END)
    company = _IN_BRACKETS.search(before)
    spans: list[Span] = []
    if company is not None and "/" not in company[1] and company[1][:1].isupper():
        spans.append(Span(field="company", start=company.start(1), stop=company.end(1)))
    stripped = before[: company.start()].rstrip(_NAME_END) if company is not None else before
    start = len(stripped) - len(stripped.lstrip(_NAME_START))
    name = stripped[start:]
    if name and len(name) <= _NAME_MAX and not re.search(r"[<>\[\]()|`]", name):
        return name, [Span(field="name", start=start, stop=start + len(name)), *spans]
    bold = _BOLD.search(text)
    if not name and bold is not None:
        return bold[1], [Span(field="name", start=bold.start(1), stop=bold.end(1))]
    words = next((token for token in (first, *named) if token.text), None)
    if not name and words is not None:
        return words.text, [Span(field="name", start=words.match.start("text"), stop=words.match.end("text"))]
    return "", []


def _company(text: str, at: int) -> Span | None:
    """A company behind the person: after a comma or a dash, to the end of the text."""
    match = _COMPANY.match(text, at)
    if match is None or text[match.end() :].strip(" \t.)") or len(match[1]) > _NAME_MAX:
        return None
    return Span(field="company", start=match.start(1), stop=match.end(1))


def _moved(found: Found, by: int) -> Found:
    return Found(
        login=found.login,
        name=found.name,
        email=found.email,
        company=found.company,
        spans=found.spans,
        shape=found.shape,
        start=found.start + by,
        stop=found.stop + by,
    )
