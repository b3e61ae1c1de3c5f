"""Answers to GraphQL queries, by GitHub's schema: who wrote something, and who edited it last."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.clock import stamp
from tests.fakes.github.description import Undescribed
from tests.fakes.github.graphql_schema import Thing, schema
from tests.fakes.github.state import Comment, GitHub, Issue, User


def answered(hub: GitHub, body: dict[str, Any]) -> dict[str, Any]:
    """The data, with GitHub's error where there is no such node. Raises Undescribed."""
    if not {"query"} <= set(body) <= {"query", "variables", "operationName"}:
        raise Undescribed("graphql: a body is a query with its variables")
    variables = body.get("variables") or {}
    found = _node(hub, str(variables.get("id")))
    data = schema().answer(
        body["query"], variables, {"__typename": "Query", "node": None if found is None else _thing(hub, found)}
    )
    if found is None:
        message = f"Could not resolve to a node with the global id of '{variables.get('id')}'"
        return {"data": data, "errors": [{"type": "NOT_FOUND", "path": ["node"], "message": message}]}
    return {"data": data}


def _node(hub: GitHub, node: str) -> Comment | Issue | None:
    kind, *numbers = node.split("_")
    for repo in hub.repositories.values():
        if kind == "IC" and int(numbers[0]) in repo.comments:
            return repo.comments[int(numbers[0])]
        if kind == "I" and repo.id == int(numbers[0]):
            return repo.issues.get(int(numbers[1]))
    return None


def _thing(hub: GitHub, found: Comment | Issue) -> Thing:
    kind = "IssueComment" if isinstance(found, Comment) else "PullRequest" if found.pull is not None else "Issue"
    author, editor = (_there(hub, who) for who in (found.user, found.editor))
    edited = None if found.editor is None else stamp(found.updated)
    return {"__typename": kind, "author": author, "editor": editor, "lastEditedAt": edited}


def _there(hub: GitHub, who: User | None) -> Thing | None:
    """An account that was deleted is named by nobody."""
    return None if who is None or who.id not in hub.users else _actor(who)


def _actor(who: User) -> Thing:
    return {"__typename": who.type, "databaseId": who.id}
