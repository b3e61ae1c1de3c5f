"""The options of a command, made from the fields of a verb: typed, bounded, with choices and completion."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from discord import app_commands

from adapters.discord.buttons import Interaction
from bot.core.commands import CHOICES
from bot.core.menu import REPO, Field, Verb

DESCRIPTION: Final = 100
LONGEST: Final = 6000
MOTION: Final = "motion"
MOTIONS: Final = 999_999_999

Complete = Callable[[Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[Any]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completions:
    """What is offered while a member types."""

    people: Complete
    motions: Complete
    verbs: Complete


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option: `name` as Discord shows it, `parameter` as Python can call it."""

    name: str
    parameter: str
    annotation: Any
    description: str
    required: bool = False
    choices: tuple[str, ...] = ()
    complete: Complete | None = None


def options_of(verb: Verb, completions: Completions) -> Sequence[Option]:
    """The verb's options, those that are needed first. A long text is never needed: a form can ask for it."""
    options = [_motion(completions)] if verb.about == "motion" else []
    options += [_option(field, completions) for field in verb.fields]
    if verb.about == "none":
        about = "Which repository, where several share this channel"
        options.append(_text(REPO, about, limit=100))
    return sorted(options, key=lambda option: not option.required)


def _motion(completions: Completions) -> Option:
    return Option(
        name=MOTION,
        parameter=MOTION,
        annotation=app_commands.Range[int, 1, MOTIONS],
        description="The motion's number; none where only one can be meant",
        complete=completions.motions,
    )


def _option(field: Field, completions: Completions) -> Option:
    required = field.required and field.kind != "long"
    about = f"{field.label}: {field.hint}" if field.hint else field.label
    choices = CHOICES if field.name == "choice" else field.choices
    complete = {"person": completions.people, "verb": completions.verbs}.get(field.kind)
    if field.kind == "number":
        annotation: Any = app_commands.Range[int, 0, 10**field.limit - 1]
        return _make(field.name, annotation, about, required=required)
    if choices:
        return _make(field.name, str, about, required=required, choices=tuple(choices))
    return _text(field.name, about, limit=field.limit, required=required, complete=complete)


def _text(name: str, about: str, *, limit: int, required: bool = False, complete: Complete | None = None) -> Option:
    annotation: Any = app_commands.Range[str, 1, min(limit, LONGEST)]
    return _make(name, annotation, about, required=required, complete=complete)


def _make(
    name: str,
    annotation: Any,
    about: str,
    *,
    required: bool,
    choices: tuple[str, ...] = (),
    complete: Complete | None = None,
) -> Option:
    short = about if len(about) <= DESCRIPTION else f"{about[: DESCRIPTION - 1]}…"
    return Option(
        name=name,
        parameter=name.replace("-", "_"),
        annotation=annotation,
        description=short,
        required=required,
        choices=choices,
        complete=complete,
    )


def declared(options: Sequence[Option], serve: Callable[[Interaction, Mapping[str, Any]], Awaitable[None]]) -> Any:
    """A callback as discord.py reads them: with a signature of these options."""

    async def callback(interaction: Interaction, **given: Any) -> None:
        names = {option.parameter: option.name for option in options}
        await serve(interaction, {names[name]: value for name, value in given.items() if value is not None})

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    first = inspect.Parameter("interaction", kind, annotation=Interaction)
    rest = [
        inspect.Parameter(
            option.parameter,
            kind,
            annotation=option.annotation if option.required else option.annotation | None,
            default=inspect.Parameter.empty if option.required else None,
        )
        for option in options
    ]
    callback.__signature__ = inspect.Signature([first, *rest])  # type: ignore[attr-defined]
    if options:
        app_commands.describe(**{option.parameter: option.description for option in options})(callback)
        app_commands.rename(**{option.parameter: option.name for option in options})(callback)
    for option in options:
        if option.choices:
            picks = [app_commands.Choice(name=each, value=each) for each in option.choices]
            app_commands.choices(**{option.parameter: picks})(callback)
        if option.complete is not None:
            app_commands.autocomplete(**{option.parameter: option.complete})(callback)
    return callback
