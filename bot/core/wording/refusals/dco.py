"""Help with sign-offs that could not be given (R49)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.wording.refusals.shape import Words, simple

DCO: Mapping[str, Words] = {
    "pull-unfit": simple("Not done:", "that is no number of a pull request.", "Write it such as 17."),
    "post-unfit": simple("Not done:", "`--post` is yes or no."),
    "dco-no-forge": simple("Not done:", "this repository is on no forge with pull requests that I read."),
    "dco-no-pull": simple("Not done:", "there is no such pull request, or the forge cannot be read."),
    "dco-maintainers": simple(
        "Not done:", "only a maintainer calls a change trivial, or has me write to the contributor (R49)."
    ),
}
