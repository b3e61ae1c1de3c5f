"""Raw commits, as git stores them, into the deeds of `bot.core.activity`: the one reading of all ways to walk.

Bytes come from strangers: every field is bounded, nothing is kept of a message but its trailers, and it must never
depend on the order of the commits or on which way they were walked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

from bot.core.activity import (
    AUTHORED,
    COAUTHORED,
    MERGED,
    REVIEWED,
    SIGNED,
    Activity,
    Deed,
    Identity,
    month_bit,
    tally,
)
from bot.git.mailmap import Mailmap
from bot.ports import ForgeError

MAX_RECORD: Final = 1 << 20
"""What is kept of one commit: of a longer message, the trailers behind it are not read."""
MAX_TRAILERS: Final = 100
MAX_NAME: Final = 100
MAX_MAIL: Final = 254
MAX_PEOPLE: Final = 250_000
MAX_KINDS: Final = 500_000
_MAX_CACHED: Final = 50_000
_MAX_BLOCK: Final = 500
_MAX_EXTRA: Final = 64 << 10

RECORD: Final = re.compile(
    rb"\0[0-9a-f]{40}\n"
    rb"tree [0-9a-f]{40}\n"
    rb"((?:parent [0-9a-f]{40}\n)*)"
    rb"author ([^\n>]{0,1000}>?)[^\n]{0,1000}\n"
    rb"committer ([^<>\n]{0,1000}<[^<>\n]{0,1000}>) ([0-9]{1,18})(?: [+-][0-9]{1,7})?\n"
    rb"(?:encoding ([^\n]{1,40})\n)?"
    rb"([^\0]*)"
)
"""A commit after a NUL, as `git rev-list --header` prints it, whose date every version of git reads alike: parents,
author, committer, date, encoding, and the rest. Any other commit counts as undated: it is left out and ends its path.
"""
ONE_PARENT: Final = len(b"parent \n") + 40

_BY: Final = re.compile(rb"-[bB][yY]")
_TRAILER: Final = re.compile(
    rb"    ((?i:signed-off|co-authored|reviewed|acked|tested))-(?i:by)[ \t]*:[ \t]*([^\n<>]{0,400}<[^\n<>]{0,400}>)"
)
_KINDS: Final = {
    b"signed-off": SIGNED,
    b"co-authored": COAUTHORED,
    b"reviewed": REVIEWED,
    b"acked": REVIEWED,
    b"tested": REVIEWED,
}
_CHARSET: Final = re.compile(
    r"(iso-?8859-?\d+|latin-?\d|windows-\d+|cp\d+|koi8-[ru]|euc-?(jp|kr)|shift_?jis|gbk|gb18030|big5)"
)
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_SPACE: Final = b" \t\n\r"
_BLANK_LINES: Final = re.compile(rb"\A(?:[ \t\r]*\n)+")
_DAY: Final = 86_400
_LESS: Final = "ask for a shorter window"
_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Whole seconds of commit dates: `since` included, `until` not. `since` is at least 1, as undated commits are 0."""

    since: int
    until: int


_Role = tuple[int, int]
_Raw = tuple[bytes, bytes, bytes, bytes]


class Counting:
    """Counts commits by who was in them in which role. Memory grows with these, not with the commits."""

    def __init__(self, window: Window, mailmap: Mailmap) -> None:
        self._window, self._mailmap = window, mailmap
        self._people: dict[tuple[bytes, bytes], int] = {}
        self._known: dict[Identity, int] = {}
        self._deeds: dict[tuple[int, frozenset[_Role]], Deed] = {}
        self._cache: dict[_Raw, Deed] = {}
        self._lines: dict[tuple[bytes, bytes], _Role] = {}
        self._months: dict[int, int] = {}
        self.commits = 0

    def add(self, records: bytes) -> int:
        """Count the commits in these records, each after a NUL, and return how many had a plain date.

        This loop runs once a commit: it looks a commit up by its bytes, and reads only what it has not seen.
        """
        found = RECORD.findall(records)
        since, until, cache, months, search = (
            self._window.since,
            self._window.until,
            self._cache,
            self._months,
            _BY.search,
        )
        for parents, author, committer, digits, charset, rest in found:
            date = int(digits)
            if not since <= date < until:
                continue
            spot = search(rest)
            block = b"" if spot is None else block_of(rest, spot.start())
            key = (author, committer if len(parents) > ONE_PARENT else b"", charset, block)
            deed = cache.get(key) or self._deed(key, date)
            deed.commits += 1
            if date < deed.first:
                deed.first = date
            elif date > deed.last:
                deed.last = date
            deed.months |= months.get(date // _DAY) or self._month(date // _DAY)
            self.commits += 1
        return len(found)

    def _deed(self, key: _Raw, date: int) -> Deed:
        author, committer, charset, block = key
        writer = self._person(author, charset)
        roles = self._roles(block, charset)
        if committer:
            roles.append((MERGED, writer if _is_forge(committer) else self._person(committer, charset)))
        else:
            roles.append((AUTHORED, writer))
        kind = (writer, frozenset(roles))
        deed = self._deeds.get(kind)
        if deed is None:
            if len(self._deeds) >= MAX_KINDS:
                raise ForgeError("the history names too many people together", remedy=_LESS, retry=False)
            deed = self._deeds[kind] = Deed(author=writer, roles=kind[1], first=date, last=date)
        if len(block) <= _MAX_BLOCK:
            _room(self._cache)[key] = deed
        return deed

    def _roles(self, block: bytes, charset: bytes) -> list[_Role]:
        """The role and the person of each line `Key: Name <mail>`, wherever it stands after the subject: squashed
        commits and GitHub leave them in several paragraphs. The first MAX_TRAILERS count.
        """
        roles: list[_Role] = []
        for line in block.split(b"\n"):
            role = self._lines.get((line, charset))
            if role is None:
                match = _TRAILER.match(line)
                if match is None:
                    continue
                role = _KINDS[match[1].lower()], self._person(match[2], charset)
                if len(line) <= _MAX_BLOCK:
                    _room(self._lines)[line, charset] = role
            roles.append(role)
            if len(roles) == MAX_TRAILERS:
                break
        return roles

    def credit(self, *, author: Identity, who: Identity, kind: int, at: Sequence[datetime]) -> None:
        """Count what is no commit: one more of this kind, done at these instants to something of the author's."""
        writer, doer = (self._known.setdefault(each, len(self._known)) for each in (author, who))
        seconds = [int(each.timestamp()) for each in at]
        key = (writer, frozenset({(kind, doer)}))
        deed = self._deeds.get(key)
        if deed is None:
            deed = self._deeds[key] = Deed(author=writer, roles=key[1], first=min(seconds), last=max(seconds))
        deed.commits += 1
        deed.first, deed.last = min(deed.first, *seconds), max(deed.last, *seconds)
        for each in seconds:
            deed.months |= self._month(each // _DAY)

    def _month(self, day: int) -> int:
        bit = self._months[day] = month_bit(datetime.fromtimestamp(day * _DAY, UTC))
        return bit

    def _person(self, who: bytes, charset: bytes) -> int:
        found = self._people.get((who, charset))
        if found is None:
            if len(self._people) >= MAX_PEOPLE:
                raise ForgeError(f"the history names over {MAX_PEOPLE} people", remedy=_LESS, retry=False)
            identity = identity_of(who, charset, self._mailmap)
            found = self._people[who, charset] = self._known.setdefault(identity, len(self._known))
        return found

    def tally(self, bots: Iterable[str]) -> tuple[tuple[Activity, ...], tuple[str, ...]]:
        """Everyone's activity, and the bots left out: `bot.core.activity.tally` of all that was counted."""
        return tally(tuple(self._known), self._deeds.values(), bots=bots)


def _room(cache: dict[_K, _V]) -> dict[_K, _V]:
    """The cache, emptied first if it is full."""
    if len(cache) >= _MAX_CACHED:
        cache.clear()
    return cache


def printed(sha: bytes, raw: bytes) -> bytes:
    """A commit's stored bytes as `git rev-list --header` prints them, after a NUL and cut as the stream is."""
    header, _, message = raw.partition(b"\0")[0].partition(b"\n\n")
    shown = _BLANK_LINES.sub(b"", message, count=1).rstrip(_SPACE)
    lines = (b"    " + line.rstrip(_SPACE) for line in shown.split(b"\n"))
    return b"\0" + b"".join((sha, b"\n", header.rstrip(b"\n"), b"\n\n", b"\n".join(lines), b"\n"))[:MAX_RECORD]


def block_of(rest: bytes, spot: int) -> bytes:
    """The message from the line of its first `-by`, which is at `spot` of what follows the header that is known.

    The subject is left out, and so are further headers (signatures, merged tags), which end at the first empty line.
    """
    start = 0 if rest[:1] == b"\n" else rest.find(b"\n\n", 0, _MAX_EXTRA) + 1
    if start == 0 and rest[:1] != b"\n":
        return b""
    line = rest.rfind(b"\n", start, spot)
    if line <= start:
        line = rest.find(b"\n", start + 1)
    return rest[line:] if line > 0 else b""


def identity_of(who: bytes, charset: bytes, mailmap: Mailmap) -> Identity:
    """`Name <mail>` as an identity: through the mailmap, decoded, without characters that hide or reorder (T31)."""
    name, _, rest = who.partition(b"<")
    mapped = mailmap.resolve(name.strip(_SPACE), rest.partition(b">")[0])
    shown = _clean(_decode(mapped.name, charset), MAX_NAME)
    mails = [_clean(_decode(mail, charset), MAX_MAIL) for mail in (mapped.mail, *mapped.known)]
    return Identity(name=shown, mail=mails[0], known=tuple(mail for mail in mails[1:] if mail and mail != mails[0]))


def _decode(raw: bytes, charset: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        named = charset.decode("ascii", "replace").lower()
        return raw.decode(named if _known(named) else "utf-8", "replace")


def _known(charset: str) -> bool:
    """Whether Python has it; only plain character sets are asked for, never a codec that does more."""
    if not _CHARSET.fullmatch(charset):
        return False
    try:
        return bool(b"".decode(charset) == "")
    except LookupError:
        return False


def _clean(text: str, limit: int) -> str:
    kept = "".join(" " if char in "\t\n\r" else char for char in text if _shown(char))
    return " ".join(kept.split())[:limit].strip()


def _shown(char: str) -> bool:
    return char in "\t\n\r" or unicodedata.category(char) not in _HIDDEN


def _is_forge(committer: bytes) -> bool:
    """Whether a forge's merge button wrote this, so that the author is the one who merged."""
    return committer.endswith(b"<noreply@github.com>")
