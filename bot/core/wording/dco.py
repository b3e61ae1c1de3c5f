"""Help with sign-offs (R49): to whoever asks, and, only when asked for, to the contributor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.cards import Line, Note, Notice
from bot.core.dco import Unsigned
from bot.core.menu import COMMAND
from bot.core.wording.spans import code, count, line, strong

_SHOWN = 10


def dco_card(pull: int, commits: int, missing: Sequence[Unsigned], messages: Sequence[str], hint: str) -> Note:
    """What is missing, and the messages that a maintainer may write. `hint` says why there are none."""
    if not missing:
        return Note(motion=0, lines=(line(strong(f"#{pull}:"), f" all of {count(commits, 'commit')} are signed off."),))
    lines: list[Line] = [
        line(strong(f"#{pull}:"), f" {len(missing)} of {count(commits, 'commit')} without their author's sign-off:")
    ]
    lines += [line(code(each.commit[:12]), f" {' '.join(each.subject.split())[:80]}") for each in missing[:_SHOWN]]
    if messages:
        lines.append(
            line("By clause (c) a maintainer may amend them so, with their own sign-off beside the other (R49):")
        )
    else:
        lines.append(line(_HINTS[hint]))
        lines.append(line("To tell the contributor there: ", code(f"{COMMAND} dco {pull} --post yes"), "."))
    return Note(motion=0, lines=tuple(lines), code="\n".join(messages))


_HINTS = {
    "consent": "The contributor can write the line Signed-off-by: Name <mail> in a comment, with the address of the "
    "commits; or a maintainer says why the change is trivial (--trivial).",
    "address": "Your name and mail address are not in the maintainers file; write your own sign-off by hand.",
    "maintainer": "The contributor has signed off in a comment, so that a maintainer may add it (R49).",
}


def dco_help(params: Mapping[str, str | int]) -> Notice:
    """A word to the contributor: the commits by their names, and two ways out. Nobody's name or address is in it."""
    commits = str(params["commits"]).split()
    shown = [part for commit in commits[:_SHOWN] for part in (", ", code(commit[:12]))]
    more = f" and {len(commits) - _SHOWN} more" if len(commits) > _SHOWN else ""
    return Notice(
        motion=0,
        lines=(
            line("Thank you for this change. Not signed off yet: ", *shown[1:], f"{more}."),
            line("If you work with git: ", code(f"git rebase --signoff HEAD~{params['depth']}"), ", then push again."),
            line(
                "Or write a comment here with the line ",
                code("Signed-off-by: Your Name <your@address>"),
                ", with the address of your commits: then a maintainer can add it for you (DCO, clause c).",
            ),
        ),
    )
