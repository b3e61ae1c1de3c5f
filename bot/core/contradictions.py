"""What the settings of one motion cannot mean together: a policy that promises two things is refused, not guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Values = Mapping[str, Any]
UNVOTED: Final = (
    *("seconds", "discussion", "window", "ballot", "threshold", "of", "yes-exceeds-no", "min-yes", "max-no"),
    *("max-missing", "silence", "quorum", "quorum-counts", "on-no-quorum", "close", "lazy", "objection", "veto"),
    *("venues", "secrecy", "window-start", "no-requires-reason", "revote", "exclude", "exclude-in-denominator"),
)
"""What says nothing where nobody votes: on a step-down (R30)."""
NONE: Final = ("0", "0d", "0bd", "0h")
"""A span of no time."""
TEXTS: Final = ("resolution", "generic")
"""The kinds that are about a text and not about a person."""

_Rule = tuple[str, Callable[[Values], object], str, str]
_CHECKS: Final[tuple[_Rule, ...]] = (
    ("role", lambda v: v["kind"] == "add" and not v["role"], "is missing", 'write role = "maintainer" or "reviewer"'),
    ("role", lambda v: v["kind"] in TEXTS and v["role"], "nobody gets or loses a role here", 'write role = ""'),
    (
        "initiators",
        lambda v: v["kind"] == "step-down" and v["initiators"] != "subject",
        "only the person can step down (R30)",
        'write initiators = "subject"',
    ),
    (
        "initiators",
        lambda v: v["kind"] != "step-down" and v["initiators"] == "subject",
        "only stepping down is begun by the person it is about",
        'write "maintainers" or "anyone"',
    ),
    (
        "window-start",
        lambda v: v["kind"] != "remove" and v["window-start"] == "draft",
        "only a removal is voted on in its draft",
        'write "announced"',
    ),
    (
        "window-start",
        lambda v: v["kind"] == "remove" and v["window-start"] == "announced",
        "a removal is voted on in its draft (R40)",
        'write window-start = "draft"',
    ),
    (
        "enactment",
        lambda v: v["kind"] in TEXTS and v["enactment"] in {"draft-pr", "invite"},
        "there is no roster to change",
        'write enactment = "record" or "none"',
    ),
    (
        "enactment",
        lambda v: v["kind"] == "add" and v["enactment"] in {"record", "none"},
        "a roster is changed by a draft",
        'write enactment = "draft-pr" or "invite"',
    ),
    (
        "enactment",
        lambda v: v["kind"] in {"remove", "step-down"} and v["enactment"] != "draft-pr",
        "a roster is changed by a draft",
        'write enactment = "draft-pr"',
    ),
    (
        "cool-down",
        lambda v: v["kind"] != "add" and v["cool-down"] not in NONE,
        "only candidacies wait for one another",
        'leave it out, or write "0d"',
    ),
    (
        "exclude",
        lambda v: v["kind"] in TEXTS and "subject" in v["exclude"],
        "it is about a text: there is no subject",
        'write ["proposer"] or []',
    ),
    (
        "exclude-in-denominator",
        lambda v: v["exclude-in-denominator"] and not v["exclude"],
        "nobody is excluded",
        'write exclude = ["subject"] as well, or leave it out',
    ),
    (
        "quorum-counts",
        lambda v: v["ballot"] == "yes-no" and v["quorum-counts"] == "cast-non-abstain",
        "nobody can abstain here",
        'write "cast"',
    ),
    (
        "on-no-quorum",
        lambda v: v["on-no-quorum"] == "extend" and v["quorum"] == "0",
        "there is no quorum that could be missed",
        'write a quorum, or on-no-quorum = "fail"',
    ),
    (
        "objection",
        lambda v: v["objection"] == "escalate" and not v["lazy"],
        "there is nothing to escalate from",
        "write lazy = true as well",
    ),
    (
        "silence",
        lambda v: v["lazy"] and v["silence"] == "yes",
        "lazy consensus has silence carry already",
        "drop one of the two",
    ),
    (
        "close",
        lambda v: v["close"] != "end" and v["objection"] in {"block", "extend", "escalate"},
        "nobody could object any more",
        'write close = "end", or objection = "record"',
    ),
    (
        "close",
        lambda v: v["close"] == "early-unanimous" and v["lazy"],
        "the first yes would end the silence that carries",
        'write close = "end"',
    ),
    (
        "venues",
        lambda v: v["venues"] == "pull-request" and v["kind"] != "remove",
        "only a removal has a pull request of its own to be voted on (R40)",
        'leave it out, or write "all"',
    ),
    (
        "venues",
        lambda v: v["venues"] == "pull-request" and v["secrecy"] == "blinded",
        "everybody sees who comments what on a pull request",
        "drop one of the two",
    ),
    (
        "venues",
        lambda v: v["venues"] == "pull-request" and v["no-requires-reason"],
        "the reasons would stand on the pull request (R44)",
        "drop one of the two",
    ),
    (
        "secrecy",
        lambda v: v["secrecy"] == "blinded" and v["no-requires-reason"],
        "a reason would name the voter",
        "drop one of the two",
    ),
    (
        "secrecy",
        lambda v: v["secrecy"] == "blinded" and _unanimous(v),
        "what carries would show every ballot",
        "drop secrecy, or let a no stand beside the yes",
    ),
)


RULES: Final = tuple((key, what, remedy) for key, _, what, remedy in _CHECKS)
"""Key, what and remedy of everything that is looked for."""


def _unanimous(values: Values) -> bool:
    sign, _, share = str(values["threshold"]).rpartition("=")
    whole, _, part = share.partition("/")
    everyone = bool(sign) and whole.isdigit() and whole == part
    return everyone or values["max-no"] == 0 or values["veto"] == "no" or values["close"] == "early-unanimous"


def contradictions(values: Values) -> tuple[tuple[str, str, str], ...]:
    """Key, what and remedy of what contradicts something else. `values` holds every key, each fit by itself."""
    return tuple((key, what, remedy) for key, wrong, what, remedy in _CHECKS if wrong(values))
