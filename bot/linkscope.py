"""Whom a repository's link map may speak for: the people of its own roster, and those of no roster at all.

Nothing here reads or stores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

from bot.core.people import PersonId

Said = Mapping[str, Mapping[str, PersonId]]
"""By repository: whose each account is, as its map says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The links that count, and by repository what its map says that does not, and why."""

    links: Mapping[str, PersonId]
    disputes: Mapping[str, tuple[str, ...]]


def agreed(said: Said, named: Mapping[str, Set[PersonId]], believed: Mapping[str, Set[str]]) -> Agreed:
    """What the maps link together, so that nobody votes where neither the map nor the operator lets them.

    `named` are the people of each roster; `believed` are the repositories whose maps count for a repository, its own
    among them. An account that two people are left with is nobody's.
    """
    links: dict[str, PersonId] = {}
    disputes: dict[str, list[str]] = defaultdict(list)
    doubtful: set[str] = set()
    for name, mapped in said.items():
        for account, person in mapped.items():
            silent = [
                each
                for each, people in named.items()
                if person in people and all(said.get(one, {}).get(account) != person for one in believed[each])
            ]
            if silent:
                where = ", ".join(silent)
                disputes[name].append(f"{account} is not linked: no map that counts for {where} says the same")
            elif links.setdefault(account, person) != person:
                doubtful.add(account)
    for name, mapped in said.items():
        for account in sorted(doubtful & mapped.keys()):
            disputes[name].append(f"{account} is nobody's: the maps give it to two people")
    return Agreed(
        links={account: person for account, person in links.items() if account not in doubtful},
        disputes={name: tuple(found) for name, found in disputes.items() if found},
    )
