"""Every verb, its options and its help, once: grammars, forms, completion and the reference page are made of this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bot.core.people import MAINTAINER, ROLES
from bot.core.prose import REASON_LIMIT, TEXT_LIMIT

COMMAND: Final = "/moot"
FieldKind = Literal["person", "role", "number", "text", "long", "motion", "verb"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a verb takes. `flag` is how it is typed; without one it stands where `place` says."""

    name: str
    label: str
    kind: FieldKind
    required: bool = False
    place: Literal["first", "flag", "rest"] = "flag"
    limit: int = 150
    default: str = ""
    hint: str = ""

    @property
    def flag(self) -> str:
        return f"--{self.name}"

    @property
    def choices(self) -> tuple[str, ...]:
        return ROLES if self.kind == "role" else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb of `/moot`. `about` says whether it needs the number of a motion."""

    name: str
    summary: str
    help: str
    about: Literal["none", "motion"] = "motion"
    fields: tuple[Field, ...] = ()
    example: str = ""
    rules: str = ""

    def field(self, name: str) -> Field | None:
        """The field of this name."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def usage(self) -> str:
        """How it is typed: `/moot object N REASON`."""
        parts = [COMMAND, self.name]
        first = [f for f in self.fields if f.place == "first"]
        parts += [("@login" if f.kind == "person" else f.name.upper()) for f in first]
        if self.about == "motion":
            parts.append("N")
        for field in self.fields:
            if field.place == "flag":
                typed = f"{field.flag} {field.name.upper()}"
                parts.append(typed if field.required else f"[{typed}]")
        rest = [f for f in self.fields if f.place == "rest"]
        parts += [f.name.upper() if f.required else f"[{f.name.upper()}]" for f in rest]
        return " ".join(parts)


_REASON = Field(name="reason", label="Reason", kind="long", place="rest", limit=REASON_LIMIT)
_REASON_NEEDED = Field(name="reason", label="Reason", kind="long", required=True, place="rest", limit=REASON_LIMIT)


def _ballot(name: str, meaning: str) -> Verb:
    return Verb(
        name=name,
        summary=f"Vote {name} on a motion",
        help=f"Casts your ballot: {meaning}. You can change it until the close; your last one counts. "
        "A reason is kept with the ballot in the ledger and shown to nobody.",
        fields=(_REASON,),
        example=f"{COMMAND} {name} 12",
        rules="R14, R15",
    )


VERBS: Final[tuple[Verb, ...]] = (
    Verb(
        name="nominate",
        about="none",
        summary="Propose a person as maintainer or reviewer",
        help="Opens a candidacy: it is announced here, and from the delivery of the announcement the maintainers "
        "have five business days. Only maintainers may propose, never themselves. You attest how long the "
        "candidate has been involved; below the document's three months I warn, I do not reject.",
        fields=(
            Field(name="login", label="Candidate's login", kind="person", required=True, place="first", limit=40),
            Field(name="role", label="Role", kind="role", default=MAINTAINER),
            Field(name="sponsor", label="Sponsor (a maintainer)", kind="person", limit=40),
            Field(name="months", label="Months of involvement", kind="number", required=True, limit=4),
            Field(
                name="evidence",
                label="What shows the involvement",
                kind="long",
                required=True,
                limit=TEXT_LIMIT,
                hint="code, reviews, triage: with links if you like",
            ),
            Field(name="text", label="Why this person", kind="long", required=True, place="rest", limit=TEXT_LIMIT),
        ),
        example=f"{COMMAND} nominate @newperson --role maintainer --sponsor @ada --months 7 "
        '--evidence "40 reviews since May" Reviewed most of the storage work, triages every week.',
        rules="R7, R10, R11",
    ),
    _ballot("yes", "you approve"),
    _ballot("no", "you do not approve"),
    _ballot("abstain", "you take no side; towards the threshold it counts as no approval"),
    Verb(
        name="retract",
        summary="Take your ballot back",
        help="Your ballot no longer counts, as if you had not voted; the log keeps that it was there. "
        "Removing a reaction does not do this.",
        example=f"{COMMAND} retract 12",
        rules="R15",
    ),
    Verb(
        name="object",
        summary="Raise an objection with a reason",
        help="Your objection is recorded and told to the maintainers. It is no veto and no ballot: vote besides.",
        fields=(_REASON_NEEDED,),
        example=f"{COMMAND} object 12 The storage driver has no other reviewer.",
        rules="R20",
    ),
    Verb(
        name="withdraw",
        summary="End a motion without a result",
        help="The proposer can do this alone. If another maintainer asks for it, one more has to agree.",
        fields=(_REASON_NEEDED,),
        example=f"{COMMAND} withdraw 12 Wrong person, sorry.",
    ),
    Verb(
        name="correct",
        summary="Correct a motion's text",
        help="Replaces the text. It is announced again and the five business days start anew; ballots stand and "
        "can be changed. The candidate and the role cannot be corrected: withdraw and nominate again. The "
        "proposer can do this alone. If another maintainer asks for it, one more has to agree.",
        fields=(Field(name="text", label="The new text", kind="long", required=True, place="rest", limit=TEXT_LIMIT),),
        example=f"{COMMAND} correct 12 Reviewed most of the cache work (not storage), triages every week.",
    ),
    Verb(
        name="second",
        summary="Agree to a withdrawal or correction that a colleague asked for",
        help="Does what another maintainer asked for with withdraw or correct.",
        example=f"{COMMAND} second 12",
    ),
    Verb(
        name="invite",
        summary="Take it on to invite the candidate",
        help="After a motion has carried, one maintainer contacts the candidate. I send you a drafted letter. "
        "A colleague can take over by the same verb.",
        example=f"{COMMAND} invite 12",
        rules="R25",
    ),
    Verb(
        name="accepted",
        summary="Record that the candidate has accepted",
        help="Only the maintainer who invited the candidate can do this. The name and the mail address go into the "
        "maintainers file; ask the candidate for them. Then I prepare the draft pull request.",
        fields=(
            Field(name="name", label="Candidate's name", kind="text", limit=100),
            Field(name="email", label="Candidate's mail address", kind="text", limit=150),
        ),
        example=f'{COMMAND} accepted 12 --name "New Person" --email new@example.org',
        rules="R26",
    ),
    Verb(
        name="declined",
        summary="Record that the candidate has declined",
        help="Only the maintainer who invited the candidate can do this. The motion ends; nothing is written to the "
        "repository.",
        example=f"{COMMAND} declined 12",
        rules="R26",
    ),
    Verb(
        name="acknowledge",
        summary="Confirm a result that a change of the roster decided",
        help="Where the roster changed during the vote and the outcome would have been another one without, the "
        "draft waits until a maintainer has seen that and says so.",
        example=f"{COMMAND} acknowledge 12",
        rules="R5",
    ),
    Verb(
        name="status",
        summary="Show a motion: count, arithmetic, close, what is certain",
        help="Shows where a motion stands, and your own ballot.",
        example=f"{COMMAND} status 12",
        rules="R18",
    ),
    Verb(
        name="list",
        about="none",
        summary="List the motions that have not ended",
        help="A line for each motion of this channel's repository.",
        example=f"{COMMAND} list",
    ),
    Verb(
        name="help",
        about="none",
        summary="Explain the verbs, or one of them",
        help="Without a verb: all of them, a line each.",
        fields=(Field(name="verb", label="Verb", kind="verb", place="rest", limit=20),),
        example=f"{COMMAND} help nominate",
    ),
)
BY_NAME: Final = {verb.name: verb for verb in VERBS}
FORMS: Final = ("nominate", "object", "withdraw", "correct", "accepted")
"""Verbs that platforms offer as a form; `yes`, `no` and `abstain` too where a reason is wanted."""
