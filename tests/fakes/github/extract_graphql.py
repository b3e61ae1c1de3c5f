"""Takes from GitHub's GraphQL schema what the bot asks of: `python -m tests.fakes.github.extract_graphql [VERSION]`.

It needs npm. The extract holds the types that the bot's queries name, with all their fields that need no other type.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from graphql import (
    DefinitionNode,
    DocumentNode,
    FieldDefinitionNode,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_ast_schema,
    get_named_type,
    parse,
    print_ast,
    specified_scalar_types,
    visit,
)

from adapters.github.threads import EDITOR
from tests.fakes.github.extract import fetched

PACKAGE: Final = "@octokit/graphql-schema"
FILE: Final = Path(__file__).parents[2] / "data" / "github" / "schema.graphql"
QUERIES: Final = (EDITOR,)
"""Every query that the bot asks."""
Fields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode


def main() -> None:
    """Fetch the package and write the extract."""
    members = fetched(PACKAGE, sys.argv[1:], "package/schema.graphql", "package/package.json")
    package = json.loads(members["package/package.json"])
    FILE.write_text(extract(members["package/schema.graphql"].decode(), package), encoding="utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size} bytes of {PACKAGE} {package['version']}")  # noqa: T201


def extract(text: str, package: dict[str, Any]) -> str:
    """The schema of this text without what QUERIES do not reach, and where it is from."""
    whole = parse(text, no_location=True)
    schema = build_ast_schema(whole, assume_valid_sdl=True)
    named = set().union(*(_named(schema, parse(query)) for query in QUERIES))
    scalars = {each.name.value for each in whole.definitions if isinstance(each, ScalarTypeDefinitionNode)}
    known = named | scalars | set(specified_scalar_types)
    types = [
        _pruned(each, known) for each in whole.definitions if isinstance(each, Fields) and each.name.value in named
    ]
    mentioned = {name for each in types for name in _mentioned(each)}
    kept: list[DefinitionNode] = [
        replace(each, description=None, directives=())
        for each in whole.definitions
        if isinstance(each, ScalarTypeDefinitionNode) and each.name.value in mentioned
    ]
    source = f"# {PACKAGE} {package['version']}, {package['license']}, schema.graphql: an extract\n\n"
    return source + print_ast(DocumentNode(definitions=(*kept, *types))) + "\n"


class _Types(Visitor):
    """Notes the types that a query passes through."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.found: set[str] = set()

    def enter(self, *_: Any) -> None:
        for each in (self._info.get_parent_type(), self._info.get_type()):
            if each is not None:
                self.found.add(get_named_type(each).name)


def _named(schema: GraphQLSchema, query: DocumentNode) -> set[str]:
    info = TypeInfo(schema)
    types = _Types(info)
    visit(query, TypeInfoVisitor(info, types))
    return types.found


def _pruned(kind: Fields, known: set[str]) -> Fields:
    """The type with those of its fields that speak of known types alone; that one is deprecated stays said."""
    fields = [
        replace(each, description=None, arguments=_bare(each.arguments), directives=_deprecated(each))
        for each in kind.fields or ()
        if _mentioned(each) <= known
    ]
    interfaces = tuple(each for each in kind.interfaces or () if each.name.value in known)
    return replace(kind, description=None, directives=(), interfaces=interfaces, fields=tuple(fields))


def _bare(arguments: Sequence[Any] | None) -> tuple[Any, ...]:
    return tuple(replace(each, description=None, directives=()) for each in arguments or ())


def _deprecated(field: FieldDefinitionNode) -> tuple[Any, ...]:
    return tuple(each for each in field.directives or () if each.name.value == "deprecated")


class _Names(Visitor):
    """Notes the types that a part of a schema mentions."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_named_type(self, node: NamedTypeNode, *_: Any) -> None:
        self.found.add(node.name.value)


def _mentioned(node: Node) -> set[str]:
    names = _Names()
    visit(node, names)
    return names.found


if __name__ == "__main__":
    main()
