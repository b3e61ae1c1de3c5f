"""`folkmoot links`: who is linked, who is missing, what to send them, and what is wrong with the maps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot import config as configs
from bot.linkmap import parse_links
from bot.linkreport import report
from tests.commits import write
from tests.setup.place import SLACK, people, place
from tests.world import START

API = "http://127.0.0.1:9/"
MAP = b'[[person]]\nlogin = "jlacroix"\nslack = "T0001/U0010"\n'


async def told(file: Path) -> Any:
    return await report(configs.load(file))


async def test_nine_of_twelve_are_linked_and_three_get_a_letter(tmp_path: Path) -> None:
    said = await told(place(tmp_path, SLACK.format(api=API, repository="") + people(9)))
    assert said.good
    assert said.text.startswith(
        "! distribution: 9 of 12 maintainers linked on Slack\n  Missing: @jlacroix, @kavyarao, "
    )
    assert list(said.data["messages"]) == ["jlacroix", "kavyarao", "liamoreilly"]
    assert said.data["platforms"][0]["maintainers"] == 12
    letter = said.data["messages"]["kavyarao"]
    assert 'login = "kavyarao"\n    slack = "T…/U…"' in letter
    assert "config.toml" in letter
    assert "--- To @kavyarao:" in said.text
    assert "/moot whoami" in letter
    assert "/moot link" not in letter


async def test_the_letter_names_the_quick_way_where_there_is_one(tmp_path: Path) -> None:
    file = place(tmp_path, SLACK.format(api=API, repository="") + '[github]\nclient-id = "Iv1.0123456789abcdef"\n')
    assert "type  /moot link " in (await told(file)).data["messages"]["kavyarao"]


async def test_the_map_of_the_repository_links_too_and_is_what_the_letter_asks_for(tmp_path: Path) -> None:
    file = place(tmp_path, SLACK.format(api=API, repository='links = "links.toml"') + people(9))
    missing = await told(file)
    assert not missing.good
    assert "links.toml: " in missing.data["faults"]["distribution"][0]
    write(tmp_path / "distribution.git", "links.toml", MAP, at=START)
    said = await told(file)
    assert said.good
    assert "10 of 12 maintainers" in said.text
    letter = said.data["messages"]["kavyarao"]
    assert "pull request that adds this to links.toml" in letter
    table = letter.partition("    [[person]]")[2].replace("T…/U…", "T0001/U0011")
    assert parse_links(f"[[person]]{table}".encode(), path="x")[0].login == "kavyarao"


async def test_a_fault_of_the_map_is_told_with_its_line(tmp_path: Path) -> None:
    file = place(tmp_path, SLACK.format(api=API, repository='links = "links.toml"'))
    write(tmp_path / "distribution.git", "links.toml", b'[[person]]\nlogin = "x"\nslack = "me"\n', at=START)
    said = await told(file)
    assert not said.good
    assert said.data["faults"]["distribution"][0].startswith("links.toml:3: person.0.slack")
    assert "0 of 12" in said.text


async def test_a_roster_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    text = SLACK.format(api=API, repository='[repository.roster]\npath = "NOBODY"')
    said = await told(place(tmp_path, text))
    assert not said.good
    assert said.text.startswith("✗ distribution: NOBODY: ")
