"""docs/reference/policy.md: the keys from bot/core/policy.py, their meaning from the comments of the shipped policy."""

from __future__ import annotations

from typing import Final

from bot.core import policy
from bot.core.threshold import Threshold, parse_threshold
from bot.rulebooks import shipped
from tests.docs.files import POLICIES
from tests.docs.markdown import choices, cited, code, page, sentence, table
from tests.docs.tomlnotes import notes

TOP: Final = {
    "schema": (f"`{policy.SCHEMA}`", "the version of this format"),
    "name": ("text", "what the policy is called in pull requests"),
    "document": ("text", "the governance document that it stands for"),
}
EXTENDS: Final = "another table under `[motion]`: this one has the same values, except for those it sets itself"
_WORDS: Final = {"role": "the role that the person gets"}
_FORMS: Final = {
    "threshold": "a fraction with its sign: `>=66/100` (at least) or `>2/3` (more than); no percentages, no decimals",
    "window": "`5bd` (business days), `7d` (days) or `72h` (hours); at most a year",
    "cool-down": "as `window`; `0d` for none",
    "clause": "text",
    "yes-exceeds-no": "`true` or `false`",
    "evidence-months": "whole number, 0 to 120",
}
SHARES: Final = (">=66/100", ">=33/100", ">=2/3")
COUNTS: Final = (*range(1, 16), 50, 100)


def allowed(key: str) -> str:
    """The values that a key can have, in Markdown; empty for one that nobody has described."""
    values = policy._CHOICES.get(key)
    return choices(values) if values else _FORMS.get(key, "")


def meaning(key: str) -> str:
    """What the shipped policy's comment says about a key of a motion."""
    said = notes((POLICIES / "distribution.toml").read_text(encoding="utf-8"))
    return said.keys.get(f"motion.add-maintainer.{key}") or _WORDS.get(key, "")


def policies() -> str:
    """The page."""
    top = [(code(key), values, "required", sentence(words)) for key, (values, words) in TOP.items()]
    head = ("Key", "Values", "Default", "Meaning")
    keys = sorted(policy.KEYS, key=lambda key: (key not in policy._REQUIRED, _place(key)))
    rows = [(code(key), allowed(key), _default(key), cited(sentence(meaning(key)))) for key in keys]
    rows.append((code("extends"), "name of a table", "none", sentence(EXTENDS)))
    names = ", ".join(f"[{name}](../../bot/policies/{name}.toml)" for name in shipped())
    return page(
        "Policy",
        "bot/core/policy.py, bot/core/threshold.py and bot/policies/distribution.toml",
        "A policy is a governance document as data: one TOML file, one table for each kind of motion. An unknown key "
        "or value is an error, never ignored. The policy in force is copied into the event that opens a motion, so a "
        f"later change of the file does not touch an open vote. Shipped: {names}. Which policy a repository has is the "
        "setting `policy` of [its configuration](configuration.md); why the shipped one says what it says is in "
        "[governance choices](../explanation/governance-choices.md).",
        "## The file\n\n" + table(head, top),
        "## `[motion.NAME]`\n\nA kind of motion; `NAME` is free, and `add-maintainer` and `add-reviewer` in the "
        "shipped policy.\n\n" + table(head, rows),
        _counts(),
    )


def _place(key: str) -> int:
    """Where the key stands in the shipped policy: the page keeps that order."""
    said = notes((POLICIES / "distribution.toml").read_text(encoding="utf-8"))
    order = list(said.keys)
    path = f"motion.add-maintainer.{key}"
    return order.index(path) if path in order else len(order)


def _default(key: str) -> str:
    if key in policy._REQUIRED:
        return "required"
    value = policy._DEFAULTS[key]
    return code(str(value).lower() if isinstance(value, bool | int) else f'"{value}"')


def _counts() -> str:
    """How many yes are needed, worked out by the code that counts votes."""
    shares = [parse_threshold(text) for text in SHARES]
    head = ("Maintainers", *(code(text) for text in SHARES))
    rows = [(str(of), *(_worked(share, of) for share in shares)) for of in COUNTS]
    two_thirds, third = parse_threshold(">=2/3"), parse_threshold(">=1/3")
    text = (
        "Counted exactly, with integers and fractions. 66% is not 2/3: the needed number first differs at "
        f"{_first_difference(shares[0], two_thirds)} maintainers. 33% and 1/3 first differ at "
        f"{_first_difference(shares[1], third)}. The maintainers are those in the electorate; the candidate is none "
        "of them."
    )
    return f"## How many yes are needed\n\n{text}\n\n{table(head, rows)}"


def _worked(share: Threshold, of: int) -> str:
    return f"**{share.needed(of)}** ({share.arithmetic(of).rpartition(', so ')[0]})"


def _first_difference(one: Threshold, other: Threshold) -> int:
    return next(of for of in range(1, 1000) if one.needed(of) != other.needed(of))
