"""The reactions that are ballots, by the names and characters that platforms use; no other one counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.core.commands import Choice

BALLOTS: Final[Mapping[str, Choice]] = {
    "👍": "yes",
    "+1": "yes",
    "thumbsup": "yes",
    "✅": "yes",
    "white_check_mark": "yes",
    "✔": "yes",
    "heavy_check_mark": "yes",
    "👎": "no",
    "-1": "no",
    "thumbsdown": "no",
    "❌": "no",
    "x": "no",
    "🤷": "abstain",
    "shrug": "abstain",
    "man-shrugging": "abstain",
    "woman-shrugging": "abstain",
    "⚪": "abstain",
    "white_circle": "abstain",
}
FORGE_BALLOTS: Final[Mapping[str, Choice]] = {"+1": "yes", "-1": "no", "eyes": "abstain"}
"""The same for a forge, which has eight reactions and no more: thumbs, and eyes for who only looks on."""
FORGE_SHOWN: Final = ("👍", "👎", "👀")
"""How those look, in the order yes, no, abstain."""
SHOWN: Final = ("👍", "👎", "🤷")
"""What a poll message offers, in the order yes, no, abstain."""

_TONES: Final = dict.fromkeys([*range(0x1F3FB, 0x1F400), 0xFE0F])


def choice_of(emoji: str) -> Choice | None:
    """The ballot that a reaction casts, whatever its skin tone, or None where it counts for nothing."""
    plain = emoji.translate(_TONES).split("::")[0].split("\u200d")[0]
    return BALLOTS.get(plain)
