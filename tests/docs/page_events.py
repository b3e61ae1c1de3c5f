"""docs/reference/events.md: every type of event from bot/core/events.py, with its fields and what can be erased."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final, get_args

from bot.core.events import Event
from bot.core.people import Electorate, Pings
from bot.core.policy import Policy
from storage.codec import EVENTS
from tests.docs.markdown import cited, code, page, prose, table

_VALUES: Final = (Electorate, Policy, Pings)
"""Values inside events that have fields of their own."""


def kinds() -> tuple[type[Any], ...]:
    """Every type of event, in the order of the union."""
    return get_args(Event)


def erasable(kind: type[Any]) -> tuple[str, ...]:
    """The fields of an event whose text can be erased."""
    return tuple(field.name for field in fields(kind) if "Prose" in str(field.type))


def events() -> str:
    """The page."""
    overview = [
        (f"[`{kind.__name__}`](#{kind.__name__.lower()})", str(EVENTS.versions[kind.__name__]), _erased(kind))
        for kind in kinds()
    ]
    return page(
        "Events",
        "bot/core/events.py",
        "What happened, in the order in which it happened: the log of these is the source of truth, and everything "
        "else can be computed from it. An event is never changed or deleted; a new shape gets a new version, and old "
        "ones are read as they were written. People are random internal ids.",
        "A field of type `Prose` is text that somebody typed, a login or an account. The log holds a salted digest of "
        "it; the text is kept beside the log and can be erased. The chain still verifies then, and `(erased)` is "
        "shown.",
        table(("Event", "Version", "Erasable"), overview),
        *(_section(kind) for kind in kinds()),
        "## Values inside events\n\n" + "\n\n".join(_section(kind, level=3) for kind in _VALUES),
    )


def _erased(kind: type[Any]) -> str:
    return ", ".join(map(code, erasable(kind)))


def _section(kind: type[Any], *, level: int = 2) -> str:
    gone = erasable(kind)
    rows = [(code(f.name), code(str(f.type)), "yes" if f.name in gone else "") for f in fields(kind)]
    head = f"{'#' * level} {kind.__name__}\n\n{cited(prose(kind.__doc__ or ''))}\n\n"
    return head + table(("Field", "Type", "Erasable"), rows)
