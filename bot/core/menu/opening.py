"""Verbs that put something to the maintainers, and what follows for the people concerned."""

from __future__ import annotations

from typing import Final

from bot.core.menu.shape import COMMAND, Field, Verb
from bot.core.people import MAINTAINER
from bot.core.prose import REASON_LIMIT, TEXT_LIMIT, TITLE_LIMIT

OPENING: Final[tuple[Verb, ...]] = (
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
                name="pull-request",
                label="Link of the pull request, if you have opened one",
                kind="text",
                limit=500,
                hint="only after you have discussed it with the candidate (R27)",
            ),
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
    Verb(
        name="propose",
        about="none",
        summary="Put a text to the vote by one of the project's policies",
        help="Opens a motion about a text. `--policy` names a kind of motion of the project's policy; without it, the "
        "only one there is. Who may propose, who votes and how many are needed is the policy's to say.",
        fields=(
            Field(name="policy", label="Kind of motion", kind="text", limit=40, hint="a name from the policy"),
            Field(name="title", label="Title", kind="text", required=True, limit=TITLE_LIMIT),
            Field(name="link", label="Link to the discussion", kind="text", limit=500),
            Field(
                name="text", label="What is to be decided", kind="long", required=True, place="rest", limit=TEXT_LIMIT
            ),
        ),
        example=f'{COMMAND} propose --title "Drop Go 1.21" We stop testing with Go 1.21 from the next release on.',
    ),
    Verb(
        name="resolve",
        about="none",
        summary="Call for a resolution vote on a technical dispute",
        help="Any contributor may. Needs the issue that calls for it; the text is frozen, yes and no only, and the "
        "maintainers decide: 2/3 of them, not of those who vote. The result is recorded in the repository.",
        fields=(
            Field(name="title", label="Title", kind="text", required=True, limit=TITLE_LIMIT),
            Field(name="link", label="Link to the issue", kind="text", required=True, limit=500),
            Field(
                name="text", label="The text to be decided", kind="long", required=True, place="rest", limit=TEXT_LIMIT
            ),
        ),
        example=f'{COMMAND} resolve --title "Keep the v2 API" --link https://github.com/o/r/issues/7 '
        "The v2 API stays until release 5.",
        rules="R50, R51, R52",
    ),
    Verb(
        name="practice",
        about="none",
        summary="Try out a vote: nothing follows from it",
        help="A whole vote with the real arithmetic of a candidacy: it is announced, voted on, reminded of and counted "
        "here, and every message says that it is practice. No draft, no record, no limit; one at a time. It ends early "
        "when everybody has voted. Any maintainer may.",
        fields=(
            Field(name="minutes", label="Minutes, instead of the real window", kind="number", limit=5),
            Field(name="title", label="Title", kind="long", place="rest", limit=TITLE_LIMIT),
        ),
        example=f"{COMMAND} practice --minutes 10 Shall we have tea?",
    ),
    Verb(
        name="step-down",
        about="none",
        summary="Step down from your own role",
        help="Only the person. No vote: the maintainers are informed, you list what others should pick up, and when "
        "you confirm I prepare the pull request that removes your line.",
        fields=(Field(name="note", label="A word to the others", kind="long", place="rest", limit=TEXT_LIMIT),),
        example=f"{COMMAND} step-down New job, less time. It was a pleasure.",
        rules="R30, R31, R32",
    ),
    Verb(
        name="confirm",
        summary="Confirm that you step down: the draft is made",
        help="Only the person who steps down, after the maintainers have been informed.",
        example=f"{COMMAND} confirm 12",
        rules="R32",
    ),
    Verb(
        name="hand-over",
        summary="Note work that somebody else should pick up, and who does",
        help="For a step-down: the person lists their areas; a maintainer who picks one up notes it themselves. "
        "It blocks nothing.",
        fields=(
            Field(name="to", label="Who picks it up", kind="person", limit=40),
            Field(name="area", label="The work", kind="long", required=True, place="rest", limit=REASON_LIMIT),
        ),
        example=f"{COMMAND} hand-over 12 --to @ada The storage drivers and their two open pull requests.",
        rules="R33",
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
)
