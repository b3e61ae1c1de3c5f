"""GitHub's own description of its API (an extract): checks requests and responses, and fills what nobody looks at.

Must never be weakened to let a request pass: what GitHub does not describe, neither side may say.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.fakes.github.extract import FILE

_URI: Final = "urn:github"
_GREEDY: Final = {"ref", "basehead", "branch"}
"""Parameters that may hold a slash."""


class Undescribed(AssertionError):
    """A request or a response that GitHub's description does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path."""

    method: str
    path: str
    name: str
    parameters: tuple[dict[str, Any], ...]
    body: dict[str, Any] | None
    responses: Mapping[str, Any]


class Description:
    """The extract, ready to check with. What was found good once is not checked again."""

    def __init__(self) -> None:
        self._whole: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
        resource = DRAFT202012.create_resource(self._whole)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)
        self._operations = [
            (method.upper(), _pattern(path), self._operation(method, path, operation))
            for path, methods in sorted(
                self._whole["paths"].items(), key=lambda item: (item[0].count("{"), -len(item[0]))
            )
            for method, operation in methods.items()
        ]
        self._good: set[bytes] = set()

    @property
    def provenance(self) -> Mapping[str, str]:
        """Where the extract is from."""
        found: dict[str, str] = self._whole["x-provenance"]
        return found

    def operation(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """The operation and the parameters in the path. Raises Undescribed."""
        for verb, pattern, operation in self._operations:
            found = pattern.fullmatch(path) if verb == method else None
            if found is not None:
                return operation, found.groupdict()
        raise Undescribed(f"{method} {path} is not described")

    def check_request(self, operation: Operation, query: Mapping[str, str], body: object) -> None:
        """Raise Undescribed for a parameter or a body that is not as described."""
        described = {each["name"]: each["schema"] for each in operation.parameters if each["in"] == "query"}
        for name, value in query.items():
            if name not in described:
                raise Undescribed(f"{operation.name}: no parameter {name}")
            self._check(f"{operation.name}?{name}", self._typed(value, described[name]), described[name])
        if operation.body is None:
            if body is not None:
                raise Undescribed(f"{operation.name} takes no body")
            return
        if body is None:
            if operation.body["required"]:
                raise Undescribed(f"{operation.name} wants a body")
            return
        self._check(f"{operation.name} body", body, operation.body["schema"])

    def check_response(self, operation: Operation, status: int, body: object) -> None:
        """Raise Undescribed for a status or a body that is not as described.

        Some of what every operation may answer (limits, faults, missing rights) is described nowhere.
        """
        if str(status) in operation.responses:
            schema = operation.responses[str(status)]
            if schema is not None:
                self._check(f"{operation.name} {status}", body, schema)
        elif status < 400:
            raise Undescribed(f"{operation.name} does not answer {status}")

    def fill(self, schema: str, **known: Any) -> dict[str, Any]:
        """An object of this schema: what is known of it, and made-up values for the rest that is required."""
        return {**_filled(self._whole, schema), **known}

    def _operation(self, method: str, path: str, operation: dict[str, Any]) -> Operation:
        return Operation(
            method=method.upper(),
            path=path,
            name=operation["operationId"],
            parameters=tuple(operation["parameters"]),
            body=operation.get("requestBody"),
            responses=operation["responses"],
        )

    def _check(self, what: str, value: object, schema: dict[str, Any]) -> None:
        text = json.dumps(value, sort_keys=True)
        key = hashlib.sha256(f"{what}\0{text}".encode()).digest()
        if key in self._good:
            return
        whole = {"$schema": DRAFT202012_URI, "$id": _URI + ":x", **_absolute(schema)}
        errors = [
            f"{'/'.join(map(str, error.absolute_path)) or '.'}: {error.message[:300]}"
            for error in Draft202012Validator(whole, registry=self._registry).iter_errors(value)
        ]
        errors += list(self._unknown(value, schema, ""))
        if errors:
            raise Undescribed(f"{what}: {'; '.join(errors[:5])}")
        self._good.add(key)

    def _unknown(self, value: object, schema: dict[str, Any], where: str) -> Iterator[str]:
        """Keys that the description does not name."""
        if isinstance(value, list):
            for item in value:
                for part in self._parts(schema):
                    if "items" in part:
                        yield from self._unknown(item, part["items"], where + "[]")
                        break
        elif isinstance(value, dict):
            parts = list(self._parts(schema))
            named = {name: part for part in parts for name, part in part.get("properties", {}).items()}
            if not named or any("additionalProperties" in part for part in parts):
                return
            for key, below in value.items():
                if key not in named:
                    yield f"{where}/{key} is not described"
                else:
                    yield from self._unknown(below, named[key], f"{where}/{key}")

    def _parts(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The schema and all that it is made of."""
        if "$ref" in schema:
            yield from self._parts(self._whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        yield schema
        for kind in ("allOf", "anyOf", "oneOf"):
            for each in schema.get(kind, ()):
                yield from self._parts(each)

    def _typed(self, text: str, schema: dict[str, Any]) -> object:
        kinds = {kind for part in self._parts(schema) for kind in _list(part.get("type"))}
        if "integer" in kinds and text.isdecimal():
            return int(text)
        return {"true": True, "false": False}.get(text, text) if "boolean" in kinds else text


DRAFT202012_URI: Final = "https://json-schema.org/draft/2020-12/schema"


@cache
def description() -> Description:
    """The description, read once."""
    return Description()


def _list(kinds: object) -> list[Any]:
    return kinds if isinstance(kinds, list) else [kinds]


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    made = "".join(
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>{'.+' if part in _GREEDY else '[^/]+'})"
        for place, part in enumerate(parts)
    )
    return re.compile(made)


def _absolute(schema: Any) -> Any:
    """The schema with its references into the extract."""
    if isinstance(schema, list):
        return [_absolute(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _URI + value if key == "$ref" and isinstance(value, str) else _absolute(value)
        for key, value in schema.items()
    }


def _filled(whole: dict[str, Any], name: str) -> dict[str, Any]:
    schema = whole["components"]["schemas"][name]
    made: dict[str, Any] = _value(whole, {**schema, "type": "object"} if "properties" in schema else schema, "")
    return made


def _value(whole: dict[str, Any], schema: dict[str, Any], key: str) -> Any:
    """The plainest value of a schema: null where that is allowed, else only what is required."""
    if "$ref" in schema:
        return _value(whole, whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]], key)
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        null = {"type": "null"} in choices
        return None if null else _value(whole, choices[0], key)
    if "allOf" in schema:
        merged: dict[str, Any] = {}
        for each in schema["allOf"]:
            merged.update(_value(whole, each, key))
        return merged
    kinds = _list(schema.get("type"))
    if "null" in kinds:
        return None
    if "enum" in schema:
        return schema["enum"][0]
    match kinds[0]:
        case "object":
            known = schema.get("properties", {})
            return {each: _value(whole, known[each], each) for each in schema.get("required", ()) if each in known}
        case "array":
            return []
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return False
    formats = {"date-time": "2026-01-01T00:00:00Z", "uri": f"https://forge.example/{key}", "email": "x@example.org"}
    return formats.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
