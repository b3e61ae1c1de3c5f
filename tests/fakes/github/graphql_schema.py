"""GitHub's own GraphQL schema (an extract): a query is held to it, and carried out by it, so that the answer is too.

Must never be weakened to let a query pass: what is not in the schema, neither side may say.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    NoDeprecatedCustomRule,
    build_schema,
    execute_sync,
    parse,
    specified_rules,
    validate,
)

from tests.fakes.github.description import Undescribed
from tests.fakes.github.extract_graphql import FILE

RULES: Final = (*specified_rules, NoDeprecatedCustomRule)
"""What GitHub means to take away may not be asked for either."""
Thing = Mapping[str, Any]
"""An object of an answer: its fields, and its type as `__typename`."""


class Schema:
    """The extract, ready to answer by."""

    def __init__(self, text: str) -> None:
        self.source = text.partition("\n")[0]
        self._schema = build_schema(text)

    def answer(self, query: str, variables: Mapping[str, Any], root: Thing) -> dict[str, Any]:
        """What the query finds, starting at this root. Raises Undescribed for a query or a find that cannot be."""
        try:
            document = parse(query)
        except GraphQLError as error:
            raise Undescribed(f"graphql: {error.message}") from error
        _none_of(validate(self._schema, document, RULES))
        result: ExecutionResult = execute_sync(
            self._schema,
            document,
            root_value=root,
            variable_values=dict(variables),
            field_resolver=_field,
            type_resolver=lambda thing, *_: str(thing["__typename"]),
        )
        _none_of(result.errors or [])
        return result.data or {}


def _field(thing: Thing, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
    """A field of a thing, which must know all that it is asked and hold nothing that its type does not have."""
    kind: GraphQLObjectType = info.parent_type
    if unknown := set(thing) - set(kind.fields) - {"__typename"}:
        raise GraphQLError(f"{kind.name} has no {', '.join(sorted(unknown))}")
    if info.field_name not in thing:
        raise GraphQLError(f"the fake does not know {kind.name}.{info.field_name}")
    return thing[info.field_name]


def _none_of(errors: list[GraphQLError]) -> None:
    if errors:
        raise Undescribed("graphql: " + "; ".join(each.message for each in errors[:5]))


@cache
def schema() -> Schema:
    """The schema, read once."""
    return Schema(FILE.read_text(encoding="utf-8"))
