"""The results as an Atom feed (RFC 4287): the latest ones, each with an identifier that never changes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as Xml

from adapters.site.words import REMARKS, STATES, machine
from bot.core.record import Record, headline
from bot.core.trends import newest
from bot.core.wording import Names

ATOM: Final = "http://www.w3.org/2005/Atom"
LATEST: Final = 50
_SPACE: Final = uuid.UUID("b0f3a4c6-5a1e-4d8f-9c77-2f6f0c6d1e84")
"""The space that all identifiers are made in; never to be changed."""
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def identifier(genesis: str, what: str) -> str:
    """An identifier of something of this ledger: the same for ever, and another one for another ledger."""
    return f"urn:uuid:{uuid.uuid5(_SPACE, f'{genesis}/{what}')}"


def atom(records: Sequence[Record], names: Names, *, genesis: str, title: str, base: str) -> bytes:
    """The feed of what has been decided. `base` is the public address, ending in a slash; without it links are
    relative to the feed."""
    Xml.register_namespace("", ATOM)
    decided = sorted(
        (record for record in records if record.decided_at is not None),
        key=lambda record: (record.decided_at or _NEVER, record.number),
        reverse=True,
    )[:LATEST]
    feed = Xml.Element(_tag("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    _text(feed, "id", identifier(genesis, "feed"))
    _text(feed, "title", title)
    _text(feed, "updated", machine(newest(decided) or _NEVER))
    _text(Xml.SubElement(feed, _tag("author")), "name", "Folkmoot")
    Xml.SubElement(feed, _tag("link"), {"rel": "self", "type": "application/atom+xml", "href": f"{base}feed.atom"})
    Xml.SubElement(feed, _tag("link"), {"rel": "alternate", "type": "text/html", "href": f"{base}index.html"})
    for record in decided:
        _entry(feed, record, names, genesis=genesis, base=base)
    body: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _entry(feed: Xml.Element, record: Record, names: Names, *, genesis: str, base: str) -> None:
    entry = Xml.SubElement(feed, _tag("entry"))
    word = STATES[record.state][1]
    at = machine(record.decided_at or record.announced_at)
    _text(entry, "id", identifier(genesis, f"motion/{record.number}"))
    _text(entry, "title", f"{word}: {headline(record, names)} (motion {record.number})")
    _text(entry, "published", at)
    _text(entry, "updated", at)
    href = f"{base}motions/{record.number}.html"
    Xml.SubElement(entry, _tag("link"), {"rel": "alternate", "type": "text/html", "href": href})
    Xml.SubElement(entry, _tag("category"), {"term": record.state})
    _text(entry, "summary", summary(record))


def summary(record: Record) -> str:
    """The result in a line or two."""
    said = [f"{STATES[record.state][1]}."]
    if record.count is not None:
        count = record.count
        said = [
            f"{STATES[record.state][1]}: {count.yes} yes ({count.needed} needed), {count.no} no, "
            f"{count.abstain} abstained, {count.silent} did not vote."
        ]
    if record.withheld:
        said.append("The count is withheld, for it would show how each one voted.")
    if record.arithmetic and record.count is not None:
        said.append(f"{record.arithmetic[:1].upper()}{record.arithmetic[1:]} ({record.rule}).")
    said += [REMARKS[remark] for remark in record.remarks]
    if record.simulated:
        said.append("A simulation, made in the playground.")
    return " ".join(said)


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: Xml.Element, name: str, text: str) -> None:
    """An element with a text: what XML cannot hold is left out."""
    legal = "".join(char for char in text if char in "\t\n" or (char >= " " and char not in "\ufffe\uffff"))
    Xml.SubElement(parent, _tag(name)).text = legal.encode("utf-8", "replace").decode()
