"""Answers to the one GraphQL query that is asked: who wrote something, and who edited it last."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.github.state import Comment, GitHub, Issue, User

_ASKED = re.compile(
    r"query\(\$id: ID!\) \{ node\(id: \$id\) \{"
    r"(\s+\.\.\. on \w+ \{ author \{ \.\.\.who \} editor \{ \.\.\.who \} \}){3} \} \}\s+"
    r"fragment who on Actor \{ __typename \.\.\. on User \{ databaseId \} \.\.\. on Bot \{ databaseId \} \}"
)


def answered(hub: GitHub, body: dict[str, Any]) -> dict[str, Any]:
    """The data, or the errors of a query that is not this one."""
    if set(body) != {"query", "variables"} or _ASKED.fullmatch(body["query"]) is None:
        return {"errors": [{"message": "the fake answers one query only"}]}
    found = _node(hub, str(body["variables"]["id"]))
    if found is None:
        return {"data": {"node": None}, "errors": [{"type": "NOT_FOUND", "message": "Could not resolve to a node"}]}
    return {"data": {"node": {"author": _actor(found.user), "editor": _actor(found.editor) if found.editor else None}}}


def _node(hub: GitHub, node: str) -> Comment | Issue | None:
    kind, *numbers = node.split("_")
    for repo in hub.repositories.values():
        if kind == "IC" and int(numbers[0]) in repo.comments:
            return repo.comments[int(numbers[0])]
        if kind == "I" and repo.id == int(numbers[0]):
            return repo.issues.get(int(numbers[1]))
    return None


def _actor(who: User) -> dict[str, Any]:
    return {"__typename": who.type, "databaseId": who.id}
