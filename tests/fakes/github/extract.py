"""Takes from GitHub's own OpenAPI description what the bot uses: `python -m tests.fakes.github.extract [VERSION]`.

It needs npm. The extract is plain JSON Schema: OpenAPI's `nullable` becomes a type, words and examples are left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = "@octokit/openapi"
FILE: Final = Path(__file__).parents[2] / "data" / "github" / "openapi.json"
REPO: Final = "/repos/{owner}/{repo}"
OPERATIONS: Final[dict[str, str]] = {
    "/app": "get",
    "/app/installations/{installation_id}": "get",
    "/app/installations/{installation_id}/access_tokens": "post",
    "/app/hook/config": "get",
    "/app/hook/deliveries": "get",
    "/app/hook/deliveries/{delivery_id}/attempts": "post",
    "/installation/repositories": "get",
    "/rate_limit": "get",
    "/user": "get",
    "/user/{account_id}": "get",
    "/users/{username}": "get",
    REPO: "get",
    f"{REPO}/installation": "get",
    f"{REPO}/branches/{{branch}}": "get",
    f"{REPO}/rules/branches/{{branch}}": "get",
    f"{REPO}/collaborators/{{username}}/permission": "get",
    f"{REPO}/commits": "get",
    f"{REPO}/commits/{{ref}}": "get",
    f"{REPO}/commits/{{ref}}/check-runs": "get",
    f"{REPO}/commits/{{commit_sha}}/pulls": "get",
    f"{REPO}/compare/{{basehead}}": "get",
    f"{REPO}/events": "get",
    f"{REPO}/git/blobs": "post",
    f"{REPO}/git/blobs/{{file_sha}}": "get",
    f"{REPO}/git/trees": "post",
    f"{REPO}/git/trees/{{tree_sha}}": "get",
    f"{REPO}/git/commits": "post",
    f"{REPO}/git/commits/{{commit_sha}}": "get",
    f"{REPO}/git/refs": "post",
    f"{REPO}/git/ref/{{ref}}": "get",
    f"{REPO}/git/refs/{{ref}}": "patch",
    f"{REPO}/pulls": "get post",
    f"{REPO}/pulls/comments": "get",
    f"{REPO}/pulls/{{pull_number}}": "get patch",
    f"{REPO}/pulls/{{pull_number}}/commits": "get",
    f"{REPO}/pulls/{{pull_number}}/files": "get",
    f"{REPO}/pulls/{{pull_number}}/reviews": "get",
    f"{REPO}/issues": "get post",
    f"{REPO}/issues/comments": "get",
    f"{REPO}/issues/comments/{{comment_id}}": "get patch",
    f"{REPO}/issues/comments/{{comment_id}}/reactions": "get post",
    f"{REPO}/issues/{{issue_number}}": "get patch",
    f"{REPO}/issues/{{issue_number}}/comments": "get post",
    f"{REPO}/issues/{{issue_number}}/labels": "get post",
    f"{REPO}/issues/{{issue_number}}/reactions": "get post",
    f"{REPO}/labels/{{name}}": "get",
    f"{REPO}/check-runs": "post",
    f"{REPO}/check-runs/{{check_run_id}}": "get patch",
}
"""The operations that the bot uses, by path."""
_WORDS: Final = {"description", "summary", "example", "examples", "externalDocs", "tags", "title", "deprecated"}
_NAMED: Final = {"properties", "schemas", "parameters", "responses", "patternProperties"}
"""Where keys are names and not OpenAPI's words."""


def main() -> None:
    """Fetch the package and write the extract."""
    members = fetched(PACKAGE, sys.argv[1:], "package/generated/api.github.com.json", "package/package.json")
    whole, package = (json.loads(text) for text in members.values())
    text = json.dumps(extract(whole, package), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    FILE.write_text(text.replace('"/repos', '\n"/repos').replace(',"components"', ',\n"components"') + "\n")
    print(f"{FILE.name}: {FILE.stat().st_size} bytes of {PACKAGE} {package['version']}")  # noqa: T201


def fetched(package: str, version: Sequence[str], *names: str) -> dict[str, bytes]:
    """These files of an npm package, of the newest version if none is given."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = "@".join([package, *version[:1]])
        subprocess.run(["npm", "pack", "--silent", wanted], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            return {name: _member(tar, name) for name in names}


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    found = tar.extractfile(name)
    if found is None:
        raise LookupError(f"{name} is not in the package")
    return found.read()


def extract(whole: dict[str, Any], package: dict[str, Any]) -> dict[str, Any]:
    """The operations of OPERATIONS and every schema that they reach."""
    paths: dict[str, Any] = {}
    for path, methods in OPERATIONS.items():
        paths[path] = {method: _operation(whole, whole["paths"][path][method]) for method in methods.split()}
    schemas: dict[str, Any] = {}
    left = list(_references(paths))
    while left:
        name = left.pop()
        if name not in schemas:
            schemas[name] = _plain(whole["components"]["schemas"][name])
            left.extend(_references(schemas[name]))
    provenance = {
        "package": PACKAGE,
        "version": package["version"],
        "license": package["license"],
        "file": "generated/api.github.com.json",
        "api": whole["info"]["title"],
    }
    return {"x-provenance": provenance, "paths": paths, "components": {"schemas": schemas}}


def _operation(whole: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """An operation with its parameters and responses written out."""
    made: dict[str, Any] = {"operationId": operation["operationId"]}
    parameters = [_resolved(whole, each) for each in operation.get("parameters", ())]
    made["parameters"] = [
        {
            "name": each["name"],
            "in": each["in"],
            "required": each.get("required", False),
            "schema": _plain(each["schema"]),
        }
        for each in parameters
    ]
    body = operation.get("requestBody")
    if body is not None:
        made["requestBody"] = {
            "required": body.get("required", False),
            "schema": _plain(body["content"]["application/json"]["schema"]),
        }
    made["responses"] = {}
    for status, response in operation["responses"].items():
        content = _resolved(whole, response).get("content", {}).get("application/json")
        made["responses"][status] = None if content is None else _plain(content["schema"])
    return made


def _resolved(whole: dict[str, Any], thing: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in thing:
        found: Any = whole
        for part in thing["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        thing = found
    return thing


def _plain(schema: Any, *, names: bool = False) -> Any:
    """A schema as JSON Schema has it, without words. `names`: its keys are names of properties."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if names:
        return {key: _plain(value) for key, value in schema.items()}
    made = {
        key: _plain(value, names=key in _NAMED)
        for key, value in schema.items()
        if key not in _WORDS and not key.startswith("x-") and key != "nullable"
    }
    return _nullable(made) if schema.get("nullable") else made


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "type" in schema and "allOf" not in schema and "$ref" not in schema:
        wide = {**schema, "type": [schema["type"], "null"]}
        if "enum" in schema:
            wide["enum"] = [*(each for each in schema["enum"] if each is not None), None]
        return wide
    return {"anyOf": [schema, {"type": "null"}]} if schema else {}


def _references(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        target = thing.get("$ref")
        if isinstance(target, str):
            yield target.rpartition("/")[2]
        for value in thing.values():
            yield from _references(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _references(value)


if __name__ == "__main__":
    main()
