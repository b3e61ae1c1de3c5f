"""The conversation of `folkmoot init`: what was said is not asked, what can be guessed is offered."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from bot import rulebooks
from bot.checking import bar
from bot.config import ZoneName
from bot.ports import ForgeError
from bot.setup import guesses
from bot.setup.guesses import Found
from bot.setup.places import application as application_of
from bot.setup.places import channels as channels_of
from bot.setup.talking import GITHUB, Given, Talk, answer, must, one_of, some, valid
from bot.setup.writing import Answers
from bot.wiring.glances import look_here, look_on_github

LOOKED_INTO: Final = ("", ".github", "docs")
"""The folders of a repository that are looked into."""
ON_GITHUB: Final = re.compile(
    r"(?:https://github\.com/)?([A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}?)(?:\.git)?/?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A repository that was looked into; `unread` says why it could not be."""

    forge: str
    path: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    unread: str = ""


def interview(given: Given, talk: Talk, folder: Path) -> Answers:
    """Every answer. Raises ForgeError or LookupError where one that was given cannot be used."""
    place = _repository(given, talk, folder)
    channels = channels_of(given, talk)
    application = application_of(given, talk) if any(each.startswith("discord:") for each in channels) else ""
    roster = _roster(given, talk, place)
    return Answers(
        name=guesses.name_of(place.path if place.forge == "github" else str((folder / place.path).resolve())),
        forge=place.forge,
        path=place.path,
        channels=channels,
        roster=roster.path,
        format=roster.format,
        maintainers=roster.maintainers,
        reviewers=roster.reviewers,
        emeritus=roster.emeritus,
        policy=_policy(given, talk, place, folder),
        time_zone=_zone(given, talk),
        api_url=given.api_url if given.api_url != GITHUB else "",
        discord_application=application,
    )


# --------------------------------------------------------------------------- the repository


def _repository(given: Given, talk: Talk, folder: Path) -> Place:
    here = "." if Path(".git").exists() else ""
    found: list[Place] = []

    def look(text: str) -> str:
        found.append(_place(text, folder, given))
        return text

    question = "Where is the repository? A path on this machine, or OWNER/NAME on GitHub"
    answer(talk, question, given.repository, default=here, check=look, option="--repository")
    place = found[-1]
    if place.unread:
        talk.tell(f"It cannot be looked into now ({place.unread}). The roster is taken as you name it.")
    return place


def _place(text: str, folder: Path, given: Given) -> Place:
    """Look into a repository. Raises ValueError with what is wrong."""

    def wanted(name: str) -> bool:
        return name == given.roster or guesses.is_wanted(name)

    path = Path(text).expanduser()
    if path.is_dir():
        try:
            files = look_here(path, wanted)
        except ForgeError as error:
            raise ValueError(f"{text}: {error.what}. {error.remedy}") from error
        return Place(forge="localgit", path=_relative(path, folder), files=files)
    match = ON_GITHUB.fullmatch(text)
    if match is None:
        raise ValueError(f"{text}: there is no such folder, and it is no OWNER/NAME")
    try:
        files = asyncio.run(look_on_github(match[1], given.api_url, wanted))
    except ForgeError as error:
        return Place(forge="github", path=match[1], unread=error.what)
    return Place(forge="github", path=match[1], files=files)


def _relative(path: Path, folder: Path) -> str:
    """The path as the configuration writes it: from its own folder, where that leads straight down."""
    whole, base = Path(os.path.abspath(path)), Path(os.path.abspath(folder))
    return str(whole.relative_to(base)) if whole.is_relative_to(base) else str(whole)


# --------------------------------------------------------------------------- the roster


def _roster(given: Given, talk: Talk, place: Place) -> Found:
    """The maintainers file, shown, and the sections that stand for the roles."""
    found = _named(given.roster, place) if given.roster else guesses.rosters(place.files)
    if not found:
        return _unseen(given, talk, place)
    chosen = found[0]
    if len(found) > 1:
        talk.tell("These files name people: " + ", ".join(f"{each.path} ({each.format})" for each in found))
        paths = {each.path: each for each in found}
        text = talk.ask("Which one says who votes?", default=chosen.path, check=one_of(list(paths)), option="--roster")
        chosen = paths[text]
    talk.tell(shown(chosen))
    sections = {section or "(unnamed list)": section for section in chosen.sections}
    maintainers = given.maintainers if given.maintainers is not None else chosen.maintainers
    if given.maintainers is not None:
        must(given.maintainers, one_of(chosen.sections), "--maintainers")
    elif len(sections) > 1 or maintainers is None:
        default = next((key for key, section in sections.items() if section == maintainers), "")
        question = "Which section votes?"
        maintainers = sections[
            talk.ask(question, default=default, check=one_of(list(sections)), option="--maintainers")
        ]
    reviewers = given.reviewers or (chosen.reviewers if chosen.reviewers != maintainers else None)
    if given.reviewers:
        must(given.reviewers, one_of(chosen.sections), "--reviewers")
    emeritus = chosen.emeritus if chosen.emeritus not in {maintainers, reviewers} else ""
    return Found(
        path=chosen.path,
        format=chosen.format,
        rows=chosen.rows,
        maintainers=maintainers,
        reviewers=reviewers,
        emeritus=emeritus,
    )


def _named(path: str, place: Place) -> Sequence[Found]:
    """The file that the command line names. Raises LookupError where it is looked for and not there."""
    data = place.files.get(path)
    if data is None:
        if not place.unread and path.rpartition("/")[0] in LOOKED_INTO:
            raise LookupError(f"--roster: {path}: there is no such file on the default branch of {place.path}")
        return ()
    found = guesses.read(path, data)
    return () if found is None else (found,)


def _unseen(given: Given, talk: Talk, place: Place) -> Found:
    """A file that cannot be looked at now: as it is named."""
    if not given.roster and not place.unread:
        talk.tell("No maintainers file was found (MAINTAINERS, OWNERS, .github/CODEOWNERS and the like).")
    question = "Which file of the repository says who the maintainers are?"
    path = answer(talk, question, given.roster, default="MAINTAINERS", check=some, option="--roster")
    talk.tell(f"! {path} is taken unread. Who is in it, and what is wrong with it, says: folkmoot doctor")
    maintainers, reviewers = given.maintainers, given.reviewers
    return Found(path=path, format="auto", rows=(), maintainers=maintainers, reviewers=reviewers, emeritus="")


def shown(found: Found) -> str:
    """The roster in words: what stands for what, and who that is."""
    lines = [f"{found.path} ({found.format}):"]
    for section in found.sections:
        role = {found.maintainers: "these vote", found.reviewers: "reviewers", found.emeritus: "former"}
        people = found.logins(section)
        said = role.get(section, "no role here") if section else "these vote" if found.maintainers == "" else ""
        names = ", ".join(people[:6]) + (f" and {len(people) - 6} more" if len(people) > 6 else "")
        lines.append(f"  {section or '(unnamed list)'}: {len(people)}, {said}: {names}")
    nameless = [row for row in found.rows if row.section == found.maintainers and not row.login]
    if nameless:
        lines.append(
            f"  ! {len(nameless)} of those who vote have no login (line {nameless[0].line}): no vote opens yet"
        )
    return "\n".join(lines)


# --------------------------------------------------------------------------- policy and zone


def _policy(given: Given, talk: Talk, place: Place, folder: Path) -> str:
    def check(text: str) -> str:
        if not text.startswith("repo:"):
            try:
                rulebooks.load(text, beside=folder)
            except rulebooks.Mistaken as error:
                raise ValueError(str(error)) from error
        return text

    if given.policy:
        return must(given.policy, check, "--policy")
    guess = guesses.policy(place.files)
    talk.tell("The rules that come along:")
    for name in rulebooks.shipped():
        likely = "   <- your GOVERNANCE.md sounds like it" if name == guess else ""
        talk.tell(f"  {name}: {summary(name)}{likely}")
    question = "Which rules? A name, or a file of yours (folkmoot policy lint checks it)"
    return talk.ask(question, default=guess or guesses.DEFAULT_POLICY, check=check, option="--policy")


def summary(name: str) -> str:
    """A shipped policy in one line: what a new maintainer needs."""
    rulebook = rulebooks.load(name, beside=Path())
    adds = next((policy for policy in rulebook.motions if policy.kind == "add" and policy.role == "maintainer"), None)
    first = adds or rulebook.motions[0]
    return f"{rulebook.document}; {first.motion}: {bar(first)}"


def _zone(given: Given, talk: Talk) -> str:
    def check(text: str) -> str:
        return valid(TypeAdapter(ZoneName), text)

    question = "In which time zone do votes end at midnight?"
    return answer(talk, question, given.time_zone, default=guesses.time_zone(), check=check, option="--time-zone")
