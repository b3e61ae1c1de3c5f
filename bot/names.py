"""The names behind internal ids, for wording."""

from __future__ import annotations

from bot.core.people import PersonId
from bot.ports import Directory

ERASED = "erased-person"


class DirectoryNames:
    """Names from the people projection."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def login(self, person: PersonId) -> str:
        """The login, or a word that says that the person was erased."""
        found = self._directory.person(person)
        return found.login if found and found.login else ERASED
