"""The commands: all of the menu, within Discord's limits, registered only when they have changed."""

from __future__ import annotations

import discord

from adapters.discord.commands import FIRST, MORE, MOST, RUN, START
from adapters.discord.forms import INPUTS, Sheet, asks_first, modal_of, shown_fields
from bot.core.menu import BY_NAME, FORMS, VERBS
from tests.discord.world import PEOPLE, Town
from tests.fakes.discord import validate
from tests.fakes.discord.state import Data
from tests.world import logins

WRITES = r"/applications/900/(guilds/100/)?commands"


def moot(town: Town, scope: int = 100) -> Data:
    return next(each for each in town.fake.rest.registered[scope] if each["name"] == "moot")


async def test_every_verb_of_the_menu_is_a_command_in_the_channel_and_directly(town: Town) -> None:
    for scope in (100, 0):
        names = {option["name"]: option for option in moot(town, scope)["options"]}
        more = {option["name"] for option in names.pop(MORE)["options"]}
        names.pop(RUN)
        assert set(names) == set(FIRST)
        assert set(names) | more == {verb.name for verb in VERBS}
        assert len(more) <= MOST
        assert len(names) + 2 <= MOST
    assert moot(town, 0)["contexts"] == [1], "directly with the bot, and nowhere else"
    assert START in {each["name"] for each in town.fake.rest.registered[100]}


async def test_options_are_typed_and_bounded(town: Town) -> None:
    nominate = next(each for each in moot(town)["options"] if each["name"] == "nominate")
    options = {option["name"]: option for option in nominate["options"]}
    assert [name for name, option in options.items() if option.get("required")] == ["login", "months"]
    assert options["months"]["type"] == discord.AppCommandOptionType.integer.value
    assert [choice["value"] for choice in options["role"]["choices"]] == ["maintainer", "reviewer"]
    assert options["login"]["autocomplete"]
    assert options["login"]["max_length"] == 40
    status = next(each for each in moot(town)["options"] if each["name"] == "status")
    assert status["options"][0]["name"] == "motion"
    assert status["options"][0]["autocomplete"]


async def test_commands_are_written_once_and_again_only_when_they_have_changed(town: Town) -> None:
    assert town.fake.called("PUT", WRITES) == 2
    await town.again()
    await town.crash()
    await town.open()
    assert town.fake.called("PUT", WRITES) == 2
    moot(town)["description"] = "The project's governance (menu of an older version)"
    await town.crash()
    await town.open()
    assert town.fake.called("PUT", WRITES) == 3


async def test_a_server_where_commands_may_not_be_registered_holds_nothing_up(town: Town) -> None:
    town.fake.rest.registered.clear()
    town.fake.fail("GET", "/applications/900/guilds/100/commands", status=403, code=50001)
    await town.again()
    assert 0 in town.fake.rest.registered
    assert 100 not in town.fake.rest.registered
    await town.again()
    assert 100 in town.fake.rest.registered


async def test_a_command_that_there_is_no_more_is_answered(town: Town) -> None:
    town.fake.rest.registered[100] = [
        {"name": "moot", "id": "1", "options": [{"name": "banish", "type": 1, "options": []}]}
    ]
    made = await town.slash(PEOPLE[logins()[0]], "banish")
    assert "Reload" in made.text


async def test_repositories_that_share_a_channel_are_told_apart_by_an_option(town: Town) -> None:
    made = await town.slash(logins()[0], "nominate", login="newperson", months=7, repo="elsewhere")
    sent = await town.submit(logins()[0], made, evidence="e", text="t")
    assert "distribution" in sent.text
    assert town.ledger.reader().entries() == ()
    right = await town.slash(logins()[0], "nominate", login="newperson", months=7, repo="distribution")
    await town.submit(logins()[0], right, evidence="e", text="t")
    assert town.motion().opened.repository == "distribution"


def test_every_form_is_as_discord_takes_it_empty_and_full() -> None:
    for name in (*FORMS, "yes", "ballot"):
        fields = BY_NAME[name].fields if name in BY_NAME else ()
        for values in ({}, {field.name: "1" * field.limit for field in fields}):
            sheet = Sheet(user=1, verb=name, motion=999_999_999, values=values)
            if shown_fields(name, values):
                validate.modal(modal_of(sheet, "0123456789abcdef").to_dict())


def test_a_form_shows_what_is_missing_and_the_long_texts_and_never_more_than_five() -> None:
    given = {"login": "ada", "months": "7", "role": "reviewer"}
    shown = [field.name for field in shown_fields("nominate", given)]
    assert {"evidence", "text"} <= set(shown)
    assert len(shown) == INPUTS
    needed = {field.name for field in BY_NAME["nominate"].fields if field.required}
    assert needed <= {field.name for field in shown_fields("nominate", {})}


def test_only_a_missing_long_text_opens_a_form() -> None:
    assert asks_first("nominate", {"login": "ada", "months": "7", "text": "t"})
    assert not asks_first("nominate", {"login": "ada", "months": "7", "text": "t", "evidence": "e"})
    assert not asks_first("yes", {})
    assert not asks_first("step-down", {})
    assert asks_first("object", {})
