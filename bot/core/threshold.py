"""Exact thresholds: how many yes a motion needs. Integers only, never a float (R16, R17, R18)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_THRESHOLD: Final = re.compile(r"(?P<sign>>=|>)\s*(?P<num>[0-9]{1,6})/(?P<den>[1-9][0-9]{0,5})\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A share of the electorate: at least (`>=`) or more than (`>`) numerator/denominator of it."""

    numerator: int
    denominator: int
    strict: bool = False

    def __str__(self) -> str:
        return f"{'>' if self.strict else '>='}{self.numerator}/{self.denominator}"

    def needed(self, of: int) -> int:
        """The fewest yes that reach the threshold among `of` people."""
        if self.strict:
            return of * self.numerator // self.denominator + 1
        return -(-of * self.numerator // self.denominator)

    def met(self, yes: int, of: int) -> bool:
        """Whether `yes` of `of` reach it; nobody's vote never does."""
        left, right = yes * self.denominator, of * self.numerator
        return of > 0 and (left > right if self.strict else left >= right)

    @property
    def share(self) -> str:
        """The share as it is spoken of: `66%`, `2/3`, `more than 1/2`."""
        percent = Fraction(100 * self.numerator, self.denominator)
        plain = f"{percent}%" if self.denominator == 100 else f"{self.numerator}/{self.denominator}"
        return f"more than {plain}" if self.strict else plain

    def arithmetic(self, of: int) -> str:
        """How the needed number comes about: `66% of 12 = 7.92, so 8` (R18)."""
        return (
            f"{self.share} of {of} = {_decimal(Fraction(of * self.numerator, self.denominator))}, so {self.needed(of)}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """How many must take part: a fixed number, or a share of the electorate; 0 where there is none."""

    number: int = 0
    share: Threshold | None = None

    def __str__(self) -> str:
        if self.share is None:
            return str(self.number)
        return f"{self.share}, {self.number}" if self.number else str(self.share)

    def needed(self, of: int) -> int:
        """The fewest who have to take part among `of` people; both the share and the number, where there are both."""
        return max(self.number, self.share.needed(of) if self.share is not None else 0)

    def __bool__(self) -> bool:
        return bool(self.number) or self.share is not None


def parse_quorum(text: str) -> Quorum:
    """Read `0`, `5`, `>=30/100`, or a share and a number: `>=1/2, 5`. Raises ValueError."""
    numbers: list[int] = []
    shares: list[Threshold] = []
    for part in text.split(","):
        plain = part.strip()
        if plain.isascii() and plain.isdigit() and len(plain) <= 4:
            numbers.append(int(plain))
        elif _THRESHOLD.match(plain):
            shares.append(parse_threshold(plain))
        else:
            raise ValueError(f'"{_shown(text)}" is not a quorum: write 0 for none, 5, >=1/2, or both: ">=1/2, 5"')
    if len(numbers) > 1 or len(shares) > 1:
        raise ValueError(f'"{_shown(text)}" is more than one quorum: write one share, one number, or one of each')
    return Quorum(number=numbers[0] if numbers else 0, share=shares[0] if shares else None)


def parse_threshold(text: str) -> Threshold:
    """Read `>=66/100` or `>2/3`. Raises ValueError for anything else, percentages and decimals included."""
    match = _THRESHOLD.match(text)
    if match is None:
        raise ValueError(
            f'"{_shown(text)}" is not a threshold: write a fraction with its sign, such as >=66/100 or >2/3'
        )
    numerator, denominator, strict = int(match["num"]), int(match["den"]), match["sign"] == ">"
    if numerator > denominator or (strict and numerator == denominator):
        raise ValueError(f'"{text}" can never be reached: write a share of at most 1/1')
    if numerator == 0 and not strict:
        raise ValueError(f'"{text}" is always reached: write >0/1 where one yes is enough')
    return Threshold(numerator=numerator, denominator=denominator, strict=strict)


def _shown(text: str) -> str:
    """What was written, as far as it helps to see it."""
    return text if len(text) <= 40 else f"{text[:40]}…"


def _decimal(value: Fraction) -> str:
    """A fraction to two decimals, exactly if it ends there, else with an ellipsis: `7.92`, `8`, `3.33…`."""
    hundredths = value * 100
    whole, cents = divmod(hundredths.numerator // hundredths.denominator, 100)
    text = f"{whole}.{cents:02}".rstrip("0").rstrip(".")
    if hundredths.denominator == 1:
        return text
    return f"{whole}.{cents:02}…"
