"""docs/reference/policy.md: the keys from bot/core/schema.py, their meaning from the comments of the shipped policy."""

from __future__ import annotations

from typing import Final

from bot.core import schema
from bot.core.contradictions import RULES
from bot.core.threshold import Threshold, parse_threshold
from bot.rulebooks import shipped
from tests.docs.files import POLICIES
from tests.docs.markdown import choices, cited, code, page, sentence, table
from tests.docs.tomlnotes import notes

TOP: Final = {
    "schema": (f"`{schema.SCHEMA}`", "the version of this format"),
    "name": ("text", "what the policy is called in pull requests"),
    "document": ("text", "the governance document that it stands for"),
}
EXTENDS: Final = "another table under `[motion]`: this one has the same values, except for those it sets itself"
_WORDS: Final = {
    "seconds": "how many other maintainers must second a proposal before it is announced as a vote",
    "exclude": "who may not vote; a candidate never does (R22)",
    "exclude-in-denominator": "whether they are counted all the same (R42)",
    "ballot": "whether one can abstain",
    "min-yes": "the fewest yes, besides the threshold",
    "max-no": "the most no; -1 for no limit",
    "max-missing": "how many of those who may vote may stay silent; -1 for no limit",
    "no-requires-reason": "whether a no is only taken with a reason",
    "silence": '"yes": who stays silent is taken to agree',
    "quorum": "how many must take part: a share of those who are counted, a number, or both",
    "quorum-counts": "whether an abstention is taking part (`cast`) or not",
    "on-no-quorum": '"extend": the window runs once more',
    "discussion": "how long it is discussed before ballots are taken, or before the draft of a removal exists (R39)",
    "lazy": "silence carries, unless somebody says no or objects",
    "veto": '"no": one no stops it, until it is taken back',
    "secrecy": '"blinded": no count and no choice is shown; for five and more maintainers',
    "record-path": "the folder for the records of decisions (R53)",
}
_MORE: Final = {
    "of": 'or "cast": of the ballots cast; "cast-non-abstain": of yes and no alone',
    "initiators": '"anyone": whom the forge knows (R50); "subject": stepping down alone (R30)',
    "window-start": '"draft": the opening of the draft, for removals (R41)',
    "close": '"early-certain": as soon as no missing ballot can change the result; "early-unanimous": as soon as it '
    "carries and everybody who took part said yes",
    "objection": '"block": it cannot carry while one stands; "extend": the full window anew; "escalate": ends lazy '
    "consensus, with the full window anew",
    "enactment": '"record": a decision record in a draft (R53); "none": the result is announced',
    "venues": '"pull-request": of a removal, only comments and reactions on its draft are ballots (R40)',
    "kind": '"remove" someone, "step-down" without a vote, a "resolution" of a dispute, "generic" for anything else',
    "revote": '"none": the first ballot stands',
}
"""What the shipped policy's comment leaves out, because it does not use it."""
_SPAN: Final = "as `window`; `0` for none"
_FORMS: Final = {
    "threshold": "a fraction with its sign: `>=66/100` (at least) or `>2/3` (more than); no percentages, no decimals",
    "window": "`5bd` (business days), `7d` (days) or `72h` (hours); at most a year",
    "cool-down": _SPAN,
    "discussion": _SPAN,
    "quorum": "`0`, a number, a share as in `threshold`, or both: `>=1/2, 5`",
    "clause": "text of one line",
    "record-path": "folder in the repository",
    "exclude": 'list of `"subject"` and `"proposer"`',
}
SHARES: Final = (">=66/100", ">=33/100", ">=2/3")
COUNTS: Final = (*range(1, 16), 50, 100)


def allowed(key: str) -> str:
    """The values that a key can have, in Markdown; empty for one that nobody has described."""
    if key in schema.CHOICES:
        return choices(value for value in schema.CHOICES[key] if value)
    if key in schema.BOOLEANS:
        return "`true` or `false`"
    if key in schema.INTEGERS:
        least, most = schema.INTEGERS[key]
        return f"whole number, {least} to {most}"
    return _FORMS.get(key, "")


def meaning(key: str) -> str:
    """What the shipped policy's comment says about a key of a motion, and what it leaves out."""
    said = notes((POLICIES / "distribution.toml").read_text(encoding="utf-8"))
    comment = _WORDS.get(key) or said.keys.get(f"motion.add-maintainer.{key}", "")
    return "; ".join(filter(None, [comment, _MORE.get(key, "")]))


def policies() -> str:
    """The page."""
    top = [(code(key), values, "required", sentence(words)) for key, (values, words) in TOP.items()]
    head = ("Key", "Values", "Default", "Meaning")
    keys = sorted(schema.KEYS, key=lambda key: (key not in schema.REQUIRED, _place(key)))
    rows = [(code(key), allowed(key), _default(key), cited(sentence(meaning(key)))) for key in keys]
    rows.append((code("extends"), "name of a table", "none", sentence(EXTENDS)))
    names = ", ".join(f"[{name}](../../bot/policies/{name}.toml)" for name in shipped())
    return page(
        "Policy",
        "bot/core/schema.py, bot/core/contradictions.py, bot/core/threshold.py and bot/policies/distribution.toml",
        "A policy is a governance document as data: one TOML file, one table for each kind of motion. An unknown key "
        "or value is an error, never ignored. The policy in force is copied into the event that opens a motion, so a "
        "later change of the file does not touch an open vote. `folkmoot policy check`, `explain`, `lint` and `diff` "
        f"([command line](command-line.md)) tell what a file says. Shipped: {names}. Which policy a repository has is "
        "the setting `policy` of [its configuration](configuration.md); why the shipped one says what it says is in "
        "[governance choices](../explanation/governance-choices.md).",
        "## The file\n\n" + table(head, top),
        "## `[motion.NAME]`\n\nA kind of motion; `NAME` is free: small letters, digits and hyphens, such as "
        "`add-maintainer`. A step-down is not voted on: it has `clause`, `enactment` and nothing about votes.\n\n"
        + table(head, rows),
        _later(),
        _contradictions(),
        _counts(),
    )


def _place(key: str) -> int:
    """Where the key stands in the shipped policy: the page keeps that order."""
    said = notes((POLICIES / "distribution.toml").read_text(encoding="utf-8"))
    order = list(said.keys)
    path = f"motion.add-maintainer.{key}"
    return order.index(path) if path in order else len(order)


def _default(key: str) -> str:
    if key in schema.REQUIRED:
        return "required"
    value = schema.DEFAULTS[key]
    if isinstance(value, tuple):
        return code("[]")
    return code(str(value).lower() if isinstance(value, bool | int) else f'"{value}"')


def _later() -> str:
    """What the format keeps room for."""
    rows = [(code(key), sentence(why)) for key, why in schema.LATER.items()]
    rows += [(code(f'{key} = "{value}"'), sentence(why)) for (key, value), why in schema.LATER_VALUES.items()]
    return "## Not supported\n\nRefused with the reason, so that nobody believes that it is in force.\n\n" + table(
        ("Key", "Why"), rows
    )


def _contradictions() -> str:
    """What cannot be meant together."""
    lines = [f"- `{key}`: {what}: {remedy}." for key, what, remedy in RULES]
    return "## Contradictions\n\nRefused, and never guessed:\n\n" + "\n".join(lines)


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
