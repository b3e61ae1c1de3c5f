"""`pr show` and `pr patch`: the draft pull requests of local repositories, to be opened with any tool."""

from __future__ import annotations

from pathlib import Path

from bot import config as configs
from bot.wiring import local_forge_of


async def shown(config: Path, number: int) -> str:
    """A draft in words. Raises LookupError if there is none of this number."""
    loaded = configs.load(config)
    for table in loaded.repository:
        forge = local_forge_of(table, loaded)
        for draft in await forge.drafts() if forge is not None else ():
            if draft.number == number:
                head = f"{draft.title}\n\nRepository: {table.name}\nBranch: {draft.branch} ({draft.state})\n"
                return f"{head}Commit: {draft.commit}\n\n{draft.body}\n{draft.diff}"
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
