"""A governance policy as data: thresholds, windows, who votes, what enactment means. It is read by `schema`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from typing import Literal

from bot.core.calendar import Window
from bot.core.threshold import Quorum, Threshold

Kind = Literal["add", "remove", "step-down", "resolution", "generic", "practice"]
"""`practice` is no project's to write: the bot makes it of the rules for candidacies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one kind of motion. Frozen, with its digest, into the event that opens a motion (T14).

    `max_no` and `max_missing` are -1 where there is no such limit.
    Where nobody votes (a step-down), the numbers stand for nothing.
    """

    motion: str
    kind: Kind
    role: str
    clause: str
    initiators: Literal["maintainers", "anyone", "subject"]
    seconds: int
    electorate: Literal["snapshot", "live"]
    exclude: tuple[str, ...]
    exclude_in_denominator: bool
    ballot: Literal["yes-no-abstain", "yes-no"]
    threshold: Threshold
    of: Literal["eligible", "cast", "cast-non-abstain"]
    yes_exceeds_no: bool
    min_yes: int
    max_no: int
    max_missing: int
    no_requires_reason: bool
    revote: Literal["last", "none"]
    silence: Literal["none", "yes"]
    quorum: Quorum
    quorum_counts: Literal["cast", "cast-non-abstain"]
    on_no_quorum: Literal["fail", "extend"]
    discussion: Window | None
    window: Window
    window_start: Literal["announced", "draft"]
    close: Literal["end", "early-certain", "early-unanimous"]
    lazy: bool
    objection: Literal["record", "block", "extend", "escalate"]
    veto: Literal["none", "no"]
    venues: Literal["all", "pull-request"]
    secrecy: Literal["open", "blinded"]
    visibility: Literal["private", "public"]
    evidence_months: int
    cool_down: Window | None
    enactment: Literal["draft-pr", "invite", "record", "none"]
    record_path: str
    publish_ballots: Literal["counts"]

    @property
    def digest(self) -> str:
        """SHA-256 over the policy's fields: the same rules, the same digest.

        A field that came later counts only where it says something, so that stored motions keep their digests (T14).
        """
        plain = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        if self.venues == "all":
            del plain["venues"]
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """A whole policy document: its name, the governance text it stands for, a policy for each kind of motion."""

    name: str
    document: str
    motions: tuple[Policy, ...]

    def named(self, motion: str) -> Policy | None:
        """The policy of this name."""
        return next((policy for policy in self.motions if policy.motion == motion), None)

    def about(self, kind: Kind, role: str) -> Policy | None:
        """The policy of this kind for a role, or the one for any role; None where the document has none."""
        found = [policy for policy in self.motions if policy.kind == kind and policy.role in {role, ""}]
        return max(found, key=lambda policy: policy.role == role, default=None)

    def adding(self, role: str) -> Policy | None:
        """The policy for adding someone in this role."""
        return self.about("add", role)

    def of_kind(self, kind: Kind) -> tuple[Policy, ...]:
        """All policies of this kind, in the document's order."""
        return tuple(policy for policy in self.motions if policy.kind == kind)
