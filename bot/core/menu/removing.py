"""Verbs of the private contact and of the removal that may come after it (R36-R43)."""

from __future__ import annotations

from typing import Final

from bot.core.menu.shape import COMMAND, Field, Verb

REMOVING: Final[tuple[Verb, ...]] = (
    Verb(
        name="contact",
        about="none",
        summary="Ask, privately, that somebody neutral says hello to an inactive maintainer",
        help="Nothing of this is in the channel: the other maintainers get a direct message, and one who is neutral "
        "takes it on. Nothing follows by itself.",
        fields=(Field(name="login", label="Whom to contact", kind="person", required=True, place="first", limit=40),),
        example=f"{COMMAND} contact @person",
        rules="R36, R37",
    ),
    Verb(
        name="contact-take",
        summary="Take it on to contact an inactive maintainer",
        help="Not the one who asked, and nobody of the same employer. I send you a drafted letter.",
        example=f"{COMMAND} contact-take 12",
        rules="R37",
    ),
    *(
        Verb(
            name=f"contact-{answer}",
            summary=f"Record what the contacted maintainer answered: {words}",
            help=f"Only the one who contacted them. {then}",
            example=f"{COMMAND} contact-{answer} 12",
            rules="R38",
        )
        for answer, words, then in (
            ("stays", "they stay, and can", "It ends there; nothing changes."),
            ("steps-down", "they step down", "It ends there; they do it themselves with step-down."),
            ("cannot", "they stay, but cannot", "A maintainer may then propose the removal."),
            ("no-answer", "no answer", "Only after two reminders. A maintainer may then propose the removal."),
        )
    ),
    Verb(
        name="remove",
        summary="Propose the removal to the channel, after the contact",
        help="The maintainers, the person included, are told here first. At least one business day later I open the "
        "draft, which says nothing but the change, and the vote of five business days begins.",
        example=f"{COMMAND} remove 12",
        rules="R39, R40, R43",
    ),
)
