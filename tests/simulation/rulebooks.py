"""The rules of the simulated repositories: the shipped policies, and one with the options that those lack."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from bot import rulebooks
from bot.core.policy import Rulebook

GUILD: Final = """
schema = 1
name = "guild"
document = "GOVERNANCE.md"

[motion.add-maintainer]
kind = "add"
role = "maintainer"
clause = "New guild members"
threshold = ">1/2"
window = "3bd"
secrecy = "blinded"
visibility = "private"
evidence-months = 1
cool-down = "3d"
enactment = "invite"

[motion.add-reviewer]
kind = "add"
role = "reviewer"
clause = "Apprentices"
electorate = "live"
threshold = ">=1/3"
yes-exceeds-no = true
window = "2bd"
close = "early-certain"
visibility = "public"
evidence-months = 0
enactment = "draft-pr"

[motion.remove]
kind = "remove"
clause = "Leaving the guild"
exclude = ["subject"]
threshold = ">=66/100"
discussion = "1bd"
window = "3bd"
window-start = "draft"
enactment = "draft-pr"

[motion.step-down]
kind = "step-down"
clause = "Retiring"
initiators = "subject"
enactment = "draft-pr"

[motion.resolution]
kind = "resolution"
clause = "Disputes"
initiators = "anyone"
ballot = "yes-no"
threshold = ">=2/3"
window = "3bd"
visibility = "public"
enactment = "record"
record-path = "docs/decisions"

[motion.idea]
kind = "generic"
clause = "Silence is consent"
lazy = true
objection = "escalate"
threshold = ">1/2"
of = "cast-non-abstain"
window = "72h"
visibility = "public"
enactment = "none"

[motion.budget]
kind = "generic"
clause = "Money"
seconds = 2
discussion = "1bd"
electorate = "live"
objection = "extend"
revote = "none"
threshold = ">1/2"
of = "cast"
quorum = ">=1/4"
on-no-quorum = "extend"
window = "4d"
visibility = "public"
enactment = "record"
record-path = "docs/budget"

[motion.charter]
kind = "generic"
clause = "The charter itself"
silence = "yes"
max-no = 2
max-missing = 20
exclude = ["proposer"]
threshold = ">=60/100"
of = "cast"
window = "4bd"
visibility = "private"
enactment = "none"
"""
SHIPPED: Final = ("distribution", "apache", "containerd", "conda", "oci-image-spec")
NAMES: Final = ("distribution", "guild", *SHIPPED[1:], "own")
"""`own` is the guild's policy as a file of the repository itself."""


@cache
def rulebook(name: str) -> Rulebook:
    """The rulebook of this name."""
    if name in {"guild", "own"}:
        return rulebooks.parse(GUILD, file="guild.toml")
    return rulebooks.load(name, beside=Path())
