"""docs/reference/moot.md: every verb of `/moot` from bot/core/menu, and the reactions that are ballots."""

from __future__ import annotations

from bot.core import grammar
from bot.core.commands import CHOICES
from bot.core.menu import COMMAND, FORMS, REPO, VERBS, Field, Verb
from bot.core.reactions import BALLOTS, SHOWN
from tests.docs.markdown import cited, code, fence, page, prose, table

_HEAD = ("Typed", "What", "Required", "Takes", "Hint")


def moot() -> str:
    """The page."""
    overview = table(("Verb", "What it does"), [(f"[`{v.name}`](#{v.name})", prose(v.summary)) for v in VERBS])
    return page(
        f"`{COMMAND}`: what members can ask",
        "bot/core/menu and bot/core/reactions.py",
        f"Type `{COMMAND}` and a verb in the maintainers' channel. `N` is the motion's number; it can be left out "
        "while only one motion can be meant. Options stand before the last text. A value with blanks goes in quotes; "
        "the last text of a verb needs none. What is in [brackets] can be left out. Answers are private: nobody else "
        f"sees them. Where several repositories share a channel, `--{REPO} NAME` after a verb without `N` says which. "
        "What the R numbers stand for is in [the governance map](../governance-map.md).",
        overview,
        *map(_verb, VERBS),
        _reactions(),
        _others(),
    )


def _verb(verb: Verb) -> str:
    parts = [f"## {verb.name}", fence(verb.usage), prose(verb.help)]
    if verb.fields:
        parts.append(table(_HEAD, map(_field, verb.fields)))
    parts += ["Example:", fence(verb.example)]
    if verb.rules:
        parts.append(f"Rules: {cited(verb.rules)}.")
    return "\n\n".join(parts)


def _field(field: Field) -> tuple[str, ...]:
    typed = field.flag if field.place == "flag" else field.name.upper()
    if field.place == "first" and field.kind == "person":
        typed = "@login"
    return code(typed), prose(field.label), "yes" if field.required else "no", _takes(field), prose(field.hint)


def _takes(field: Field) -> str:
    """What fits into a field."""
    default = f"; {code(field.default)} if left out" if field.default else ""
    match field.kind:
        case "role":
            return " or ".join(map(code, field.choices)) + default
        case "number":
            return f"a whole number of at most {field.limit} digits{default}"
        case "person":
            return f"a login on the forge, with or without `@`{default}"
        case "verb":
            return f"a verb{default}"
        case _:
            return f"at most {field.limit} characters{default}"


def _reactions() -> str:
    rows = [
        (code(choice), "  ".join(key for key, cast in BALLOTS.items() if cast == choice and not key.isascii()), names)
        for choice in CHOICES
        if (names := ", ".join(code(key) for key, cast in BALLOTS.items() if cast == choice and key.isascii()))
    ]
    text = (
        f"Adding one of these to the poll casts a ballot; the poll offers {' '.join(SHOWN)}. The skin tone does not "
        "matter. Every other reaction counts for nothing. Removing a reaction retracts nothing: the bot says that the "
        f"ballot stands, and `{COMMAND} retract` takes it back."
    )
    return f"## Reactions\n\n{text}\n\n{table(('Ballot', 'Reaction', 'As platforms name it'), rows)}"


def _others() -> str:
    """The other words for a verb, and the verbs that come as forms."""
    words = ", ".join(f"{code(word)} for {code(verb)}" for word, verb in grammar._ALIASES.items())
    forms = ", ".join(f"[`{name}`](#{name})" for name in FORMS)
    return (
        f"## Other words and forms\n\nAlso understood: {words}.\n\nAs a form, where the platform has them: {forms}. A "
        "button is the verb of its name with the motion's number."
    )
