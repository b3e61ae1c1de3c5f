"""Direct messages: reminders, the drafted invitation, the link and the patch for a candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.core.cards import Button, Line, Link, Note
from bot.core.motion import Motion
from bot.core.offer import Offer
from bot.core.teller import tally
from bot.core.wording.contact import CONTACT
from bot.core.wording.notices import ACCEPTED, DECLINED
from bot.core.wording.poll import ballot_buttons, certainty, hidden
from bot.core.wording.spans import Scene, code, last_minute, line, page, practised, title, who
from bot.core.wording.threads import comment_gone

SNOOZE = Button(verb="snooze", label="Remind me in the morning")
MUTE = Button(verb="mute", label="No more pings for this one")


def note_card(
    kind: str, motion: Motion, params: Mapping[str, str | int], scene: Scene, *, offer: Offer | None = None
) -> Note:
    """The direct message of this kind. Raises KeyError for a kind that is none."""
    card = _note(kind, motion, params, scene, offer)
    return replace(card, lines=(*card.lines, *practised(motion)))


def _note(kind: str, motion: Motion, params: Mapping[str, str | int], scene: Scene, offer: Offer | None) -> Note:
    match kind:
        case "ping":
            return _ping(motion, int(params["hours"]), scene)
        case "invitation-draft":
            return _invitation(motion, scene)
        case "patch" if offer is not None:
            return _handed(motion, offer, scene)
        case "comment-gone":
            return Note(motion=motion.number, lines=comment_gone(motion))
        case _:
            return CONTACT[kind](motion, params, scene)


def _ping(motion: Motion, hours: int, scene: Scene) -> Note:
    counted = tally(motion)
    closes = motion.closes_at or scene.now
    sure = certainty(counted) if motion.policy.secrecy == "open" else ""
    stands = f"It has {counted.yes} yes; {counted.needed} are needed. {sure} " if sure else ""
    return Note(
        motion=motion.number,
        lines=(
            line(
                *title(motion, scene, first=True),
                f" closes within {hours} hours: " if hours else " is still open; it closes ",
                last_minute(closes, motion.opened.zone),
                ".",
            ),
            line(f"{stands}You have not voted."),
            *_there(motion),
        ),
        buttons=(*ballot_buttons(motion), SNOOZE, MUTE),
    )


def _there(motion: Motion) -> tuple[Line, ...]:
    """Where to vote instead, if it is not by these buttons (R40)."""
    if motion.policy.venues == "all" or motion.draft is None:
        return ()
    return (line("One votes in the pull request alone: ", page(motion.draft.branch, motion.draft.url), "."),)


def _invitation(motion: Motion, scene: Scene) -> Note:
    closed = motion.closed
    role, repository = motion.role, motion.opened.repository
    candidate = who(motion.subject, scene).login
    count = f"{closed.yes} of {closed.eligible} maintainers said yes. " if closed and not hidden(motion) else ""
    letter = (
        f"Hi {candidate},\n\n"
        f"the maintainers of {repository} would like you to join them as a {role}. {count}"
        "Your work has been noticed, and we would be glad to have you.\n\n"
        f"If you accept, we prepare a pull request that adds you to {motion.electorate.roster_path}; please tell "
        "me the name and the mail address to put there. The role begins when it is merged. "
        "If you would rather not, that is fine, and it stays between you and the maintainers.\n"
    )
    return Note(
        motion=motion.number,
        lines=(
            line("Thank you for inviting ", who(motion.subject, scene), ". A letter to start from; change every word:"),
            line(
                "When they have answered, press a button, or type ",
                code(f'/moot accepted {motion.number} --name "..." --email ...'),
                " or ",
                code(f"/moot declined {motion.number}"),
            ),
        ),
        code=letter,
        buttons=(ACCEPTED, DECLINED),
    )


def _handed(motion: Motion, offer: Offer, scene: Scene) -> Note:
    """What the candidate needs to open the pull request themselves (R26), for whoever invited them to pass on."""
    named, path = f"motion-{motion.number}.patch", motion.electorate.roster_path
    candidate = who(motion.subject, scene)
    by_hand = line(
        "With git: save the patch below as ",
        code(named),
        ", run ",
        code(f"git am --signoff {named} && git commit --amend --no-edit --reset-author"),
        ", push it to a branch of one's own and open the pull request.",
    )
    lines: tuple[Line, ...]
    if offer.held:
        lines = (
            line("Send ", candidate, f" this link (motion {motion.number}, R26): ", Link(_OPENS, offer.link)),
            line("Title and text are filled in. They press “Create pull request”, and are its author."),
        )
    elif offer.link:
        lines = (
            line("Send ", candidate, f" this link (motion {motion.number}, R26): ", Link(f"edit {path}", offer.link)),
            line("I could prepare no branch there: they make the change that the patch shows, and propose it."),
        )
    else:
        lines = (
            line("Send ", candidate, f" the patch below (motion {motion.number}, R26). They open the pull request."),
        )
    return Note(motion=motion.number, lines=(*lines, by_hand), code=offer.patch)


_OPENS = "open the pull request"
