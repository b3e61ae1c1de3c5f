"""One life of the bot over a town: the real service on the venues, the yards and a ledger file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from adapters.github import GitHubForge
from adapters.rosterfile import detect
from bot.hours import Hours, Rota
from bot.ports import Clock, Forge, Ids, Ledger, Platform, Point
from bot.repositories import Repositories, Repository
from bot.service import Service
from tests.simulation.rulebooks import rulebook
from tests.simulation.town import LINKS, ROSTER, RULES, Place, Town
from tests.simulation.weather import Weather
from tests.simulation.yards import Remote


def assemble(
    town: Town,
    *,
    clock: Clock,
    ids: Ids,
    ledger: Ledger,
    platforms: Mapping[str, Platform],
    forges: Mapping[str, Forge],
    weather: Weather,
    point: Point,
) -> Service:
    """The service as the wiring would make it."""
    places = [_repository(place, forges[place.name], weather, town.places[0]) for place in town.places]
    return Service(
        ledger=ledger,
        clock=clock,
        ids=ids,
        repositories=Repositories(places),
        platforms=platforms,
        detect=detect,
        employers={human.login: human.employer for human in town.people if human.employer},
        links=town.configured(),
        rota=Rota({human.login: Hours(zone="Europe/Berlin", start=8, end=16) for human in town.people[::5]}),
        point=point,
    )


def _repository(place: Place, forge: Forge, weather: Weather, first: Place) -> Repository:
    """The first one has the link map, which the others believe.

    On GitHub with all that is there; of others, whose calls cannot fail on the way, by a network of our own.
    """
    hub = forge if isinstance(forge, GitHubForge) else None
    return Repository(
        name=place.name,
        forge=hub or Remote(forge, weather),
        identities=hub.accounts if hub is not None else None,
        threads=hub.threads if hub is not None else None,
        changes=hub.threads if hub is not None else None,
        roster_path=ROSTER,
        rulebook=None if place.rules == "own" else rulebook(place.rules),
        policy_path=RULES if place.rules == "own" else "",
        links_path=LINKS if place is first else "",
        links_from=(first.name,) if place is not first else (),
        zone=place.zone,
        holidays=_fools_day,
        channels=place.channels,
        announce=place.channels[0],
    )


def _fools_day(now: datetime) -> tuple[date, ...]:
    """One holiday, for the calendars to stumble over."""
    day = date(now.year, 4, 1)
    return (day,) if now.date() - timedelta(days=2) <= day else ()
