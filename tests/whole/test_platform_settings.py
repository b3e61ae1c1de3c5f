"""The settings of platforms and accounts: what is refused, and that it is said with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config, parse
from bot.rulebooks import Mistaken

SERVED = """
[[repository]]
name = "distribution"
forge = "localgit"
path = "distribution.git"
channels = ["slack:C0123456", "discord:1234/5678"]

[slack]
enabled = true

[discord]
enabled = true
"""


def read(text: str) -> Config:
    return parse(text, file="config.toml", here=Path())


def test_channels_of_every_platform_are_named_by_its_ids() -> None:
    (table,) = read(SERVED).repository
    assert table.channels == ("slack:C0123456", "discord:1234/5678")


def test_an_account_may_be_written_as_whoami_tells_it() -> None:
    people = '[[person]]\nlogin = "ada"\nslack = "slack:T0123/U0456"\ndiscord = "discord:80351110224678912"\n'
    (person,) = read(SERVED + people).person
    assert (person.slack, person.discord) == ("T0123/U0456", "80351110224678912")


def test_the_names_of_settings_may_be_written_with_underscores_too() -> None:
    config = read(SERVED + 'gateway_url = "ws://127.0.0.1:8080/"\n')
    assert config.discord.gateway_url == "ws://127.0.0.1:8080/"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"slack:C0123456"', '"slack:general"', "slack:C0123456"),
        ('"discord:1234/5678"', '"discord:5678"', "discord:GUILD/CHANNEL"),
        ("[slack]\nenabled = true", "[slack]\nenabled = false", "Switch on [slack]"),
        ("[slack]\nenabled = true", '[slack]\nenabled = true\napi-url = "http://slack.example.org/"', "Write https://"),
        ("[slack]\nenabled = true", '[slack]\nenabled = true\napi-url = "https://u:p@example.org/"', "Write https://"),
        ("[slack]\nenabled = true", '[slack]\nenabled = true\nlisten = "127.0.0.1"', "HOST:PORT"),
        ("[slack]\nenabled = true", '[slack]\nenabled = true\nlisten = "127.0.0.1:99999"', "HOST:PORT"),
        ("[slack]\nenabled = true", '[slack]\nenabled = true\nbot-token = "xoxb-1"', "name its file in bot-token-file"),
        ("[slack]\nenabled = true", '[slack]\nenabled = true\nmod = "http"', "Do you mean mode?"),
        ("[slack]\nenabled = true", "[slack]\nenabled = true\nzzz = 1", "Remove it, or look for its name"),
        ("[slack]\nenabled = true", '[slack]\nenabled = "yes"', "Write true or false, without quotes"),
        ('name = "distribution"', "name = 7", 'Write it in "quotes"'),
        ('name = "distribution"', 'name = "d"\nmotions-per-person = "many"', "Write a number, without quotes"),
        ("[[repository]]", "[repository]", "Write [[repository]], with two brackets"),
        ('["slack:C0123456", "discord:1234/5678"]', '"slack:C0123456"', 'Write it in brackets: channels = ["..."]'),
        ('["slack:C0123456", "discord:1234/5678"]', "[]", "Write one at least"),
        ("[[repository]]", "here = 1\n[[repository]]", "here : there is no such setting. Remove it"),
        ("[discord]", '[[person]]\nlogin = "ada"\nslack = "ada"\n\n[discord]', "TEAM/USER"),
        ("[discord]", '[[person]]\nlogin = "ada"\ndiscord = "ada#1"\n\n[discord]', "user id"),
        ("[discord]", "[playground]\nenabled = true\n\n[discord]", "allow-beside-real"),
    ],
)
def test_a_setting_that_is_wrong_says_what_to_write(before: str, after: str, said: str) -> None:
    assert before in SERVED
    with pytest.raises(Mistaken) as caught:
        read(SERVED.replace(before, after))
    assert said in str(caught.value)
    assert "config.toml:" in str(caught.value)
    assert len(caught.value.mistakes) == 1, "what only follows from a mistake is none"


def test_t6_an_account_of_two_people_is_refused() -> None:
    twice = '\n[[person]]\nlogin = "ada"\nslack = "T0123/U0456"\n\n[[person]]\nlogin = "bob"\nslack = "T0123/U0456"\n'
    with pytest.raises(Mistaken, match="one person, one ballot"):
        read(SERVED + twice)


def test_the_playground_may_stand_beside_a_real_platform_where_that_is_asked_for() -> None:
    config = read(SERVED + "\n[playground]\nenabled = true\nallow-beside-real = true\n")
    assert config.playground.enabled
