"""`pr show` and `pr patch`: the draft pull requests of local repositories, to be opened with any tool."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from bot import config as configs
from bot.reports import Printed, rfc3339
from bot.wiring import local_forge_of


async def shown(config: Path, number: int) -> Printed:
    """A draft in words and as data. Raises LookupError if there is none of this number."""
    loaded = configs.load(config)
    for table in loaded.repository:
        forge = local_forge_of(table, loaded)
        for draft in await forge.drafts() if forge is not None else ():
            if draft.number == number:
                head = f"{draft.title}\n\nRepository: {table.name}\nBranch: {draft.branch} ({draft.state})\n"
                text = f"{head}Commit: {draft.commit}\n\n{draft.body}\n{draft.diff}".removesuffix("\n")
                return Printed(text=text, data={"repository": table.name, **asdict(draft), "at": rfc3339(draft.at)})
    raise LookupError(f"there is no draft of motion {number}")


async def patch(config: Path, number: int) -> str:
    """A draft as a patch. Raises LookupError if there is none of this number."""
    loaded = configs.load(config)
    for table in loaded.repository:
        forge = local_forge_of(table, loaded)
        for draft in await forge.drafts() if forge is not None else ():
            if forge is not None and draft.number == number:
                return await forge.patch_of(draft.branch)
    raise LookupError(f"there is no draft of motion {number}")
