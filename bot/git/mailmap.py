"""`.mailmap`, read as git reads it, from bytes of the tree: never from a work tree, the configuration or a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_SPACE: Final = b" \t\n\r"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """The name and mail to use. `known`: the mail as it was, if it is mapped whatever the name beside it."""

    name: bytes
    mail: bytes
    known: tuple[bytes, ...] = ()


class Mailmap:
    """Maps names and mails. Later lines win; letters of ASCII compare without case, as in git."""

    def __init__(self, data: bytes = b"") -> None:
        self._simple: dict[bytes, tuple[bytes | None, bytes | None]] = {}
        self._named: dict[bytes, dict[bytes, tuple[bytes | None, bytes | None]]] = {}
        for line in data.split(b"\n"):
            if not line.startswith(b"#"):
                self._add(line)

    def _add(self, line: bytes) -> None:
        first = _person(line, empty=False)
        if first is None:
            return
        name, mail, rest = first
        second = _person(rest, empty=True) if rest else None
        old_name, old = (second[0], second[1]) if second else (None, None)
        new: bytes | None = mail
        if old is None:
            old, new = mail, None
        key = old.lower()
        if old_name is None:
            before = self._simple.get(key, (None, None))
            self._simple[key] = (before[0] if name is None else name, before[1] if new is None else new)
        else:
            self._named.setdefault(key, {})[old_name.lower()] = (name, new)

    def resolve(self, name: bytes, mail: bytes) -> Mapped:
        """The person behind this name and mail, or both as they are."""
        key = mail.lower()
        by_name = self._named.get(key, {}).get(name.lower())
        new_name, new_mail = by_name or self._simple.get(key, (None, None))
        return Mapped(
            name=name if new_name is None else new_name,
            mail=mail if new_mail is None else new_mail,
            known=(mail,) if new_mail is not None and key not in self._named else (),
        )


def _person(text: bytes, *, empty: bool) -> tuple[bytes | None, bytes, bytes] | None:
    """Name, mail and what follows, or None. A mail may be `empty` only as the second of a line."""
    name, left, rest = text.partition(b"<")
    mail, right, rest = rest.partition(b">")
    if not left or not right or (not mail and not empty):
        return None
    return name.strip(_SPACE) or None, mail, rest
