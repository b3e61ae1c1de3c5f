"""`folkmoot init`: few questions, the roster shown, a configuration that passes its check, and never a token."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from adapters.github.check import FOR_COMMENTS, NEEDED
from adapters.localgit.sample import create_sample
from bot import config as configs
from bot.cli import app
from bot.core.answers import Refused
from bot.core.grammar import parse
from bot.rulebooks import shipped
from bot.setup import guesses
from bot.setup.interview import summary
from bot.setup.steps import TYPED
from bot.setup.writing import Answers, written
from tests.adapters.github_workshop import GitHubTokenWorkshop
from tests.commits import write
from tests.github.council import maintainers
from tests.world import START

TABLE = b"""# Maintainers

| Name | GitHub |
|---|---|
| Ada | @ada |
| Bob | @bob |

# Emeritus maintainers

| Name | GitHub |
|---|---|
| Cleo | @cleo |
"""


def init(folder: Path, *words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, ["init", "--dir", str(folder), *words], input=said)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    create_sample(tmp_path / "lantern.git", at=START)
    return tmp_path / "lantern.git"


def test_the_questions_are_few_and_what_they_make_passes_the_check(tmp_path: Path, repository: Path) -> None:
    answers = [str(repository), "slack, discord", "nowhere", "C0123456", "100/200", "900", "", "", "Europe/Berlin"]
    done = init(tmp_path / "bot", said="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert "MAINTAINERS: 12, these vote: @amara-okafor" in done.output
    assert "REVIEWERS: 4, reviewers: @marketab" in done.output
    assert '"nowhere" is no such id: it begins with C or G' in done.output
    assert "distribution: GOVERNANCE.md; add-maintainer: 66% of the maintainers, 5 business days   <-" in done.output
    assert 'command: "/moot"' in done.output
    assert "oauth2/authorize?client_id=900&" in done.output
    file = tmp_path / "bot" / "config.toml"
    config = configs.load(file)
    (table,) = config.repository
    assert (table.name, table.channels) == ("lantern", ("slack:C0123456", "discord:100/200"))
    assert (config.folkmoot.time_zone, dict(table.roster.roles)) == (
        "Europe/Berlin",
        {"maintainer": "MAINTAINERS", "reviewer": "REVIEWERS"},
    )
    checked = CliRunner().invoke(app, ["config", "check", "--config", str(file)])
    assert checked.exit_code == 0, checked.output
    assert "12 maintainers, 4 reviewers" in checked.output


def test_the_next_steps_are_numbered_and_name_the_written_file(tmp_path: Path, repository: Path) -> None:
    done = init(tmp_path / "bot", "--yes", "--repository", str(repository), "--channel", "slack:C01")
    steps = done.output.partition("Next:\n")[2]
    assert [line.strip()[0] for line in steps.splitlines() if line.startswith("  ") and line[2].isdigit()] == list(
        "1234567"
    )
    for line in (
        f"folkmoot {verb} --config {tmp_path / 'bot' / 'config.toml'}" for verb in ("links", "doctor", "serve")
    ):
        assert f"     {line}\n" in steps


def test_with_yes_nothing_is_asked_and_the_playground_is_the_default(tmp_path: Path, repository: Path) -> None:
    done = init(repository.parent, "--yes", "--repository", str(repository))
    assert done.exit_code == 0, done.output
    config = configs.load(repository.parent / "config.toml")
    assert config.repository[0].path == "lantern.git"
    assert config.repository[0].channels == ("playground:maintainers",)
    assert config.playground.enabled


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--platform", "slack"], "--channel slack:ID"),
        (["--platform", "irc"], "irc: write slack, discord, playground"),
        (["--platform", "slack", "--platform", "playground"], "choose it alone"),
        (["--channel", "slack:x"], "is no channel"),
        (["--policy", "mine.toml"], "there is no such policy"),
        (["--time-zone", "Mars/Base"], "is no time zone"),
        (["--roster", "KEEPERS"], "--roster: KEEPERS: there is no such file on the default branch"),
        (["--maintainers", "KINGS"], "KINGS: write one of: MAINTAINERS, REVIEWERS"),
        (["--channel", "discord:1/2", "--discord-application", "x"], "General Information"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_option_and_nothing_is_written(
    tmp_path: Path, repository: Path, words: list[str], said: str
) -> None:
    done = init(tmp_path / "bot", "--yes", "--repository", str(repository), *words)
    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / "bot").exists()


@pytest.mark.parametrize("where", ["", "nowhere", "."])
def test_a_repository_that_is_none_is_refused(tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where one stands in a repository, that one is meant
    done = init(tmp_path / "bot", "--yes", "--repository", where and str(tmp_path / where))
    assert done.exit_code == 1
    assert not (tmp_path / "bot").exists()


def test_a_configuration_is_never_replaced_unasked(tmp_path: Path, repository: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("# mine\n")
    words = [
        "--repository",
        str(repository),
        "--policy",
        "distribution",
        "--time-zone",
        "UTC",
        "--channel",
        "slack:C01",
    ]
    for more, said in ((["--yes"], None), ([], "n\n"), ([], "")):
        done = init(tmp_path, *words, *more, said=said)
        assert (done.exit_code, file.read_text()) == (1, "# mine\n"), done.output
        assert "Nothing was changed" in done.output
    assert init(tmp_path, *words, "--yes", "--overwrite").exit_code == 0
    assert (tmp_path / "config.toml.old-1").read_text() == "# mine\n"
    assert "# mine" not in file.read_text()


def test_no_token_is_asked_for_or_written(tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "DISCORD_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, "canary-7654321")
    done = init(tmp_path / "bot", "--yes", "--repository", str(repository), "--channel", "slack:C01")
    assert done.exit_code == 0
    assert "canary" not in done.output + (tmp_path / "bot" / "config.toml").read_text()


# --------------------------------------------------------------------------- the roster


def test_of_several_files_the_likeliest_is_offered_and_another_can_be_chosen(tmp_path: Path, repository: Path) -> None:
    write(repository, "OWNERS", b"approvers:\n  - ada\n  - bob\nreviewers:\n  - cleo\n", at=START)
    done = init(tmp_path / "bot", "--repository", str(repository), "--channel", "slack:C01", said="OWNERS\n\n\n\n\n")
    assert done.exit_code == 0, done.output
    assert "These files name people: MAINTAINERS (csv-hash), OWNERS (owners)" in done.output
    (table,) = configs.load(tmp_path / "bot" / "config.toml").repository
    assert (table.roster.path, table.roster.format) == ("OWNERS", "owners")
    assert dict(table.roster.roles) == {"maintainer": "approvers", "reviewer": "reviewers"}


def test_former_maintainers_are_the_emeriti_and_never_vote() -> None:
    found = guesses.read("MAINTAINERS.md", TABLE)
    assert found is not None
    assert (found.format, found.maintainers, found.emeritus) == ("md-table", "Maintainers", "Emeritus maintainers")


def test_a_repository_without_a_maintainers_file_gets_a_configuration_all_the_same(tmp_path: Path) -> None:
    from dulwich.repo import Repo

    create_sample(tmp_path / "lantern.git", at=START)
    with Repo(str(tmp_path / "lantern.git")) as repo:
        assert repo.head()
    write(tmp_path / "lantern.git", "MAINTAINERS", b"Just prose, and nobody named.\n", at=START)
    done = init(tmp_path / "bot", "--yes", "--repository", str(tmp_path / "lantern.git"))
    assert done.exit_code == 0, done.output
    assert "No maintainers file was found" in done.output
    assert configs.load(tmp_path / "bot" / "config.toml").repository[0].roster.path == "MAINTAINERS"


@pytest.mark.parametrize("public", [True, False])
def test_a_repository_on_github_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, public: bool) -> None:
    """A public one needs no token; else GITHUB_TOKEN is used if it is there."""
    shop = GitHubTokenWorkshop(tmp_path)
    names = maintainers("ada", "bob")
    shop.put({"MAINTAINERS": names, "src/MAINTAINERS": names, ".github/CODEOWNERS": b"* @ada\n"})
    shop.repo.private = not public
    if not public:
        monkeypatch.setenv("GITHUB_TOKEN", shop.token)
    name = shop.repo.full_name
    words = ["--yes", "--repository", f"https://github.com/{name}", "--github-api", shop.url, "--channel", "slack:C01"]
    done = init(tmp_path / "bot", *words)
    assert done.exit_code == 0, done.output
    assert "MAINTAINERS (csv-hash)" in done.output
    assert ".github/CODEOWNERS (codeowners)" in done.output
    config = configs.load(tmp_path / "bot" / "config.toml")
    assert (config.repository[0].forge, config.repository[0].path) == ("github", name)
    assert config.github.api_url == shop.url
    assert "folkmoot github check" in done.output
    assert shop.hub.violations == []


def test_a_github_that_is_out_of_reach_does_not_stop_it(tmp_path: Path) -> None:
    words = ["--yes", "--repository", "o/n", "--github-api", "http://127.0.0.1:9", "--channel", "slack:C01"]
    done = init(tmp_path / "bot", *words)
    assert done.exit_code == 0, done.output
    assert "It cannot be looked into now" in done.output
    assert configs.load(tmp_path / "bot" / "config.toml").repository[0].path == "o/n"


# --------------------------------------------------------------------------- guesses


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("At least 66% within five business days, see distribution", "distribution"),
        ("approved by 2/3 of the current committers in seven days", "containerd"),
        ("An Apache project: the PMC votes, 72 hours", "apache"),
        ("The Steering Council of conda", "conda"),
        ("two-thirds of votes cast; the TOB", "oci-image-spec"),
        ("Everybody is nice.", ""),
        ("72 hours", ""),
    ],
)
def test_the_rules_are_guessed_only_where_the_document_speaks_for_them(text: str, name: str) -> None:
    assert guesses.policy({"GOVERNANCE.md": text.encode(), "README.md": b"apache PMC"}) == name


def test_every_shipped_policy_has_a_line() -> None:
    lines = [summary(name) for name in shipped()]
    assert all("add-maintainer: " in line and len(line) < 100 for line in lines)


def test_the_time_zone_is_that_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    assert guesses.time_zone(tmp_path) == "UTC"
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "timezone").write_text("Nowhere/Atall\n")
    assert guesses.time_zone(tmp_path) == "UTC"
    (tmp_path / "etc" / "localtime").symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    assert guesses.time_zone(tmp_path) == "Asia/Tokyo"
    monkeypatch.setenv("TZ", ":Europe/Berlin")
    assert guesses.time_zone(tmp_path) == "Europe/Berlin"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(path=texts, section=texts, roster=texts)
def test_whatever_a_file_calls_its_sections_the_configuration_says_the_same(
    path: str, section: str, roster: str
) -> None:
    answers = Answers(
        name="lantern",
        forge="localgit",
        path=path,
        channels=("slack:C01", "discord:1/2"),
        roster=roster,
        maintainers=section,
        policy="distribution",
        time_zone="UTC",
    )
    table = configs.parse(written(answers), file="config.toml", here=Path()).repository[0]
    assert (table.path, table.roster.path) == (path, roster)
    assert table.roster.roles == {"maintainer": section}


def test_the_answers_of_a_script_are_as_good_as_those_of_a_person(tmp_path: Path, repository: Path) -> None:
    words = ["--repository", str(repository), "--channel", "slack:C01", "--maintainers", "REVIEWERS"]
    more = ["--policy", "apache", "--time-zone", "AoE", "--roster", "MAINTAINERS"]
    done = init(tmp_path / "bot", *words, *more, said="")
    assert done.exit_code == 0, done.output
    (table,) = configs.load(tmp_path / "bot" / "config.toml").repository
    assert json.dumps(dict(table.roster.roles)) == '{"maintainer": "REVIEWERS"}'
    assert table.policy == "apache"


# --------------------------------------------------------------------------- what comes next


@pytest.mark.parametrize("typed", TYPED)
def test_what_the_last_step_says_to_type_is_understood(typed: str) -> None:
    text = typed.removeprefix("/moot ").replace("@LOGIN", "@newperson")
    assert not isinstance(parse(text, via="command", acted_at=START), Refused)


def test_the_rights_that_are_asked_for_are_those_that_the_check_wants(tmp_path: Path) -> None:
    words = ["--yes", "--repository", "o/n", "--github-api", "http://127.0.0.1:9", "--channel", "slack:C01"]
    done = init(tmp_path / "bot", *words)
    wanted = {name: level for name, (level, _) in {**NEEDED, **FOR_COMMENTS}.items() if name != "metadata"}
    for name, level in wanted.items():
        assert f"{name.replace('_', ' ')}: {level}" in done.output


def test_a_maintainers_file_in_another_place_is_found_by_its_name(tmp_path: Path, repository: Path) -> None:
    write(repository, "people.md", TABLE, at=START)
    done = init(tmp_path / "bot", "--yes", "--repository", str(repository), "--roster", "people.md")
    assert done.exit_code == 0, done.output
    assert "Maintainers: 2, these vote: @ada, @bob" in done.output
    far = init(tmp_path / "far", "--yes", "--repository", str(repository), "--roster", "src/people.md")
    assert "! src/people.md is taken unread" in far.output
