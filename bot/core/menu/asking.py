"""Questions, which change nothing; and who one is."""

from __future__ import annotations

from typing import Final

from bot.core.menu.shape import COMMAND, Field, Verb
from bot.core.prose import REASON_LIMIT

ASKING: Final[tuple[Verb, ...]] = (
    Verb(
        name="mine",
        about="none",
        summary="What awaits your ballot, and your ballots",
        help="The open motions that you may vote on, those you have not voted on first.",
        example=f"{COMMAND} mine",
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
        name="why",
        about="none",
        summary="Why somebody may or may not vote",
        help="For each open motion of this repository: whether the person is in its electorate, and by which rule.",
        fields=(Field(name="login", label="Whom", kind="person", required=True, place="first", limit=40),),
        example=f"{COMMAND} why @person",
        rules="R3, R4, R5, R22, R42",
    ),
    Verb(
        name="whoami",
        about="none",
        summary="Who I think you are, and what you may do here",
        help="Your forge login, your account, your role in this repository, and how many maintainers are linked.",
        example=f"{COMMAND} whoami",
    ),
    Verb(
        name="link",
        about="none",
        summary="Show on GitHub that this account here is yours",
        help="I give you a code; you type it on GitHub's own page while you are signed in there. Type a code that you "
        "have not asked for yourself nowhere: it would give somebody else your ballot. The link is told in the "
        "maintainers' channel, where it can be undone, and counts a day later.",
        example=f"{COMMAND} link",
    ),
    Verb(
        name="unlink",
        about="none",
        summary="Undo a link that was made with a code",
        help="Without a name your own; a maintainer can undo anybody's. What the configuration or the repository's "
        "map says is changed there.",
        fields=(Field(name="login", label="Whose link, if not yours", kind="person", place="rest", limit=40),),
        example=f"{COMMAND} unlink",
    ),
    Verb(
        name="review",
        about="none",
        summary="Show, privately, what the maintainers have done in the last three months",
        help="Counted from the repository's history; I report, humans decide. Only maintainers see it.",
        example=f"{COMMAND} review",
        rules="R35, R36",
    ),
    Verb(
        name="candidates",
        about="none",
        summary="List, privately, contributors with regular activity in the prior months",
        help="From the repository's history, with how it was computed. Only maintainers see it; I nominate nobody.",
        example=f"{COMMAND} candidates",
        rules="R8, R9, R10",
    ),
    Verb(
        name="dco",
        about="none",
        summary="Which commits of a pull request lack a sign-off, and what to do",
        help="A contributor can sign off in a comment; then, or where the change is trivial and a maintainer says why, "
        "the maintainer may add it by clause (c) and adds their own: I show the message to write. I change no commit, "
        "and write to the pull request only with `--post yes`.",
        fields=(
            Field(name="pull", label="Pull request", kind="number", required=True, place="first", limit=10),
            Field(name="post", label="Tell the contributor there", kind="text", limit=3, hint="yes"),
            Field(name="trivial", label="Why the change is trivial", kind="text", limit=REASON_LIMIT),
        ),
        example=f"{COMMAND} dco 17",
        rules="R49",
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
