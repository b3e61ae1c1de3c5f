"""Forms as modals, made from the menu alone, and what was filled in; it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.slack import blocks as kit
from adapters.slack.blocks import Block
from adapters.slack.codes import BALLOT, FORM, KIND, Origin
from adapters.slack.drawing import draw
from bot.core.cards import Card
from bot.core.menu import BY_NAME, Field, Verb
from bot.core.prose import REASON_LIMIT

TITLE: Final = 24
INPUT: Final = 3000
LABEL: Final = 150
HINT: Final = 150
OPTION: Final = 75
OPTIONS: Final = 100
ERROR: Final = 300
VALUE: Final = "value"
MOTION: Final = "motion"
STARTS: Final = ("propose", "resolve", "nominate")
"""What can be begun from a message."""
_CHOICES: Final = ("yes", "no", "abstain")

Motions = Sequence[tuple[int, str]]
View = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A form to show: the verb, where it was opened, what is filled in, and the motions to choose from."""

    verb: str
    origin: Origin
    values: Mapping[str, str] = field(default_factory=dict)
    motions: Motions = ()
    starting: bool = False
    problem: str = ""


def form(filling: Filling) -> View:
    """The modal of a verb."""
    verb = BY_NAME.get(filling.verb)
    summary = verb.summary if verb is not None else "Vote on a motion, with a reason"
    blocks: list[Block] = []
    if filling.problem:
        blocks += kit.rich(kit.section([kit.words(kit.cut(filling.problem, INPUT - 1), bold=True)]))
    if filling.starting:
        blocks.append(_kinds(filling.verb))
    blocks += kit.rich(kit.section([kit.words(summary, bold=True), kit.words(verb.help if verb else _BALLOT_HELP)]))
    if verb is None or verb.about == "motion":
        blocks += _motion(filling)
    fields = verb.fields if verb is not None else (_CHOICE, _REASON)
    blocks += [_input(each, filling.values.get(each.name, "")) for each in fields]
    return {
        "type": "modal",
        "callback_id": f"{FORM}:{filling.verb}",
        "private_metadata": filling.origin.packed(),
        "title": kit.plain(kit.cut(filling.verb.replace("-", " ").capitalize(), TITLE)),
        "submit": kit.plain("Send"),
        "close": kit.plain("Cancel"),
        "blocks": blocks[: kit.VIEW_BLOCKS],
    }


def notice(title: str, card: Card) -> View:
    """A modal that only says something."""
    blocks = list(draw(card).blocks)[: kit.VIEW_BLOCKS]
    blocks = [block for block in blocks if block["type"] != "actions"]
    return {"type": "modal", "title": kit.plain(kit.cut(title, TITLE)), "close": kit.plain("Close"), "blocks": blocks}


_BALLOT_HELP: Final = (
    "You can change your ballot until the close; your last one counts. "
    "A reason is kept with the ballot in the ledger and shown to nobody."
)
_CHOICE: Final = Field(name="choice", label="Your ballot", kind="text", required=True)
_REASON: Final = Field(name="reason", label="Reason", kind="long", limit=REASON_LIMIT)


def _kinds(verb: str) -> Block:
    """The choice of what is begun; another one brings its own fields."""
    options = [_option(each, BY_NAME[each].summary) for each in STARTS]
    chosen = next(option for option in options if option["value"] == verb)
    select = {"type": "static_select", "action_id": KIND, "options": options, "initial_option": chosen}
    return {
        "type": "input",
        "block_id": KIND,
        "dispatch_action": True,
        "label": kit.plain("What to begin"),
        "element": select,
    }


def _motion(filling: Filling) -> list[Block]:
    """The motion that it is about: fixed, or chosen from the open ones."""
    titles = dict(filling.motions)
    number = filling.origin.motion
    if number:
        title = f" · {titles[number]}" if titles.get(number) else ""
        return kit.rich(kit.section([kit.words(kit.cut(f"Motion {number}{title}", 300))]))
    options = [_option(str(each), f"{each} · {title}") for each, title in filling.motions[:OPTIONS]]
    chosen = next((each for each in options if each["value"] == filling.values.get(MOTION)), None)
    if chosen is None and len(options) == 1:
        chosen = options[0]
    select = {"type": "static_select", "action_id": VALUE, "options": options}
    element = {**select, "initial_option": chosen} if chosen else select
    return [{"type": "input", "block_id": _block(MOTION), "label": kit.plain("Motion"), "element": element}]


def _input(each: Field, value: str) -> Block:
    """A field of the menu as an input."""
    made: Block = {"type": "input", "block_id": _block(each.name), "label": kit.plain(kit.cut(each.label, LABEL))}
    if not each.required:
        made["optional"] = True
    hint = each.hint or ("their login on the forge, such as @ada" if each.kind == "person" else "")
    if hint:
        made["hint"] = kit.plain(kit.cut(hint, HINT))
    choices = _CHOICES if each is _CHOICE else each.choices
    if choices:
        options = [_option(choice, choice) for choice in choices]
        chosen = next((option for option in options if option["value"] == (value or each.default)), None)
        kind = "radio_buttons" if each is _CHOICE else "static_select"
        element: Block = {"type": kind, "action_id": VALUE, "options": options}
        made["element"] = {**element, "initial_option": chosen} if chosen else element
        return made
    element = {"type": "plain_text_input", "action_id": VALUE, "multiline": each.kind == "long"}
    if value:
        element["initial_value"] = value[: min(each.limit, INPUT)]
    # A little more than may be typed: the desk refuses it with the count, and nothing is cut off silently in a paste.
    element["max_length"] = min(INPUT, each.limit + 200)
    made["element"] = element
    return made


def _option(value: str, label: str) -> Block:
    return {"text": kit.plain(kit.cut(" ".join(label.split()) or value, OPTION)), "value": value}


def _block(name: str) -> str:
    return f"field:{name}"


# --------------------------------------------------------------------------- what comes back


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A form that was sent: the verb and values for the desk, and the form as it stands, to show again."""

    verb: str
    motion: int
    values: Mapping[str, str]
    filling: Filling
    inputs: Sequence[str]


def answered(verb: str, view: Mapping[str, Any], origin: Origin) -> Answered:
    """Read a form. Fields that the verb does not have are left out."""
    found = values_of(view)
    motion = origin.motion
    if not motion and (chosen := found.get(MOTION, "")).isdecimal() and len(chosen) < 10:
        motion = int(chosen)
    filling = Filling(verb=verb, origin=replace(origin, motion=motion), values=found, starting=_starting(view))
    known = BY_NAME[verb].fields if verb in BY_NAME else (_CHOICE, _REASON)
    values = {each.name: found.get(each.name, "") for each in known}
    real = verb
    if verb == BALLOT:
        choice = values.pop("choice")
        real = choice if choice in _CHOICES else ""
    return Answered(verb=real, motion=motion, values=values, filling=filling, inputs=_inputs(view))


def values_of(view: Mapping[str, Any]) -> dict[str, str]:
    """All that is filled in, by the name of the field."""
    state = (view.get("state") or {}).get("values") or {}
    found: dict[str, str] = {}
    for block, actions in state.items():
        for action in actions.values():
            chosen = action.get("selected_option")
            value = chosen.get("value") if isinstance(chosen, dict) else action.get("value")
            if isinstance(value, str):
                found[str(block).removeprefix("field:")] = value
    return found


def refused(words: str, field_name: str, inputs: Sequence[str]) -> dict[str, str] | None:
    """A refusal beside the field that it is about, else beside the first one; None where the form has no fields."""
    wanted = _block(field_name)
    place = wanted if wanted in inputs else next(iter(inputs), None)
    return {place: kit.cut(words, ERROR)} if place is not None else None


def _inputs(view: Mapping[str, Any]) -> list[str]:
    return [
        str(block["block_id"])
        for block in view.get("blocks", ())
        if block.get("type") == "input" and str(block.get("block_id", "")).startswith("field:")
    ]


def _starting(view: Mapping[str, Any]) -> bool:
    return any(block.get("block_id") == KIND for block in view.get("blocks", ()))


def needs_motion(verb: Verb | None) -> bool:
    """Whether a form has to know a motion."""
    return verb is None or verb.about == "motion"
