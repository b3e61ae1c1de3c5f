"""From typed words or a filled form to a command, by the menu alone. It guesses nothing and never raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.answers import Refused
from bot.core.calendar import CalendarError, zone
from bot.core.commands import (
    CHOICES,
    CONTACT_ANSWERS,
    Acknowledge,
    AskContact,
    CastBallot,
    ChoosePings,
    Confirm,
    Correct,
    Extend,
    HandOver,
    HelpDco,
    LiftObjection,
    LinkAccount,
    MakeVoid,
    MemberCommand,
    Mute,
    Nominate,
    Practice,
    Propose,
    ProposeRemoval,
    RaiseObjection,
    RecordAnswer,
    RecordBallot,
    RecordContact,
    ReleaseAccount,
    Rerun,
    RetractBallot,
    Second,
    Snooze,
    StepDown,
    TakeContact,
    TakeInvitation,
    Via,
    Withdraw,
)
from bot.core.menu import BY_NAME, REPO, Verb
from bot.core.people import ROLES, fold_login
from bot.core.practice import MAX_MINUTES
from bot.core.prose import tidy

_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}
_ALIASES = {"vote-yes": "yes", "vote-no": "no", "approve": "yes", "reject": "no", "+1": "yes", "-1": "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question that changes nothing: help, status or list."""

    verb: str
    topic: str = ""


Ask = MemberCommand | Query | ChoosePings | LinkAccount | ReleaseAccount | HelpDco


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What was asked, of which motion (0 where no number was given) and, where `--repo` says so, repository."""

    verb: str
    motion: int
    ask: Ask
    repo: str = ""


def parse(text: str, *, via: Via, acted_at: datetime) -> Parsed | Refused:
    """Read the words after `/moot`."""
    words = _Words(tidy(text))
    name = words.word().casefold()
    verb = BY_NAME.get(_ALIASES.get(name, name or "help"))
    if verb is None:
        return Refused(code="unknown-verb")
    values: dict[str, str] = {}
    motion = 0
    for field in verb.fields:
        if field.place == "first":
            values[field.name] = words.word()
    if verb.about == "motion":
        motion = words.number()
    refused = _flags(verb, words, values)
    if refused:
        return refused
    rest = words.rest()
    tail = next((f for f in verb.fields if f.place == "rest"), None)
    if tail is not None:
        values[tail.name] = rest
    elif rest:
        return Refused(code="words-too-many", params={"verb": verb.name})
    repo = values.pop(REPO, "")
    parsed = read(verb, motion, values, via=via, acted_at=acted_at)
    return replace(parsed, repo=repo) if isinstance(parsed, Parsed) and repo else parsed


def _flags(verb: Verb, words: _Words, values: dict[str, str]) -> Refused | None:
    """Flags may stand before the rest, in any order; what is not a flag of this verb is refused, not swallowed."""
    while (flag := words.flag()) is not None:
        field = verb.field(flag)
        known = field is not None and field.place == "flag"
        if not known and not (flag == REPO and verb.about == "none"):
            return Refused(code="unknown-flag", params={"verb": verb.name})
        if flag in values:
            return Refused(code="flag-twice", params={"verb": verb.name, "flag": flag})
        values[flag] = words.word()
    return None


def read(verb: Verb, motion: int, values: Mapping[str, str], *, via: Via, acted_at: datetime) -> Parsed | Refused:
    """Make the command of a verb from its fields' values: typed words and forms meet here."""
    if set(values) - {field.name for field in verb.fields}:
        return Refused(code="unknown-flag", params={"verb": verb.name})
    given = {field.name: tidy(values.get(field.name, "")) or field.default for field in verb.fields}
    for field in verb.fields:
        if field.required and not given[field.name]:
            return Refused(code="value-missing", params={"verb": verb.name, "field": field.name})
    ask = _ask(verb, given, via, acted_at)
    if isinstance(ask, Refused):
        return ask
    return Parsed(verb=verb.name, motion=motion, ask=ask)


def _ask(verb: Verb, given: Mapping[str, str], via: Via, acted_at: datetime) -> Ask | Refused:
    match verb.name:
        case "nominate":
            return _nominate(given)
        case "propose" | "resolve":
            policy = given.get("policy", "") if verb.name == "propose" else "resolve"
            return Propose(policy=policy, title=given["title"], text=given["text"], link=given["link"])
        case "practice":
            return _practice(given)
        case "step-down":
            return StepDown(note=given["note"])
        case "contact":
            return AskContact(login=given["login"].removeprefix("@"))
        case "hand-over":
            return HandOver(area=given["area"], taker=fold_login(given["to"]) or None)
        case "record":
            return _record(given, acted_at)
        case "yes" | "no" | "abstain":
            reason = given["reason"] or None
            return CastBallot(choice=verb.name, reason=reason, via=via, acted_at=acted_at)
        case "retract":
            return RetractBallot(acted_at=acted_at)
        case "object":
            return RaiseObjection(reason=given["reason"], acted_at=acted_at)
        case "withdraw":
            return Withdraw(reason=given["reason"])
        case "correct":
            return Correct(text=given["text"])
        case "extend":
            return Extend(by=given["by"], reason=given["reason"])
        case "void":
            return MakeVoid(reason=given["reason"])
        case "pings" | "pings-on" | "pings-off":
            return _pings(verb.name, given)
        case "dco":
            return _dco(given)
        case "link":
            return LinkAccount()
        case "unlink":
            return ReleaseAccount(login=fold_login(given["login"]))
        case "accepted":
            return RecordAnswer(accepted=True, name=given["name"], email=given["email"])
        case _:
            plain = _PLAIN.get(verb.name)
            topic = fold_login(given.get("verb", "") or given.get("login", ""))
            return plain if plain is not None else Query(verb=verb.name, topic=topic)


_PLAIN: Mapping[str, MemberCommand] = {
    "second": Second(),
    "invite": TakeInvitation(),
    "declined": RecordAnswer(accepted=False, name="", email=""),
    "acknowledge": Acknowledge(),
    "confirm": Confirm(),
    "contact-take": TakeContact(),
    "remove": ProposeRemoval(),
    "lift": LiftObjection(),
    "rerun": Rerun(),
    "snooze": Snooze(),
    "mute": Mute(),
    **{f"contact-{answer}": RecordContact(answer=answer) for answer in CONTACT_ANSWERS},
}
"""The verbs that take nothing besides the number of a motion."""


def _record(given: Mapping[str, str], acted_at: datetime) -> RecordBallot | Refused:
    for choice in CHOICES:
        if given["choice"].casefold() == choice:
            voter = fold_login(given["voter"])
            return RecordBallot(voter=voter, choice=choice, link=given["link"], acted_at=acted_at)
    return Refused(code="unknown-choice")


def _pings(verb: str, given: Mapping[str, str]) -> ChoosePings | Query | Refused:
    if verb != "pings":
        return ChoosePings(on=verb == "pings-on")
    hours, zone_name = given["hours"], given["zone"]
    if not hours and not zone_name:
        return Query(verb="pings")
    start, _, end = hours.replace("–", "-").partition("-")
    whole = all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (start, end))
    if hours and not (whole and 0 <= int(start) < int(end) <= 24):
        return Refused(code="hours-unfit")
    try:
        zone(zone_name or "UTC")
    except CalendarError:
        return Refused(code="zone-unfit")
    return ChoosePings(zone=zone_name or None, hours=(int(start), int(end)) if hours else None)


def _practice(given: Mapping[str, str]) -> Practice | Refused:
    minutes = given["minutes"] or "0"
    if not (minutes.isascii() and minutes.isdigit() and len(minutes) <= 5) or given["minutes"] == "0":
        return Refused(code="minutes-unfit", params={"limit": MAX_MINUTES})
    return Practice(title=given["title"], minutes=int(minutes))


def _dco(given: Mapping[str, str]) -> HelpDco | Refused:
    number = given["pull"].removeprefix("#")
    if not (number.isascii() and number.isdigit() and 0 < len(number) <= 9):
        return Refused(code="pull-unfit")
    if given["post"].casefold() not in {"", "yes", "no"}:
        return Refused(code="post-unfit")
    return HelpDco(pull=int(number), trivial=given["trivial"], post=given["post"].casefold() == "yes")


def _nominate(given: Mapping[str, str]) -> Nominate | Refused:
    role = given["role"].casefold()
    if role not in ROLES:
        return Refused(code="unknown-role")
    months = given["months"]
    if not (months.isascii() and months.isdigit() and len(months) <= 4):
        return Refused(code="months-unfit")
    return Nominate(
        login=given["login"].removeprefix("@"),
        role=role,
        sponsor=fold_login(given["sponsor"]) or None,
        months=int(months),
        evidence=given["evidence"],
        text=given["text"],
        pull_request=given["pull-request"],
    )


class _Words:
    """A cursor over typed words: quoted values keep their blanks, the rest of the line stays as it was typed."""

    def __init__(self, text: str) -> None:
        self._text = text.lstrip()

    def word(self) -> str:
        """The next word or quoted value; empty at the end."""
        text = self._text
        closing = _QUOTES.get(text[:1])
        if closing is not None:
            end = text.find(closing, 1)
            if end > 0:
                self._text = text[end + 1 :].lstrip()
                return text[1:end]
        parts = text.split(maxsplit=1)
        self._text = parts[1] if len(parts) > 1 else ""
        return parts[0] if parts else ""

    def number(self) -> int:
        """The number of a motion, `12`, `#12` or `12,`, if one stands here; else 0."""
        parts = self._text.split(maxsplit=1)
        head = parts[0].removeprefix("#").rstrip(",.:;") if parts else ""
        if head.isascii() and head.isdigit() and len(head) <= 9:
            self._text = parts[1] if len(parts) > 1 else ""
            return int(head)
        return 0

    def flag(self) -> str | None:
        """The name of the flag that stands here (also with the long dashes that phones make), or None."""
        parts = self._text.split(maxsplit=1)
        head = parts[0] if parts else ""
        for dash in ("--", "—", "–"):
            name = head.removeprefix(dash)
            if name != head and name[:1].isalpha():
                self._text = parts[1] if len(parts) > 1 else ""
                name, equals, value = name.partition("=")
                if equals:
                    self._text = f"{value} {self._text}".lstrip()
                return name.casefold()
        return None

    def rest(self) -> str:
        """Everything that is left, without the quotes around it if it is one quoted value."""
        text = self._text.strip()
        closing = _QUOTES.get(text[:1])
        if closing is not None and text.find(closing, 1) == len(text) - 1:
            return text[1:-1]
        return text
