"""Writes the site into a folder: only what differs, and away with what it wrote before and is no more."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.site.pages import Pages

MANIFEST: Final = ".folkmoot-site.json"
"""The names of the files that were written, in the folder itself: nothing else there is ever touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was done, or with `dry` what would have been: paths inside the folder."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


def write_site(
    pages: Pages, folder: Path, *, dry: bool = False, progress: Callable[[int, int], None] | None = None
) -> Written:
    """Write every file of the site. Raises FileExistsError for a folder that holds anything that is not the site's.

    A link in the folder is such a thing: whoever may write there, as to a branch of pages, would choose what is
    replaced.
    """
    before = _manifest(folder)
    paths = list(pages.paths())
    for path in {*paths, *before, MANIFEST}:
        _no_links(folder, path)
    written: list[str] = []
    unchanged: list[str] = []
    for index, path in enumerate(paths):
        file = pages.render(path)
        if file is not None:
            same = _same(folder / path, file.data)
            (unchanged if same else written).append(path)
            if not same and not dry:
                _write(folder / path, file.data)
        if progress is not None:
            progress(index + 1, len(paths))
    there = {*written, *unchanged}
    removed = [path for path in before if path not in there and (folder / path).is_file()]
    if not dry:
        for path in removed:
            (folder / path).unlink()
        _write(folder / MANIFEST, (json.dumps(sorted(there), indent=0) + "\n").encode())
    return Written(written=tuple(written), unchanged=tuple(unchanged), removed=tuple(removed))


def _manifest(folder: Path) -> list[str]:
    """What an earlier run has written here; nothing for a folder that is empty or not there."""
    try:
        known = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        known = None
    except ValueError as error:
        raise FileExistsError(
            17, f"is damaged ({error}); remove the folder and write it anew", folder / MANIFEST
        ) from None
    if known is None:
        if folder.is_dir() and any(folder.iterdir()):
            raise FileExistsError(
                17, "is not empty, and was not written by folkmoot site; name an empty folder", folder
            )
        return []
    return [path for path in known if isinstance(path, str) and _inside(path)]


def _inside(path: str) -> bool:
    """Whether a path of the manifest is one that this program can have written."""
    parts = path.split("/")
    return len(parts) <= 2 and all(part and not part.startswith(".") and "\\" not in part for part in parts)


def _no_links(folder: Path, path: str) -> None:
    place = folder
    for part in path.split("/"):
        place = place / part
        if place.is_symlink():
            raise FileExistsError(17, "is a link, and was not written by folkmoot site; remove it", place)


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except FileNotFoundError:
        return False


def _write(path: Path, data: bytes) -> None:
    """Replace a file in one step: a reader sees the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with new.open("xb") as stream:  # never through a link
        stream.write(data)
    os.replace(new, path)
