"""Files of a repository on GitHub that are called as they are wanted: at the top, in `.github` and in `docs`."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Final

from adapters.github.auth import Ask
from adapters.github.client import Client, part
from bot.ports import ForgeError

FOLDERS: Final = (".github", "docs")
REGULAR: Final = ("100644", "100755")
MOST: Final = 12
"""Files that are read at most: without a token GitHub answers sixty questions an hour."""


class NoAuth:
    """Nobody: what is public can be read."""

    async def header(self, path: str, ask: Ask) -> str:
        return ""

    def renew(self) -> bool:
        return False


async def glance(client: Client, wanted: Callable[[str], bool]) -> Mapping[str, bytes]:
    """The files by their paths, at the head of the default branch. Raises ForgeError."""
    found: dict[str, bytes] = {}
    async with client.use():
        branch = str((await client.get(client.repo()))["default_branch"])
        head = await client.get(client.repo(f"/git/ref/heads/{part(branch)}"))
        commit = await client.get(client.repo(f"/git/commits/{head['object']['sha']}"))
        names = await _names(client, str(commit["tree"]["sha"]))
        for name in [each for each in names if wanted(each)][:MOST]:
            try:
                said = await client.get(client.repo(f"/git/blobs/{names[name]}"))
                found[name] = base64.b64decode(said["content"])
            except (ForgeError, binascii.Error, KeyError, TypeError):
                continue
    return found


async def _names(client: Client, top: str) -> Mapping[str, str]:
    """The regular files of the folders that are looked into, with their blobs."""
    found: dict[str, str] = {}
    folders = [("", top)]
    while folders:
        prefix, sha = folders.pop(0)
        for each in (await client.get(client.repo(f"/git/trees/{sha}")))["tree"]:
            if each["mode"] in REGULAR:
                found[prefix + str(each["path"])] = str(each["sha"])
            elif not prefix and each["type"] == "tree" and each["path"] in FOLDERS:
                folders.append((f"{each['path']}/", str(each["sha"])))
    return found
