"""What differs between two policies, by field and in words, and which past results would have been others."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

from bot.core.calendar import Window
from bot.core.policy import Policy, Rulebook
from bot.core.threshold import Quorum, Threshold
from bot.policytools.explain import quorum, share, span
from bot.policytools.recount import Recounted

SCHEMA: Final = 1
LARGEST: Final = 1_000
_NAMES: Final = {
    "of": "threshold counted of",
    "initiators": "who may propose",
    "seconds": "seconds needed",
    "electorate": "who joins or leaves meanwhile",
    "exclude": "who may not vote",
    "exclude_in_denominator": "the excluded are counted",
    "venues": "where ballots count",
    "yes_exceeds_no": "more yes than no needed",
    "min_yes": "fewest yes",
    "max_no": "most no",
    "max_missing": "most who stay silent",
    "silence": "silence counts as",
    "quorum_counts": "quorum is made of",
    "on_no_quorum": "without a quorum",
    "window_start": "window starts",
    "close": "closes",
    "lazy": "silence carries",
    "objection": "an objection",
    "evidence_months": "months of involvement",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference; `field` is empty where the whole kind of motion is new or gone. `effect` says what it does."""

    motion: str
    field: str
    before: str
    after: str
    effect: str = ""


def compare(before: Rulebook, after: Rulebook) -> tuple[Change, ...]:
    """Every difference that has to do with the rules, in the documents' order."""
    changes: list[Change] = []
    for old in before.motions:
        new = after.named(old.motion)
        if new is None:
            changes.append(Change(motion=old.motion, field="", before=old.kind, after=""))
        else:
            changes += _changes(old, new)
    added = [new for new in after.motions if before.named(new.motion) is None]
    return tuple(changes + [Change(motion=new.motion, field="", before="", after=new.kind) for new in added])


def _changes(old: Policy, new: Policy) -> list[Change]:
    found = []
    for field in fields(Policy):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if was != now:
            effect = _effect(was, now) if isinstance(was, Threshold) and isinstance(now, Threshold) else ""
            key = field.name.replace("_", "-")
            found.append(
                Change(
                    motion=old.motion,
                    field=key,
                    before=_words(field.name, was),
                    after=_words(field.name, now),
                    effect=effect,
                )
            )
    return found


def _effect(was: Threshold, now: Threshold) -> str:
    differ = next((of for of in range(1, LARGEST + 1) if was.needed(of) != now.needed(of)), None)
    if differ is None:
        return f"the same number of yes for every electorate up to {LARGEST}"
    return f"first differs among {differ}: {was.needed(differ)} yes before, {now.needed(differ)} after"


def _words(field: str, value: object) -> str:
    match value:
        case Threshold():
            return share(value)
        case Quorum():
            return quorum(value)
        case Window():
            return span(value)
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return " and ".join(map(str, value)) or "nobody"
        case -1 if field in {"max_no", "max_missing"}:
            return "no limit"
        case _:
            return str(value) or "none"


def as_text(changes: tuple[Change, ...], recounted: Recounted | None) -> str:
    """One line a difference, then the past motions."""
    lines = [_line(change) for change in changes] or ["The rules are the same."]
    return "\n".join([*lines, *(_past(recounted) if recounted is not None else [])])


def _line(change: Change) -> str:
    if not change.field:
        return f"{change.motion}: " + (
            "new in B." if not change.before else "gone in B: it could not be proposed any more."
        )
    name = _NAMES.get(change.field.replace("-", "_"), change.field.replace("-", " "))
    effect = f" ({change.effect})" if change.effect else ""
    return f"{change.motion}: {name}: {change.before} → {change.after}{effect}"


def _past(recounted: Recounted) -> list[str]:
    lines = [
        "",
        f"Past motions counted again under B: {len(recounted.rows)}, of which {recounted.changed} would end otherwise.",
    ]
    for row in recounted.rows:
        if row.then != row.now:
            why = f" for want of {', '.join(row.lacks)}" if row.lacks else ""
            lines.append(
                f"Motion {row.motion} ({row.kind}): {row.then} with {row.yes} yes, {row.no} no, {row.abstain} "
                f"abstained of {row.eligible}; under B {row.now}{why}."
            )
    lines += [f"Motion {number} ({kind}): B has no such motion." for number, kind in recounted.unknown]
    if recounted.others:
        lines.append(f"{recounted.others} under another policy than A: not counted again.")
    if recounted.rows:
        lines.append("The same people and their ballots are counted: with other rules they might have voted otherwise.")
    return lines


def as_data(changes: tuple[Change, ...], recounted: Recounted | None) -> dict[str, Any]:
    """The same as plain data."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "changes": [
            {"motion": c.motion, "field": c.field, "before": c.before, "after": c.after, "effect": c.effect}
            for c in changes
        ],
    }
    if recounted is not None:
        data["past"] = {
            "counted": len(recounted.rows),
            "changed": recounted.changed,
            "motions": [
                {"motion": row.motion, "kind": row.kind, "then": row.then, "now": row.now, "lacks": list(row.lacks)}
                for row in recounted.rows
            ],
            "unknown": [{"motion": number, "kind": kind} for number, kind in recounted.unknown],
            "other_policy": recounted.others,
        }
    return data
