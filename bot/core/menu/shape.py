"""What a verb and its fields are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bot.core.people import ROLES
from bot.core.prose import REASON_LIMIT

COMMAND: Final = "/moot"
REPO: Final = "repo"
"""The flag `--repo NAME`, on every verb without a motion's number: which repository, where several share a channel."""
FieldKind = Literal["person", "role", "number", "text", "long", "motion", "verb"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a verb takes. `flag` is how it is typed; without one it stands where `place` says."""

    name: str
    label: str
    kind: FieldKind
    required: bool = False
    place: Literal["first", "flag", "rest"] = "flag"
    limit: int = 150
    default: str = ""
    hint: str = ""

    @property
    def flag(self) -> str:
        return f"--{self.name}"

    @property
    def choices(self) -> tuple[str, ...]:
        return ROLES if self.kind == "role" else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb of `/moot`. `about` says whether it needs the number of a motion."""

    name: str
    summary: str
    help: str
    about: Literal["none", "motion"] = "motion"
    fields: tuple[Field, ...] = ()
    example: str = ""
    rules: str = ""

    def field(self, name: str) -> Field | None:
        """The field of this name."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def usage(self) -> str:
        """How it is typed: `/moot object N REASON`."""
        parts = [COMMAND, self.name]
        first = [f for f in self.fields if f.place == "first"]
        parts += [("@login" if f.kind == "person" else f.name.upper()) for f in first]
        if self.about == "motion":
            parts.append("N")
        for field in self.fields:
            if field.place == "flag":
                typed = f"{field.flag} {field.name.upper()}"
                parts.append(typed if field.required else f"[{typed}]")
        rest = [f for f in self.fields if f.place == "rest"]
        parts += [f.name.upper() if f.required else f"[{f.name.upper()}]" for f in rest]
        return " ".join(parts)


REASON: Final = Field(name="reason", label="Reason", kind="long", place="rest", limit=REASON_LIMIT)
REASON_NEEDED: Final = Field(
    name="reason", label="Reason", kind="long", required=True, place="rest", limit=REASON_LIMIT
)
