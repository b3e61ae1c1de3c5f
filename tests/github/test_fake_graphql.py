"""What is asked of GitHub by GraphQL, and what the fake answers, is held to GitHub's own schema."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.github.threads import EDITOR
from bot.ports import ForgeError
from tests.adapters.github_workshop import GitHubWorkshop
from tests.fakes.github import answers_graphql
from tests.fakes.github.description import Undescribed
from tests.fakes.github.extract_graphql import FILE, QUERIES
from tests.fakes.github.extract_graphql import extract as extracted
from tests.fakes.github.graphql_schema import Schema, schema

WHO = {"__typename": "User", "databaseId": 7}
COMMENT = {"__typename": "IssueComment", "author": WHO, "editor": None, "lastEditedAt": None}
ROOT = {"__typename": "Query", "node": COMMENT}
ID = {"id": "IC_1"}


def test_the_schema_is_githubs_own_and_says_from_where() -> None:
    assert schema().source.startswith("# @octokit/graphql-schema ")
    assert ", MIT, schema.graphql" in schema().source


def test_every_query_of_the_bot_is_one_that_github_knows() -> None:
    for query in QUERIES:
        assert schema().answer(query, ID, ROOT) == {"node": {"author": WHO, "editor": None, "lastEditedAt": None}}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("databaseId", "dataBaseId", "Cannot query field 'dataBaseId' on type 'User'"),
        ("editor {", "lastEditor {", "Cannot query field 'lastEditor' on type 'IssueComment'"),
        ("node(id: $id)", "node(number: $id)", "Unknown argument 'number'"),
        ("$id: ID!", "$id: Int!", "used in position expecting type 'ID!'"),
        ("on Actor", "on Person", "Unknown type 'Person'"),
        ("query($id: ID!) {", "query($id: ID!) {{", "Syntax Error"),
    ],
)
def test_a_query_that_github_would_not_know_is_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(Undescribed) as refused:
        schema().answer(EDITOR.replace(old, new), ID, ROOT)
    assert why in str(refused.value)


def test_a_field_that_github_means_to_take_away_is_refused() -> None:
    one = Schema("type Query {\n  old: Int @deprecated\n}")
    with pytest.raises(Undescribed, match="is deprecated"):
        one.answer("{ old }", {}, {"__typename": "Query", "old": 1})


@pytest.mark.parametrize("variables", [{}, {"id": None}, {"id": ["IC_1"]}])
def test_a_query_without_what_it_needs_is_refused(variables: dict[str, Any]) -> None:
    with pytest.raises(Undescribed, match=r"\$id"):
        schema().answer(EDITOR, variables, ROOT)


@pytest.mark.parametrize(
    ("node", "why"),
    [
        ({**COMMENT, "__typename": "Remark"}, "Remark"),
        ({**COMMENT, "author": {**WHO, "databaseId": "seven"}}, "Int cannot represent"),
        ({**COMMENT, "author": {**WHO, "databaseId": 2**31}}, "Int cannot represent"),
        ({**COMMENT, "author": {"__typename": "Issue", "databaseId": 7}}, "Issue"),
        ({**COMMENT, "author": {"__typename": "User"}}, "does not know User.databaseId"),
        ({"__typename": "IssueComment", "author": WHO}, "does not know IssueComment.editor"),
        ({**COMMENT, "colour": "red"}, "IssueComment has no colour"),
    ],
)
def test_an_answer_that_github_would_not_give_is_refused(node: dict[str, Any], why: str) -> None:
    with pytest.raises(Undescribed) as refused:
        schema().answer(EDITOR, ID, {**ROOT, "node": node})
    assert why in str(refused.value)


async def test_a_query_that_github_does_not_know_fails_loudly_on_the_way(shop: GitHubWorkshop) -> None:
    client = shop.client()
    with pytest.raises(ForgeError, match="Cannot query field 'nickname' on type 'User'"):
        await client.graphql(EDITOR.replace("databaseId", "nickname"), ID)
    assert shop.hub.violations != []
    shop.hub.violations.clear()


async def test_a_wrong_answer_of_the_fake_fails_loudly_on_the_way(
    shop: GitHubWorkshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = shop.repo.open_issue(by="ann", title="An impasse", body="/resolve")
    monkeypatch.setattr(answers_graphql, "_actor", lambda who: {"__typename": who.type, "id": who.id})
    with pytest.raises(ForgeError, match="not as GitHub describes it"):
        await shop.client().graphql(EDITOR, {"id": f"I_{shop.repo.id}_{issue.number}"})
    assert shop.hub.violations != []
    shop.hub.violations.clear()


def test_the_extract_keeps_what_is_asked_and_leaves_out_what_speaks_of_other_types() -> None:
    package = {"version": "1.2.3", "license": "MIT"}
    whole = FILE.read_text(encoding="utf-8")
    wide = whole.replace("type Issue implements Node {", "type Issue implements Node & Lockable {\n  repo: Repository!")
    wide += '\ntype Repository {\n  "A name."\n  name: String!\n}\n\ninterface Lockable {\n  locked: Boolean!\n}\n'
    assert extracted(wide, package).partition("\n")[2] == whole.partition("\n")[2]
