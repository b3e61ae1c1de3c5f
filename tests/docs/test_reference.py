"""The reference says what the code says: every page is up to date, and nothing that can be typed is missing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot import config
from bot.core import schema
from bot.core.menu import VERBS
from bot.core.reactions import BALLOTS
from bot.core.wording.refusals import REFUSALS
from bot.rulebooks import load, shipped
from tests.docs import generate
from tests.docs.commandtree import commands
from tests.docs.files import CHOICES, EXAMPLE, POLICIES, REFERENCE, ROOT, named
from tests.docs.page_configuration import meaning as meaning_of_setting
from tests.docs.page_data import data_schema
from tests.docs.page_messages import messages
from tests.docs.page_policy import TOP, allowed, meaning
from tests.docs.settings import Setting, settings
from tests.docs.tomlnotes import notes, switched_on

AGAIN = "The code has changed: run `make docs` (python -m tests.docs.generate), read the diff and commit it."
MOTION_KEYS = {*schema.KEYS, "extends"}


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """What the code gives now."""
    return dict(generate.pages())


@pytest.mark.parametrize(
    "name",
    [
        "moot.md",
        "command-line.md",
        "configuration.md",
        "policy.md",
        "maintainers-files.md",
        "messages.md",
        "events.md",
        "data.md",
    ],
)
def test_a_generated_page_is_what_the_code_gives_now(name: str, pages: dict[str, str]) -> None:
    path = REFERENCE / name
    assert path.is_file(), f"{named(path)} is missing. {AGAIN}"
    assert path.read_text(encoding="utf-8") == pages[name], f"{named(path)} is out of date. {AGAIN}"


def test_the_schema_of_the_data_is_what_the_code_gives_now() -> None:
    path = REFERENCE / "data.schema.json"
    assert path.read_text(encoding="utf-8") == data_schema(), f"{named(path)} is out of date. {AGAIN}"


def test_the_reference_holds_no_page_that_nothing_generates(pages: dict[str, str]) -> None:
    there = {path.name for path in REFERENCE.glob("*.md")} - {"README.md", "index.md"}
    assert there == set(pages)


def test_a_generated_page_says_so_in_its_first_line(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        first = text.splitlines()[0]
        assert first.startswith("<!-- Generated from "), name
        assert "make docs" in first, name


def test_generating_twice_gives_the_same_bytes(pages: dict[str, str]) -> None:
    assert dict(generate.pages()) == pages


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: str(verb.name))
def test_every_verb_of_moot_and_every_field_of_it_is_documented(verb: object, pages: dict[str, str]) -> None:
    found = next(each for each in VERBS if each is verb)
    section = pages["moot.md"].partition(f"\n## {found.name}\n")[2].partition("\n## ")[0]
    assert found.usage in section
    assert found.example in section
    for field in found.fields:
        assert (field.flag if field.place == "flag" else field.label) in section


def test_every_reaction_that_is_a_ballot_is_documented(pages: dict[str, str]) -> None:
    section = pages["moot.md"].partition("\n## Reactions\n")[2]
    assert [emoji for emoji in BALLOTS if emoji not in section] == []


def test_every_verb_and_option_of_the_command_line_is_documented_and_explained(pages: dict[str, str]) -> None:
    for command in commands():
        section = pages["command-line.md"].partition(f"\n## {command.typed}\n")[2].partition("\n## ")[0]
        assert command.help, command.typed
        for option in command.options:
            assert option.help, (command.typed, option.typed)
            for typed in option.names or (option.metavar,):
                assert typed in section, (command.typed, typed)


def test_every_setting_stands_in_the_example_and_every_key_of_the_example_is_a_setting() -> None:
    known = {each.path for each in settings() if isinstance(each, Setting)}
    said = set(notes(EXAMPLE.read_text(encoding="utf-8")).keys)
    assert known - said == set(), "settings that config.example.toml does not show"
    assert said - known == set(), "keys of config.example.toml that are no settings"


def test_the_example_explains_every_setting() -> None:
    said = notes(EXAMPLE.read_text(encoding="utf-8"))
    unexplained = [each.path for each in settings() if isinstance(each, Setting) and not meaning_of_setting(each, said)]
    assert unexplained == []


def test_the_example_loads_as_it_is() -> None:
    loaded = config.load(EXAMPLE)
    assert loaded.repository
    assert all(load(table.policy, beside=ROOT).motions for table in loaded.repository)


def test_the_example_loads_with_everything_switched_on(tmp_path: Path) -> None:
    text = switched_on(EXAMPLE.read_text(encoding="utf-8"))
    assert not notes(text).switched_off
    config.parse(text, file="config.toml", here=tmp_path)


def test_every_setting_is_documented(pages: dict[str, str]) -> None:
    text = pages["configuration.md"]
    for each in settings():
        if isinstance(each, Setting):
            section = re.split(r"\n## ", text.partition(f"[{each.table}]")[2])[0]
            assert f"| `{each.key}` |" in section, each.path


@pytest.mark.parametrize("key", schema.KEYS)
def test_every_key_of_a_policy_is_documented_with_its_values(key: str, pages: dict[str, str]) -> None:
    assert allowed(key), f"{key}: add what it can be to tests/docs/page_policy.py"
    assert meaning(key), f"{key}: explain it in bot/policies/distribution.toml"
    assert f"| `{key}` |" in pages["policy.md"]


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_policy_uses_only_documented_keys(name: str, pages: dict[str, str]) -> None:
    for path in notes((POLICIES / f"{name}.toml").read_text(encoding="utf-8")).keys:
        assert f"| `{path.rpartition('.')[2]}` |" in pages["policy.md"], path


def test_the_top_of_a_policy_is_documented_whole() -> None:
    with pytest.raises(schema.PolicyError) as caught:
        schema.read_rulebook({})
    assert {problem.key for problem in caught.value.problems} == {*TOP, "motion"}


def test_every_refusal_that_the_code_can_give_has_its_words() -> None:
    unsaid = {code: where for code, where in _refusals().items() if code not in REFUSALS}
    assert unsaid == {}


def test_every_refusal_is_documented(pages: dict[str, str]) -> None:
    assert [code for code in REFUSALS if f"| `{code}` |" not in pages["messages.md"]] == []


def test_no_message_is_documented_with_a_parameter_that_has_no_sample(pages: dict[str, str]) -> None:
    assert re.findall(r"&lt;\w+>", pages["messages.md"]) == [], "add a sample to tests/docs/page_messages.py"


def test_every_golden_card_has_a_section_and_none_is_needed(tmp_path: Path) -> None:
    assert "## Polls" not in messages(tmp_path / "missing")
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "result.txt").write_text("Motion 12 is carried.\n", encoding="utf-8")
    assert "### notices/result\n\n```text\nMotion 12 is carried.\n```" in messages(tmp_path)


def test_the_choices_page_names_only_keys_that_exist() -> None:
    text = CHOICES.read_text(encoding="utf-8")
    known = {*MOTION_KEYS, *(each.key for each in settings() if isinstance(each, Setting))}
    named_there = set(re.findall(r"`([a-z][a-z-]*) = [^`]*`", text))
    assert named_there
    assert named_there - known == set()


def _refusals() -> dict[str, str]:
    """Every refusal code that is written out in the code, with the file that gives it."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                for keyword in node.keywords:
                    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                        found[str(keyword.value.value)] = named(path)
    return found
