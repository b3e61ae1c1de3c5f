"""The columns of the data that `folkmoot data` gives, once: its JSON Schema, its CSV and its reference page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

VERSION: Final = 1
"""Grows when a column changes its meaning or goes away; a new column does not change it."""
Type = Literal["integer", "string", "instant", "boolean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `choices` are all the values that it can have; where `empty` it can be null, in CSV an empty cell."""

    name: str
    type: Type
    help: str
    empty: bool = False
    choices: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, Any]:
        """The column in JSON Schema."""
        kind = "string" if self.type == "instant" else self.type
        made: dict[str, Any] = {"description": self.help, "type": [kind, "null"] if self.empty else kind}
        if self.type == "instant":
            made["format"] = "date-time"
        if self.choices:
            made["enum"] = [*self.choices, *([None] if self.empty else [])]
        return made


def _column(name: str, type: Type, help: str, *, empty: bool = False, choices: tuple[str, ...] = ()) -> Column:
    return Column(name=name, type=type, help=help, empty=empty, choices=choices)


MOTIONS: Final = (
    _column("motion", "integer", "The motion's number in its ledger."),
    _column("repository", "string", "Whose maintainers it is put to."),
    _column("kind", "string", "What kind of motion.", choices=("add", "remove", "step-down", "resolution", "generic")),
    _column("role", "string", "The role that is to begin or end.", empty=True),
    _column("subject", "string", "The login of whom it is about.", empty=True),
    _column("title", "string", "The title of a motion about a text.", empty=True),
    _column(
        "state",
        "string",
        "Where it stands; `leaving` and `left` are of a step-down.",
        choices=("open", "carried", "lost", "withdrawn", "void", "leaving", "left"),
    ),
    _column("public", "boolean", "Whether it may be known outside the maintainers' channels."),
    _column("rule", "string", "The clause of the governance document, with the rule's number."),
    _column("document", "string", "The governance document."),
    _column("policy", "string", "The policy that it is counted by."),
    _column("roster_path", "string", "The maintainers file."),
    _column("roster_commit", "string", "The commit of the maintainers file that the electorate is pinned to."),
    _column("pull_request", "string", "The address or the branch of the draft.", empty=True),
    _column("in_force", "string", "The commit since which the roster shows the change.", empty=True),
    _column("simulated", "boolean", "Whether it was made in the playground."),
    _column("log_head", "string", "The head of the log at the close.", empty=True),
)
WINDOWS: Final = (
    _column("announced_at", "instant", "When the window began."),
    _column("closes_at", "instant", "When the window ends, exclusive.", empty=True),
    _column("decided_at", "instant", "When it was counted, or ended without a count.", empty=True),
    _column("window", "string", "The window by the policy: `5bd` are five business days."),
    _column("zone", "string", "The time zone whose days are counted."),
)
TALLIES: Final = (
    _column("eligible", "integer", "Who is counted.", empty=True),
    _column("could_vote", "integer", "Who of them could vote.", empty=True),
    _column("needed", "integer", "The fewest yes that carry.", empty=True),
    _column("base", "integer", "What the threshold is a share of.", empty=True),
    _column("quorum", "integer", "How many had to take part; 0 for no quorum.", empty=True),
    _column("yes", "integer", "Yes.", empty=True),
    _column("no", "integer", "No.", empty=True),
    _column("abstain", "integer", "Abstained.", empty=True),
    _column("did_not_vote", "integer", "Could vote and did not.", empty=True),
    _column("arithmetic", "string", "How the needed number comes about.", empty=True),
    _column("withheld", "boolean", "Whether the count is withheld, for it would show how each one voted."),
)
BALLOTS: Final = (
    _column("motion", "integer", "The motion's number."),
    _column("person", "string", "The login of who voted."),
    _column("choice", "string", "Their last word before the close.", choices=("yes", "no", "abstain")),
    _column("via", "string", "How it was cast."),
    _column("acted_at", "instant", "When it was cast."),
    _column("counted", "boolean", "Whether the person was still in the electorate at the count."),
)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `folkmoot data --format json`."""
    motion = _object(MOTIONS)
    motion["properties"]["window"] = _object(WINDOWS)
    motion["properties"]["tally"] = _object(TALLIES)
    motion["required"] += ["window", "tally"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Data of a Folkmoot ledger, version {VERSION}",
        "type": "object",
        "properties": {
            "schema": {"const": VERSION},
            "log_head": {"type": "string", "description": "The head of the log when this was read."},
            "motions": {"type": "array", "items": motion},
            "ballots": {"type": "array", "items": _object(BALLOTS), "description": "Only with --ballots."},
        },
        "required": ["schema", "log_head", "motions"],
        "additionalProperties": False,
    }


def _object(columns: tuple[Column, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {column.name: column.schema for column in columns},
        "required": [column.name for column in columns],
        "additionalProperties": False,
    }
