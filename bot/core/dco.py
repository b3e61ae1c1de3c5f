"""Helping contributors with the DCO (R49): what is missing, and what a maintainer may add by clause (c).

No human's sign-off is ever made up: the contributor's needs a recorded consent, or a change so trivial that a named
maintainer says so; and the acting maintainer's own stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SIGNED: Final = re.compile(
    r"^Signed-off-by:[ \t]*(?P<name>[^<\n]+?)[ \t]*<(?P<mail>[^<>\s]+@[^<>\s]+)>[ \t]*$", re.M | re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A name and mail address as a sign-off has them."""

    name: str
    mail: str

    @property
    def trailer(self) -> str:
        return f"Signed-off-by: {self.name} <{self.mail}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """A commit that its author has not signed off."""

    commit: str
    subject: str
    author: Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Why a maintainer may add the contributor's sign-off: where they gave it, or that the change is trivial.

    `link` is the comment in which the contributor signed off; `trivial` the maintainer's own words instead.
    """

    link: str = ""
    trivial: str = ""


def signers(message: str) -> tuple[Signer, ...]:
    """Everyone who signed a commit off, in order."""
    return tuple(Signer(name=found["name"], mail=found["mail"]) for found in _SIGNED.finditer(message))


def unsigned(commits: Iterable[tuple[str, str, Signer]]) -> tuple[Unsigned, ...]:
    """The commits (id, message, author) whose author's mail is in no sign-off; merges are the caller's to leave out."""
    return tuple(
        Unsigned(commit=commit, subject=message.partition("\n")[0], author=author)
        for commit, message, author in commits
        if author.mail.casefold() not in {signer.mail.casefold() for signer in signers(message)}
    )


def sign_off(message: str, *, author: Signer, maintainer: Signer, consent: Consent) -> str:
    """The message with the author's and the maintainer's sign-off, and why the first may be there.

    Raises ValueError without a consent, and for names that would forge a trailer (T23).
    """
    if bool(consent.link) == bool(consent.trivial):
        raise ValueError("either the link of the contributor's own sign-off, or why the change is trivial")
    for text in (author.name, author.mail, maintainer.name, maintainer.mail, consent.link, consent.trivial):
        if any(char in text for char in "\n\r\u2028\u2029\x0b\x0c\x85"):
            raise ValueError("a name, an address or a reason is on one line")
    have = {signer.mail.casefold() for signer in signers(message)}
    why = f"DCO-Consent: {consent.link}" if consent.link else f"DCO-Trivial-Change: {consent.trivial}"
    wanted = [signer.trailer for signer in (author, maintainer) if signer.mail.casefold() not in have]
    if not wanted:
        return message
    body = message.rstrip("\n")
    gap = "\n" if _SIGNED.search(body.rpartition("\n\n")[2]) else "\n\n"
    return f"{body}{gap}{chr(10).join([*wanted[:-1], why, wanted[-1]])}\n"
