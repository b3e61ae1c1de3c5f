"""A policy in plain words, and the numbers that it asks for. The words follow what the code does, not the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bot.core.calendar import Window
from bot.core.policy import Policy, Rulebook
from bot.core.threshold import Quorum, Threshold
from bot.policytools.figures import Figures, figures

SCHEMA: Final = 1
SIZES: Final = range(1, 16)
OF: Final = {
    "eligible": "of all who are counted: whoever abstains or stays silent does not approve",
    "cast": "of the ballots cast, abstentions included",
    "cast-non-abstain": "of those who say yes or no: abstentions do not count",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One kind of motion: what is said about each topic, and its figures."""

    policy: Policy
    says: tuple[tuple[str, tuple[str, ...]], ...]
    counts: tuple[Figures, ...]


def explain(rulebook: Rulebook, *, motion: str = "", electorate: int | None = None) -> tuple[Explained, ...]:
    """Every kind of motion, or those of this name or kind. Raises LookupError where there is none."""
    chosen = [policy for policy in rulebook.motions if motion in {"", policy.motion, policy.kind}]
    if not chosen:
        known = ", ".join(policy.motion for policy in rulebook.motions)
        raise LookupError(f"{rulebook.name} has no motion {motion!r}; it has {known}")
    sizes = SIZES if electorate is None else (electorate,)
    return tuple(
        Explained(
            policy=policy,
            says=tuple((topic, said) for topic, said in _says(policy) if said),
            counts=() if policy.kind == "step-down" else tuple(figures(policy, size) for size in sizes),
        )
        for policy in chosen
    )


def share(threshold: Threshold, base: str = "") -> str:
    """`at least 66% of ...`, `more than 1/2 of ...`."""
    if threshold.numerator == threshold.denominator:
        return f"all {base}".strip()
    plain = threshold.share if threshold.strict else f"at least {threshold.share}"
    if threshold.numerator == 0:
        return "at least one"
    return f"{plain} {base}".strip()


def quorum(asked: Quorum) -> str:
    """`at least 1/2 of those who are counted, and at least 5`."""
    parts = [f"{share(asked.share)} of those who are counted"] if asked.share is not None else []
    parts += [f"at least {asked.number}"] if asked.number else []
    return ", and ".join(parts) or "none"


def span(window: Window | None) -> str:
    """A window, or none."""
    return window.words if window is not None else "none"


def _says(policy: Policy) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if policy.kind == "step-down":
        return (
            ("Proposing", ("The person, and nobody else.",)),
            ("Voting", ("None. The other maintainers are informed first.",)),
            ("Afterwards", ("On the person's confirmation a draft pull request takes them off the roster.",)),
        )
    return (
        ("Proposing", _proposing(policy)),
        ("Voting", _voting(policy)),
        ("Counting", _counting(policy)),
        ("Quorum", _quorum(policy)),
        ("Time", _time(policy)),
        ("Early close", _early(policy)),
        ("Objections", _objections(policy)),
        ("Privacy", _privacy(policy)),
        ("Afterwards", _afterwards(policy)),
    )


def _proposing(policy: Policy) -> tuple[str, ...]:
    who = {"maintainers": "Any maintainer.", "anyone": "Anybody the forge knows."}.get(policy.initiators, "")
    said = [who]
    if policy.kind == "remove":
        said.append("Somebody neutral asks the person first, in private.")
    if policy.seconds:
        said.append(f"{_number(policy.seconds, 'other maintainer')} must second it before it is voted on.")
    if policy.kind == "add" and policy.evidence_months:
        said.append(
            f"The bot warns where the candidate has not been involved for more than {policy.evidence_months} months."
        )
    if policy.cool_down is not None:
        said.append(f"A lost candidacy may be proposed again after {policy.cool_down.words}.")
    return tuple(said)


def _voting(policy: Policy) -> tuple[str, ...]:
    said = ["The maintainers of the repository, as the roster stands at the opening; who is removed meanwhile leaves."]
    if policy.electorate == "live":
        said = ["The maintainers of the repository: who is removed meanwhile leaves, who joins may vote."]
    if policy.kind == "add":
        said.append("The candidate never votes.")
    if policy.exclude:
        counted = "but is counted" if policy.exclude_in_denominator else "and is not counted"
        said.append(f"The {' and the '.join(policy.exclude)} may not vote, {counted}.")
    elif policy.kind == "remove":
        said.append("The one it is about may vote.")
    said.append("Yes or no." if policy.ballot == "yes-no" else "Yes, no or abstain.")
    said.append("The first ballot stands." if policy.revote == "none" else "The last ballot before the close counts.")
    if policy.venues == "pull-request":
        said.append("Only comments and reactions on the pull request are ballots.")
    if policy.no_requires_reason:
        said.append("A no needs a reason.")
    return tuple(said)


def _counting(policy: Policy) -> tuple[str, ...]:
    said = []
    if policy.lazy:
        said.append("Silence carries, unless somebody says no or objects. Then it takes what follows.")
    said.append(f"Yes must be {share(policy.threshold)} {OF[policy.of]}.")
    if policy.silence == "yes":
        said.append("Who stays silent is taken to say yes.")
    if policy.min_yes:
        said.append(f"At least {policy.min_yes} must say yes.")
    if policy.yes_exceeds_no:
        said.append("There must be more yes than no.")
    if policy.veto == "no":
        said.append("One no stops it, until it is taken back.")
    elif policy.max_no >= 0:
        said.append(f"At most {policy.max_no} may say no." if policy.max_no else "Nobody may say no.")
    if policy.max_missing >= 0:
        said.append(
            f"At most {policy.max_missing} may stay silent." if policy.max_missing else "Nobody may stay silent."
        )
    return tuple(said)


def _quorum(policy: Policy) -> tuple[str, ...]:
    if not policy.quorum:
        return ("None.",)
    counts = "an abstention is taking part" if policy.quorum_counts == "cast" else "an abstention is not taking part"
    missed = "it is lost" if policy.on_no_quorum == "fail" else "the window runs once more, then it is lost"
    whole = quorum(policy.quorum)
    return (f"{whole[0].upper()}{whole[1:]} must take part; {counts}.", f"Where they do not, {missed}.")


def _time(policy: Policy) -> tuple[str, ...]:
    start = "from the opening of the draft pull request" if policy.window_start == "draft" else "from the announcement"
    said = [f"Ballots are taken for {policy.window.words}, {start}."]
    if policy.discussion is not None:
        what = "before the draft exists" if policy.window_start == "draft" else "before ballots are taken"
        said.insert(0, f"It is discussed for {policy.discussion.words} {what}.")
        if policy.window_start == "announced":
            said[1] = f"Ballots are taken for {policy.window.words} after that."
    if policy.window.unit == "bd":
        said.append("The day it starts on does not count; it ends at midnight after the last day.")
    return tuple(said)


def _early(policy: Policy) -> tuple[str, ...]:
    return (
        {
            "end": "Never: everybody has the full time.",
            "early-certain": "As soon as no ballot that is still missing could change the result.",
            "early-unanimous": "As soon as it carries and everybody who took part said yes.",
        }[policy.close],
    )


def _objections(policy: Policy) -> tuple[str, ...]:
    return (
        {
            "record": "Recorded with their reason and told to the maintainers; they stop nothing.",
            "block": "It cannot carry while one stands.",
            "extend": "The first one gives the full time anew.",
            "escalate": "The first one ends the silence that carries: it is voted on, with the full time anew.",
        }[policy.objection]
        if policy.objection != "record" or not policy.lazy
        else "Recorded and told; while one stands, silence does not carry. Nobody gets more time.",
    )


def _privacy(policy: Policy) -> tuple[str, ...]:
    said = ["In the open."] if policy.visibility == "public" else ["Only in a private channel."]
    if policy.kind == "remove":
        said.append("The draft pull request is as public as the repository, and says nothing of the reasons.")
    if policy.secrecy == "blinded":
        said.append("Choices and counts are not shown; whoever runs the bot could read them.")
    return tuple(said)


def _afterwards(policy: Policy) -> tuple[str, ...]:
    if policy.kind == "remove":
        return ("The draft is what is voted on; the role ends when people merge it.",)
    return (
        {
            "draft-pr": "When the candidate has agreed, a draft pull request; the role begins when people merge it.",
            "invite": "When the candidate has agreed, they get a link and a patch to open the pull request themselves; "
            "the role begins when people merge it.",
            "record": f"The result is recorded in a draft pull request, under {policy.record_path}.",
            "none": "The result is announced; people act on it.",
        }[policy.enactment],
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def as_text(explained: tuple[Explained, ...]) -> str:
    """All of it as lines."""
    return "\n\n".join(_section(each) for each in explained)


def _section(each: Explained) -> str:
    policy = each.policy
    role = f" as {policy.role}" if policy.role else ""
    lines = [f"{policy.motion} ({policy.kind}{role}): “{policy.clause}”"]
    lines += [f"  {topic + ':':<12} {' '.join(said)}" for topic, said in each.says]
    if len(each.counts) == 1 and policy.of == "eligible":
        lines.append(f"  {'Arithmetic:':<12} {policy.threshold.arithmetic(each.counts[0].eligible)}.")
    lines += ["", *_table(each)] if each.counts else []
    return "\n".join(lines)


def _table(each: Explained) -> list[str]:
    """The columns that say something: the last one only where it depends on the others' votes."""
    fixed = all(row.fewest == row.silent == row.against for row in each.counts)
    head = ["Maintainers", "may vote"]
    head += ["yes needed"] if fixed else ["fewest yes that can carry", "if nobody else votes", "if all others say no"]
    head += ["must take part"] if each.policy.quorum else []
    rows = []
    for row in each.counts:
        needed = [row.fewest] if fixed else [row.fewest, row.silent, row.against]
        cells = [str(row.roster), str(row.able), *("never" if value is None else str(value) for value in needed)]
        rows.append([*cells, str(row.quorum)] if each.policy.quorum else cells)
    widths = [max(len(line[column]) for line in [head, *rows]) for column in range(len(head))]
    return [
        "  " + "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in [head, *rows]
    ]


def as_data(explained: tuple[Explained, ...]) -> dict[str, Any]:
    """All of it as plain data."""
    motions = [
        {
            "motion": each.policy.motion,
            "kind": each.policy.kind,
            "role": each.policy.role,
            "clause": each.policy.clause,
            "says": {topic.lower().replace(" ", "_"): list(said) for topic, said in each.says},
            "counts": [
                {
                    "maintainers": row.roster,
                    "counted": row.eligible,
                    "may_vote": row.able,
                    "quorum": row.quorum,
                    "fewest_yes": row.fewest,
                    "yes_if_nobody_else_votes": row.silent,
                    "yes_if_all_others_say_no": row.against,
                }
                for row in each.counts
            ],
        }
        for each in explained
    ]
    return {"schema": SCHEMA, "motions": motions}
