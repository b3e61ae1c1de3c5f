"""What is measured while the bot runs: the calls that its parts make. Here they do nothing; `bot.metrics` counts.

No name, login, account or text of anybody goes in: platforms and forges by their kind only.
"""

from __future__ import annotations


class Meter:
    """Takes measurements and keeps none."""

    def answered(self, seconds: float, *, recorded: bool) -> None:
        """A member's request was answered; `recorded` is false where it broke or could not be stored."""

    def delivered(self, platform: str) -> None:
        """Something arrived at a platform or a forge."""

    def failed(self, platform: str) -> None:
        """A delivery failed; it is tried again or parked."""

    def paused(self, platform: str) -> None:
        """A place of this platform or forge is left in peace for a while."""

    def committed(self, seconds: float, *, stored: bool) -> None:
        """The ledger has committed a group, or could not. Called in the writer's thread."""
